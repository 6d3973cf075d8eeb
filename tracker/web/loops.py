"""The loop: its page, its times and people, what would go out, and the buttons that let it go, change and end."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.application import Application
from tracker.models.interview import InterviewState, Loop, LoopState
from tracker.pipeline import loop as verbs
from tracker.pipeline import loop_changes, trainee_seats
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.queries import candidate_windows, declined, loop_choices, loops, notes, replies, visibility
from tracker.queries.deadline_lines import deadlines_of
from tracker.queries.visibility import Right
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.in_the_way import in_the_way
from tracker.rules.interviews import BadInterviewTime
from tracker.rules.loop_choices import limits_words
from tracker.rules.refused import Refused, Stale
from tracker.rules.stages import ApplicationState, StageKind
from tracker.web import loop_views
from tracker.web.doing import once, person, refused, session, viewer
from tracker.web.forms import Form
from tracker.web.loop_forms import CancelForm, ChoiceForm, LoopForm, OverrideForm, PlaceForm, TimesForm
from tracker.web.rehearsal import again, carry_out, is_going_back

blueprint = Blueprint("loops", __name__)


@blueprint.get("/applications/<id:application_id>/loop")
def show(application_id: int) -> ResponseReturnValue:
    """The loop as it stands."""
    return page_of(application_id)


@blueprint.post("/applications/<id:application_id>/loop/plan")
@once
def plan(application_id: int) -> ResponseReturnValue:
    """Begin with the plan's interviews."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    form = LoopForm()

    def act() -> str:
        verbs.plan(session(), application, by=person(), now=clock.now())
        return "Here are the plan’s interviews. Give them times and people."

    return do(application, form, act)


@blueprint.post("/applications/<id:application_id>/loop/times")
@once
def set_times(application_id: int) -> ResponseReturnValue:
    """Give all interviews their times, one after the other."""
    application, loop = managed(application_id)
    form = TimesForm()

    def act() -> str:
        starts_at = form.moment()
        if starts_at is None:
            raise BadInterviewTime("Choose a date and a time.", "starts_at")
        pause, version = form.break_minutes.data or 0, form.seen
        loop_changes.set_times(session(), loop, starts_at, pause, by=person(), now=clock.now(), version=version)
        if loop.state is LoopState.SENT:
            return "All interviews still to come were moved. Everybody concerned is told."
        return "All interviews have their times."

    return do(application, form, act, "times_form", url=day_url(application), heading="Move the whole day")


@blueprint.post("/applications/<id:application_id>/loop/place")
@once
def set_place(application_id: int) -> ResponseReturnValue:
    """Let all interviews be at one place."""
    application, loop = managed(application_id)
    form = PlaceForm()

    def act() -> str:
        place, version = form.place.data or "", form.seen
        loop_changes.set_place(session(), loop, place, by=person(), now=clock.now(), version=version)
        if loop.state is LoopState.SENT:
            return "All interviews still to come have that place. Everybody concerned is told."
        return "All interviews have that place."

    return do(application, form, act, "place_form", heading="Set the place of all interviews")


@blueprint.post("/applications/<id:application_id>/loop/people")
@once
def suggest_people(application_id: int) -> ResponseReturnValue:
    """Fill the empty seats with the best suggestions."""
    application, loop = managed(application_id)
    form = LoopForm()

    def act() -> str:
        found = loop_changes.suggest_people(session(), loop, now=clock.now(), version=form.seen)
        empty = sum(seat.person_id is None for seat in loops.seats_of(loop))
        missing = f" Nobody was found for {empty}." if empty else ""
        return f"{found} of the empty interviews have an interviewer now.{missing} Look at each before you send."

    return do(application, form, act, url=day_url(application))


