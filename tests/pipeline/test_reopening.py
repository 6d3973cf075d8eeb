"""Reopening: where it stood or earlier, with what was called off to be completed and what was decided to be redone."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import World
from tests.pipeline.loops import START, sent, wish
from tests.pipeline.mails import of_kind
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Interview, InterviewState, Loop, LoopState
from tracker.models.person import Person
from tracker.pipeline import candidates, debrief, loop, loop_changes, reopening
from tracker.pipeline.interviews import AlreadyEvaluated
from tracker.pipeline.loop import NotSent
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.queries import debriefs, loops
from tracker.rules.closing import IllegalReopen
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.refused import ReasonMissing
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

# The first interview is over, the second has begun.
IN_THE_MIDDLE = START + timedelta(hours=1, minutes=45)
LATER = START + timedelta(days=7)


@pytest.fixture
def broken_off(session: Session, application: Application, people: list[Person]) -> Loop:
    """A loop in the middle of which the candidate withdrew."""
    row = sent(session, application, people)
    candidates.withdraw(session, application, reason="", now=IN_THE_MIDDLE)
    session.commit()
    return row


def reopen(session: Session, application: Application, stage_id: int | None = None) -> None:
    by = application.requisition.recruiter
    target = stage_id or application.stage_id
    reopening.reopen(session, application, target, by=by, now=IN_THE_MIDDLE, reason="Came back")
    session.commit()


def states(row: Loop) -> list[InterviewState]:
    return [each.state for each in loops.interviews_of(row)]


def complete(session: Session, row: Loop, by: Person) -> None:
    loop_changes.set_times(session, row, LATER, 30, by=by, now=IN_THE_MIDDLE)
    loop_changes.suggest_people(session, row, now=IN_THE_MIDDLE)
    loop.send(session, row, by=by, now=IN_THE_MIDDLE)
    session.commit()


def test_the_candidate_is_told(session: Session, application: Application, broken_off: Loop) -> None:
    reopen(session, application)
    [told] = of_kind(session, "reopened")
    assert told.receiver == application.candidate.email


def test_a_loop_that_was_broken_off_is_completed_before_it_counts(
    session: Session, world: World, application: Application, broken_off: Loop, recruiter: Person
) -> None:
    held = loops.interviews_of(broken_off)[0]
    lead = held.lead
    assert lead is not None
    world.scorecard(lead)
    reopen(session, application)
    assert states(broken_off) == [InterviewState.SENT] + [InterviewState.PLANNED] * 4
    with pytest.raises(NotSent):
        loop.done(session, application, by=recruiter, now=LATER)
    assert debrief.open_if_ready(session, application, now=LATER) is None
    with pytest.raises(LoopNotReady):
        loop.send(session, broken_off, by=recruiter, now=IN_THE_MIDDLE)
    before = held.starts_at
    complete(session, broken_off, recruiter)
    assert broken_off.state is LoopState.SENT
    assert held.starts_at == before
    assert len(debriefs.leads(session, broken_off)) == 5
    invited = [mail.person_id for mail in of_kind(session, "interview_invitation")]
    assert invited.count(lead.person_id) == 1, "who held one was invited to it once"
    last = max(each.ends_at for each in loops.interviews_of(broken_off) if each.ends_at)
    promise = select(Deadline).where(Deadline.kind == DeadlineKind.PROMISE, Deadline.closed_at.is_(None))
    assert session.scalars(promise).one().due_at.date() == (last + timedelta(days=7)).date()


def test_what_was_held_stays_and_what_was_not_gets_another_seat(
    session: Session, world: World, application: Application, broken_off: Loop, recruiter: Person
) -> None:
    reopen(session, application)
    held = loops.interviews_of(broken_off)[0]

    def cancel(interview: Interview) -> None:
        loop_changes.cancel_interview(session, broken_off, interview, reason="No", by=recruiter, now=IN_THE_MIDDLE)

    with pytest.raises(AlreadyEvaluated, match="was held"):
        loop_changes.edit(session, broken_off, held, wish(held, place="x"), by=recruiter, now=IN_THE_MIDDLE)
    cancel(held)
    session.commit()
    assert states(broken_off) == [InterviewState.PLANNED] * 5
    complete(session, broken_off, recruiter)
    assert broken_off.state is LoopState.SENT


def test_what_was_held_is_called_off_with_a_reason_alone(
    session: Session, world: World, application: Application, broken_off: Loop, recruiter: Person
) -> None:
    reopen(session, application)
    with pytest.raises(ReasonMissing):
        loop.cancel(session, broken_off, reason=" ", by=recruiter, now=IN_THE_MIDDLE)
    lead = loops.interviews_of(broken_off)[0].lead
    assert lead is not None
    world.scorecard(lead)
    with pytest.raises(AlreadyEvaluated):
        loop.cancel(session, broken_off, reason="Anew", by=recruiter, now=IN_THE_MIDDLE)


def test_half_a_loop_is_no_way_to_the_outcome(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    over = row.awaited_at
    assert over is not None
    loop.finish_due(session, over)
    last = loops.interviews_of(row)[4]
    loop_changes.edit(session, row, last, wish(last, starts_at=LATER), by=recruiter, now=over)
    candidates.withdraw(session, application, reason="", now=over)
    session.commit()
    with pytest.raises(IllegalReopen, match="complete the loop there"):
        reopen(session, application)
    reopen(session, application, world.stage(application.requisition, StageKind.LOOP).id)
    assert states(row) == [InterviewState.SENT] * 4 + [InterviewState.PLANNED]
