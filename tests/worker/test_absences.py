"""People away and their own holidays: nobody is written to then, somebody else knows, nothing waits silently."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP as POLICY

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.worker.conftest import Open, mails, tick
from tracker.models.application import Application
from tracker.models.interview import Assignment
from tracker.models.leave import Leave
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind, Person
from tracker.models.region import Region
from tracker.pipeline import deadlines, interviews, leaves, nudges, people, regions, reminders, scorecards
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.stages import StageKind

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# The factories' Monday, 2 November 2026, is 10:00 in Berlin; its business mornings are at 08:00 UTC.
MORNING = MONDAY.replace(hour=8)
DEBRIEF = DeadlineKind.DEBRIEF


def names(mails: list[OutboxMail]) -> list[str]:
    return sorted(mail.receiver.split(".")[0] for mail in mails)


def text(mail: OutboxMail) -> str:
    body = message_from_bytes(mail.message, policy=POLICY).get_body(("plain",))  # type: ignore[attr-defined]
    return " ".join(str(body.get_content()).split())


def away(session: Session, person: Person, first: int, last: int, now: datetime = MONDAY) -> Leave:
    """Enter days of November 2026."""
    leave = leaves.add(session, person, date(2026, 11, first), date(2026, 11, last), by=person, now=now)
    session.commit()
    return leave


@pytest.fixture
def debrief(open_deadline: Open, world: World, session: Session) -> Application:
    """A debrief that Hana owes by Wednesday the 4th."""
    deadline = open_deadline(DEBRIEF)
    return session.get_one(Application, deadline.application_id)


def told(session: Session, first: int, last: int) -> list[list[str]]:
    return [names(tick(session, MORNING + (day - 2) * DAY)) for day in range(first, last + 1)]


def test_the_recruiter_knows_once_and_the_next_step_comes_on_return(session: Session, debrief: Application) -> None:
    away(session, debrief.requisition.hiring_manager, 4, 9)
    [instead] = tick(session, MORNING + 2 * DAY)
    assert names([instead]) == ["rita"]
    assert "Hana Manager is away until Mon 9 Nov 2026; the debrief about Candidate" in text(instead)
    # Thursday is the first overdue morning; from Friday, the second, the recruiter is told anyway; back on Tuesday.
    assert told(session, 5, 10) == [[], ["rita"], [], [], ["rita"], ["hana", "rita"]]


def test_what_says_it_anyway_says_it_alone(session: Session, open_deadline: Open, world: World) -> None:
    """The hiring manager's part in a promise falls on mornings on which the recruiter is told of it as well."""
    deadline = open_deadline(DeadlineKind.PROMISE)
    application = session.get_one(Application, deadline.application_id)
    away(session, application.requisition.hiring_manager, 5, 13)
    # Due on Monday the 9th: Thursday two before, Friday one before.
    written = [tick(session, MORNING + (day - 2) * DAY) for day in (5, 6, 9, 10)]
    assert [names(each) for each in written] == [["rita"], ["rita"], ["rita"], ["rita"]]
    said = ["Hana Manager is away until Fri 13 Nov 2026" in text(each[0]) for each in written]
    assert said == [False, True, True, True]
    assert told(session, 11, 13) == [["rita"]] * 3


def test_days_entered_late_and_taken_back(session: Session, debrief: Application) -> None:
    hana = debrief.requisition.hiring_manager
    assert told(session, 4, 4) == [["hana"]]
    leave = away(session, hana, 4, 20, now=MORNING + 2 * DAY + HOUR)
    assert told(session, 5, 6) == [["rita"], ["rita"]]
    leaves.end(session, hana, leave, by=hana, now=MORNING + 6 * DAY - HOUR)
    session.commit()
    assert told(session, 7, 9) == [[], [], ["hana", "rita"]]


