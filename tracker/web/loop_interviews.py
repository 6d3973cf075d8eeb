"""One interview of a loop: when, where, who, what. Changed freely before it went out; afterwards everybody is told."""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from tracker import clock
from tracker.models.application import Application
from tracker.models.interview import Interview, Loop
from tracker.pipeline import loop_changes
from tracker.pipeline.interviews import Arrangement, arrangement_of, is_evaluated
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.queries import loops, visibility
from tracker.queries.visibility import Right
from tracker.rules.coverage import Seat
from tracker.rules.refused import Refused, Stale
from tracker.web.converters import LARGEST_ID
from tracker.web.doing import once, person, refused, session, viewer
from tracker.web.fields import BoxesField, row_or_nobody
from tracker.web.forms import LINE_LENGTH, Form, Words, many_lines, one_line
from tracker.web.loop_views import person_choices, stuck, when
from tracker.web.loops import new_cautions
from tracker.web.rehearsal import again, carry_out, is_going_back
from tracker.web.when import PlainDateField, PlainTimeField, WhenForm

blueprint = Blueprint("loop_interviews", __name__)

PLACE_LENGTH = 500


class InterviewForm(WhenForm):
    """Everything about one interview; what is empty stays open while the loop is a draft."""

    date = PlainDateField("Date", validators=[Optional()])
    time = PlainTimeField("Start", validators=[Optional()])
    minutes = IntegerField("Minutes", validators=[NumberRange(5, 480, "An interview lasts 5 to 480 minutes.")])
    place = StringField("Where", filters=[one_line], validators=[Words(PLACE_LENGTH, optional=True)])
    person_id = SelectField("Interviewer", coerce=row_or_nobody, validate_choice=False)
    competencies = BoxesField("Evaluates", coerce=int)


class CancelForm(Form):
    """Why."""

    reason = TextAreaField("Reason, for the record", filters=[many_lines], validators=[Words(LINE_LENGTH)])


@blueprint.get("/applications/<id:application_id>/loop/interviews/<id:interview_id>")
def edit(application_id: int, interview_id: int) -> ResponseReturnValue:
    """The form of one interview."""
    application, loop, interview = _found(application_id, interview_id)
    return _page(application, loop, interview, _filled(application, loop, interview))


