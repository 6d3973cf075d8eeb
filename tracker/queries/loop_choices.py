"""Whether a candidate may choose when the loop is held: asked for his or her own page, and for the recruiter's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Loop, LoopState
from tracker.models.interview_plan import InterviewPlan
from tracker.models.loop_choice import LoopChoice
from tracker.models.requisition import Requisition
from tracker.queries import loops
from tracker.queries.calendars import calendar_of
from tracker.queries.running_deadlines import running
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.loop_choices import ChoiceFacts, Choosing, choosing, movable_until
from tracker.rules.stages import ApplicationState, StageKind


@dataclass(frozen=True)
class ChoiceStanding:
    """A loop that can be chosen or moved, or why not.

    ``loop`` and ``choice`` are None where there is none. ``until`` is the last moment (UTC) for moving a booked loop,
    ``left`` how often that can still be done.
    """

    choosing: Choosing
    loop: Loop | None = None
    choice: LoopChoice | None = None
    until: datetime | None = None
    left: int = 0

    @property
    def may_choose(self) -> bool:
        """Whether times can be chosen now."""
        return self.choosing in (Choosing.OFFERED, Choosing.MOVABLE)

    @property
    def is_offered(self) -> bool:
        """Whether there is something to take back: times can be chosen, or could be again once what forbids it ends."""
        return self.may_choose or self.choosing in (Choosing.ON_HOLD, Choosing.NOT_LET)

    @property
    def is_out(self) -> bool:
        """Whether the loop went out, whoever chose its times."""
        return _is_out(self.loop)

    @property
    def is_booked(self) -> bool:
        """Whether the loop went out as its candidate chose."""
        return self.choice is not None and self.choice.booked_at is not None and _is_out(self.loop)


def choice_of(session: Session, loop: Loop) -> LoopChoice | None:
    """Return whether and how a loop's candidate was let choose."""
    return session.scalar(select(LoopChoice).where(LoopChoice.loop_id == loop.id))


def is_waited_for() -> ColumnElement[bool]:
    """Return a condition on Application: its candidate was asked to choose, did not yet, and can: OFFERED stands."""
    asked = exists().where(
        Loop.application_id == Application.id,
        Loop.state == LoopState.DRAFT,
        LoopChoice.loop_id == Loop.id,
        LoopChoice.revoked_at.is_(None),
        LoopChoice.booked_at.is_(None),
        Requisition.id == Application.requisition_id,
        InterviewPlan.id == Requisition.plan_id,
        InterviewPlan.candidates_choose,
    )
    on_hold = exists().where(
        Deadline.application_id == Application.id,
        Deadline.kind == DeadlineKind.LOOP_INVITED,
        Deadline.subject == 0,
        Deadline.state == DeadlineState.PAUSED,
    )
    is_here = (Application.state == ApplicationState.ACTIVE) & (Application.stage_kind == StageKind.LOOP)
    return is_here & asked.correlate(Application) & ~on_hold.correlate(Application)


def standing(session: Session, application: Application, now: datetime) -> ChoiceStanding:
    """Return what the candidate of an application can do about the times of the loop."""
    return standing_of(session, application, loops.current_loop(session, application), now)


def standing_of(session: Session, application: Application, loop: Loop | None, now: datetime) -> ChoiceStanding:
    """Return the same of an application whose loop, if any, was read already."""
    choice = choice_of(session, loop) if loop is not None else None
    is_offered = choice is not None and choice.revoked_at is None and (_is_out(loop) or choice.booked_at is None)
    plan = application.requisition.plan
    starts = [each.starts_at for each in loops.interviews_of(loop) if each.starts_at] if loop is not None else []
    calendar = calendar_of(session, application.requisition.region)
    until = movable_until(min(starts), plan.choice_notice_days, calendar) if starts and _is_out(loop) else None
    facts = ChoiceFacts(
        is_let=plan.candidates_choose,
        is_here=application.state is ApplicationState.ACTIVE and application.stage_kind is StageKind.LOOP,
        is_on_hold=is_offered and _is_on_hold(session, application, is_out=_is_out(loop)),
        is_offered=is_offered,
        is_sent=_is_out(loop),
        is_booked=choice is not None and choice.booked_at is not None,
        moves=choice.moves if choice is not None else 0,
        most_moves=plan.choice_moves,
        until=until,
    )
    left = max(0, facts.most_moves - facts.moves)
    return ChoiceStanding(choosing(facts, now), loop, choice, until, left)


def _is_out(loop: Loop | None) -> bool:
    return loop is not None and loop.state is LoopState.SENT


def _is_on_hold(session: Session, application: Application, *, is_out: bool) -> bool:
    """Whether somebody let the clock stand by which the loop is to be sent, or after it the promise."""
    kind = DeadlineKind.PROMISE if is_out else DeadlineKind.LOOP_INVITED
    return any(each.state is DeadlineState.PAUSED for each in running(session, application, (kind,), 0))
