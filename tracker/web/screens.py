"""Phone screens: arranging one, changing and cancelling it, and what is decided after it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.models.application import Application
from tracker.models.interview import Interview, InterviewState
from tracker.models.person import InterviewKind
from tracker.pipeline import interviews, screens
from tracker.queries import declined, replies, scorecard_lines, visibility
from tracker.queries import screens as queries
from tracker.queries.candidate_windows import windows_of
from tracker.queries.loops import has_begun
from tracker.queries.moves import screens_submitted
from tracker.queries.scorecard_lines import ScorecardLine
from tracker.queries.visibility import Right
from tracker.rules.busy_times import Span
from tracker.rules.candidate_windows import is_outside
from tracker.rules.refused import Refused, Stale
from tracker.rules.screen_seats import Choice
from tracker.rules.screens import screen_choices
from tracker.rules.stages import ApplicationState, Disposition, ScreenChoice, StageKind
from tracker.web.doing import once, person, refused, session, viewer
from tracker.web.readings import note_lines
from tracker.web.rehearsal import again, carry_out, is_going_back
from tracker.web.screen_forms import ENDS, CancelForm, OutcomeForm, ScreenForm, arrangement_in

blueprint = Blueprint("screens", __name__)


@blueprint.get("/applications/<id:application_id>/screens")
def index(application_id: int) -> ResponseReturnValue:
    """All phone screens of an application."""
    application = visibility.get_application(session(), viewer(), application_id, Right.READ)
    now, cards = clock.now(), _cards(application)
    made = render_template(
        "screens/index.html",
        application=application,
        screens=queries.screens_of(session(), application),
        outcomes=queries.outcomes_of(session(), viewer(), application),
        cards=cards,
        words=replies.words_of(session(), viewer(), application_id),
        is_awaited=queries.is_awaited(session(), application),
        now=now,
        may_manage=visibility.may(session(), viewer(), application_id, Right.MANAGE),
    )
    return _noted(made, cards)


@blueprint.get("/applications/<id:application_id>/screens/new")
def new(application_id: int) -> ResponseReturnValue:
    """The form to arrange the next phone screen."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    interviews.check_stage(application, StageKind.PHONE_SCREEN)
    form = ScreenForm(request.args)
    form.minutes.data = form.minutes.data or application.requisition.plan.screen_minutes
    form.version.data = application.version
    return _form_page(application, form, None)


@blueprint.post("/applications/<id:application_id>/screens/new")
@once
def arrange(application_id: int) -> ResponseReturnValue:
    """Arrange it and invite both."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    form = ScreenForm()

    def act() -> str:
        wanted, now = arrangement_in(form), clock.now()
        screens.arrange(session(), application, wanted, by=person(), now=now, version=form.seen)
        return "The phone screen is arranged. Both are invited by e-mail."

    return _do(application, form, None, act, "Arrange the phone screen")


@blueprint.get("/applications/<id:application_id>/screens/<id:interview_id>")
def edit(application_id: int, interview_id: int) -> ResponseReturnValue:
    """The form to move a phone screen or hand it over."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    screen = queries.get_screen(session(), application, interview_id)
    form = ScreenForm(formdata=None)
    form.show(screen.starts_at, application.requisition.region.zone)
    lead = screen.lead
    form.person_id.data = lead.person_id if lead else None
    form.minutes.data, form.place.data, form.version.data = screen.minutes, screen.place, screen.version
    return _form_page(application, form, screen)


