"""Working hours on the account page: kept, taken back, refused with the reason beside the day, in two windows."""

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.person import Person

MORNINGS = {"from_0": "08:00", "until_0": "12:00", "from_4": "13:00", "until_4": "00:00"}


@pytest.fixture
def ian(client: Client, world: World, at: TestClock) -> Person:
    at.set(MONDAY)
    ian = world.person("Ian Interviewer")
    client.sign_in(ian)
    return ian


def save(client: Client, session: Session, ian: Person, **typed: str) -> int:
    session.refresh(ian)
    answer = client.post("/account/hours", data={"version": ian.version} | typed)
    session.refresh(ian)
    return answer.status_code


def test_they_are_kept_shown_and_taken_back(client: Client, session: Session, ian: Person) -> None:
    assert "nine to five" in client.get("/account").text
    assert save(client, session, ian, **MORNINGS) == 303
    assert ian.hours == {"0": [480, 720], "4": [780, 1440]}
    page = client.get("/account").text
    assert "Interviews are planned Mon 08:00–12:00 and Fri 13:00–00:00, on no other day." in page
    assert 'value="08:00"' in page
    assert "nine to five" not in page
    assert save(client, session, ian) == 303
    assert ian.hours == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"from_1": "08:00"}, "Tuesday needs both times"),
        ({"from_1": "12:00", "until_1": "08:00"}, "Tuesday ends before it begins."),
        ({"from_1": "noon", "until_1": "18:00"}, "This is not a time."),
    ],
)
def test_what_cannot_be_is_refused(
    client: Client, session: Session, ian: Person, typed: dict[str, str], said: str
) -> None:
    answer = client.post("/account/hours", data={"version": ian.version} | typed)
    assert answer.status_code == 422
    assert said in answer.text
    session.refresh(ian)
    assert ian.hours == {}


def test_an_older_window_changes_nothing(client: Client, session: Session, ian: Person) -> None:
    old = ian.version
    assert save(client, session, ian, **MORNINGS) == 303
    answer = client.post("/account/hours", data={"version": old})
    assert answer.status_code == 422
    assert "somebody" in answer.text.lower()
    session.refresh(ian)
    assert ian.hours != {}
