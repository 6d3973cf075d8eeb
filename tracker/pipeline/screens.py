"""Phone screens: arranged, moved, given to somebody else, called off, and what is decided after one."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application, ScreenOutcome
from tracker.models.interview import Interview
from tracker.models.person import InterviewKind, Person
from tracker.pipeline import candidates, deadlines, interview_mails, interviews, moves, trainee_seats
from tracker.pipeline.changed_words import what_changed
from tracker.pipeline.interviews import Arrangement
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries import interviewers, screens
from tracker.queries.moves import screens_submitted, stages_of
from tracker.rules.coverage import Seat
from tracker.rules.interviewers import overlap
from tracker.rules.interviews import BadInterviewTime
from tracker.rules.refused import ReasonMissing, Refused, reason_given
from tracker.rules.screen_seats import CannotHoldScreen, check_screener
from tracker.rules.screens import check_screen_choice
from tracker.rules.stages import ApplicationState, Disposition, ScreenChoice, StageKind, stage_of


class AlreadyArranged(Refused):
    """One phone screen at a time."""


def arrange(
    session: Session,
    application: Application,
    wanted: Arrangement,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> Interview:
    """Arrange the next phone screen and invite its interviewer and the candidate at once.

    What it evaluates is the plan's. Raises Stale, WrongStage, AlreadyArranged, BadInterviewTime, CannotHoldScreen.
    """
    take_turn(session, application)
    expect(application, version)
    interviews.check_stage(application, StageKind.PHONE_SCREEN)
    if screens.is_awaited(session, application):
        raise AlreadyArranged("A phone screen is arranged already: move it, hand it over or cancel it.")
    # One whose scorecard was waived is held anew, under the same number.
    number = screens_submitted(session, application) + 1
    screen = interviews.new_interview(
        application, InterviewKind.PHONE_SCREEN, number, _name(number), application.requisition.plan.screen_minutes
    )
    session.add(screen)
    session.flush()
    wanted = _checked(session, application, wanted, screen, now)
    interviews.arrange(session, screen, wanted, now=now)
    interviews.send_out(session, screen, now=now)
    interview_mails.tell_screen(session, screen, now=now)
    when = interviews.when_words(screen, application.requisition.region.zone)
    who = session.get_one(Person, wanted.person_id).name
    _settle(session, application, f"{screen.name} was arranged: {when}, with {who}", by=by, now=now)
    return screen


def change(
    session: Session, screen: Interview, wanted: Arrangement, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Move a phone screen, or give it to another interviewer; everybody concerned is told.

    Raises Stale, WrongStage, AlreadyEvaluated, TooLateToStepIn, BadInterviewTime, CannotHoldScreen.
    """
    application = screen.application
    take_turn(session, application)
    expect(screen, version)
    interviews.check_stage(application, StageKind.PHONE_SCREEN)
    interviews.check_may_change(session, screen, wanted, now)
    wanted = _checked(session, application, wanted, screen, now)
    before = interviews.arrangement_of(screen)
    after = Seat(screen.id, screen.name, wanted.starts_at, wanted.ends_at, wanted.person_id, "", wanted.competency_ids)
    gone = trainee_seats.let_go(session, [screen], [after], now=now)
    interviews.change(session, screen, wanted, now=now)
    trainee_seats.tell_gone(session, gone, [screen.id], now=now)
    interview_mails.tell_screen(session, screen, now=now)
    zone = application.requisition.region.zone
    changed = what_changed(session, before, interviews.arrangement_of(screen), zone)
    _settle(session, application, f"{screen.name} was changed: {changed}", by=by, now=now)


