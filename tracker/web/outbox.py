"""The outbox, for admins: what waits, and what is stuck and needs a person."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.pipeline import outbox as verbs
from tracker.queries import heartbeats, outbox
from tracker.queries.visibility import NotFound
from tracker.rules.permissions import may_set_up
from tracker.web.doing import done, once, person, session, viewer

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/settings/outbox")
def index() -> ResponseReturnValue:
    """Show how the outbox stands."""
    _permit()
    now = clock.now()
    return render_template(
        "outbox/index.html",
        outbox=outbox.standing(session(), viewer()),
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
