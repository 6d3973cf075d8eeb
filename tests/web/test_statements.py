"""How many statements each main page asks: each is a walk to the database and back, and none may be added unnoticed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.interview import Assignment
from tracker.pipeline import debrief
from tracker.rules.stages import StageKind

AFTER = MONDAY + timedelta(days=2)


@pytest.fixture
def loop(client: Client, session: Session, world: World, at: TestClock) -> list[Assignment]:
    """A loop of two, all in but the second one's draft, and another application whose debrief is open."""
    at.set(AFTER)
    application = world.application(stage=StageKind.OUTCOME, name="Cleo Candidate")
    made = world.loop(application, (world.person("Anna A"), world.person("Ben B")))
    world.scorecard(made[0])
    other = world.application(application.requisition, stage=StageKind.OUTCOME, name="Dora Debriefed")
    for each in world.loop(other, (world.person("Cora C"), world.person("Dan D"))):
        world.scorecard(each)
    with client.application.app_context():
        assert debrief.open_if_ready(session, other, now=AFTER)
        session.commit()
    return made


@contextmanager
def asked(client: Client) -> Iterator[list[str]]:
    """Note the statements inside, but for those that begin and end transactions."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            seen.append(statement)

    with client.application.app_context():
        engine = client.application.extensions["sqlalchemy"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def application_of(session: Session, name: str) -> Application:
    return next(each for each in session.query(Application) if each.candidate.name == name)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        # One of them asks whether anybody is erased by itself; where that is so, one more asks who goes soon.
        ("/", 15),
        ("/requisitions/{requisition}/board", 8),
        ("/candidates", 4),
        ("/candidates?q=dora", 5),
        ("/candidates?q=debriefed+dora", 7),
        ("/candidates?q=nobody+dora", 5),
        ("/deadlines?whose=all", 4),
        ("/applications/{application}", 15),
        ("/applications/{application}/debrief", 14),
    ],
)
def test_a_page_asks_no_more(client: Client, session: Session, loop: list[Assignment], address: str, most: int) -> None:
    debriefed = application_of(session, "Dora Debriefed")
    client.sign_in(debriefed.requisition.recruiter)
    url = address.format(requisition=debriefed.requisition_id, application=debriefed.id)
    # What is noted of the first reading is noted now.
    assert client.get(url).status_code == 200
    with asked(client) as seen:
        assert client.get(url).status_code == 200
    assert len(seen) <= most, "\n".join(seen)


def test_a_draft_asks_no_more(client: Client, session: Session, loop: list[Assignment]) -> None:
    client.sign_in(loop[1].person)
    typed = {"version": "1", f"rating_{loop[1].competencies[0].competency_id}": "3", "summary": "Typed"}
    url, headers = f"/scorecards/{loop[1].id}/draft", {"Accept": "application/json"}
    assert client.post(url, data=typed, headers=headers).status_code == 200
    with asked(client) as seen:
        answer = client.post(url, data=typed | {"version": "2", "summary": "Typed on"}, headers=headers)
    assert answer.json is not None
    assert answer.json["merged"] is False
    assert len(seen) <= 5, "\n".join(seen)
