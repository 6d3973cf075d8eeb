"""Changing a plan's reminders: open deadlines follow, what was raised is not raised again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.worker.conftest import tick
from tracker.db import db
from tracker.models.application import Application
from tracker.models.deadline import Nudge, NudgeState
from tracker.models.interview_plan import PlanLadder
from tracker.models.record import RecordEntry
from tracker.pipeline import deadline_clock, deadlines, ladders, nudges, plans
from tracker.queries import settings
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import DEFAULT_LADDERS, BadLadder, Ladder, Role
from tracker.rules.refused import Stale

DAY = timedelta(days=1)
# The factories' Monday is 10:00 in Berlin. What is opened then for a debrief is due on Wednesday.
MORNING = MONDAY.replace(hour=8)
DEBRIEF = DeadlineKind.DEBRIEF
SOONER = Ladder(
    before={1: frozenset({Role.RECRUITER}), 0: frozenset({Role.OWNER, Role.RECRUITER})},
    overdue_from={Role.RECRUITER: 1},
    last=2,
    gave_up_to=Role.HIRING_MANAGER,
)

pytestmark = pytest.mark.usefixtures("in_app")


def opened(session: Session, world: World, application: Application | None = None) -> Application:
    application = application or world.application()
    owner = application.requisition.hiring_manager
    deadlines.open_(session, application, DEBRIEF, day0_at=MONDAY, owner=owner, now=MONDAY)
    session.commit()
    return application


def change(session: Session, application: Application, ladder: Ladder, day: int = 0, *, hours: int = 3) -> None:
    plan = application.requisition.plan
    ladders.save(session, plan, DEBRIEF, ladder, by=application.requisition.recruiter, now=at(day, hours))
    session.commit()


def at(day: int, hours: int = 0):
    return MORNING + day * DAY + timedelta(hours=hours)


def told(session: Session, day: int) -> list[str]:
    return sorted(mail.receiver.split(".")[0] for mail in tick(session, at(day)))


def test_open_deadlines_follow_a_changed_ladder(session: Session, world: World) -> None:
    application = opened(session, world)
    change(session, application, SOONER)
    assert [told(session, day) for day in range(1, 10)] == [
        ["rita"],
        ["hana", "rita"],
        ["rita"],
        ["rita"],
        [],
        [],
        ["hana"],
        [],
        [],
    ]


def test_what_was_raised_is_not_raised_again(session: Session, world: World) -> None:
    application = opened(session, world)
    assert told(session, 2) == ["hana"]
    for ladder in (SOONER, DEFAULT_LADDERS[DEBRIEF], SOONER):
        change(session, application, ladder, day=2)
    assert [told(session, day) for day in (2, 3)] == [[], ["rita"]]


def test_what_is_due_while_the_ladder_changes_is_not_lost(session: Session, world: World) -> None:
    """The worker stood still this morning; the new ladder still has the step, so it is said when it ticks again."""
    application = opened(session, world)
    change(session, application, replace(SOONER, before=SOONER.before | {0: frozenset({Role.OWNER})}), day=2)
    assert told(session, 2) == ["hana"]


def test_what_the_new_ladder_does_not_have_is_not_said(session: Session, world: World) -> None:
    application = opened(session, world)
    change(session, application, Ladder(overdue_from={Role.OWNER: 1}), day=2)
    assert told(session, 2) == []
    assert told(session, 3) == ["hana"]


def test_other_plans_and_kinds_keep_theirs(session: Session, world: World) -> None:
    application = opened(session, world)
    other = opened(session, world, world.application(world.requisition(plan=world.plan("Another"))))
    deadlines.open_(
        session,
        application,
        DeadlineKind.DECISION,
        day0_at=MONDAY,
        owner=application.requisition.hiring_manager,
        now=MONDAY,
    )
    before = {row.id for row in session.scalars(select(Nudge))}
    change(session, application, SOONER)
    kept = set(session.scalars(select(Nudge.id)))
    gone = before - kept
    assert len(gone) == 2, "those of the owner and of the recruiter in one deadline"
    assert other.requisition.plan.ladders == []


def test_many_open_deadlines_cost_few_statements(app: Flask, session: Session, world: World) -> None:
    requisition = world.requisition()
    counts = []
    for number in (2, 20):
        for _ in range(number):
            opened(session, world, world.application(requisition))
        seen: list[object] = []
        listen = lambda *args, seen=seen: seen.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listen)
        ladder = replace(SOONER, last=number)
        ladders.save(session, requisition.plan, DEBRIEF, ladder, by=requisition.recruiter, now=at(0, 3))
        session.flush()
        event.remove(db.engine, "before_cursor_execute", listen)
        counts.append(len(seen))
        session.commit()
    assert counts[1] <= counts[0] + 2, counts
    waiting = session.scalars(select(Nudge).where(Nudge.state == NudgeState.WAITING)).all()
    assert len(waiting) == 2 * 22, "the owner and the recruiter of each"


def test_the_default_holds_again(session: Session, world: World) -> None:
    application = opened(session, world)
    plan, rita = application.requisition.plan, application.requisition.recruiter
    change(session, application, SOONER)
    ladders.reset(session, plan, DEBRIEF, by=rita, now=at(0, 4), version=plan.version)
    session.commit()
    assert session.scalars(select(PlanLadder)).all() == []
    assert [told(session, day) for day in (1, 2, 3, 4)] == [[], ["hana"], ["hana"], ["hana", "rita"]]
    said = session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "plans.edit")).all()
    assert said == ["The interview plan Security engineer was changed: its reminders of “Debrief”"] * 2


def test_somebody_faster_and_a_bad_ladder_are_refused(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    older = plan.version
    ladders.save(session, plan, DEBRIEF, SOONER, by=admin, now=MONDAY, version=older)
    with pytest.raises(Stale):
        ladders.save(session, plan, DEBRIEF, SOONER, by=admin, now=MONDAY, version=older)
    with pytest.raises(BadLadder):
        ladders.save(session, plan, DEBRIEF, Ladder(), by=admin, now=MONDAY)


def test_a_copy_has_the_same_reminders(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    ladders.save(session, plan, DEBRIEF, SOONER, by=admin, now=MONDAY)
    copy = plans.duplicate(session, plan, "Copy", by=admin, now=MONDAY)
    assert settings.ladder(copy, DEBRIEF) == SOONER
    ladders.reset(session, plan, DEBRIEF, by=admin, now=MONDAY)
    assert settings.ladder(copy, DEBRIEF) == SOONER


def test_a_paused_deadline_waits_with_its_new_ladder(session: Session, world: World) -> None:
    application = opened(session, world)
    [deadline] = nudges.facts_of.chases(session, session.scalars(select(deadlines.Deadline)).all())
    rita = application.requisition.recruiter
    deadline_clock.pause(session, application, deadline.deadline, reason="On hold", by=rita, now=at(0, 4))
    change(session, application, SOONER)
    assert [told(session, day) for day in (1, 2, 3)] == [[], [], []]
    deadline_clock.resume(session, application, deadline.deadline, by=rita, now=at(3, 3))
    session.commit()
    # Two business days were left on Monday: Thursday goes on to Monday, one business morning before is Friday.
    assert [told(session, day) for day in (4, 5, 6, 7)] == [["rita"], [], [], ["hana", "rita"]]