@blueprint.post("/applications/<id:application_id>/screens/<id:interview_id>")
@once
def change(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Change it and tell everybody concerned."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    screen = queries.get_screen(session(), application, interview_id)
    form = ScreenForm()

    def act() -> str:
        screens.change(session(), screen, arrangement_in(form), by=person(), now=clock.now(), version=form.seen)
        return "The phone screen was changed. Everybody concerned is told."

    return _do(application, form, interview_id, act, "Change the phone screen")


@blueprint.post("/applications/<id:application_id>/screens/<id:interview_id>/cancel")
@once
def cancel(application_id: int, interview_id: int) -> ResponseReturnValue:
    """Call a phone screen off."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    screen = queries.get_screen(session(), application, interview_id)
    form = CancelForm()

    def act() -> str:
        reason, version = form.reason.data or "", form.seen
        screens.cancel(session(), screen, reason=reason, by=person(), now=clock.now(), version=version)
        return "The phone screen was cancelled. Interviewer and candidate are told."

    if form.validate_on_submit() and not is_going_back():
        try:
            return carry_out(act, _url(application_id), "Cancel the phone screen")
        except Refused as error:
            refused(error, form)
    application, present = _again(application_id, interview_id)
    return _form_page(application, _shown(application, present), present, cancel_form=form), again()


@blueprint.get("/applications/<id:application_id>/screens/outcome")
def outcome(application_id: int) -> ResponseReturnValue:
    """What is decided after a phone screen."""
    application = visibility.get_application(session(), viewer(), application_id, Right.JUDGE)
    form = OutcomeForm(formdata=None)
    form.version.data = application.version
    return _outcome_page(application, form)


@blueprint.post("/applications/<id:application_id>/screens/outcome")
@once
def decide(application_id: int) -> ResponseReturnValue:
    """Go on, hold a second screen, or stop."""
    application = visibility.get_application(session(), viewer(), application_id, Right.JUDGE)
    form = OutcomeForm()
    _offer(form, application)

    def act() -> str:
        screens.decide(
            session(),
            application,
            ScreenChoice(form.choice.data),
            reason=form.reason.data or "",
            disposition=Disposition(form.disposition.data),
            by=person(),
            now=clock.now(),
            version=form.seen,
        )
        return "The decision is recorded."

    if form.validate_on_submit() and not is_going_back():
        try:
            return carry_out(act, _url(application_id), "Record the decision")
        except Refused as error:
            refused(error, form)
    return _outcome_page(visibility.get_application(session(), viewer(), application_id, Right.JUDGE), form), again()


def _do(
    application: Application, form: ScreenForm, interview_id: int | None, act: Callable[[], str], heading: str
) -> ResponseReturnValue:
    application_id, code = application.id, again()
    if form.validate_on_submit() and not is_going_back():
        try:
            return carry_out(act, _url(application_id), heading)
        except Refused as error:
            refused(error, form)
            code = 409 if isinstance(error, Stale) else 422
    application, screen = _again(application_id, interview_id)
    return _form_page(application, form, screen), code


def _url(application_id: int) -> str:
    return url_for("applications.show", application_id=application_id)


def _again(application_id: int, interview_id: int | None) -> tuple[Application, Interview | None]:
    """Read anew what a refusal or a rehearsal took back."""
    application = visibility.get_application(session(), viewer(), application_id, Right.MANAGE)
    return application, queries.get_screen(session(), application, interview_id) if interview_id else None


def _shown(application: Application, screen: Interview | None) -> ScreenForm:
    form = ScreenForm(formdata=None)
    if screen is not None:
        form.show(screen.starts_at, application.requisition.region.zone)
        form.minutes.data, form.place.data, form.version.data = screen.minutes, screen.place, screen.version
    return form


def _form_page(
    application: Application,
    form: ScreenForm,
    screen: Interview | None,
    *,
    cancel_form: CancelForm | None = None,
) -> str:
    given = windows_of(session(), application.id, now=clock.now())
    needs = queries.needs_of(session(), application)
    people = _choices(application, form, screen, needs)
    form.offer_zones(application.requisition.region.zone, application.candidate.zone, person().zone)
    form.person_id.choices = [(each.person_id, f"{each.name}: {each.reason}") for each in people if not each.why_not]
    if cancel_form is None:
        cancel_form = CancelForm(formdata=None)
    cancel_form.version.data = screen.version if screen else None
    return render_template(
        "screens/form.html",
        application=application,
        form=form,
        screen=screen,
        declined=declined.of_application(session(), viewer(), application.id).get(screen.id) if screen else None,
        needs=needs,
        others=[each for each in people if each.why_not],
        given=given,
        outside=_is_outside(form, given),
        is_too_late=screen is not None and _is_too_late(screen),
        cancel_form=cancel_form,
    )


def _is_too_late(screen: Interview) -> bool:
    """Whether nobody can hold it in the place of its interviewer any more, whose scorecard is awaited."""
    return has_begun(screen, clock.now()) and not interviews.is_evaluated(session(), screen)


def _choices(application: Application, form: ScreenForm, screen: Interview | None, needs: Any) -> list[Choice]:
    """Who could hold it at the time that was typed, as far as it makes sense."""
    starts_at, ends_at = _typed(form)
    people = queries.screeners(session(), application, needs, now=clock.now(), screen=screen)
    return queries.choices(people, needs, starts_at, ends_at)


def _typed(form: ScreenForm) -> tuple[datetime, datetime] | tuple[None, None]:
    try:
        starts_at = form.moment()
    except Refused:
        starts_at = None
    if starts_at is None:
        return None, None
    minutes = form.minutes.data if form.minutes.data and 0 < form.minutes.data <= 480 else 60
    return starts_at, starts_at + timedelta(minutes=minutes)


def _is_outside(form: ScreenForm, given: Sequence[Span]) -> bool:
    starts_at, ends_at = _typed(form)
    return starts_at is not None and ends_at is not None and is_outside(given, starts_at, ends_at)


def _offer(form: OutcomeForm, application: Application) -> None:
    held = screens_submitted(session(), application)
    choices = screen_choices(application.requisition.plan.screens_mode, held)
    form.choice.choices = [(choice.value, choice.label) for choice in choices]
    form.disposition.choices = [(each.value, each.label) for each in ENDS]
    if not form.disposition.data:
        form.disposition.data = Disposition.STOPPED_AFTER_SCREEN.value


def _outcome_page(application: Application, form: OutcomeForm) -> str:
    _offer(form, application)
    cards = _cards(application)
    made = render_template(
        "screens/outcome.html",
        application=application,
        form=form,
        is_due=application.state is ApplicationState.ACTIVE
        and application.stage_kind is StageKind.PHONE_SCREEN_OUTCOME,
        cards=cards,
        outcomes=queries.outcomes_of(session(), viewer(), application),
        screens=[s for s in queries.screens_of(session(), application) if s.state is InterviewState.SENT],
        now=clock.now(),
    )
    return _noted(made, cards)


def _noted(made: str, cards: dict[int, ScorecardLine]) -> str:
    """Return the page, after noting that it shows what the phone screens' scorecards recommend."""
    note_lines(card for card in cards.values() if card.kind is InterviewKind.PHONE_SCREEN)
    return made


def _cards(application: Application) -> dict[int, ScorecardLine]:
    """The scorecard lines of the application's interviews, as far as the viewer may see them."""
    cards = scorecard_lines.for_application(session(), viewer(), application, now=clock.now())
    return {card.interview_id: card for card in cards}
