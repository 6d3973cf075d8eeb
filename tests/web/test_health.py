"""Health: yes while the worker's ticks are fresh, no otherwise, and nothing else to strangers."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY
from tracker.models.outbox import Heartbeat


@pytest.mark.parametrize(
    ("facts", "mail", "code"),
    [(0, 0, 200), (170, 10, 200), (190, 10, 503), (10, 190, 503), (-3600, 0, 503), (None, 0, 503)],
)
def test_both_ticks_must_be_fresh(
    client: Client, session: Session, at: TestClock, facts: int | None, mail: int, code: int
) -> None:
    at.set(MONDAY)
    for name, age in (("facts", facts), ("mail", mail)):
        if age is not None:
            session.add(Heartbeat(name=name, at=MONDAY - timedelta(seconds=age)))
    session.commit()
    answer = client.get("/healthz")
    assert answer.status_code == code
    assert answer.json == {"ok": code == 200}
