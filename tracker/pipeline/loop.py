"""The loop: put together from the plan, sent as a whole, called off, and done at last. See also ``loop_changes``."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.interview import InterviewState, Loop, LoopState
from tracker.models.person import Person
from tracker.pipeline import deadlines, interview_mails, interviews, loop_seats, moves, trainee_seats
from tracker.pipeline.loop_checks import LoopNotReady, check_draft, locked_standing, settle
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries import loops
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.in_the_way import in_the_way
from tracker.rules.refused import ReasonMissing, Refused
from tracker.rules.stages import ApplicationState, IllegalMove, StageKind
from tracker.rules.words import counted


class LoopThere(Refused):
    """The application has a loop already."""


class NotSent(Refused):
    """The loop has not gone out."""


def plan(session: Session, application: Application, *, by: Person, now: datetime) -> Loop:
    """Put a draft together: the plan's interviews, without times and people. Raises WrongStage, LoopThere."""
    take_turn(session, application)
    interviews.check_stage(application, StageKind.LOOP)
    if loops.current_loop(session, application) is not None:
        raise LoopThere("There is a loop already: change it, or cancel it first.")
    loop = Loop(application=application, state=LoopState.DRAFT, created_at=now)
    session.add(loop)
    loop_seats.fill(session, loop)
    text = f"A loop of {counted(len(loop.interviews), 'interview')} was started"
    note_change(session, "loop.plan", text, by=by, now=now, application=application)
    return loop


def send(session: Session, loop: Loop, *, by: Person | None, now: datetime, version: int | None = None) -> None:
    """Let the loop go out: the README's second rule of "What always holds" is checked, then everybody is invited.

    ``by`` None: the candidate chose its times (see ``loop_bookings``).

    Effects in order: interviews and scorecards stand; the interviewers are invited; the deadlines that count from the
    last interview run, the promise among them; the candidate gets the schedule and is told the promise.
    Raises Stale, WrongStage, NotADraft, LoopNotReady.
    """
    application = loop.application
    take_turn(session, application)
    expect(loop, version)
    check_draft(loop)
    standing = locked_standing(session, loop, loops.seats_of(loop), now)
    against = [*in_the_way(standing.coverage), *trainee_seats.problems(session, loop, now=now).values()]
    if against:
        raise LoopNotReady(against)
    loop.state, loop.sent_at = LoopState.SENT, now
    for interview in loops.interviews_of(loop):
        # What was held before a part of the loop was called off went out then.
        if interview.state is InterviewState.PLANNED:
            interviews.send_out(session, interview, now=now)
    deadlines.meet(session, application, DeadlineKind.LOOP_INVITED, now=now, by=by)
    settle(session, loop, now)
    interview_mails.tell_loop(session, loop, now=now)
    text = f"The loop went out: {_schedule_words(loop)}"
    note_change(session, "loop.send", text, by=by, now=now, application=application)
    session.flush()


def cancel(session: Session, loop: Loop, *, reason: str, by: Person, now: datetime, version: int | None = None) -> None:
    """Call the whole loop off; everybody who was invited is told, and a new one can be planned.

    Raises Stale, WrongStage, ReasonMissing, AlreadyEvaluated.
    """
    application = loop.application
    take_turn(session, application)
    expect(loop, version)
    interviews.check_stage(application, StageKind.LOOP)
    told = [each for each in loops.interviews_of(loop) if each.state is InterviewState.SENT]
    if told and not reason.strip():
        raise ReasonMissing("Say why the loop is cancelled: it stays on the record.", "reason")
    for interview in loops.interviews_of(loop):
        interviews.call_off(session, interview, now=now)
    loop.state, loop.awaited_at = LoopState.CANCELLED, None
    session.flush()
    if told:
        interview_mails.tell_cancelled(session, application, told, now=now)
        deadlines.rework(session, application, now=now)
        owner = application.requisition.recruiter
        deadlines.open_(session, application, DeadlineKind.LOOP_INVITED, day0_at=now, owner=owner, now=now)
    text = f"The loop was cancelled: {reason.strip()}" if told else "The draft of the loop was thrown away"
    note_change(session, "loop.cancel", text, by=by, now=now, application=application)
    session.flush()


def done(session: Session, application: Application, *, by: Person | None, now: datetime) -> None:
    """The last interview is over: the application goes on to its outcome. Raises NotSent, IllegalMove."""
    take_turn(session, application)
    interviews.check_stage(application, StageKind.LOOP)
    loop = loops.current_loop(session, application)
    if loop is None or loop.state is not LoopState.SENT:
        raise NotSent("The loop has not gone out yet: plan it and send it first.")
    moves.advance(session, application, by=by, now=now)
    loop.awaited_at = None
    session.flush()


def finish_due(session: Session, now: datetime) -> bool:
    """Let one application whose loop is over go on to its outcome; return whether there was one (for the tick)."""
    due = select(Application, Loop).join(Loop, Loop.application_id == Application.id).where(Loop.awaited_at <= now)
    # Whose application somebody else is changing is looked at again by the next tick.
    free = due.order_by(Loop.awaited_at).limit(1).with_for_update(of=Application, key_share=True, skip_locked=True)
    found = session.execute(free).one_or_none()
    if found is None:
        return False
    application, loop = found
    take_turn(session, application)
    if loop.awaited_at is None or loop.awaited_at > now:
        return True
    loop.awaited_at = None
    if application.state is ApplicationState.ACTIVE and application.stage_kind is StageKind.LOOP:
        try:
            moves.advance(session, application, by=None, now=now, reason="the last interview is over")
        except IllegalMove as refusal:
            note_change(session, "loop.finish", refusal.message, by=None, now=now, application=application)
    session.flush()
    return True


def _schedule_words(loop: Loop) -> str:
    zone = loop.application.requisition.region.zone
    return "; ".join(f"{each.name} {interviews.when_words(each, zone)}" for each in loops.interviews_of(loop))