@blueprint.post("/applications/<id:application_id>/loop/override")
@once
def override(application_id: int) -> ResponseReturnValue:
    """Let somebody interview beyond his or her cap, on the record."""
    application, loop = managed(application_id)
    form = OverrideForm()

    def act() -> str:
        loop_changes.override_cap(
            session(),
            loop,
            form.person_id.data or 0,
            reason=form.reason.data or "",
            by=person(),
            now=clock.now(),
            version=form.seen,
        )
        return "The cap is overridden for this loop, with your name and reason on the record."

    return do(application, form, act, "override_form")


@blueprint.post("/applications/<id:application_id>/loop/send")
@once
def send(application_id: int) -> ResponseReturnValue:
    """Let the loop go out."""
    application, loop = managed(application_id)
    form = LoopForm()

    def act() -> str:
        verbs.send(session(), loop, by=person(), now=clock.now(), version=form.seen)
        return "The loop went out. Everybody is invited, and the candidate knows when the outcome comes."

    return do(application, form, act, heading="Send the loop", knows_cautions=False)


@blueprint.post("/applications/<id:application_id>/loop/cancel")
@once
def cancel(application_id: int) -> ResponseReturnValue:
    """Call the loop off, or throw its draft away."""
    application, loop = managed(application_id)
    was_sent = loops.went_out(loop)
    form = CancelForm() if was_sent else LoopForm()

    def act() -> str:
        reason = form.reason.data or "" if isinstance(form, CancelForm) else ""
        verbs.cancel(session(), loop, reason=reason, by=person(), now=clock.now(), version=form.seen)
        return "The loop was cancelled. Everybody is told." if was_sent else "The draft is gone."

    return do(application, form, act, "cancel_form" if was_sent else None, heading="Cancel the loop")


@blueprint.post("/applications/<id:application_id>/loop/done")
@once
def finish(application_id: int) -> ResponseReturnValue:
    """The last interview is over."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)

    def act() -> str:
        verbs.done(session(), application, by=person(), now=clock.now())
        return f"The application is in “{application.stage.name}” now."

    return do(application, LoopForm(), act, url=url_for("applications.show", application_id=application_id))


def day_url(application: Application) -> str:
    """Return the address of the loop's first day on its page."""
    return url_for("loops.show", application_id=application.id, _anchor="day")


def managed(application_id: int) -> tuple[Application, Loop]:
    """Return an application that the viewer may manage, and its loop. Raises NotFound."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    return application, loops.get_loop(session(), application)


def new_cautions(application: Application) -> Callable[[], list[str]]:
    """Return what tells, once a verb is done, the cautions about the loop that there were not before."""
    before = frozenset(_cautions(application))
    return lambda: [each for each in _cautions(application) if each not in before]


def _cautions(application: Application) -> list[str]:
    loop = loops.current_loop(session(), application)
    return loops.worth_a_look(session(), loop, clock.now()) if loop is not None else []


def do(
    application: Application,
    form: Form,
    act: Callable[[], str],
    name: str | None = None,
    *,
    url: str | None = None,
    heading: str = "Loop",
    knows_cautions: bool = True,
) -> ResponseReturnValue:
    """Do one verb of the loop; what stands against it is shown on the loop's page.

    Beside its e-mails stand the cautions about the loop that it would bring; all of them unless ``knows_cautions``.
    """
    application_id, code = application.id, again()
    if form.validate_on_submit() and not is_going_back():
        try:
            warned = new_cautions(application) if knows_cautions else lambda: _cautions(application)
            to = url or url_for("loops.show", application_id=application_id)
            return carry_out(act, to, heading, cautions=warned)
        except Refused as error:
            code = 409 if isinstance(error, Stale) else 422
            refused(error, form)
            if isinstance(error, LoopNotReady):
                form.form_errors[:] = [problem.text for problem in error.problems]
    return page_of(application_id, form, name), code


def page_of(application_id: int, failed: Form | None = None, name: str | None = None) -> str:
    """Return the loop's page; ``failed`` is the form that was refused, ``name`` the one of the page that it is."""
    application = visibility.get_application(session(), viewer(), application_id, Right.READ)
    loop = loops.current_loop(session(), application)
    may_manage = visibility.may(session(), viewer(), application_id, Right.MANAGE)
    given: dict[str, Any] = {"application": application, "loop": loop, "may_manage": may_manage, "failed": failed}
    given["now"] = clock.now()
    if loop is None:
        here = application.state is ApplicationState.ACTIVE and application.stage_kind is StageKind.LOOP
        given["notes"] = notes.latest(session(), application.id) if may_manage and here else []
        given["choice_form"] = failed if name == "choice_form" else ChoiceForm(formdata=None)
        return render_template("loops/empty.html", may_plan=may_manage and here, **given)
    forms, facts = _forms(application, loop), _facts(application, loop)
    if failed is not None and name is not None:
        forms[name] = failed
    forms["override_form"].person_id.choices = [(each.person_id, each.text) for each in facts["over"]]
    return render_template("loops/show.html", **given, **forms, **facts)


