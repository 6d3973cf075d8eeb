"""Remind now: the button, the e-mail that is read first, what is said before, and who may not."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock, step_of
from tests.factories import MONDAY, World
from tests.pipeline.mails import of_kind, text_of
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment
from tracker.models.leave import Leave
from tracker.models.outbox import OutboxPause
from tracker.models.record import RecordEntry
from tracker.pipeline import deadlines
from tracker.queries import truth
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("monday")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BUTTON = "Remind now</button>"


@pytest.fixture
def application(world: World) -> Application:
    return world.application(stage=StageKind.LOOP, name="Cleo Candidate")


@pytest.fixture
def seats(world: World, application: Application) -> list[Assignment]:
    """A loop that was held on Thursday, of two interviewers."""
    people = (world.person("Ian Interviewer"), world.person("Olga Other"))
    return world.loop(application, people, starts_at=MONDAY - 4 * DAY)


@pytest.fixture
def deadline(app: Flask, session: Session, application: Application, seats: list[Assignment]) -> Deadline:
    """Ian's scorecard, which was due on Friday."""
    ian = seats[0]
    with app.app_context():
        row = deadlines.open_(
            session,
            application,
            DeadlineKind.SCORECARD,
            day0_at=MONDAY - 4 * DAY,
            owner=ian.person,
            subject=ian.id,
            now=MONDAY - 4 * DAY,
        )
    session.commit()
    return row


@pytest.fixture
def reader(client: Client, application: Application) -> Client:
    client.sign_in(application.requisition.recruiter)
    client.reads_mails = True
    return client


def remind(client: Client, deadline: Deadline, **fields: str) -> tuple[int, str]:
    answer = client.post(f"/deadlines/{deadline.id}/remind", data=fields)
    return answer.status_code, answer.text


def refusal(client: Client, deadline: Deadline, back: str = "deadlines.show") -> str:
    """Return the page that says why not: the one on which the button was pressed."""
    answer = client.post(f"/deadlines/{deadline.id}/remind", data={"back": back})
    pressed = {"deadlines.show": f"/deadlines/{deadline.id}", "list": "/deadlines"}[back]
    assert (answer.status_code, answer.location) == (303, pressed)
    return client.get(answer.location).text


def test_the_mail_is_read_first_and_then_goes_out_on_the_record(
    reader: Client, session: Session, deadline: Deadline
) -> None:
    asked = reader.post(f"/deadlines/{deadline.id}/remind", data={"back": "loops.show", "once": "k"})
    assert asked.status_code == 200
    assert "To Ian Interviewer" in asked.text
    assert "Overdue: write your scorecard for Cleo Candidate" in asked.text
    assert "Worth a look" not in asked.text
    assert "<details open" in asked.text, "it is to be read, and the only one"
    assert of_kind(session, "nudge") == []
    sent = reader.post(f"/deadlines/{deadline.id}/remind", data=step_of(asked))
    assert (sent.status_code, sent.location) == (303, f"/applications/{deadline.application_id}/loop")
    [mail] = of_kind(session, "nudge")
    assert mail.receiver == deadline.owner.email
    assert "Rita Recruiter asked the tracker to remind you now." in text_of(mail)
    assert truth.holds(session, mail.fact, now=MONDAY)
    said = session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "deadline.remind")).all()
    assert said == ["Scorecard: Ian Interviewer was reminded by hand"]
    # A second press with the same key, as of a double click, does nothing more.
    reader.post(f"/deadlines/{deadline.id}/remind", data=step_of(asked))
    assert len(of_kind(session, "nudge")) == 1


def test_what_was_written_meanwhile_is_not_asked_for(
    client: Client, app: Flask, session: Session, application: Application, deadline: Deadline
) -> None:
    client.sign_in(application.requisition.recruiter)
    assert remind(client, deadline)[0] == 303
    [mail] = of_kind(session, "nudge")
    with app.app_context():
        deadlines.meet(session, application, DeadlineKind.SCORECARD, subject=deadline.subject, now=MONDAY)
    session.commit()
    assert not truth.holds(session, mail.fact, now=MONDAY)


def test_once_in_four_hours_whoever_asks(
    client: Client, session: Session, application: Application, deadline: Deadline, at: TestClock
) -> None:
    client.sign_in(application.requisition.recruiter)
    assert remind(client, deadline)[0] == 303
    at.set(MONDAY + 4 * HOUR - timedelta(minutes=1))
    client.sign_in(application.requisition.hiring_manager)
    said = "was reminded of this on Mon 2 Nov 2026, 10:00 (Europe/Berlin). It can be done again from"
    assert said in refusal(client, deadline)
    assert said in refusal(client, deadline, "list")
    at.set(MONDAY + 4 * HOUR)
    assert remind(client, deadline)[0] == 303
    assert len(of_kind(session, "nudge")) == 2
    assert "Reminded last" in client.get(f"/deadlines/{deadline.id}").text


