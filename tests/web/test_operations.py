"""The page about operations: what is well, what is not, and since when."""

from collections import namedtuple
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tests.web.test_outbox import dead
from tracker.models.outbox import Heartbeat, MailState, OutboxMail
from tracker.models.tick_fault import TickFault
from tracker.schema import newest
from tracker.version import version
from tracker.web import operations

HOUR = timedelta(hours=1)


@pytest.fixture
def admin(client: Client, world: World, at: TestClock) -> Client:
    at.set(MONDAY)
    return client.sign_in(world.admin())


def read(client: Client) -> str:
    """Return the page's words, white space as one space."""
    answer = client.get("/settings/operations")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def beat(session: Session, **ages: int) -> None:
    session.add_all(Heartbeat(name=name, at=MONDAY - timedelta(seconds=age)) for name, age in ages.items())


def test_all_is_well(admin: Client, session: Session) -> None:
    beat(session, facts=10, mail=20)
    page = read(admin)
    assert page.count("On time") == 2
    assert "No errors in the last 30 days" in page
    assert "does not run" not in page
    for fact in (version(), newest(), "SQLite 3.", " free of "):
        assert fact in page


def test_a_late_tick_is_named(admin: Client, session: Session) -> None:
    assert read(admin).count("never") == 2
    beat(session, facts=10, mail=200)
    page = read(admin)
    assert (page.count("On time"), page.count("Late")) == (1, 1)
    assert "The worker does not run" in page


def test_how_the_mail_stands(admin: Client, session: Session) -> None:
    for state, hours in [(MailState.WAITING, 5), (MailState.CLAIMED, 1), (MailState.SENT, 0.5), (MailState.SENT, 2)]:
        row = session.get_one(OutboxMail, dead(session))
        row.state, row.created_at, row.ended_at = state, MONDAY - hours * HOUR, MONDAY - hours * HOUR
    dead(session)
    page = read(admin)
    for label, value in [("Waiting to be sent", 2), ("Sent in the last hour", 1), ("Stuck", 1)]:
        assert f'{label}</div><div class="stat__value">{value}</div>' in page
    assert "Mon 2 Nov, 05:00 CET" in page


def test_the_last_errors(admin: Client, session: Session) -> None:
    for n in range(25):
        at = MONDAY - n * HOUR
        session.add(TickFault(tick="nudges", what=f"Error {n:02} here", item=n, first_at=at, last_at=at, times=n + 1))
    page = read(admin)
    assert page.index("Error 00 here") < page.index("Error 19 here")
    assert "Error 20 here" not in page


def test_a_disk_that_fills_up(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Make room" not in read(admin)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(operations.shutil, "disk_usage", lambda _folder: usage(10**9, 10**9 - 10**7, 10**7))
    assert "Only 10 MB are free" in read(admin)
