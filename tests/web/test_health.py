"""Health: three questions with yes or no as the answer, and nothing else to strangers."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock, browser_of, settings_for
from tests.databases import migrate
from tests.factories import MONDAY, World
from tracker.app import create_app
from tracker.db import db
from tracker.models.outbox import Heartbeat

PROBES = ("/livez", "/readyz", "/healthz")


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


def test_a_dead_worker_is_no_reason_to_restart_the_pages(client: Client) -> None:
    assert [client.get(path).status_code for path in PROBES] == [200, 200, 503]


def test_a_schema_of_another_version_is_not_ready(client: Client, session: Session, database: str) -> None:
    migrate(database, "-1")
    assert [client.get(path).status_code for path in PROBES] == [200, 503, 503]
    session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert client.get("/readyz").status_code == 503


def test_without_its_database_it_lives_and_is_not_ready(tmp_path: Path, session: Session) -> None:
    lost = create_app(settings_for(f"sqlite:///{tmp_path}/no/such/folder/tracker.db", tmp_path))
    client = browser_of(lost, session)
    assert [client.get(path).status_code for path in PROBES] == [200, 503, 503]


@pytest.mark.parametrize("path", PROBES)
def test_probes_call_the_machine_by_its_address(client: Client, app: Flask, path: str) -> None:
    answer = client.get(path, base_url="http://10.1.2.3:8000")
    assert answer.status_code in (200, 503)
    assert answer.is_json
    assert client.get("/sign-in", base_url="http://10.1.2.3:8000").status_code == 400


def test_a_page_whose_database_went_away_says_so_to_who_was_signed_in(
    client: Client, app: Flask, session: Session, world: World
) -> None:
    client.sign_in(world.recruiter())
    assert client.get("/").status_code == 200

    def gone(*_all: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", gone)
    try:
        answers = [client.get("/"), client.get("/candidates"), client.post("/sign-out")]
    finally:
        event.remove(engine, "before_cursor_execute", gone)
    for answer in answers:
        assert answer.status_code == 503
        assert "The database does not answer. Nothing was changed" in answer.text
    assert client.get("/").status_code == 200, "nobody was signed out by that"
