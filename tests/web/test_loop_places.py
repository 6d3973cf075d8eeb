"""One place for all interviews of a loop that went out."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY
from tests.pipeline.mails import text_of
from tests.web.test_loops import interviews, sent, url
from tracker.models.application import Application
from tracker.models.interview import Loop
from tracker.models.outbox import MailState, OutboxMail
from tracker.pipeline import declining


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> None:
    at.set(MONDAY)


def arrived(session: Session) -> None:
    """All e-mails that waited were taken by the mail server."""
    session.execute(update(OutboxMail).values(state=MailState.SENT, ended_at=MONDAY))
    session.commit()


def test_one_place_is_set_for_all_that_is_to_come_of_a_loop_that_went_out(
    recruiter: Client, session: Session, application: Application, at: TestClock
) -> None:
    sent(recruiter, application)
    arrived(session)
    told = session.query(OutboxMail).count()
    assert "Set one place for all" in recruiter.get(url(application)).text
    at.set(MONDAY.replace(day=10, hour=9, minute=30))
    loop = session.scalars(select(Loop)).one()
    typed_in = {"place": "https://meet.example/7", "version": loop.version}
    recruiter.reads_mails = True
    step = recruiter.post(url(application, "/place"), data=typed_in)
    assert step.text.count("<blockquote") == 5, "four interviewers and the candidate"
    recruiter.reads_mails = False
    assert recruiter.post(url(application, "/place"), data=typed_in).status_code == 303
    assert [each.place for each in interviews(session)] == ["", *["https://meet.example/7"] * 4], "one had begun"
    mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()[told:]
    assert sorted(each.kind for each in mails) == [*["interview_changed"] * 4, "loop_changed"]
    assert len({each.receiver for each in mails}) == 5
    now = session.scalars(select(Loop)).one().version
    again = recruiter.post(url(application, "/place"), data=typed_in | {"version": now})
    assert again.status_code == 422
    assert "have that place already" in again.text


def test_who_declined_is_not_asked_again_by_a_place_nor_named_to_the_candidate(
    recruiter: Client, session: Session, application: Application
) -> None:
    sent(recruiter, application)
    lead = interviews(session)[1].lead
    assert lead is not None
    declining.decline(session, lead, reason="away", by=lead.person, now=MONDAY)
    arrived(session)
    told = session.query(OutboxMail).count()
    typed_in = {"place": "https://meet.example/7", "version": session.scalars(select(Loop)).one().version}
    assert recruiter.post(url(application, "/place"), data=typed_in).status_code == 303
    mails = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()[told:]
    assert sorted(each.kind for each in mails) == [*["interview_changed"] * 4, "loop_changed"]
    assert lead.person.email not in {each.receiver for each in mails}
    [schedule] = [each for each in mails if each.kind == "loop_changed"]
    assert lead.person.name not in text_of(schedule)
    assert "With somebody who is still to be named" in text_of(schedule)


def test_the_page_says_what_stays_as_the_day_is_moved(
    recruiter: Client, session: Session, application: Application, at: TestClock
) -> None:
    sent(recruiter, application)
    assert "Move the whole day" in recruiter.get(url(application)).text
    rows = interviews(session)
    starts_at = rows[1].starts_at
    assert starts_at is not None
    at.set(starts_at)
    page = " ".join(recruiter.get(url(application)).text.split())
    assert "Move the whole day" not in page
    assert "Move what is to come" in page
    assert f'<span dir="auto">{rows[0].name}, {rows[1].name}</span> have begun and stay as they are.' in page
    data = {"date": "2026-11-12", "time": "10:00", "zone": "Europe/Berlin", "break_minutes": "15"}
    assert recruiter.post(url(application, "/times"), data=data).status_code == 303
    moved = [each.starts_at.day for each in interviews(session) if each.starts_at]
    assert moved == [10, 10, 12, 12, 12]
    assert "All interviews still to come were moved" in recruiter.get(url(application)).text
