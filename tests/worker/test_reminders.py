"""Reminders: the day before and an hour before, each receiver in words and zone of his or her own."""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP as POLICY

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.worker.conftest import leads_to, mails, tick
from tracker.models.application import Application
from tracker.models.interview import Assignment, Interview, InterviewState
from tracker.models.leave import Leave
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.models.region import ClosedDay, ClosedDaySource
from tracker.pipeline import reminders
from tracker.queries import truth
from tracker.rules.stages import StageKind
from tracker.worker import tasks

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
START = MONDAY + 3 * DAY


@pytest.fixture
def application(in_app: Flask, world: World) -> Application:
    candidate = world.candidate("Ada Lovelace", email="ada@candidates.example", zone="Asia/Kolkata")
    return world.application(candidate=candidate, stage=StageKind.LOOP)


@pytest.fixture
def ian(world: World) -> Person:
    return world.person("Ian Interviewer")


def arrange(
    session: Session, world: World, application: Application, person: Person, starts_at: datetime = START, n: int = 1
) -> Assignment:
    assignment = world.interview(application, person, starts_at=starts_at, position=n)
    reminders.plan(session, assignment.interview, now=MONDAY)
    session.commit()
    return assignment


def words(mail: OutboxMail) -> str:
    body = message_from_bytes(mail.message, policy=POLICY).get_body(("plain",))  # type: ignore[attr-defined]
    return str(body.get_content())


def receivers(found: list[OutboxMail]) -> list[tuple[str, str]]:
    return sorted((mail.receiver.split("@")[0].split(".")[0], mail.kind) for mail in found)


BOTH = [("ada", "reminder_candidate"), ("ian", "reminder_interviewer")]


def test_both_are_reminded_twice(session: Session, world: World, application: Application, ian: Person) -> None:
    assignment = arrange(session, world, application, ian)
    assert tick(session, START - DAY - HOUR) == []
    found = tick(session, START - DAY)
    assert receivers(found) == BOTH
    by_name = dict(zip(("ada", "ian"), sorted(found, key=lambda mail: mail.receiver), strict=True))
    assert "14:30–15:30 (Asia/Kolkata)" in words(by_name["ada"])
    assert "10:00–11:00 (Europe/Berlin)" in words(by_name["ian"])
    assert leads_to(by_name["ian"]) == f"/interviews/{assignment.id}"
    assert "/go/" not in words(by_name["ada"]), "candidates do not sign in"
    assert tick(session, START - DAY + HOUR) == []
    assert receivers(tick(session, START - HOUR)) == BOTH
    assert tick(session, START + HOUR) == []


def test_a_day_of_interviews_is_one_reminder_for_the_candidate(
    session: Session, world: World, application: Application
) -> None:
    for n in range(5):
        arrange(session, world, application, world.person(f"I{n} Interviewer"), START + n * HOUR, n + 1)
    found = tick(session, START - DAY) + tick(session, START - DAY + 5 * HOUR)
    to_ada = [mail for mail in found if mail.kind == "reminder_candidate"]
    assert len(found) == 6
    assert len(to_ada) == 1
    assert words(to_ada[0]).count("(Asia/Kolkata)") == 5
    hours = [mail for n in range(5) for mail in tick(session, START + (n - 1) * HOUR)]
    assert [mail.kind for mail in hours].count("reminder_candidate") == 1
    assert [mail.kind for mail in hours].count("reminder_interviewer") == 5


def test_what_was_moved_or_cancelled_is_not_said(
    session: Session, world: World, application: Application, ian: Person
) -> None:
    moved = arrange(session, world, application, ian).interview
    moved.sequence += 1
    moved.starts_at, moved.ends_at = START + DAY, START + DAY + HOUR
    reminders.plan(session, moved, now=MONDAY + HOUR)
    session.commit()
    assert tick(session, START - DAY) == []
    assert receivers(tick(session, START)) == BOTH
    moved.state = InterviewState.CANCELLED
    assert tick(session, START + DAY - HOUR) == []


def test_who_handed_the_interview_over_is_not_reminded(
    session: Session, world: World, application: Application, ian: Person
) -> None:
    assignment = arrange(session, world, application, ian)
    assignment.ended_at = MONDAY
    assert receivers(tick(session, START - DAY)) == [("ada", "reminder_candidate")]


def test_who_left_is_not_reminded(session: Session, world: World, application: Application, ian: Person) -> None:
    arrange(session, world, application, ian)
    ian.is_active = False
    assert receivers(tick(session, START - DAY)) == [("ada", "reminder_candidate")]


def test_after_a_standstill_the_day_before_is_left_to_the_hour_before(
    session: Session, world: World, application: Application, ian: Person
) -> None:
    arrange(session, world, application, ian)
    assert tick(session, START - HOUR - timedelta(seconds=4)) == []
    assert receivers(tick(session, START - HOUR)) == BOTH


def test_after_a_standstill_the_day_before_is_made_up_for_where_the_hour_before_is_far(
    session: Session, world: World, application: Application, ian: Person
) -> None:
    arrange(session, world, application, ian)
    assert receivers(tick(session, START - 3 * HOUR - timedelta(seconds=1))) == BOTH
    assert receivers(tick(session, START - HOUR)) == BOTH


def test_of_a_day_of_interviews_the_candidate_is_told_once_after_a_standstill(
    session: Session, world: World, application: Application
) -> None:
    for n in range(5):
        arrange(session, world, application, world.person(f"I{n} Interviewer"), START + n * HOUR, n + 1)
    late = tick(session, START - 2 * HOUR)
    assert [name for name, _ in receivers(late)] == ["i2", "i3", "i4"], "whose hour before is far still"
    hour = tick(session, START - HOUR)
    assert [name for name, _ in receivers(hour)] == ["ada", "i0"]
    assert tick(session, START - HOUR + timedelta(minutes=1)) == []