def test_days_that_are_extended_are_told_once(session: Session, debrief: Application) -> None:
    hana = debrief.requisition.hiring_manager
    away(session, hana, 4, 4)
    assert told(session, 4, 4) == [["rita"]]
    away(session, hana, 5, 5, now=MORNING + 2 * DAY + HOUR)
    # Another stretch is another absence: she is away longer than the recruiter was told.
    assert told(session, 5, 6) == [["rita"], ["hana", "rita"]]


def test_the_recruiter_away_is_told_to_the_hiring_manager(session: Session, open_deadline: Open) -> None:
    deadline = open_deadline(DeadlineKind.APPLICATION_REVIEW)
    requisition = session.get_one(Application, deadline.application_id).requisition
    away(session, requisition.recruiter, 9, 13)
    assert told(session, 9, 9) == [["hana"]]


def test_own_holidays(session: Session, debrief: Application, world: World) -> None:
    hana = debrief.requisition.hiring_manager
    region = world.region("Sao Paulo", zone="America/Sao_Paulo", closed=(date(2026, 11, 4), date(2026, 11, 5)))
    hana.region_id = region.id
    nudges.plan_person(session, hana, now=MONDAY)
    session.commit()
    # Her last morning before it is due is Tuesday; the first overdue one waits for Friday, when Rita is told too.
    assert told(session, 3, 9) == [["hana"], [], [], ["hana", "rita"], [], [], ["hana", "rita"]]


def test_a_holiday_entered_later_moves_what_waits(session: Session, debrief: Application, world: World) -> None:
    hana = debrief.requisition.hiring_manager
    region = world.region("Home", closed=())
    hana.region_id = region.id
    session.commit()
    regions.add_closed_day(session, region, date(2026, 11, 4), "A feast", by=hana, now=MONDAY)
    session.commit()
    assert told(session, 3, 5) == [["hana"], [], ["hana"]]
    [day] = region.closed_days
    regions.remove_closed_day(session, region, day.id, by=hana, now=MORNING + 3 * DAY + HOUR)
    regions.add_closed_day(session, region, date(2026, 11, 6), "Another", by=hana, now=MORNING + 3 * DAY + HOUR)
    session.commit()
    assert told(session, 6, 9) == [["rita"], [], [], ["hana", "rita"]]


def test_a_holiday_of_the_requisition_moves_what_waits(session: Session, debrief: Application) -> None:
    requisition = debrief.requisition
    rita, region = requisition.recruiter, requisition.region
    assert told(session, 4, 4) == [["hana"]]
    regions.add_closed_day(session, region, date(2026, 11, 5), "A feast", by=rita, now=MORNING + 2 * DAY + HOUR)
    session.commit()
    assert told(session, 5, 9) == [[], ["hana"], [], [], ["hana", "rita"]]


def test_a_holiday_that_nobody_planned_for_is_kept_all_the_same(session: Session, debrief: Application) -> None:
    """The row waits for a morning that has become a holiday by another way: it is asked again before it is raised."""
    region: Region = debrief.requisition.region
    session.get_one(Region, region.id).weekend = "256"
    region.calendar_changed()
    session.commit()
    # Wednesday is no business day any more: Thursday is the first overdue morning.
    assert told(session, 4, 5) == [[], ["hana"]]


def test_a_moved_zone_is_followed(session: Session, debrief: Application) -> None:
    hana = debrief.requisition.hiring_manager
    people.edit_own(session, hana, name=hana.name, zone="America/New_York", region_id=None, now=MONDAY)
    session.commit()
    assert told(session, 4, 4) == [[]]
    assert names(tick(session, MORNING + 2 * DAY + 6 * HOUR)) == ["hana"]


# --- Scorecards: waived, handed over; interviews in the days away.


@pytest.fixture
def assignment(open_deadline: Open, world: World, session: Session) -> Assignment:
    """Ian held a screen on Monday, 10:00 to 11:00 in Berlin; its scorecard is due on Tuesday."""
    application = world.application(stage=StageKind.PHONE_SCREEN)
    ian = world.qualify(
        world.person("Ian Interviewer", is_senior_leader=True), world.plan(), InterviewKind.PHONE_SCREEN
    )
    held = world.interview(application, ian, starts_at=MONDAY, kind=InterviewKind.PHONE_SCREEN)
    open_deadline(DeadlineKind.SCORECARD, application, day0_at=held.interview.ends_at, owner=ian, subject=held.id)
    return held


