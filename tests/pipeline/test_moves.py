"""Moves: the only writer of the stage. Each effect, each refusal; undo, closing, reopening."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Application, StageChange
from tracker.models.deadline import Deadline, Nudge
from tracker.models.debrief import Decision
from tracker.models.record import RecordEntry
from tracker.pipeline import deadline_clock, deadlines, moves
from tracker.rules.closing import IllegalClose, IllegalReopen, IllegalUndo
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.refused import Stale
from tracker.rules.stages import ApplicationState, DecisionKind, Disposition, IllegalMove, StageKind

LATER = MONDAY + timedelta(minutes=5)


def deadline(session: Session, application: Application, kind: DeadlineKind) -> Deadline:
    """The newest deadline of a kind."""
    query = select(Deadline).where(Deadline.application_id == application.id, Deadline.kind == kind)
    return session.scalars(query.order_by(Deadline.id.desc())).first()  # type: ignore[return-value]


def reviewed(session: Session, world: World) -> Application:
    """An application whose basics are met, with its review deadline running."""
    application = world.application()
    world.judge(application)
    deadlines.open_(
        session,
        application,
        DeadlineKind.APPLICATION_REVIEW,
        day0_at=MONDAY,
        owner=application.requisition.recruiter,
        now=MONDAY,
    )
    return application


def test_advancing_writes_stage_history_deadline_and_record(in_app: Flask, session: Session, world: World) -> None:
    application = reviewed(session, world)
    recruiter = application.requisition.recruiter
    moves.advance(session, application, by=recruiter, now=LATER)
    assert (application.stage_kind, application.entered_stage_at) == (StageKind.PHONE_SCREEN, LATER)
    change = session.scalars(select(StageChange).order_by(StageChange.id.desc())).first()
    assert change is not None
    assert (change.from_stage.kind, change.to_stage.kind) == (StageKind.APPLICATION, StageKind.PHONE_SCREEN)
    assert (change.at, change.by_id) == (LATER, recruiter.id)
    met = deadline(session, application, DeadlineKind.APPLICATION_REVIEW)
    assert (met.state, met.closed_at) == (DeadlineState.MET, LATER)
    assert "Moved to Technical phone screen" in set(session.scalars(select(RecordEntry.text)))


def test_an_illegal_move_is_refused_with_its_reason(in_app: Flask, session: Session, world: World) -> None:
    application = world.application()
    with pytest.raises(IllegalMove, match="not judged yet"):
        moves.advance(session, application, by=application.requisition.recruiter, now=LATER)
    with pytest.raises(moves.NoNextStage, match="not part"):
        moves.move(session, application, 10**9, by=None, now=LATER)
    assert application.stage_kind is StageKind.APPLICATION


def test_the_second_of_two_is_told_and_overwrites_nothing(in_app: Flask, session: Session, world: World) -> None:
    application = reviewed(session, world)
    seen = application.version
    target = world.stage(application.requisition, StageKind.PHONE_SCREEN)
    moves.move(session, application, target.id, by=application.requisition.recruiter, now=LATER, version=seen)
    session.commit()
    with pytest.raises(Stale):
        moves.close(
            session,
            application,
            ApplicationState.REJECTED,
            Disposition.OTHER,
            by=application.requisition.recruiter,
            now=LATER,
            version=seen,
        )
    assert application.state is ApplicationState.ACTIVE


def test_undo_puts_back_stage_and_deadline(in_app: Flask, session: Session, world: World) -> None:
    application = reviewed(session, world)
    recruiter = application.requisition.recruiter
    before = deadline(session, application, DeadlineKind.APPLICATION_REVIEW).due_at
    moves.advance(session, application, by=recruiter, now=LATER)
    moves.undo(session, application, by=recruiter, now=LATER + timedelta(minutes=9))
    assert application.stage_kind is StageKind.APPLICATION
    again = deadline(session, application, DeadlineKind.APPLICATION_REVIEW)
    assert (again.state, again.due_at) == (DeadlineState.OPEN, before)


def test_undo_puts_back_a_clock_that_stood(in_app: Flask, session: Session, world: World) -> None:
    application = reviewed(session, world)
    recruiter = application.requisition.recruiter
    stood = deadline(session, application, DeadlineKind.APPLICATION_REVIEW)
    deadline_clock.pause(session, application, stood, reason="On hold", by=recruiter, now=LATER)
    kept = stood.days_kept
    moves.advance(session, application, by=recruiter, now=LATER + timedelta(minutes=1))
    moves.undo(session, application, by=recruiter, now=LATER + timedelta(minutes=9))
    again = deadline(session, application, DeadlineKind.APPLICATION_REVIEW)
    assert (again.state, again.days_kept, again.pause_reason) == (DeadlineState.PAUSED, kept, "On hold")
    assert session.scalars(select(Nudge).where(Nudge.deadline_id == again.id)).all() == []
    deadline_clock.resume(session, application, again, by=recruiter, now=LATER + timedelta(days=30))
    assert again.due_at > LATER + timedelta(days=30)


def test_undo_puts_a_deadline_back_to_who_owns_it_by_now(in_app: Flask, session: Session, world: World) -> None:
    application = reviewed(session, world)
    before, after = application.requisition.recruiter, world.recruiter("Petra Present")
    moves.advance(session, application, by=before, now=LATER)
    application.requisition.recruiter = after
    moves.undo(session, application, by=before, now=LATER + timedelta(minutes=9))
    assert deadline(session, application, DeadlineKind.APPLICATION_REVIEW).owner_id == after.id


@pytest.mark.parametrize(("minutes", "other"), [(11, False), (1, True)])
def test_undo_is_ones_own_and_soon(in_app: Flask, session: Session, world: World, minutes: int, other: bool) -> None:
    application = reviewed(session, world)
    recruiter = application.requisition.recruiter
    moves.advance(session, application, by=recruiter, now=LATER)
    who = world.recruiter("Other") if other else recruiter
    with pytest.raises(IllegalUndo):
        moves.undo(session, application, by=who, now=LATER + timedelta(minutes=minutes))


def test_a_closing_is_not_undone_but_reopened(in_app: Flask, session: Session, world: World) -> None:
    application = reviewed(session, world)
    recruiter = application.requisition.recruiter
    moves.close(session, application, ApplicationState.REJECTED, Disposition.POSITION_FILLED, by=recruiter, now=LATER)
    with pytest.raises(IllegalUndo):
        moves.undo(session, application, by=recruiter, now=LATER)


def test_closing_cancels_what_runs_and_a_rejection_meets_the_review(
    in_app: Flask, session: Session, world: World
) -> None:
    application = reviewed(session, world)
    moves.close(
        session,
        application,
        ApplicationState.REJECTED,
        Disposition.NOT_QUALIFIED,
        by=application.requisition.recruiter,
        now=LATER,
        reason="too early",
    )
    assert (application.state, application.disposition, application.closed_at) == (
        ApplicationState.REJECTED,
        Disposition.NOT_QUALIFIED,
        LATER,
    )
    assert deadline(session, application, DeadlineKind.APPLICATION_REVIEW).state is DeadlineState.MET


def test_a_withdrawal_cancels_what_runs(in_app: Flask, session: Session, world: World) -> None:
    application = reviewed(session, world)
    moves.close(session, application, ApplicationState.WITHDRAWN, Disposition.CANDIDATE_WITHDREW, by=None, now=LATER)
    assert deadline(session, application, DeadlineKind.APPLICATION_REVIEW).state is DeadlineState.CANCELLED
    with pytest.raises(IllegalClose):
        moves.close(session, application, ApplicationState.REJECTED, Disposition.OTHER, by=None, now=LATER)


def test_reopening_needs_a_reason_and_supersedes_the_decision(in_app: Flask, session: Session, world: World) -> None:
    application = reviewed(session, world)
    recruiter = application.requisition.recruiter
    decision = Decision(
        application_id=application.id,
        kind=DecisionKind.NO_HIRE,
        owner_id=recruiter.id,
        rationale="x",
        decided_at=MONDAY,
    )
    world.keep(decision)
    first = application.stage_id
    with pytest.raises(IllegalReopen):
        moves.reopen(session, application, first, by=recruiter, now=LATER, reason="not closed")
    moves.close(session, application, ApplicationState.WITHDRAWN, Disposition.OTHER, by=recruiter, now=LATER)
    with pytest.raises(IllegalReopen):
        moves.reopen(session, application, first, by=recruiter, now=LATER, reason=" ")
    moves.reopen(session, application, first, by=recruiter, now=LATER, reason="The candidate came back")
    assert (application.state, application.closed_at, application.disposition) == (ApplicationState.ACTIVE, None, None)
    assert decision.superseded_at == LATER
    assert deadline(session, application, DeadlineKind.APPLICATION_REVIEW).state is DeadlineState.OPEN


def test_reopening_goes_no_further_than_where_it_was_closed(in_app: Flask, session: Session, world: World) -> None:
    application = world.application()
    recruiter = application.requisition.recruiter
    moves.close(session, application, ApplicationState.REJECTED, Disposition.NOT_QUALIFIED, by=recruiter, now=LATER)
    for kind in (StageKind.LOOP, StageKind.OUTCOME, StageKind.OFFER):
        target = world.stage(application.requisition, kind)
        with pytest.raises(IllegalReopen, match="there or at an earlier stage"):
            moves.reopen(session, application, target.id, by=recruiter, now=LATER, reason="A slip")
    assert (application.state, application.stage_kind) == (ApplicationState.REJECTED, StageKind.APPLICATION)


def friday_at(hour: int) -> datetime:
    """Friday 6 November 2026, UTC."""
    return MONDAY.replace(day=6, hour=hour)


def test_a_friday_loop_is_due_the_next_friday_at_the_end_of_the_day(
    in_app: Flask, session: Session, world: World
) -> None:
    application = world.application(stage=StageKind.LOOP)
    world.loop(application, tuple(world.person() for _ in range(5)), starts_at=friday_at(8))
    deadlines.rework(session, application, now=MONDAY)
    due = {
        kind: deadline(session, application, kind).due_at
        for kind in (DeadlineKind.DEBRIEF, DeadlineKind.DECISION, DeadlineKind.PROMISE)
    }
    end = MONDAY.replace(hour=22, minute=59, second=59)  # 23:59:59 in Berlin
    assert due[DeadlineKind.DEBRIEF] == end.replace(day=10)
    assert due[DeadlineKind.DECISION] == end.replace(day=11)
    assert due[DeadlineKind.PROMISE] == end.replace(day=13)


def test_a_moved_interview_moves_what_is_open_and_leaves_what_was_met(
    in_app: Flask, session: Session, world: World
) -> None:
    application = world.application(stage=StageKind.LOOP)
    assignments = world.loop(application, tuple(world.person() for _ in range(5)), starts_at=friday_at(8))
    deadlines.rework(session, application, now=MONDAY)
    deadlines.meet(session, application, DeadlineKind.DEBRIEF, now=LATER)
    met = deadline(session, application, DeadlineKind.DEBRIEF)
    due_before = met.due_at
    last = assignments[-1].interview
    last.starts_at, last.ends_at = friday_at(8) + timedelta(days=3), friday_at(9) + timedelta(days=3)
    deadlines.rework(session, application, now=LATER)
    promise = deadline(session, application, DeadlineKind.PROMISE)
    assert (promise.day0_at, promise.revision) == (last.ends_at, 2)
    assert promise.due_at == MONDAY.replace(day=16, hour=22, minute=59, second=59)
    assert (met.due_at, met.state) == (due_before, DeadlineState.MET)


def test_a_replaced_interviewer_is_no_longer_asked(in_app: Flask, session: Session, world: World) -> None:
    application = world.application(stage=StageKind.LOOP)
    assignments = world.loop(application, tuple(world.person() for _ in range(5)), starts_at=friday_at(8))
    deadlines.rework(session, application, now=MONDAY)
    assignments[0].ended_at = LATER
    deadlines.rework(session, application, now=LATER)
    states = {
        row.subject: row.state
        for row in session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.SCORECARD))
    }
    assert states[assignments[0].id] is DeadlineState.CANCELLED
    assert [states[each.id] for each in assignments[1:]] == [DeadlineState.OPEN] * 4


def test_new_people_take_the_deadlines_over(in_app: Flask, session: Session, world: World) -> None:
    application = reviewed(session, world)
    successor = world.recruiter("Sue Successor")
    application.requisition.recruiter = successor
    session.flush()
    deadlines.reassign(session, application.requisition, now=LATER)
    assert deadline(session, application, DeadlineKind.APPLICATION_REVIEW).owner_id == successor.id
