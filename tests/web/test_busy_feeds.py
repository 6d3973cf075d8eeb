"""One's own calendars on the account page: added, read again, removed; an address is never shown; nobody else's."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import MONDAY, World
from tracker.models.busy_feed import BusyFeed, BusySpan
from tracker.models.person import Person
from tracker.models.record import RecordEntry
from tracker.rules.busy_times import Trouble
from tracker.rules.sealing import opened

pytestmark = pytest.mark.usefixtures("monday")

ADDRESS = "webcal://Calendar.example/private-0f3a77/basic.ics?key=sesame"


@pytest.fixture
def ian(client: Client, world: World) -> Person:
    ian = world.person("Ian Interviewer")
    client.sign_in(ian)
    return ian


def feed(session: Session) -> BusyFeed:
    session.expire_all()
    return session.scalars(select(BusyFeed)).one()


def test_one_adds_a_calendar_once_and_never_sees_its_address_again(
    client: Client, session: Session, ian: Person
) -> None:
    for _ in range(2):
        answer = client.post("/account/calendars", data={"address": ADDRESS, "once": "k"})
        assert (answer.status_code, answer.location) == (303, "/account#busy")
    kept = feed(session)
    assert kept.address == "https://calendar.example/private-0f3a77/basic.ics?key=sesame"
    assert (kept.person_id, kept.next_at) == (ian.id, MONDAY)
    page = client.get("/account").text
    assert "calendar.example/…" in page
    assert "Not read yet." in page
    said = session.scalars(select(RecordEntry.text)).one()
    for secret in ("sesame", "0f3a77"):
        assert secret not in page
        assert secret not in said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "Paste the address of your calendar."),
        ("ftp://calendar.example/x", "begins with https:// or webcal://"),
        ("https://me:pw@calendar.example/x", "with a password in it is not kept"),
    ],
)
def test_what_is_no_address_is_refused(client: Client, session: Session, ian: Person, address: str, said: str) -> None:
    answer = client.post("/account/calendars", data={"address": address})
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(BusyFeed)).all() == []


def test_a_password_is_kept_sealed_and_shown_to_nobody(
    app: Flask, client: Client, session: Session, ian: Person
) -> None:
    typed = {"address": "https://dav.example/ian/calendar/", "login": " ian ", "app_password": "open sesame"}
    assert client.post("/account/calendars", data=typed).status_code == 303
    kept = feed(session)
    assert (kept.login, opened(kept.password, app.config["TRACKER"].secret_key)) == ("ian", "open sesame")
    assert "sesame" not in kept.password
    assert "sesame" not in client.get("/account").text
    # Given again, it takes the place of the old one.
    client.post("/account/calendars", data=typed | {"app_password": "new"})
    assert opened(feed(session).password, app.config["TRACKER"].secret_key) == "new"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"app_password": ""}, "Give both the user and the password"),
        ({"login": ""}, "Give both the user and the password"),
        ({"login": "i:an"}, "no colon"),
        ({"app_password": "a\u2028b"}, "no colon"),
        ({"app_password": "x" * 600}, "no colon"),
        ({"address": "http://dav.example/ian/"}, "begin with https:// alone"),
    ],
)
def test_what_cannot_be_a_password_is_refused_and_not_sent_back(
    client: Client, session: Session, ian: Person, changes: dict[str, str], said: str
) -> None:
    typed = {"address": "https://dav.example/ian/", "login": "ian", "app_password": "open sesame"}
    answer = client.post("/account/calendars", data=typed | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert "sesame" not in answer.text
    assert session.scalars(select(BusyFeed)).all() == []


def test_a_sixth_calendar_is_refused(client: Client, ian: Person) -> None:
    codes = [
        client.post("/account/calendars", data={"address": f"https://a.example/{n}"}).status_code for n in range(6)
    ]
    assert codes == [303] * 5 + [422]


@pytest.mark.parametrize(
    ("hours", "trouble", "shown"),
    [
        (1, "", ["Fresh", "Last read on"]),
        (7, "", ["Stale", "Last read on"]),
        (1, Trouble.GONE, ["Not read", "no calendar at this address any more", "What was read then still counts."]),
        (7, Trouble.PRIVATE, ["Stale", "An admin can allow that."]),
        (None, Trouble.TOO_LARGE, ["Not read", "larger than 10 MB"]),
    ],
)
def test_how_it_stands_is_shown(
    client: Client, session: Session, ian: Person, hours: int | None, trouble: str, shown: list[str]
) -> None:
    client.post("/account/calendars", data={"address": ADDRESS})
    kept = feed(session)
    kept.trouble, kept.next_at = trouble, MONDAY + timedelta(minutes=1)
    kept.read_at = MONDAY - timedelta(hours=hours) if hours is not None else None
    page = client.get("/account").text
    assert not [words for words in shown if words not in page]
    assert client.post(f"/account/calendars/{kept.id}/read").status_code == 303
    assert feed(session).next_at == MONDAY
    assert "Read it now" not in client.get("/account").text


def test_removed_with_all_that_was_known(client: Client, session: Session, ian: Person) -> None:
    client.post("/account/calendars", data={"address": ADDRESS})
    kept = feed(session)
    session.add(
        BusySpan(
            feed_id=kept.id, person_id=ian.id, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=1), is_tentative=False
        )
    )
    assert client.post(f"/account/calendars/{kept.id}/remove").location == "/account#busy"
    assert session.scalars(select(BusyFeed)).all() == []
    assert session.scalars(select(BusySpan)).all() == []


def test_nobody_else_has_a_hand_in_it(client: Client, session: Session, world: World, ian: Person) -> None:
    client.post("/account/calendars", data={"address": ADDRESS})
    number = feed(session).id
    for other in (world.admin(), world.recruiter()):
        client.sign_in(other)
        assert client.post(f"/account/calendars/{number}/read").status_code == 404
        assert client.post(f"/account/calendars/{number}/remove").status_code == 404
        assert "calendar.example" not in client.get("/account").text
    assert feed(session).id == number
