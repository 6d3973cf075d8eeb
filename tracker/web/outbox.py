"""The outbox, for admins: what waits, what is stuck and needs a person, and what a restored backup holds back."""

from datetime import datetime, timedelta

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from tracker import clock
from tracker.pipeline import outbox as verbs
from tracker.queries import heartbeats, operations, outbox
from tracker.queries.visibility import NotFound
from tracker.rules.permissions import may_set_up
from tracker.rules.words import counted
from tracker.web.doing import done, once, person, session, viewer
from tracker.web.forms import Form

blueprint = Blueprint("outbox", __name__)

# What may be given up at the release: mails older than so many hours; all; none.
AGES = {"72": "three days", "24": "a day", "1": "an hour"}
ALL, NONE = "all", "none"


class ReleaseForm(Form):
    """What becomes of the mails that a restored backup holds back."""

    drop = RadioField("What becomes of them", [InputRequired("Say what becomes of the e-mails that wait.")])


@blueprint.get("/settings/outbox")
def index() -> ResponseReturnValue:
    """Show how the outbox stands."""
    _permit()
    return _page(_release_form(clock.now()))


@blueprint.post("/settings/outbox/release")
@once
def release() -> ResponseReturnValue:
    """Let e-mails go out again after a backup was restored."""
    _permit()
    now = clock.now()
    form = _release_form(now)
    if form.validate_on_submit():
        dropped = verbs.release(session(), drop_before=_drop_before(form.drop.data, now), by=person(), now=now)
        words = f" {counted(dropped, 'e-mail was', 'e-mails were')} given up." if dropped else ""
        return done(url_for("outbox.index"), f"E-mails go out again.{words}")
    return _page(form), 422


def _release_form(now: datetime) -> ReleaseForm:
    form = ReleaseForm()
    total = outbox.written_before(session(), None)
    if not total:
        form.drop.choices, form.drop.data = [(NONE, "No e-mail waits: let them be written and sent again")], NONE
        return form
    form.drop.choices = [(NONE, f"Send all {total}; what is no longer true is left out by itself")]
    for hours, words in AGES.items():
        old = outbox.written_before(session(), now - timedelta(hours=int(hours)))
        form.drop.choices.append((hours, f"Give up those older than {words} ({old}), send the rest ({total - old})"))
    form.drop.choices.append((ALL, "Give up all of them"))
    return form


def _drop_before(choice: str, now: datetime) -> datetime | None:
    if choice == NONE:
        return None
    # All of them were written before this moment.
    return now + timedelta(seconds=1) if choice == ALL else now - timedelta(hours=int(choice))


def _page(form: ReleaseForm) -> str:
    now = clock.now()
    return render_template(
        "outbox/index.html",
        outbox=outbox.standing(session(), viewer()),
        held=outbox.held(session(), viewer()),
        due=operations.due(session(), now),
        form=form,
        is_alive=heartbeats.is_alive(session(), now),
        zone=person().zone,
    )


@blueprint.post("/settings/outbox/<id:mail_id>/resend")
@once
def resend(mail_id: int) -> ResponseReturnValue:
    """Try a stuck e-mail again."""
    _permit(mail_id)
    verbs.resend(session(), mail_id, by=person(), now=clock.now())
    return done(url_for("outbox.index"), "The e-mail is tried again.")


@blueprint.post("/settings/outbox/<id:mail_id>/drop")
@once
def drop(mail_id: int) -> ResponseReturnValue:
    """Give a stuck e-mail up."""
    _permit(mail_id)
    verbs.drop(session(), mail_id, by=person(), now=clock.now())
    return done(url_for("outbox.index"), "The e-mail is given up.")


@blueprint.post("/settings/outbox/<id:mail_id>/arrived")
@once
def arrived(mail_id: int) -> ResponseReturnValue:
    """Note that a stuck e-mail arrived after all."""
    _permit(mail_id)
    verbs.mark_delivered(session(), mail_id, by=person(), now=clock.now())
    return done(url_for("outbox.index"), "Noted: the e-mail arrived.")


def _permit(mail_id: int | None = None) -> None:
    if not may_set_up(viewer()):
        raise NotFound("the outbox is for admins")
    if mail_id is not None and not outbox.may_settle(session(), viewer(), mail_id):
        raise NotFound(f"mail {mail_id}")