def test_a_waiver_ends_the_chase(session: Session, assignment: Assignment) -> None:
    assert told(session, 3, 4) == [["ian"], ["ian"]]
    rita = assignment.interview.application.requisition.recruiter
    scorecards.waive(session, assignment, reason="Ill", by=rita, now=MORNING + 2 * DAY + HOUR)
    session.commit()
    later = [tick(session, MORNING + day * DAY) for day in range(3, 25)]
    # A screen is held anew, and nothing more is said of this scorecard.
    assert later == [[] for _ in later]


def test_a_reassignment_ends_the_chase_and_begins_another(
    session: Session, assignment: Assignment, world: World
) -> None:
    interview = assignment.interview
    olga = world.person("Olga Other", is_senior_leader=True)
    assert told(session, 3, 4) == [["ian"], ["ian"]]
    wanted = replace(interviews.arrangement_of(interview), person_id=olga.id)
    interviews.change(session, interview, wanted, now=MORNING + 2 * DAY + HOUR)
    deadlines.rework(session, interview.application, now=MORNING + 2 * DAY + HOUR)
    session.commit()
    # It was due on Tuesday for whoever holds it; Wednesday was the first overdue morning.
    assert told(session, 5, 6) == [["olga", "rita"], ["hana", "olga", "rita"]]


def coming_interview(session: Session, world: World, assignment: Assignment) -> Assignment:
    application = assignment.interview.application
    held = world.interview(application, assignment.person, starts_at=MONDAY + 4 * DAY, position=2)
    reminders.plan(session, held.interview, now=MONDAY)
    session.commit()
    return held


def test_interviews_in_the_days_away_are_told_at_once_and_not_reminded_of(
    session: Session, assignment: Assignment, world: World
) -> None:
    held = coming_interview(session, world, assignment)
    known = {mail.id for mail in mails()}
    away(session, assignment.person, 6, 6)
    [mail] = [each for each in mails() if each.id not in known]
    assert (names([mail]), mail.kind) == (["rita"], "interviewer_away")
    assert f"{held.interview.name} with {held.interview.application.candidate.name}" in text(mail)
    written = tick(session, MONDAY + 3 * DAY) + tick(session, MONDAY + 4 * DAY - HOUR)
    assert [each.kind for each in written if "ian" in each.receiver] == ["nudge"], "of the screen that he held"
    assert [each.kind for each in written if "candidate" in each.receiver] == ["reminder_candidate"] * 2


def test_who_is_back_for_the_interview_is_reminded_in_the_last_hour(
    session: Session, assignment: Assignment, world: World
) -> None:
    coming_interview(session, world, assignment)
    away(session, assignment.person, 3, 5)
    assert [each.kind for each in mails()] == []
    assert "ian" not in names(tick(session, MONDAY + 3 * DAY))
    assert "reminder_interviewer" in {each.kind for each in tick(session, MONDAY + 4 * DAY - HOUR)}


def test_a_recruiter_who_interviews_and_goes_away_is_told_to_the_hiring_manager(
    session: Session, world: World, in_app: Flask
) -> None:
    application = world.application()
    rita = application.requisition.recruiter
    world.interview(application, rita, starts_at=MONDAY + DAY)
    away(session, rita, 3, 3)
    assert names(mails()) == ["hana"]


def test_what_was_missed_is_not_made_up_for_on_a_holiday(session: Session, debrief: Application) -> None:
    """The worker stood still on Wednesday and Thursday, and ticks again on a day that is closed."""
    requisition = debrief.requisition
    rita, region = requisition.recruiter, requisition.region
    regions.add_closed_day(session, region, date(2026, 11, 6), "A feast", by=rita, now=MONDAY)
    session.commit()
    assert told(session, 6, 9) == [[], [], [], ["hana", "rita"]]
