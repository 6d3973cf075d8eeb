"""What sending and changing a loop share: the check under a lock, and what hangs on the loop's interviews."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.interview import InterviewState, Loop, LoopState
from tracker.pipeline import deadlines, interviews
from tracker.queries import interviewers, loops
from tracker.queries.loops import LoopStanding
from tracker.rules.coverage import Problem, Seat
from tracker.rules.refused import Refused
from tracker.rules.stages import StageKind


class NotADraft(Refused):
    """The loop went out: it changes interview by interview, and everybody is told."""


class LoopNotReady(Refused):
    """The loop, as it is or as it would become, breaks the rules. ``problems`` are all that stand against it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("The loop cannot be like this. " + " ".join(problem.text for problem in problems))
        self.problems = problems


def locked_standing(session: Session, loop: Loop, seats: list[Seat], now: datetime) -> LoopStanding:
    """Hold the seats against the rules while nobody else can book their people, nor the candidate."""
    people = [seat.person_id for seat in seats if seat.person_id is not None]
    people += [each.person_id for interview in loops.interviews_of(loop) for each in interview.trainees]
    interviewers.lock_people(session, loop.application.candidate, people)
    return loops.standing(session, loop, now=now, seats=seats)


def settle(session: Session, loop: Loop, now: datetime) -> None:
    """Work out again what hangs on the loop's interviews."""
    if loop.application.stage_kind is StageKind.LOOP:
        sent = [each.ends_at for each in loops.interviews_of(loop) if each.state is InterviewState.SENT]
        loop.awaited_at = max((each for each in sent if each is not None), default=None)
    deadlines.rework(session, loop.application, now=now)


def check_draft(loop: Loop) -> None:
    """Raise NotADraft or WrongStage unless the loop can still be put together freely."""
    interviews.check_stage(loop.application, StageKind.LOOP)
    if loop.state is not LoopState.DRAFT:
        raise NotADraft("The loop has gone out: change its interviews one by one.")
