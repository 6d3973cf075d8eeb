"""The outbox page: admins alone; stuck mails are sent again, given up, or said to have arrived."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.outbox import MailState, OutboxMail, OutboxPause
from tracker.models.record import RecordEntry


def dead(session: Session, error: str = "550 no such user", application: Application | None = None) -> int:
    number = session.query(OutboxMail).count() + 1
    row = OutboxMail(
        dedupe_key=f"key {number}",
        kind="loop_schedule",
        receiver=f"ada{number}@candidates.example",
        subject="About Ada Lovelace",
        message=b"Subject: x\r\n\r\nx\r\n",
        message_id=f"<{number}@tracker.example>",
        fact={},
        application_id=application.id if application else None,
        state=MailState.DEAD,
        created_at=MONDAY,
        next_try_at=MONDAY,
        ended_at=MONDAY,
        attempts=3,
        last_error=error,
    )
    session.add(row)
    session.commit()
    mail_id = row.id
    session.commit()
    return mail_id


def test_it_is_for_admins(client: Client, world: World, session: Session) -> None:
    mail_id = dead(session)
    client.sign_in(world.recruiter())
    assert client.get("/settings/outbox").status_code == 404
    for verb in ("resend", "drop", "arrived"):
        assert client.post(f"/settings/outbox/{mail_id}/{verb}").status_code == 404
    assert session.get_one(OutboxMail, mail_id).state is MailState.DEAD


def test_it_shows_what_is_stuck_and_why(client: Client, world: World, session: Session) -> None:
    client.sign_in(world.admin())
    assert "Nothing is stuck" in client.get("/settings/outbox").text
    dead(session)
    page = client.get("/settings/outbox").text
    assert "550 no such user" in page
    assert "ada1@candidates.example" in page
    assert "Mon 2 Nov, 10:00 CET" in page
    assert "About Ada Lovelace" not in page
    assert "The worker does not run" in page


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("550 5.1.1 <ada1@candidates.example>: Ada is unknown", "550 5.1.1"),
        ("550 no such user ada1@candidates.example", "550"),
        ("fate unknown: ada1@candidates.example went silent; it may have arrived", "fate unknown: it may have arrived"),
        ("sent, but what follows from it failed: KeyError: Ada", "sent, but what follows from it failed"),
        ("ada1@candidates.example: too slow", "not taken"),
    ],
)
def test_a_candidate_of_a_confidential_requisition_is_not_named(
    client: Client, world: World, session: Session, error: str, shown: str
) -> None:
    """Neither as the receiver, nor in what the server said."""
    dead(session, error, world.application(world.requisition(is_confidential=True)))
    client.sign_in(world.admin())
    page = client.get("/settings/outbox").text
    assert "confidential" in page
    assert f">{shown}<" in page
    for word in ("ada1@candidates.example", "Ada is", "KeyError", "silent"):
        assert word not in page


def test_one_s_own_outcome_is_for_other_admins(client: Client, world: World, session: Session) -> None:
    admin = world.admin()
    own = world.application(candidate=world.candidate(email=admin.email))
    mail_id = dead(session, "fate unknown: lost", own)
    client.sign_in(admin)
    assert "Nothing is stuck" in client.get("/settings/outbox").text
    for verb in ("resend", "drop", "arrived"):
        assert client.post(f"/settings/outbox/{mail_id}/{verb}").status_code == 404
    assert session.get_one(OutboxMail, mail_id).state is MailState.DEAD
    session.commit()
    client.sign_in(world.admin("Another Admin"))
    assert "May have arrived" in client.get("/settings/outbox").text
    assert client.post(f"/settings/outbox/{mail_id}/arrived").status_code == 303


@pytest.mark.parametrize(
    ("verb", "state"),
    [("resend", MailState.WAITING), ("drop", MailState.DROPPED), ("arrived", MailState.SENT)],
)
def test_each_verb(client: Client, world: World, session: Session, verb: str, state: MailState) -> None:
    mail_id = dead(session, "fate unknown: lost", world.application())
    client.sign_in(world.admin())
    assert "May have arrived" in client.get("/settings/outbox").text
    assert client.post(f"/settings/outbox/{mail_id}/{verb}").status_code == 303
    assert session.get_one(OutboxMail, mail_id).state is state
    assert session.query(RecordEntry).filter(RecordEntry.verb.like("outbox.%")).count() == 1
    session.commit()
    again = client.post(f"/settings/outbox/{mail_id}/{verb}")
    assert again.status_code == 422
    assert "somebody was faster" in again.text


@pytest.fixture
def held(session: Session, world: World, at: TestClock) -> list[int]:
    """A restored backup that holds back mails of two hours, two days and four days ago, and one that was sent."""
    at.set(MONDAY)
    session.add(OutboxPause(id=1, at=MONDAY, backup_at=MONDAY - timedelta(hours=1)))
    found = [dead(session) for _ in range(4)]
    for mail_id, hours, state in zip(
        found, (2, 48, 96, 99), (MailState.WAITING, MailState.CLAIMED, MailState.WAITING, MailState.SENT), strict=True
    ):
        row = session.get_one(OutboxMail, mail_id)
        row.state, row.created_at, row.last_error = state, MONDAY - timedelta(hours=hours), ""
    session.commit()
    return found


def test_what_a_restored_backup_holds_back_is_shown(client: Client, world: World, held: list[int]) -> None:
    page = " ".join(client.sign_in(world.admin()).get("/settings/outbox").text.split())
    assert "Nothing goes out until you release it" in page
    assert page.index("ada3@") < page.index("ada2@") < page.index("ada1@")
    assert "ada4@" not in page
    assert "Send all 3;" in page
    assert "Give up those older than three days (1), send the rest (2)" in page
    assert "Give up those older than an hour (3), send the rest (0)" in page


@pytest.mark.parametrize(("drop", "dropped"), [("none", 0), ("72", 1), ("24", 2), ("1", 3), ("all", 3)])
def test_releasing_gives_up_what_is_too_old(
    client: Client, world: World, session: Session, held: list[int], drop: str, dropped: int
) -> None:
    client.sign_in(world.admin())
    assert client.post("/settings/outbox/release", data={"drop": drop}).status_code == 303
    states = [session.get_one(OutboxMail, mail_id).state for mail_id in held]
    assert states[:3][::-1][:dropped] == [MailState.DROPPED] * dropped
    assert MailState.DROPPED not in states[:3][::-1][dropped:]
    assert states[3] is MailState.SENT
    assert session.query(OutboxPause).all() == []
    [entry] = session.query(RecordEntry).filter_by(verb="outbox.release")
    assert entry.text.endswith(f"{dropped} of them were given up")
    session.commit()
    assert "Nothing goes out" not in client.get("/settings/outbox").text
    again = client.post("/settings/outbox/release", data={"drop": drop})
    assert again.status_code == 422
    assert "somebody was faster" in again.text


def test_only_admins_release_and_say_how(client: Client, world: World, session: Session, held: list[int]) -> None:
    client.sign_in(world.recruiter())
    assert client.post("/settings/outbox/release", data={"drop": "none"}).status_code == 404
    client.sign_in(world.admin())
    for data in ({}, {"drop": "7"}):
        answer = client.post("/settings/outbox/release", data=data)
        assert answer.status_code == 422
    assert "Say what becomes of the e-mails that wait." in client.post("/settings/outbox/release").text
    assert len(session.query(OutboxPause).all()) == 1
