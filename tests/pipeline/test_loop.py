"""The loop: planned, sent, and done at last."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import START, planned, seat, sent, wish
from tests.pipeline.mails import events_of, method_of, of_kind, text_of
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import InterviewState, LoopState
from tracker.models.outbox import OutboxMail, Reminder
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard
from tracker.pipeline import loop, loop_changes
from tracker.pipeline.interviews import WrongStage
from tracker.pipeline.loop import LoopThere, NotSent
from tracker.pipeline.loop_checks import LoopNotReady, NotADraft
from tracker.queries import loops, truth
from tracker.rules.coverage import ProblemCode
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.refused import Stale
from tracker.rules.stages import IllegalMove, StageKind

pytestmark = pytest.mark.usefixtures("in_app")


def codes(refusal: pytest.ExceptionInfo[LoopNotReady]) -> set[ProblemCode]:
    return {problem.code for problem in refusal.value.problems}


def open_kinds(session: Session) -> set[DeadlineKind]:
    return set(session.scalars(select(Deadline.kind).where(Deadline.state == DeadlineState.OPEN)))


def test_a_plan_begins_with_the_plans_interviews(session: Session, application: Application, recruiter: Person) -> None:
    row = loop.plan(session, application, by=recruiter, now=MONDAY)
    assert [each.name for each in loops.interviews_of(row)] == [f"Interview {n}" for n in range(1, 6)]
    focus = [each.competency_ids for each in loops.standing(session, row, now=MONDAY).seats]
    assert sorted(sum(focus, ())) == sorted(each.competency_id for each in application.requisition.plan.competencies)
    with pytest.raises(LoopThere):
        loop.plan(session, application, by=recruiter, now=MONDAY)


def test_a_loop_is_planned_in_its_stage_alone(session: Session, world: World) -> None:
    early = world.application(stage=StageKind.PHONE_SCREEN)
    with pytest.raises(WrongStage):
        loop.plan(session, early, by=early.requisition.recruiter, now=MONDAY)


def test_an_empty_draft_does_not_go_out_and_says_all_that_is_missing(
    session: Session, application: Application, recruiter: Person
) -> None:
    row = loop.plan(session, application, by=recruiter, now=MONDAY)
    with pytest.raises(LoopNotReady) as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert {
        ProblemCode.NO_TIME,
        ProblemCode.NO_INTERVIEWER,
        ProblemCode.NO_BAR_RAISER,
    } == codes(refusal)
    assert of_kind(session, "interview_invitation") == []


def test_a_ready_loop_goes_out_with_everything_that_hangs_on_it(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    assert row.state is LoopState.SENT
    assert {each.state for each in loops.interviews_of(row)} == {InterviewState.SENT}
    assert session.query(Scorecard).count() == 5
    invitations = of_kind(session, "interview_invitation")
    assert len({mail.receiver for mail in invitations}) == 5
    assert {method_of(mail) for mail in invitations} == {"REQUEST"}
    [schedule] = of_kind(session, "loop_schedule")
    assert schedule.receiver == application.candidate.email
    assert (method_of(schedule), events_of(schedule)) == ("PUBLISH", [("CONFIRMED", 0)] * 5)
    # Tuesday + 5 business days, in the requisition's zone: what the deadline says, the candidate is told.
    assert "Tue 17 Nov 2026, 23:59 (Europe/Berlin)" in text_of(schedule)
    assert {DeadlineKind.SCORECARD, DeadlineKind.DEBRIEF, DeadlineKind.DECISION, DeadlineKind.PROMISE} == open_kinds(
        session
    )
    assert row.awaited_at == max(each.ends_at for each in loops.interviews_of(row) if each.ends_at)
    assert session.query(Reminder).count() > 0
    assert all(truth.holds(session, mail.fact) for mail in [*invitations, schedule])


def test_a_loop_goes_out_once(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    with pytest.raises(NotADraft):
        loop.send(session, row, by=recruiter, now=MONDAY)


def test_an_older_form_is_told(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    seen = row.version
    seat(session, row, 0, recruiter, place="Room 7")
    session.commit()
    with pytest.raises(Stale):
        loop.send(session, row, by=recruiter, now=MONDAY, version=seen)


def test_the_loop_is_done_when_its_last_interview_is_over(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    with pytest.raises(NotSent):
        loop.done(session, application, by=recruiter, now=MONDAY)
    row = sent(session, application, people)
    assert row.awaited_at is not None
    with pytest.raises(IllegalMove):
        loop.done(session, application, by=recruiter, now=row.awaited_at - timedelta(minutes=1))
    session.rollback()
    loop.done(session, application, by=recruiter, now=row.awaited_at)
    assert application.stage_kind is StageKind.OUTCOME


def test_the_tick_finishes_what_is_over_once(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    over = row.awaited_at
    assert over is not None
    assert loop.finish_due(session, over - timedelta(seconds=1)) is False
    assert loop.finish_due(session, over) is True
    session.commit()
    assert application.stage_kind is StageKind.OUTCOME
    assert loop.finish_due(session, over) is False


def test_an_interview_of_a_finished_loop_can_still_be_held_later(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    over = row.awaited_at
    assert over is not None
    loop.finish_due(session, over)
    interview = loops.interviews_of(row)[4]
    later = wish(interview, starts_at=START + timedelta(days=2))
    loop_changes.edit(session, row, interview, later, by=recruiter, now=over)
    session.commit()
    promise = session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.PROMISE)).one()
    assert promise.due_at.date().isoformat() == "2026-11-19"
    assert row.awaited_at is None


def test_throwing_a_draft_away_tells_nobody(
    session: Session, application: Application, people: list[Person], recruiter: Person, app: Flask
) -> None:
    row = planned(session, application, people)
    before = session.query(OutboxMail).count()
    loop.cancel(session, row, reason="", by=recruiter, now=MONDAY)
    assert row.state is LoopState.CANCELLED
    assert session.query(OutboxMail).count() == before
