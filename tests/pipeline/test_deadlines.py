"""Deadlines that were paused, resumed, missed or moved: what their due moments count from (the process, section 4)."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.mails import of_kind, text_of
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment
from tracker.models.region import ClosedDay, ClosedDaySource
from tracker.pipeline import deadline_clock, deadlines, loop_changes
from tracker.pipeline.interviews import Arrangement
from tracker.queries import deadline_changes, loops, visibility
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

# Five interviews from 9:00 to 14:00 on Tuesday the 10th; the outcome is due on the 17th.
START = MONDAY.replace(day=10)
HOUR = timedelta(hours=1)


def end_of(day: int) -> datetime:
    """The end of a day of November in Berlin."""
    return MONDAY.replace(day=day, hour=22, minute=59, second=59)


@pytest.fixture
def application(world: World) -> Application:
    return world.application(stage=StageKind.LOOP)


@pytest.fixture
def looped(world: World, session: Session, application: Application) -> list[Assignment]:
    """A loop that went out; its deadlines run."""
    plan = application.requisition.plan
    people = tuple(world.qualify(world.person(is_bar_raiser=n == 0), plan) for n in range(5))
    found = world.loop(application, people, starts_at=START)
    deadlines.rework(session, application, now=MONDAY)
    session.commit()
    return found


def promise_of(session: Session, application: Application) -> Deadline:
    mine = Deadline.application_id == application.id
    return session.scalars(select(Deadline).where(mine, Deadline.kind == DeadlineKind.PROMISE)).one()


def pause_and_resume(
    session: Session, application: Application, deadline: Deadline, paused_at: datetime, resumed_at: datetime
) -> None:
    by = application.requisition.recruiter
    deadline_clock.pause(session, application, deadline, reason="On holiday", by=by, now=paused_at)
    deadline_clock.resume(session, application, deadline, by=by, now=resumed_at)
    session.commit()


def rearrange(session: Session, assignment: Assignment, now: datetime, **changes: object) -> None:
    """Change one interview of the loop, the way its form does."""
    interview = assignment.interview
    assert interview.loop is not None
    given = {
        "person_id": assignment.person_id,
        "starts_at": interview.starts_at,
        "place": interview.place,
        "competency_ids": tuple(each.competency_id for each in assignment.competencies),
    }
    row = loops.get_loop(session, interview.application)
    wanted = Arrangement(**(given | changes))  # type: ignore[arg-type]
    by = interview.application.requisition.recruiter
    loop_changes.edit(session, row, loops.get_interview(row, interview.id), wanted, by=by, now=now)
    session.commit()


def listed(session: Session, application: Application, now: datetime) -> list[tuple[DeadlineKind, datetime]]:
    """What the page of changed deadlines shows to the recruiter."""
    viewer = visibility.viewer_of(session, application.requisition.recruiter)
    return [(each.kind, each.new_due_at) for each in deadline_changes.pending(session, viewer, now)]


def test_a_pause_before_the_loop_does_not_lengthen_the_promise_when_an_interview_moves(
    session: Session, application: Application, looped: list[Assignment]
) -> None:
    promise = promise_of(session, application)
    pause_and_resume(session, application, promise, MONDAY, MONDAY + HOUR)
    assert promise.due_at == end_of(17)
    rearrange(session, looped[-1], MONDAY + HOUR, starts_at=START + 9 * HOUR)
    assert promise.due_at == end_of(17)
    assert "Tue 17 Nov 2026, 23:59" in text_of(of_kind(session, "loop_changed")[-1])


def test_what_was_kept_stays_when_something_else_of_an_interview_changes(
    session: Session, application: Application, looped: list[Assignment]
) -> None:
    promise = promise_of(session, application)
    later = MONDAY.replace(day=19)
    pause_and_resume(session, application, promise, MONDAY.replace(day=12), later)
    assert promise.due_at == end_of(24), "three business days were left"
    rearrange(session, looped[0], later, place="Another room")
    assert promise.due_at == end_of(24)


@pytest.mark.parametrize(("held_on", "due_on"), [(11, 20), (13, 20), (16, 23), (18, 25)])
def test_a_resumed_promise_is_never_sooner_than_its_kept_days_nor_than_those_after_the_loop(
    session: Session, application: Application, looped: list[Assignment], held_on: int, due_on: int
) -> None:
    promise = promise_of(session, application)
    pause_and_resume(session, application, promise, MONDAY, MONDAY.replace(day=5))
    assert promise.due_at == end_of(20), "three business days later than it was"
    now = MONDAY.replace(day=5, hour=10)
    rearrange(session, looped[-1], now, starts_at=MONDAY.replace(day=held_on))
    assert promise.due_at == end_of(due_on)


def test_a_moved_interview_moves_a_paused_promise_with_its_rest(
    session: Session, application: Application, looped: list[Assignment]
) -> None:
    promise = promise_of(session, application)
    by = application.requisition.recruiter
    deadline_clock.pause(session, application, promise, reason="On holiday", by=by, now=MONDAY)
    assert promise.days_kept == 11
    rearrange(session, looped[-1], MONDAY, starts_at=START + timedelta(days=1))
    assert (promise.due_at, promise.days_kept) == (end_of(18), 12)


def test_an_hour_of_the_day_makes_no_change_of_a_calendar(
    session: Session, application: Application, looped: list[Assignment]
) -> None:
    application.requisition.plan.due_time = time(12)
    promise = promise_of(session, application)
    promise.due_at = MONDAY.replace(day=17, hour=11)
    before_noon, afternoon = MONDAY.replace(day=17), MONDAY.replace(day=18, hour=15)
    pause_and_resume(session, application, promise, before_noon, afternoon)
    assert promise.due_at == MONDAY.replace(day=19, hour=11), "0 days were left, and the hour of the 18th was over"
    assert (DeadlineKind.PROMISE, MONDAY.replace(day=18, hour=11)) not in listed(session, application, afternoon)
    assert DeadlineKind.PROMISE not in {kind for kind, _ in listed(session, application, afternoon)}


def test_a_missed_promise_stays_missed_when_an_interview_moves(
    session: Session, application: Application, looped: list[Assignment]
) -> None:
    promise, late = promise_of(session, application), MONDAY.replace(day=19)
    rearrange(session, looped[-1], late, starts_at=MONDAY.replace(day=23))
    assert (promise.state, promise.due_at, promise.revision) == (DeadlineState.OPEN, end_of(17), 1)
    told = text_of(of_kind(session, "loop_changed")[-1])
    assert "Mon 23 Nov 2026" in told
    assert "17 Nov" not in told, "nobody is promised what is over"


def test_a_scorecard_missed_because_nobody_interviewed_is_asked_for_after_the_new_time(
    session: Session, application: Application, looped: list[Assignment]
) -> None:
    rearrange(session, looped[-1], MONDAY.replace(day=13), starts_at=MONDAY.replace(day=16))
    mine = (Deadline.kind == DeadlineKind.SCORECARD, Deadline.subject == looped[-1].id)
    missed, asked = session.scalars(select(Deadline).where(*mine).order_by(Deadline.id))
    assert (missed.state, missed.due_at) == (DeadlineState.CANCELLED, end_of(11))
    assert (asked.state, asked.due_at) == (DeadlineState.OPEN, end_of(17))
    others = select(Deadline.due_at).where(
        Deadline.kind == DeadlineKind.SCORECARD, Deadline.id.not_in((missed.id, asked.id))
    )
    assert set(session.scalars(others)) == {end_of(11)}


def test_a_missed_deadline_is_not_moved_by_a_calendar(
    session: Session, application: Application, looped: list[Assignment]
) -> None:
    region = application.requisition.region
    region.closed_days.append(ClosedDay(on=end_of(17).date(), name="Late holiday", source=ClosedDaySource.COMPANY))
    region.calendar_changed()
    session.commit()
    assert (DeadlineKind.PROMISE, end_of(18)) in listed(session, application, MONDAY)
    assert listed(session, application, MONDAY.replace(day=18)) == []
