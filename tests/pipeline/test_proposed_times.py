"""Another time that somebody asks for: one that cannot be meant breaks nothing, and it takes no no back."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY
from tests.pipeline.mails import of_kind, text_of
from tests.pipeline.test_replies import Answering, anna, app_with_replies, candidate, entries, loop
from tracker.queries.truth import holds
from tracker.rules.answers import Answer
from tracker.rules.replies import Verdict

__all__ = ["anna", "app_with_replies", "candidate", "loop"]

pytestmark = pytest.mark.usefixtures("in_app")

LATER = "DTSTART:20261104T150000Z"


@pytest.mark.parametrize("start", ["DTSTART:00010101T000000Z", "DTSTART:99991231T235900Z", "DTSTART:20400101T000000Z"])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_one_that_cannot_be_meant_breaks_no_page(
    client: Client, session: Session, anna: Answering, at: TestClock, start: str, zone: str
) -> None:
    assert anna.assignment is not None
    at.set(MONDAY)
    application = anna.interview.application
    recruiter = application.requisition.recruiter
    recruiter.zone = application.candidate.zone = zone
    theirs = Answering(session, anna.interview, None)
    for each in (anna, theirs):
        assert each.says("TENTATIVE", method="COUNTER", start=start) is Verdict.TAKEN
    assert (anna.assignment.answer, anna.assignment.proposed_at) == (Answer.OTHER_TIME, None)
    assert (anna.interview.answer, anna.interview.proposed_at) == (Answer.OTHER_TIME, None)
    for told in of_kind(session, "time_proposed"):
        assert "another one, which could not be read" in " ".join(text_of(told).split())
    client.sign_in(recruiter)
    page = client.get(f"/applications/{application.id}/loop")
    assert (page.status_code, "another time, which could not be read" in page.text) == (200, True)


def test_it_takes_no_no_back_and_is_told(client: Client, session: Session, anna: Answering, at: TestClock) -> None:
    assert anna.assignment is not None
    at.set(MONDAY)
    recruiter = anna.interview.application.requisition.recruiter
    assert anna.says("DECLINED", comment="ill") is Verdict.TAKEN
    declined_at = anna.assignment.declined_at
    assert anna.says("TENTATIVE", method="COUNTER", start=LATER) is Verdict.TAKEN
    seat = anna.assignment
    assert (seat.answer, seat.declined_at, seat.declined_reason) == (Answer.DECLINED, declined_at, "ill")
    assert seat.proposed_at == datetime(2026, 11, 4, 15, 0, tzinfo=UTC)
    [told] = of_kind(session, "time_proposed")
    assert (told.person_id, holds(session, told.fact, now=anna.now)) == (recruiter.id, True)
    assert entries(session)[-1] == "Anna A asks for another time for loop 0"
    client.sign_in(recruiter)
    text = client.get(f"/applications/{anna.interview.application_id}/loop").text
    assert "1 declined" in text
    assert "asks for" in text
    assert "16:00" in text
    assert anna.says() is Verdict.TAKEN
    assert (seat.answer, seat.declined_at, seat.proposed_at) == (Answer.ACCEPTED, None, None)


def test_a_change_that_was_never_made_cannot_be_answered(session: Session, anna: Answering) -> None:
    assert anna.assignment is not None
    assert anna.says(sequence=anna.interview.sequence + 1) is Verdict.REFUSED
    assert anna.assignment.answer is None
