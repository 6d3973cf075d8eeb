"""Days away on the account page and on the page of a person; the own region on both."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import MONDAY, World
from tracker.models.leave import Leave
from tracker.models.person import Person

pytestmark = pytest.mark.usefixtures("monday")

DAYS = {"first_on": "2026-11-05", "last_on": "2026-11-09"}


@pytest.fixture
def ian(client: Client, world: World) -> Person:
    ian = world.person("Ian Interviewer")
    client.sign_in(ian)
    return ian


def count(session: Session) -> int | None:
    return session.scalar(select(func.count(Leave.id)))


def test_one_enters_the_own_days_once_and_takes_them_back(client: Client, session: Session, ian: Person) -> None:
    for _ in range(2):
        answer = client.post("/account/leave", data=DAYS | {"once": "k"})
        assert (answer.status_code, answer.location) == (303, "/account#away")
    leave = session.scalars(select(Leave)).one()
    assert (leave.person_id, leave.first_on, leave.last_on) == (ian.id, date(2026, 11, 5), date(2026, 11, 9))
    page = client.get("/account").text
    assert "You are away until Mon 9 Nov 2026, and get no reminders in that time." in page
    assert "Thu 5 Nov 2026 to Mon 9 Nov 2026" in page
    assert client.post(f"/account/leave/{leave.id}/end").status_code == 303
    assert count(session) == 0


def test_what_falls_into_the_days_is_said(client: Client, world: World, ian: Person) -> None:
    world.interview(world.application(), ian, starts_at=MONDAY + timedelta(days=3))
    answer = client.post("/account/leave", data=DAYS, follow_redirects=True)
    assert "1 interview falls into it" in answer.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first_on": ""}, "Choose the first day."),
        ({"last_on": "soon"}, "This is not a date"),
        ({"last_on": "2026-11-04"}, "comes before the first"),
    ],
)
def test_what_cannot_be_is_refused_on_both_pages(
    client: Client, session: Session, world: World, ian: Person, changes: dict[str, str], said: str
) -> None:
    answer = client.post("/account/leave", data=DAYS | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Password" in answer.text
    client.sign_in(world.admin())
    answer = client.post(f"/settings/people/{ian.id}/leave", data=DAYS | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert count(session) == 0


def test_an_admin_keeps_the_days_of_others(client: Client, session: Session, world: World, ian: Person) -> None:
    client.sign_in(world.admin())
    page = f"/settings/people/{ian.id}"
    assert client.post(f"{page}/leave", data=DAYS).location == f"{page}#away"
    leave = session.scalars(select(Leave)).one()
    assert leave.person_id == ian.id
    assert "Thu 5 Nov 2026 to Mon 9 Nov 2026" in client.get(page).text
    assert client.post(f"{page}/leave/{leave.id}/end").status_code == 303
    assert count(session) == 0


def test_nobody_else_does(client: Client, session: Session, world: World, ian: Person) -> None:
    client.post("/account/leave", data=DAYS)
    leave = session.scalars(select(Leave)).one()
    for other in (world.recruiter(), world.person("Olga Other")):
        client.sign_in(other)
        assert client.post(f"/account/leave/{leave.id}/end").status_code == 404
        assert client.post(f"/settings/people/{ian.id}/leave", data=DAYS).status_code == 404
        assert client.post(f"/settings/people/{ian.id}/leave/{leave.id}/end").status_code == 404
    client.sign_in(world.admin())
    assert client.post(f"/settings/people/{ian.id + 1}/leave/{leave.id}/end").status_code == 404
    assert count(session) == 1


def test_the_own_region_is_chosen_and_given_up(client: Client, session: Session, world: World, ian: Person) -> None:
    region = world.region("London", zone="Europe/London")
    typed = {"name": "Ian Interviewer", "zone": "Europe/London"}
    assert client.post("/account", data=typed | {"region_id": region.id}).status_code == 303
    session.expire_all()
    assert ian.region_id == region.id
    assert "selected" in client.get("/account").text.split("London")[-2]
    assert client.post("/account", data=typed | {"region_id": "0"}).status_code == 303
    session.expire_all()
    assert ian.region_id is None
    answer = client.post("/account", data=typed | {"region_id": "777"})
    assert answer.status_code == 422
    assert "Not a valid choice" in answer.text
