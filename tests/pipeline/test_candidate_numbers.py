"""Candidates number their interviews by time: what the tracker calls them, they never read."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import START, community, seat, sent
from tests.pipeline.mails import calendar_of, of_kind, text_of
from tracker.models.interview import InterviewState, Loop
from tracker.models.outbox import OutboxMail
from tracker.pipeline import interview_mails
from tracker.pipeline import loop as verbs
from tracker.queries import loops
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def loop(session: Session, world: World) -> Loop:
    """Five on one day; the last one was put before the first by hand."""
    application = world.application(stage=StageKind.LOOP)
    row = sent(session, application, community(world, application.requisition.plan))
    seat(session, row, 4, application.requisition.recruiter, starts_at=START - timedelta(hours=1))
    session.commit()
    return row


def hours(mail: OutboxMail) -> list[str]:
    """Return the beginnings that a mail tells, in its order."""
    return re.findall(r"2026, (\d\d:\d\d)–", text_of(mail))


def is_free_of_names(mail: OutboxMail) -> bool:
    summaries = [str(each["SUMMARY"]) for each in calendar_of(mail).events]
    return not any(re.search(r"Interview \d", text) for text in (text_of(mail), mail.subject, *summaries))


def test_a_change_by_hand_numbers_them_by_time(session: Session, loop: Loop) -> None:
    [mail] = of_kind(session, "loop_changed")
    numbered = re.findall(r"^(\d)\. \w{3} 10 Nov 2026, (\d\d:\d\d)", text_of(mail), re.MULTILINE)
    assert numbered == [("1", "09:00"), ("2", "10:00"), ("3", "11:30"), ("4", "13:00"), ("5", "14:30")]
    assert is_free_of_names(mail)
    assert is_free_of_names(of_kind(session, "loop_schedule")[0])


def test_what_is_cancelled_has_no_number(session: Session, loop: Loop) -> None:
    second = loops.interviews_of(loop)[0]
    second.state, second.sequence = InterviewState.CANCELLED, second.sequence + 1
    interview_mails.tell_loop(session, loop, now=MONDAY)
    text = text_of(of_kind(session, "loop_changed")[-1])
    assert re.search(r"^Cancelled: Tue 10 Nov 2026, 10:00", text, re.MULTILINE)
    assert re.findall(r"^(\d)\. \w{3} 10 Nov 2026, (\d\d:\d\d)", text, re.MULTILINE) == [
        ("1", "09:00"),
        ("2", "11:30"),
        ("3", "13:00"),
        ("4", "14:30"),
    ]


def test_the_cancellation_of_all_tells_them_by_time(session: Session, loop: Loop) -> None:
    verbs.cancel(session, loop, reason="Ill", by=loop.application.requisition.recruiter, now=MONDAY)
    [mail] = of_kind(session, "interviews_cancelled")
    assert hours(mail) == ["09:00", "10:00", "11:30", "13:00", "14:30"]
    assert is_free_of_names(mail)