def test_that_somebody_is_away_is_said_before(
    reader: Client, session: Session, deadline: Deadline, at: TestClock
) -> None:
    today = MONDAY.date()
    leave = Leave(person_id=deadline.owner_id, first_on=today, last_on=today + 2 * DAY)
    session.add(leave)
    _, page = remind(reader, deadline)
    assert "Worth a look before you confirm" in page
    assert "Ian Interviewer is away until Wed 4 Nov 2026. The e-mail goes out at once all the same." in page
    session.delete(leave)
    at.set(MONDAY + 10 * HOUR)
    assert "20:00 (Europe/Berlin) where Ian Interviewer works" in remind(reader, deadline)[1]


def test_that_the_outbox_is_paused_is_said_before(reader: Client, session: Session, deadline: Deadline) -> None:
    session.add(OutboxPause(id=1, at=MONDAY, backup_at=MONDAY))
    _, page = remind(reader, deadline)
    assert "The outbox is paused: the e-mail goes out once it is released" in page
    assert "at once" not in page


def test_going_back_sends_nothing(reader: Client, session: Session, deadline: Deadline) -> None:
    asked = reader.post(f"/deadlines/{deadline.id}/remind", data={"back": "list", "query": "whose=team&due=overdue"})
    back = reader.post(f"/deadlines/{deadline.id}/remind", data=step_of(asked, change="1"))
    assert (back.status_code, back.location) == (303, "/deadlines?whose=team&due=overdue")
    assert of_kind(session, "nudge") == []


def pages(client: Client, deadline: Deadline) -> dict[str, bool]:
    number = deadline.application_id
    urls = (
        f"/applications/{number}",
        f"/applications/{number}/loop",
        "/deadlines?whose=all",
        f"/deadlines/{deadline.id}",
    )
    return {url: BUTTON in client.get(url).text for url in urls}


def test_the_button_is_where_the_deadline_is_while_it_is_due(
    client: Client, application: Application, deadline: Deadline, world: World, at: TestClock
) -> None:
    lead = world.person("Lena Lead", is_recruiting_lead=True)
    for person in (application.requisition.recruiter, application.requisition.hiring_manager, lead):
        client.sign_in(person)
        assert set(pages(client, deadline).values()) == {True}, person.name
    at.set(MONDAY - 4 * DAY)
    assert set(pages(client, deadline).values()) == {False}, "due tomorrow"
    assert "due today or overdue" in refusal(client, deadline)


def test_nobody_reminds_himself_or_herself(
    client: Client, session: Session, application: Application, deadline: Deadline
) -> None:
    deadline.owner = application.requisition.recruiter
    client.sign_in(application.requisition.recruiter)
    assert set(pages(client, deadline).values()) == {False}
    assert "This is yours to do" in refusal(client, deadline)


def test_interviewers_and_strangers_find_nothing(
    client: Client, session: Session, world: World, seats: list[Assignment], deadline: Deadline
) -> None:
    for person in (seats[1].person, world.person("Sam Stranger"), world.admin()):
        assert remind(client.sign_in(person), deadline)[0] == 404, person.name
    # The owner sees it, and may not ask of it.
    assert remind(client.sign_in(seats[0].person), deadline)[0] == 404
    session.get_one(Application, deadline.application_id).requisition.is_confidential = True
    assert remind(client.sign_in(world.recruiter("Rob Recruiter")), deadline)[0] == 404
    assert of_kind(session, "nudge") == []


def test_who_left_is_not_told(client: Client, session: Session, application: Application, deadline: Deadline) -> None:
    deadline.owner.is_active = False
    client.sign_in(application.requisition.recruiter)
    assert "Ian Interviewer is not to be told of this any more" in refusal(client, deadline)
    assert of_kind(session, "nudge") == []


def test_the_mail_holds_nothing_of_what_others_wrote(
    client: Client,
    session: Session,
    world: World,
    application: Application,
    seats: list[Assignment],
    deadline: Deadline,
) -> None:
    world.scorecard(seats[1], text="CANARY")
    client.sign_in(seats[1].interview.application.requisition.recruiter)
    remind(client, deadline)
    [mail] = of_kind(session, "nudge")
    assert "CANARY" not in text_of(mail)
    assert "Olga" not in text_of(mail)