@blueprint.post("/applications/<id:application_id>/loop/interviews/<id:interview_id>")
@once
def change(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Save it, and say what is odd about it now; or show who would be free then."""
    application, loop, interview = _found(application_id, interview_id)
    form = InterviewForm()
    form.competencies.choices = _competencies(application)
    was_sent, zone = loop.sent_at is not None, application.requisition.region.zone
    cautions = new_cautions(application)

    def act() -> str:
        wanted, version = _arrangement(form), form.seen
        loop_changes.edit(session(), loop, interview, wanted, by=person(), now=clock.now(), version=version)
        told = ["Everybody concerned is told."] if was_sent else cautions()
        return " ".join([f"{interview.name} is changed: {when(interview, zone)}.", *told])

    return _do(application_id, interview_id, form, act, f"Change {interview.name}", cautions)


@blueprint.post("/applications/<id:application_id>/loop/interviews/<id:interview_id>/cancel")
@once
def cancel(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Take one interview out of the loop."""
    _application, loop, interview = _found(application_id, interview_id)
    form = CancelForm()

    def act() -> str:
        reason, version = form.reason.data or "", form.seen
        loop_changes.cancel_interview(
            session(), loop, interview, reason=reason, by=person(), now=clock.now(), version=version
        )
        return f"{interview.name} was cancelled."

    if form.validate_on_submit() and not is_going_back():
        try:
            return carry_out(act, url_for("loops.show", application_id=application_id), f"Cancel {interview.name}")
        except Refused as error:
            _explain(error, form)
    application, loop, interview = _found(application_id, interview_id)
    shown = _filled(application, loop, interview)
    return _page(application, loop, interview, shown, cancel_form=form), again()


def _do(
    application_id: int,
    interview_id: int,
    form: InterviewForm,
    act: Callable[[], str],
    heading: str,
    cautions: Callable[[], list[str]],
) -> ResponseReturnValue:
    code = again()
    if form.validate_on_submit() and not is_going_back():
        try:
            to = url_for("loops.show", application_id=application_id, _anchor="day")
            return carry_out(act, to, heading, cautions=cautions)
        except Refused as error:
            _explain(error, form)
            code = 409 if isinstance(error, Stale) else 422
    application, loop, interview = _found(application_id, interview_id)
    return _page(application, loop, interview, form), code


def _explain(error: Refused, form: Form) -> None:
    refused(error, form)
    if isinstance(error, LoopNotReady):
        form.form_errors[:] = [problem.text for problem in error.problems]


def _found(application_id: int, interview_id: int) -> tuple[Application, Loop, Interview]:
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    loop = loops.get_loop(session(), application)
    return application, loop, loops.get_interview(loop, interview_id)


def _filled(application: Application, loop: Loop, interview: Interview) -> InterviewForm:
    """The form with what the interview is now; an empty seat shows what it would evaluate."""
    form = InterviewForm(formdata=None)
    form.show(interview.starts_at, application.requisition.region.zone)
    present = arrangement_of(interview)
    form.minutes.data, form.place.data = interview.minutes, interview.place
    form.person_id.data = present.person_id or 0
    standing = loops.standing(session(), loop, now=clock.now())
    seat = next(each for each in standing.seats if each.interview_id == interview.id)
    form.competencies.data = list(seat.competency_ids)
    form.version.data = interview.version
    return form


def _arrangement(form: InterviewForm) -> Arrangement:
    chosen = form.person_id.data or 0
    return Arrangement(
        person_id=chosen if 0 < chosen <= LARGEST_ID else None,
        starts_at=form.moment(),
        minutes=form.minutes.data or 0,
        place=form.place.data or "",
        competency_ids=tuple(form.competencies.data or ()),
    )


def _competencies(application: Application) -> list[tuple[int, str]]:
    return [(part.need.competency_id, part.need.name) for part in loops.plan_parts(session(), application)]


def _typed_seat(form: InterviewForm, seat: Seat) -> Seat:
    """The seat as the form says, so that the suggestions are for what was typed; nobody holds it yet."""
    try:
        wanted = _arrangement(form)
    except Refused:
        return replace(seat, person_id=None, competency_ids=tuple(form.competencies.data or ()))
    ends_at = wanted.ends_at if 0 < wanted.minutes <= 480 else None
    starts_at = wanted.starts_at if ends_at else None
    return replace(seat, person_id=None, starts_at=starts_at, ends_at=ends_at, competency_ids=wanted.competency_ids)


def _page(
    application: Application,
    loop: Loop,
    interview: Interview,
    form: InterviewForm,
    *,
    cancel_form: CancelForm | None = None,
) -> str:
    form.offer_zones(application.requisition.region.zone, application.candidate.zone, person().zone)
    form.competencies.choices = _competencies(application)
    standing = loops.standing(session(), loop, now=clock.now())
    seat = _typed_seat(form, next(each for each in standing.seats if each.interview_id == interview.id))
    seats = [seat if each.interview_id == interview.id else each for each in standing.seats]
    form.person_id.choices = person_choices(replace(standing, seats=seats), seat)
    cancel_form = cancel_form or CancelForm(formdata=None)
    cancel_form.version.data = interview.version
    return render_template(
        "loops/interview.html",
        application=application,
        loop=loop,
        interview=interview,
        form=form,
        cancel_form=cancel_form,
        stuck=stuck(loop, standing, interview.id),
        has_begun=loops.has_begun(interview, clock.now()),
        is_evaluated=is_evaluated(session(), interview),
    )