def test_a_reminder_that_comes_too_late_is_none(
    session: Session, world: World, application: Application, ian: Person
) -> None:
    arrange(session, world, application, ian)
    assert tick(session, START) == []
    assert mails() == []


def test_a_reminder_stuck_until_the_interview_began_is_not_sent(
    session: Session, world: World, application: Application, ian: Person
) -> None:
    arrange(session, world, application, ian)
    for mail in tick(session, START - HOUR):
        assert truth.holds(session, mail.fact, now=START - HOUR)
        assert not truth.holds(session, mail.fact, now=START)


def test_when_one_of_the_day_changes_the_others_are_reminded_again(
    session: Session, world: World, application: Application, ian: Person
) -> None:
    arrange(session, world, application, ian)
    second = arrange(session, world, application, world.person("Otto Other"), START + HOUR, 2).interview
    first_mail = next(mail for mail in tick(session, START - DAY) if mail.kind == "reminder_candidate")
    change(session, second)
    assert not truth.holds(session, first_mail.fact)
    tasks._dropped(session, first_mail.fact, START - DAY)
    [again] = [mail for mail in tick(session, START - DAY + HOUR) if mail.kind == "reminder_candidate"]
    assert again.dedupe_key != first_mail.dedupe_key
    assert words(again).count("(Asia/Kolkata)") == 1


def change(session: Session, interview: Interview) -> None:
    interview.sequence += 1
    interview.starts_at, interview.ends_at = START + 2 * DAY, START + 2 * DAY + HOUR
    reminders.plan(session, interview, now=START - DAY)
    session.commit()


def test_planning_again_says_nothing_twice(
    session: Session, world: World, application: Application, ian: Person
) -> None:
    interview = arrange(session, world, application, ian).interview
    assert len(tick(session, START - DAY)) == 2
    application.candidate.zone = "America/New_York"
    reminders.plan(session, interview, now=START - DAY)
    session.commit()
    assert tick(session, START - DAY + 12 * HOUR) == []
    assert len(tick(session, START - HOUR)) == 2


def test_the_day_before_leaves_an_interviewers_holiday_in_peace(
    session: Session, world: World, application: Application, ian: Person
) -> None:
    region = world.region("Ian's", closed=((START - DAY).date(),))
    ian.region_id = region.id
    arrange(session, world, application, ian)
    arrange(session, world, application, ian, START + 7 * DAY, n=2)
    assert receivers(tick(session, START - 2 * DAY)) == BOTH[1:]
    assert receivers(tick(session, START - DAY)) == BOTH[:1]
    # The weekend, too: of a Monday's interview who works here hears on Friday, and once.
    monday = START + 4 * DAY
    arrange(session, world, application, ian, monday, n=3)
    assert monday.isoweekday() == 1
    assert receivers(tick(session, monday - 3 * DAY)) == BOTH[1:]
    assert receivers(tick(session, monday - DAY)) == BOTH[:1]
    assert receivers(tick(session, monday - HOUR)) == BOTH
    # Entered after the reminder was planned, with no other day left before the interview.
    region.closed_days.append(ClosedDay(on=(START + 6 * DAY).date(), name="Late", source=ClosedDaySource.COMPANY))
    region.calendar_token = "another"
    tick(session, START - HOUR)
    assert receivers(tick(session, START + 6 * DAY)) == BOTH[:1]
    assert receivers(tick(session, START + 7 * DAY - HOUR)) == BOTH


SATURDAY, SUNDAY, NEXT_MONDAY = START + 2 * DAY, START + 3 * DAY, START + 4 * DAY


@pytest.mark.parametrize(
    ("first_on", "last_on", "told_at"),
    [
        (START + DAY, START + DAY, SUNDAY),
        (MONDAY + DAY, SATURDAY, SUNDAY),
        (START + DAY, SUNDAY, None),
        (START + DAY, NEXT_MONDAY, None),
        (SATURDAY, SUNDAY, START + DAY),
    ],
)
def test_who_is_away_on_the_last_business_day_hears_on_the_last_day_before(
    session: Session,
    world: World,
    application: Application,
    ian: Person,
    first_on: datetime,
    last_on: datetime,
    told_at: datetime | None,
) -> None:
    world.keep(Leave(person_id=ian.id, first_on=first_on.date(), last_on=last_on.date()))
    arrange(session, world, application, ian, NEXT_MONDAY)
    heard = {at: to_ian for hours in range(6 * 24) if (to_ian := to_interviewers(session, at := START + hours * HOUR))}
    is_away_then = last_on == NEXT_MONDAY
    assert list(heard) == [*([told_at] if told_at else []), *([] if is_away_then else [NEXT_MONDAY - HOUR])]
    assert all(len(found) == 1 for found in heard.values())


def test_a_holiday_entered_late_puts_the_day_before_off(
    session: Session, world: World, application: Application, ian: Person
) -> None:
    region = world.region("Ian's")
    ian.region_id = region.id
    arrange(session, world, application, ian, NEXT_MONDAY)
    region.closed_days.append(ClosedDay(on=(START + DAY).date(), name="Late", source=ClosedDaySource.COMPANY))
    region.calendar_token = "put off"
    assert to_interviewers(session, START + DAY) == []
    assert to_interviewers(session, SUNDAY - HOUR) == []
    assert len(to_interviewers(session, SUNDAY)) == 1
    assert to_interviewers(session, SUNDAY + HOUR) == []
    assert len(to_interviewers(session, NEXT_MONDAY - HOUR)) == 1


def to_interviewers(session: Session, now: datetime) -> list[OutboxMail]:
    return [mail for mail in tick(session, now) if mail.kind == "reminder_interviewer"]
