"""Who sits in an interview to learn: put in and taken out by whoever plans, accepted or left by whoever sits."""

from collections.abc import Callable

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, TextAreaField
from wtforms.validators import NumberRange

from tracker import clock
from tracker.models.interview import Assignment, AssignmentRole, Interview
from tracker.models.person import InterviewKind
from tracker.pipeline import answers, declining
from tracker.pipeline import trainee_seats as verbs
from tracker.queries import interviews, loops, screens, visibility
from tracker.queries.visibility import NotFound, Right
from tracker.rules.answers import Answer
from tracker.rules.refused import Refused, Stale
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import done, once, person, refused, session, viewer
from tracker.web.forms import LINE_LENGTH, Form, Words, many_lines
from tracker.web.rehearsal import again, carry_out, is_going_back

blueprint = Blueprint("trainee_seats", __name__)


class SeatForm(Form):
    """Who sits in."""

    person_id = IntegerField("Who", validators=[NumberRange(1, LARGEST_ID, "Choose somebody from the list.")])


class ButtonForm(Form):
    """A button."""


class LeaveForm(Form):
    """Why, if one likes."""

    reason = TextAreaField("Why", filters=[many_lines], validators=[Words(LINE_LENGTH, optional=True)])


@blueprint.get("/applications/<id:application_id>/interviews/<id:interview_id>/trainee")
def choose(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Who could sit in an interview, and who does."""
    return _page(_found(application_id, interview_id), None)


@blueprint.post("/applications/<id:application_id>/interviews/<id:interview_id>/trainee")
@once
def put_in(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Let somebody sit in; of an interview that went out everybody concerned is told."""
    interview, form = _found(application_id, interview_id), SeatForm()

    def act() -> str:
        chosen, now = form.person_id.data or 0, clock.now()
        verbs.put_in(session(), interview, chosen, by=person(), now=now, version=form.seen)
        return f"{interview.trainees[0].person.name} sits in {interview.name}."

    return _do(application_id, interview, form, act)


@blueprint.post("/applications/<id:application_id>/interviews/<id:interview_id>/trainee/out")
@once
def take_out(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Let nobody sit in."""
    interview, form = _found(application_id, interview_id), ButtonForm()

    def act() -> str:
        verbs.take_out(session(), interview, by=person(), now=clock.now(), version=form.seen)
        return f"Nobody sits in {interview.name} any more."

    return _do(application_id, interview, form, act)


@blueprint.post("/interviews/<id:assignment_id>/come")
@once
def come(assignment_id: int) -> ResponseReturnValue:
    """Say yes to one's seat with one click, as interviewers do to their interviews."""
    seat, form = _own_seat(assignment_id), ButtonForm()
    form.validate()
    answers.answer_seat(session(), seat, Answer.ACCEPTED, by=person(), now=clock.now(), sequence=form.seen)
    return done(url_for("interviews.show", assignment_id=assignment_id), "You come along. The recruiter sees that.")


@blueprint.get("/interviews/<id:assignment_id>/leave")
def ask(assignment_id: int) -> ResponseReturnValue:
    """Ask who sits in whether he or she does not come."""
    return _leave_page(_own_seat(assignment_id), LeaveForm(formdata=None))


@blueprint.post("/interviews/<id:assignment_id>/leave")
@once
def leave(assignment_id: int) -> ResponseReturnValue:
    """Leave one's seat; the interviewer is told, and nobody is looked for."""
    seat, form = _own_seat(assignment_id), LeaveForm()

    def act() -> str:
        declining.decline(session(), seat, reason=form.reason.data or "", by=person(), now=clock.now())
        return "It is said: your seat is empty, and another one is found for you."

    if form.validate_on_submit() and not is_going_back():
        try:
            return carry_out(act, url_for("today.show"), "Leave the seat")
        except Refused as error:
            refused(error, form)
    return _leave_page(_own_seat(assignment_id), form), again()


def _do(application_id: int, interview: Interview, form: Form, act: Callable[[], str]) -> ResponseReturnValue:
    code, interview_id = again(), interview.id
    if form.validate_on_submit() and not is_going_back():
        try:
            return carry_out(act, _back(interview), f"Who learns in {interview.name}")
        except Refused as error:
            code = 409 if isinstance(error, Stale) else 422
            refused(error, form)
    return _page(_found(application_id, interview_id), form), code


def _found(application_id: int, interview_id: int) -> Interview:
    """Return an interview of the loop, or a phone screen, of an application that the viewer manages."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    loop = loops.current_loop(session(), application)
    if loop is not None and any(each.id == interview_id for each in loops.interviews_of(loop)):
        return loops.get_interview(loop, interview_id)
    return screens.get_screen(session(), application, interview_id)


def _back(interview: Interview) -> str:
    page = "loops.show" if interview.kind is InterviewKind.LOOP else "screens.index"
    return url_for(page, application_id=interview.application_id)


def _page(interview: Interview, failed: Form | None) -> str:
    lead, now = interview.lead, clock.now()
    return render_template(
        "trainings/seat.html",
        application=interview.application,
        interview=interview,
        lead=lead.person.name if lead else "",
        choices=verbs.choices(session(), interview, now=now),
        now=now,
        is_draft=interview.state == "planned",
        back=_back(interview),
        failed=failed,
    )


def _own_seat(assignment_id: int) -> Assignment:
    """Return a seat of the viewer's own in an interview that went out. Raises NotFound."""
    kit = interviews.kit(session(), viewer(), assignment_id)
    if kit.assignment.role is AssignmentRole.LEAD or kit.is_cancelled:
        raise NotFound(f"seat {assignment_id}")
    return kit.assignment


def _leave_page(seat: Assignment, form: LeaveForm) -> str:
    return render_template("trainings/leave.html", seat=seat, form=form)