def cancel(
    session: Session, screen: Interview, *, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Call a phone screen off; interviewer and candidate are told.

    Raises Stale, WrongStage, ReasonMissing, AlreadyEvaluated.
    """
    take_turn(session, screen.application)
    expect(screen, version)
    interviews.check_stage(screen.application, StageKind.PHONE_SCREEN)
    reason = reason_given(reason, "Say why the phone screen is cancelled: it stays on the record.")
    interviews.call_off(session, screen, now=now)
    interview_mails.tell_cancelled(session, screen.application, [screen], now=now)
    deadlines.rework(session, screen.application, now=now)
    text = f"{screen.name} was cancelled: {reason}"
    note_change(session, "screens.cancel", text, by=by, now=now, application=screen.application)
    session.flush()


def decide(
    session: Session,
    application: Application,
    choice: ScreenChoice,
    *,
    reason: str,
    by: Person,
    now: datetime,
    disposition: Disposition = Disposition.STOPPED_AFTER_SCREEN,
    version: int | None = None,
) -> None:
    """Record what follows from the phone screen, and let it follow (the process, section 3).

    Go on: the next stage. Second screen: back to the phone screen. Stop: rejected, and the candidate gets a courteous
    e-mail. Raises Stale, WrongStage, IllegalScreenChoice, ReasonMissing.
    """
    take_turn(session, application)
    expect(application, version)
    interviews.check_stage(application, StageKind.PHONE_SCREEN_OUTCOME)
    held = screens_submitted(session, application)
    check_screen_choice(application.requisition.plan.screens_mode, held, choice, reason)
    if choice is ScreenChoice.STOP and not reason.strip():
        raise ReasonMissing("Say why it stops here: it stays on the record, the candidate does not read it.", "reason")
    _keep(session, application, held, choice, reason.strip(), by=by, now=now)
    text = f"After phone screen {held}: {choice.label.lower()}{': ' + reason.strip() if reason.strip() else ''}"
    note_change(session, "screens.decide", text, by=by, now=now, application=application)
    session.flush()
    _follow(session, application, choice, reason.strip(), disposition, by=by, now=now)


def _follow(
    session: Session,
    application: Application,
    choice: ScreenChoice,
    reason: str,
    disposition: Disposition,
    *,
    by: Person,
    now: datetime,
) -> None:
    if choice is ScreenChoice.GO_ON:
        moves.advance(session, application, by=by, now=now, reason=reason)
        if application.stage_kind is StageKind.LOOP:
            candidates.tell_goes_on(session, application, now=now)
    elif choice is ScreenChoice.SECOND_SCREEN:
        stage = stage_of(stages_of(session, application), StageKind.PHONE_SCREEN)
        assert stage is not None  # noqa: S101 - a screen was held in it
        moves.move(session, application, stage.id, by=by, now=now, reason=reason)
    else:
        moves.close(session, application, ApplicationState.REJECTED, disposition, by=by, now=now, reason=reason)
        candidates.tell_closed(session, application, now=now)


def _keep(
    session: Session,
    application: Application,
    held: int,
    choice: ScreenChoice,
    reason: str,
    *,
    by: Person,
    now: datetime,
) -> None:
    """Keep the choice for this screen; one decided again (after a reopening) is replaced, the record keeps both."""
    row = session.scalar(
        select(ScreenOutcome).where(ScreenOutcome.application_id == application.id, ScreenOutcome.screen == held)
    )
    if row is None:
        row = ScreenOutcome(application_id=application.id, screen=held)
    row.choice, row.reason, row.at, row.by_id = choice, reason, now, by.id
    session.add(row)


def _checked(
    session: Session, application: Application, wanted: Arrangement, screen: Interview, now: datetime
) -> Arrangement:
    """Return the arrangement with the plan's competencies, after holding it against the rules."""
    if wanted.starts_at is None:
        raise BadInterviewTime("Choose a date and a time.", "starts_at")
    if wanted.person_id is None:
        raise CannotHoldScreen("Choose who holds the phone screen.", "person_id")
    needs = screens.needs_of(session, application)
    ids = tuple(need.competency_id for need in needs)
    interviewers.lock_people(session, application.candidate, [wanted.person_id])
    people = screens.screeners(session, application, needs, now=now, screen=screen)
    ends_at = wanted.starts_at + timedelta(minutes=wanted.minutes)
    if any(overlap(wanted.starts_at, ends_at, start, end) for start, end in people.candidate_busy):
        raise BadInterviewTime("The candidate is not free at that time: choose another.", "starts_at")
    seat = Seat(screen.id, screen.name, wanted.starts_at, wanted.ends_at, wanted.person_id, competency_ids=ids)
    check_screener(people.sent.get(wanted.person_id), people.senior_leaders, needs, seat)
    return Arrangement(wanted.person_id, wanted.starts_at, wanted.minutes, wanted.place, ids)


def _settle(session: Session, application: Application, text: str, *, by: Person, now: datetime) -> None:
    deadlines.rework(session, application, now=now)
    note_change(session, "screens.arrange", text, by=by, now=now, application=application)
    session.flush()


def _name(number: int) -> str:
    return "Phone screen" if number == 1 else f"Phone screen {number}"
