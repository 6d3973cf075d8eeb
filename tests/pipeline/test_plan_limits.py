"""A change of a limit holds from a day on: what was promised before stays, what comes later follows it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Interview
from tracker.models.interview_plan import InterviewPlan, PlanLimit
from tracker.models.record import RecordEntry
from tracker.pipeline import deadlines, plan_limits, plans
from tracker.pipeline.plan_limits import NoComingChange
from tracker.queries.running_deadlines import plan_limit
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.limits import BEGINNING, IllegalLimit
from tracker.rules.refused import Stale
from tracker.rules.stages import StageKind

PROMISE = DeadlineKind.PROMISE
TODAY = MONDAY.date()
LATER = TODAY + timedelta(days=7)


def limits(session: Session, plan: InterviewPlan) -> list[tuple[date, date | None, int]]:
    session.flush()
    rows = select(PlanLimit.valid_from, PlanLimit.valid_to, PlanLimit.business_days).where(
        PlanLimit.plan_id == plan.id, PlanLimit.kind == PROMISE
    )
    return [tuple(row) for row in session.execute(rows.order_by(PlanLimit.valid_from))]


def test_changes_are_entered_corrected_and_taken_back(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    plan_limits.change(session, plan, PROMISE, 4, LATER, by=admin, now=MONDAY)
    assert limits(session, plan) == [(BEGINNING, LATER - timedelta(days=1), 5), (LATER, None, 4)]
    plan_limits.change(session, plan, PROMISE, 3, LATER, by=admin, now=MONDAY)
    assert limits(session, plan)[-1] == (LATER, None, 3)
    plan_limits.change(session, plan, PROMISE, 6, TODAY, by=admin, now=MONDAY)
    assert [row[2] for row in limits(session, plan)] == [5, 6, 3]
    coming = next(row for row in plan.limits if row.valid_from == LATER)
    plan_limits.take_back(session, plan, coming.id, by=admin, now=MONDAY)
    assert limits(session, plan) == [(BEGINNING, TODAY - timedelta(days=1), 5), (TODAY, None, 6)]
    texts = list(session.scalars(select(RecordEntry.text).order_by(RecordEntry.id)))
    assert "Promise has 4 business days from Mon 9 Nov 2026 on" in texts[0]
    assert "Promise is not changed from Mon 9 Nov 2026 on after all" in texts[-1]


def test_what_is_refused(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    older = plan.version
    plan_limits.change(session, plan, PROMISE, 4, LATER, by=admin, now=MONDAY, version=older)
    with pytest.raises(Stale):
        plan_limits.change(session, plan, PROMISE, 3, LATER, by=admin, now=MONDAY, version=older)
    with pytest.raises(IllegalLimit):
        plan_limits.change(session, plan, PROMISE, 4, TODAY - timedelta(days=1), by=admin, now=MONDAY)
    coming = next(row for row in plan.limits if row.valid_from == LATER)
    with pytest.raises(Stale):
        plan_limits.take_back(session, plan, coming.id, by=admin, now=MONDAY, version=older)
    for limit_id, now in ((coming.id, MONDAY + timedelta(days=7)), (coming.id + 99, MONDAY)):
        with pytest.raises(NoComingChange):
            plan_limits.take_back(session, plan, limit_id, by=admin, now=now)


def test_today_is_that_of_the_admin_s_zone(session: Session, world: World) -> None:
    plan = world.plan()
    far_ahead = world.admin("Kiri Admin", zone="Pacific/Kiritimati")
    evening = MONDAY.replace(hour=20)  # Tuesday in Kiritimati
    with pytest.raises(IllegalLimit):
        plan_limits.change(session, plan, PROMISE, 4, TODAY, by=far_ahead, now=evening)
    plan_limits.change(session, plan, PROMISE, 4, TODAY, by=world.admin(), now=evening)


def test_a_copy_has_the_limits_with_their_days(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    plan_limits.change(session, plan, PROMISE, 4, LATER, by=admin, now=MONDAY)
    copy = plans.duplicate(session, plan, "Another", by=admin, now=MONDAY)
    assert limits(session, copy) == limits(session, plan)


def looped(session: Session, world: World, name: str, days_ahead: int) -> Application:
    application = world.application(name=name, stage=StageKind.LOOP)
    people = tuple(world.person() for _ in range(5))
    world.loop(application, people, starts_at=MONDAY + timedelta(days=days_ahead))
    deadlines.rework(session, application, now=MONDAY)
    return application


def promise(session: Session, application: Application) -> Deadline:
    query = select(Deadline).where(Deadline.application_id == application.id, Deadline.kind == PROMISE)
    return session.scalars(query).one()


def test_day_0_decides_which_limit_holds(in_app: Flask, session: Session, world: World) -> None:
    """Opened before or after the change was entered: only the day on which the loop ends counts."""
    plan, admin = world.plan(), world.admin()
    opened_before = looped(session, world, "Early", days_ahead=8)
    plan_limits.change(session, plan, PROMISE, 3, LATER, by=admin, now=MONDAY)
    assert [plan_limit(session, plan.id, PROMISE, LATER + timedelta(days=n)) for n in (-1, 0)] == [5, 3]
    before, after = looped(session, world, "Now", days_ahead=1), looped(session, world, "Then", days_ahead=8)
    assert promise(session, before).business_days == 5
    assert promise(session, after).business_days == 3
    assert promise(session, opened_before).business_days == 5, "it waits until a person accepts the change"


def test_an_interview_that_moves_past_the_change_takes_the_new_limit(
    in_app: Flask, session: Session, world: World
) -> None:
    application = looped(session, world, "Ann", days_ahead=1)
    plan_limits.change(session, application.requisition.plan, PROMISE, 2, LATER, by=world.admin(), now=MONDAY)
    for interview in session.scalars(select(Interview).where(Interview.application_id == application.id)):
        assert interview.starts_at is not None
        interview.starts_at += timedelta(days=7)
        interview.ends_at = interview.starts_at + timedelta(hours=1)
    deadlines.rework(session, application, now=MONDAY)
    moved = promise(session, application)
    assert (moved.business_days, moved.due_at.date()) == (2, date(2026, 11, 12))
