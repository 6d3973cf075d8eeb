"""Metrics: for the bearer of the token alone, true to the database, and cheap."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tests.web.test_outbox import dead
from tracker.models.deadline import Deadline, Nudge
from tracker.models.outbox import Heartbeat, MailState, OutboxMail
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.nudges import Role

TOKEN = "a-token-for-tests-only"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
HOUR = timedelta(hours=1)


@pytest.fixture
def scraper(app: Flask, client: Client, at: TestClock) -> Client:
    at.set(MONDAY)
    app.config["TRACKER"] = replace(app.config["TRACKER"], metrics_token=TOKEN)
    return client


def scrape(client: Client) -> dict[str, float]:
    """Return all samples, named as Prometheus shows them, with the label's value alone."""
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    samples = [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]
    return {" ".join([each.name.removeprefix("tracker_"), *each.labels.values()]): each.value for each in samples}


def test_without_the_setting_there_is_no_such_page(client: Client, world: World) -> None:
    assert client.get("/metrics", headers=BEARER).status_code == 404
    assert client.sign_in(world.admin()).get("/metrics").status_code == 404


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer é", "Basic YTpi", f"Bearer {TOKEN}x", TOKEN])
def test_who_does_not_bear_the_token_is_told_nothing(scraper: Client, given: str | None) -> None:
    answer = scraper.get("/metrics", headers={"Authorization": given} if given is not None else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "tracker_" not in answer.text


def test_a_scrape_may_call_the_machine_by_its_address(scraper: Client) -> None:
    assert scraper.get("/metrics", headers=BEARER, base_url="http://10.1.2.3:8000").status_code == 200


def test_an_empty_tracker_has_every_figure(scraper: Client) -> None:
    found = scrape(scraper)
    assert found.pop("tick_age_seconds facts") == found.pop("tick_age_seconds mail") == float("inf")
    assert set(found.values()) == {0}
    assert {"mails dead", "oldest_unsent_mail_age_seconds", "due nudges", "promises broken"} <= found.keys()
    assert {f"deadlines_overdue {kind}" for kind in DeadlineKind} <= found.keys()


def test_heartbeats_and_mails(scraper: Client, session: Session) -> None:
    session.add_all([Heartbeat(name="facts", at=MONDAY - HOUR), Heartbeat(name="mail", at=MONDAY + HOUR)])
    ages = {MailState.SENT: 5, MailState.WAITING: 2, MailState.CLAIMED: 3, MailState.DEAD: 4}
    for state, hours in ages.items():
        row = session.get_one(OutboxMail, dead(session))
        row.state, row.created_at = state, MONDAY - hours * HOUR
    found = scrape(scraper)
    assert found["tick_age_seconds facts"] == 3600
    assert found["tick_age_seconds mail"] == 0
    assert [found[f"mails {state}"] for state in ("waiting", "claimed", "dead")] == [1, 1, 1]
    assert found["oldest_unsent_mail_age_seconds"] == 3 * 3600


def deadline(world: World, kind: DeadlineKind, state: DeadlineState, hours: int) -> Deadline:
    """A deadline that was due so many hours ago."""
    application = world.application()
    closed = state not in (DeadlineState.OPEN, DeadlineState.PAUSED)
    row = Deadline(
        application_id=application.id, requisition_id=application.requisition_id, kind=kind, zone="UTC",
        owner_id=application.requisition.recruiter_id, day0_at=MONDAY, business_days=5, state=state,
        due_at=MONDAY - hours * HOUR, opened_at=MONDAY - 99 * HOUR, closed_at=MONDAY if closed else None,
        paused_at=MONDAY if state is DeadlineState.PAUSED else None,
    )  # fmt: skip
    world.keep(row)
    return row


def test_deadlines_and_promises(scraper: Client, world: World) -> None:
    for state, hours in [
        (DeadlineState.MET, 9), (DeadlineState.MET, 8), (DeadlineState.MET_LATE, 7), (DeadlineState.OPEN, 6),
        (DeadlineState.OPEN, -5), (DeadlineState.PAUSED, 4), (DeadlineState.CANCELLED, 3),
    ]:  # fmt: skip
        deadline(world, DeadlineKind.PROMISE, state, hours)
    for hours in (2, 1, -1):
        deadline(world, DeadlineKind.DEBRIEF, DeadlineState.OPEN, hours)
    found = scrape(scraper)
    assert [found[f"promises {state}"] for state in ("kept", "broken", "open")] == [2, 2, 2]
    assert (found["deadlines_overdue promise"], found["deadlines_overdue debrief"]) == (1, 2)
    assert found["deadlines_overdue decision"] == 0


def test_what_is_due_and_not_raised(scraper: Client, world: World) -> None:
    row = deadline(world, DeadlineKind.DEBRIEF, DeadlineState.OPEN, 2)
    facts = {"deadline_id": row.id, "revision": 1, "person_id": row.owner_id, "role": Role.OWNER}
    world.keep(*(Nudge(step=f"step {hours}", at=MONDAY - hours * HOUR, **facts) for hours in (-1, 1, 2)))
    found = scrape(scraper)
    assert (found["due nudges"], found["oldest_due_age_seconds nudges"]) == (2, 7200)
    assert (found["due reminders"], found["due loops"]) == (0, 0)
