"""Time away: entered and taken back by the person on the account page, by an admin on the person's page."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.leave import Leave
from tracker.models.person import Person
from tracker.pipeline import leaves as verbs
from tracker.queries import leaves as queries
from tracker.queries import people as people_queries
from tracker.rules.refused import Refused
from tracker.rules.words import counted, listed
from tracker.rules.zones import day_words
from tracker.web import auth, people
from tracker.web.admins import demand_admin
from tracker.web.doing import done, once, person, refused, session
from tracker.web.leave_forms import LeaveForm

blueprint = Blueprint("leaves", __name__)


@blueprint.post("/account/leave")
@once
def add_own() -> ResponseReturnValue:
    """Enter when one is away."""
    form = LeaveForm()
    answer = _added(form, person(), url_for("auth.account", _anchor="away"))
    return answer or (auth.account_page(leave_form=form), 422)


@blueprint.post("/account/leave/<id:leave_id>/end")
@once
def end_own(leave_id: int) -> ResponseReturnValue:
    """Say that one is here."""
    return _ended(person(), leave_id, url_for("auth.account", _anchor="away"))


@blueprint.post("/settings/people/<id:person_id>/leave")
@once
def add(person_id: int) -> ResponseReturnValue:
    """Enter when somebody is away."""
    demand_admin()
    form = LeaveForm()
    whose = people_queries.get(session(), person_id)
    answer = _added(form, whose, url_for("people.show", person_id=person_id, _anchor="away"))
    return answer or (people.show_page(person_id, leave_form=form), 422)


@blueprint.post("/settings/people/<id:person_id>/leave/<id:leave_id>/end")
@once
def end(person_id: int, leave_id: int) -> ResponseReturnValue:
    """Say that somebody is here."""
    demand_admin()
    whose = people_queries.get(session(), person_id)
    return _ended(whose, leave_id, url_for("people.show", person_id=person_id, _anchor="away"))


def _added(form: LeaveForm, whose: Person, url: str) -> ResponseReturnValue | None:
    if form.validate_on_submit():
        try:
            first_on, last_on = form.days
            leave = verbs.add(session(), whose, first_on, last_on, by=person(), now=clock.now())
            return done(url, *_said(whose, leave))
        except Refused as error:
            refused(error, form)
    return None


def _said(whose: Person, leave: Leave) -> tuple[str, str]:
    who, get = ("You are", "get") if whose.id == person().id else (f"{whose.name} is", "gets")
    back = (
        f"{who} away until {day_words(leave.last_on)}, and {get} no reminders in that time. "
        "Interviews are planned around it."
    )
    duties = queries.duties(session(), whose, leave)
    left = [(duties.interviews, "interview"), (duties.deadlines, "deadline")]
    fall = listed([counted(count, what) for count, what in left if count])
    if not fall:
        return back, "good"
    verb = "falls" if duties.interviews + duties.deadlines == 1 else "fall"
    return f"{back} But {fall} {verb} into it: hand over in time what cannot wait.", "warn"


def _ended(whose: Person, leave_id: int, url: str) -> ResponseReturnValue:
    leave = queries.get(session(), whose.id, leave_id)
    verbs.end(session(), whose, leave, by=person(), now=clock.now())
    return done(url, "Taken back: reminders come again.")
