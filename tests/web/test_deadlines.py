"""The deadlines that run: whose, which, in what order; pausing with a reason, resuming."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.pipeline import deadlines
from tracker.rules.deadlines import DeadlineKind, DeadlineState


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> None:
    at.set(MONDAY)


def owed(app: Flask, session: Session, application: Application, days_ago: int = 0) -> Deadline:
    """An application review that counts from so many days ago."""
    with app.app_context():
        deadline = deadlines.open_(
            session,
            application,
            DeadlineKind.APPLICATION_REVIEW,
            day0_at=MONDAY - timedelta(days=days_ago),
            owner=application.requisition.recruiter,
            now=MONDAY,
        )
    session.commit()
    return deadline


def test_the_soonest_due_stands_first(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    owed(app, session, world.application(requisition, name="Fresh Fred"))
    owed(app, session, world.application(requisition, name="Late Lucy"), days_ago=14)
    page = client.sign_in(requisition.recruiter).get("/deadlines").text
    assert page.index("Late Lucy") < page.index("Fresh Fred")
    assert "overdue by 5 business days" in page
    assert "5 business days left" in page
    assert "Mon 9 Nov 2026, 23:59 CET" in page


def test_filters(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    owed(app, session, world.application(requisition, name="Fresh Fred"))
    client.sign_in(requisition.recruiter)
    here = f"requisition={requisition.id}&region={requisition.region_id}&kind=application_review"
    assert "Fresh Fred" in client.get(f"/deadlines?{here}").text
    for query in ("kind=promise", "state=paused", f"region={requisition.region_id + 1}", "after=99"):
        assert "Fresh Fred" not in client.get(f"/deadlines?{query}").text, query


def test_where_a_page_begins_does_not_tell_when_a_hidden_one_is_due(
    app: Flask, client: Client, world: World, session: Session
) -> None:
    requisition = world.requisition()
    secret = world.requisition("Secret", is_confidential=True, recruiter=world.recruiter("Olga Other"))
    me = world.candidate(email=requisition.recruiter.email)
    owed(app, session, world.application(requisition, name="Fresh Fred"))
    seen = owed(app, session, world.application(requisition, name="Late Lucy"), days_ago=14)
    hidden = owed(app, session, world.application(secret), days_ago=7)
    own = owed(app, session, world.application(requisition, candidate=me), days_ago=7)
    client.sign_in(requisition.recruiter)
    for whose in ("mine", "team", "all"):
        assert "Fresh Fred" in client.get(f"/deadlines?whose={whose}&after={seen.id}").text
        for after in (hidden.id, own.id):
            assert "Fresh Fred" not in client.get(f"/deadlines?whose={whose}&after={after}").text


def test_mine_my_requisitions_and_all(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    owed(app, session, world.application(requisition, name="Fresh Fred"))
    expected = {
        requisition.recruiter: {"mine", "team", "all"},
        requisition.hiring_manager: {"team", "all"},
        world.recruiter("Other"): {"all"},
        world.person("Nobody"): set[str](),
    }
    for person, seen in expected.items():
        client.sign_in(person)
        found = {
            whose for whose in ("mine", "team", "all") if "Fresh Fred" in client.get(f"/deadlines?whose={whose}").text
        }
        assert found == seen, person.name


def test_pausing_keeps_the_business_days(
    app: Flask, client: Client, world: World, session: Session, at: TestClock
) -> None:
    requisition = world.requisition()
    deadline = owed(app, session, world.application(requisition))
    client.sign_in(requisition.recruiter)
    url = f"/deadlines/{deadline.id}"
    answer = client.post(f"{url}/pause", data={"reason": "The candidate is ill", "version": deadline.version})
    assert answer.status_code == 303
    session.refresh(deadline)
    assert (deadline.state, deadline.days_kept) == (DeadlineState.PAUSED, 5)
    assert "The candidate is ill" in client.get(url).text
    at.set(MONDAY + timedelta(days=7))
    assert client.post(f"{url}/resume", data={"version": deadline.version}).status_code == 303
    session.refresh(deadline)
    assert deadline.state is DeadlineState.OPEN
    assert deadline.due_at == MONDAY.replace(hour=22, minute=59, second=59) + timedelta(days=14)


def test_pausing_is_refused_without_reason_when_stale_and_to_others(
    app: Flask, client: Client, world: World, session: Session
) -> None:
    requisition = world.requisition()
    deadline = owed(app, session, world.application(requisition))
    url = f"/deadlines/{deadline.id}/pause"
    client.sign_in(requisition.recruiter)
    answer = client.post(url, data={"reason": " ", "version": deadline.version})
    assert answer.status_code == 422
    assert "please fill this in" in answer.text
    answer = client.post(url, data={"reason": "I typed this", "version": deadline.version + 1})
    assert answer.status_code == 422
    assert "I typed this" in answer.text
    assert "faster" in answer.text
    for person in (requisition.hiring_manager, world.person("Nobody")):
        assert client.sign_in(person).post(url, data={"reason": "x"}).status_code == 404
    session.refresh(deadline)
    assert deadline.state is DeadlineState.OPEN


def test_one_click_sent_twice_has_one_effect(app: Flask, client: Client, world: World, session: Session) -> None:
    requisition = world.requisition()
    deadline = owed(app, session, world.application(requisition))
    client.sign_in(requisition.recruiter)
    form = {"reason": "On hold", "version": deadline.version, "once": "a" * 32}
    answers = [client.post(f"/deadlines/{deadline.id}/pause", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    session.refresh(deadline)
    assert deadline.revision == 2