def _facts(application: Application, loop: Loop) -> dict[str, Any]:
    now, plan = clock.now(), application.requisition.plan
    standing = loops.standing(session(), loop, now=now, seats=loops.seats_at(loop, now))
    ends_at = loop_views.last_end(standing)
    is_over = ends_at is not None and ends_at <= now
    urls: list[str | None] = [
        url_for("loop_interviews.edit", application_id=application.id, interview_id=seat.interview_id)
        for seat in standing.seats
    ]
    due = deadlines_of(session(), application, now)
    running = (line.standing for line in due if line.kind is DeadlineKind.PROMISE and line.standing.is_running)
    promise = next(running, None)
    would_be = promise is None and ends_at is not None and loop.state is LoopState.DRAFT
    against = {} if is_over else trainee_seats.problems(session(), loop, now=now)
    seats, to_come = loop_views.seat_views(loop, standing, against, now), loops.to_come(loop, now)
    return {
        "declined": declined.of_application(session(), viewer(), application.id),
        "searched": replies.searched(session(), [seat.interview_id for seat in standing.seats], now),
        "words": replies.words_of(session(), viewer(), application.id),
        "standing": standing,
        "problems": [*in_the_way(standing.coverage), *against.values()],
        "cautions": [] if is_over else loops.worth_a_look(session(), loop, now),
        "broken": [] if is_over else loops.no_longer_right(loop, standing.coverage),
        "over": [each for each in standing.coverage.problems if each.overridable],
        "seats": seats,
        "letters": loop_views.letters(seats),
        "days": loop_views.days(seats, application.requisition.region.zone),
        "columns": loop_views.columns(standing, urls),
        "rows": loop_views.rows(standing),
        "promise": promise,
        "due": [each for each in due if each.standing.is_due_now],
        "choice": loop_choices.standing_of(session(), application, loop, now),
        "notes": notes.latest(session(), application.id) if loop.state is LoopState.DRAFT else [],
        "limits_said": limits_words(plan.choice_moves, plan.choice_notice_days),
        "given": candidate_windows.windows_of(session(), application.id, now=now),
        "would_be": loops.would_be_promised(session(), application, ends_at) if would_be and ends_at else None,
        "is_over": is_over,
        "to_come": to_come,
        "stays": [each.name for each in loops.interviews_of(loop) if each not in to_come],
        "went_out": loops.went_out(loop),
        "cancelled": [each for each in loop.interviews if each.state is InterviewState.CANCELLED],
    }


def _forms(application: Application, loop: Loop) -> dict[str, Form]:
    """Fresh forms, each with the version of the loop that the person sees."""
    times = TimesForm(formdata=None)
    times.offer_zones(application.requisition.region.zone, application.candidate.zone, person().zone)
    times.break_minutes.data = 15
    forms: dict[str, Form] = {
        "times_form": times,
        "place_form": PlaceForm(formdata=None),
        "override_form": OverrideForm(formdata=None),
        "cancel_form": CancelForm(formdata=None),
        "loop_form": LoopForm(formdata=None),
        "choice_form": ChoiceForm(formdata=None),
    }
    for form in forms.values():
        form.version.data = loop.version
    return forms
