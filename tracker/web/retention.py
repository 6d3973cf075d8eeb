"""How long candidates' data is kept: who goes soon, for recruiters; and who is held and how long it is, for admins."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import EmailField, IntegerField, TextAreaField
from wtforms.validators import NumberRange, Optional

from tracker import clock
from tracker.pipeline import retention as verbs
from tracker.queries import retention as queries
from tracker.queries.retention import Foreseen
from tracker.queries.visibility import NotFound
from tracker.rules.permissions import may_set_up
from tracker.rules.refused import Refused
from tracker.rules.retention import MOST_MONTHS, asks_first
from tracker.web.admins import demand_admin
from tracker.web.careers import EMAIL_LENGTH
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.forms import LINE_LENGTH, EmailAddress, Form, Words, lower, many_lines
from tracker.web.rehearsal import again, is_going_back

blueprint = Blueprint("retention", __name__)

# The field that says how many people the person read would go at first.
CONFIRMED = "confirmed"
MOST_DIGITS = 9


class MonthsForm(Form):
    """After how many months. ``version`` bears what it was when the page was made, 0 for never."""

    months = IntegerField(
        "Months",
        [Optional(), NumberRange(1, MOST_MONTHS, message=f"Give 1 to {MOST_MONTHS} months, or nothing for never.")],
    )


class HoldForm(Form):
    """Who, by the address, and why."""

    email = EmailField("The candidate’s e-mail address", [Words(EMAIL_LENGTH), EmailAddress()], filters=[lower])
    reason = TextAreaField("Why", [Words(LINE_LENGTH)], filters=[many_lines])


@blueprint.before_request
def demand_recruiting() -> None:
    """Raise NotFound for all but those who recruit or set the tracker up."""
    if not current_user.is_authenticated or not (viewer().is_recruiting or may_set_up(viewer())):
        raise NotFound("retention is for recruiters and admins")


@blueprint.get("/retention")
def index() -> ResponseReturnValue:
    """Who goes in the coming 30 days."""
    return _page()


@blueprint.post("/retention/months")
@once
def months() -> ResponseReturnValue:
    """Set how long data is kept; where that erases somebody sooner, once it was read how many, and when."""
    demand_admin()
    form = MonthsForm()
    if form.validate_on_submit() and not is_going_back():
        chosen, seen, now = form.months.data or None, form.seen or None, clock.now()
        foreseen = queries.foreseen(session(), chosen, now) if chosen and asks_first(seen, chosen) else None
        try:
            verbs.set_months(session(), chosen, by=person(), now=now, seen=seen)
            if foreseen is not None and not _was_read(foreseen):
                return _ask(form, foreseen)
            later = " Nobody goes before a week is over." if chosen and chosen != seen else ""
            return done(url_for("retention.index"), f"Saved.{later}")
        except Refused as error:
            refused(error, form)
    return _page(months_form=form), again()


@blueprint.post("/retention/holds")
@once
def hold() -> ResponseReturnValue:
    """Hold a candidate's data."""
    demand_admin()
    form = HoldForm()
    if form.validate_on_submit():
        try:
            verbs.hold(session(), form.email.data or "", form.reason.data or "", by=person(), now=clock.now())
            said = (
                "Look below: where a row with your reason is, nothing of the data is erased until you release it. "
                "If there is none, no candidate has this address."
            )
            return done(url_for("retention.index", _anchor="held"), said, "warn")
        except Refused as error:
            refused(error, form)
    return _page(hold_form=form), 422


@blueprint.post("/retention/holds/<id:hold_id>/release")
@once
def release(hold_id: int) -> ResponseReturnValue:
    """Let it be erased again."""
    demand_admin()
    verbs.release(session(), hold_id, by=person(), now=clock.now())
    return done(url_for("retention.index"), "Released. Who is due is erased within the hour.")


def _was_read(foreseen: Foreseen) -> bool:
    """Whether the person confirmed that so many go at first; that there are fewer by now needs no second look."""
    said = request.form.get(CONFIRMED, "")
    return said.isascii() and said.isdecimal() and foreseen.at_first <= int(said[:MOST_DIGITS])


def _ask(form: MonthsForm, foreseen: Foreseen) -> str:
    """Take back what was set, and say what it would do."""
    session().rollback()
    is_stale = CONFIRMED in request.form
    return render_template("retention/ask.html", form=form, foreseen=foreseen, confirmed=CONFIRMED, is_stale=is_stale)


def _page(*, months_form: MonthsForm | None = None, hold_form: HoldForm | None = None) -> str:
    now = clock.now()
    is_admin = may_set_up(viewer())
    given = queries.setting(session())
    if months_form is None:
        months_form = MonthsForm(formdata=None, months=given.months if given else None)
        months_form.version.data = given.months if given else 0
    lines, others = queries.leaving(session(), viewer(), now)
    return render_template(
        "retention/index.html",
        setting=given,
        lines=lines,
        others=others,
        held=queries.held(session(), viewer()) if is_admin else (),
        is_admin=is_admin,
        months_form=months_form,
        hold_form=hold_form or HoldForm(formdata=None),
    )
