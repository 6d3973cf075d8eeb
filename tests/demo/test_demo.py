"""The demo: its story can be told on any day, every stage has somebody, and its inbox receives over real SMTP."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import TestClock, settings_for
from tracker import clock
from tracker.app import create_app
from tracker.db import db
from tracker.demo import cast, mailbox
from tracker.demo.mailbox import Mailbox
from tracker.demo.run import create_demo
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.deadline import Deadline
from tracker.models.interview import Interview, InterviewState
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.person import Person
from tracker.pipeline import staffing
from tracker.rules.deadlines import DeadlineState
from tracker.rules.stages import ApplicationState, StageKind
from tracker.worker import tasks

HOST = "http://127.0.0.1:8000"
MOMENTS = {
    "weekday": datetime(2026, 11, 19, 10, 0, tzinfo=UTC),
    "saturday": datetime(2026, 11, 21, 15, 30, tzinfo=UTC),
    "new-year": datetime(2027, 1, 1, 0, 30, tzinfo=UTC),
    "clock-change": datetime(2027, 3, 28, 0, 59, tzinfo=UTC),
}
# What Today shows to those whom the greeting and the README name, whatever day it is.
SHOWN = {
    "recruiter": ("Judge the application", "Plan and send the loop"),
    "interviewer": ("Your interviews", "Arjun Mehta", "Write the scorecard", "Zofia Kowalska"),
    "hiring manager": ("Record the decision", "Amara Nwosu"),
    "in training": ("Arjun Mehta",),
}
# Who has work left to do, by stage, while the application is active.
STAGES = {
    StageKind.APPLICATION,
    StageKind.PHONE_SCREEN,
    StageKind.PHONE_SCREEN_OUTCOME,
    StageKind.LOOP,
    StageKind.OUTCOME,
    StageKind.OFFER,
}


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Good passwords take long on purpose; the cast has nineteen."""
    monkeypatch.setattr(staffing, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The demo's own mail server, at work."""
    controller, port = mailbox.serve(Mailbox(tmp_path / "inbox"))
    yield port
    controller.stop()


@pytest.fixture(scope="session")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the stories that were told: telling one takes seconds."""
    return tmp_path_factory.mktemp("stories")


def told(tmp_path: Path, port: int, stories: Path) -> Flask:
    """Return the demo with its story told at the present moment, or as it was told at that moment before."""
    kept = stories / f"{clock.now():%Y-%m-%dT%H%M}"
    if kept.exists():
        shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    app = create_demo(tmp_path, 8000, port)
    if not kept.exists():
        with app.app_context():
            db.engine.dispose()
        shutil.copytree(tmp_path, kept)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def app(tmp_path: Path, port: int, at: TestClock, stories: Path) -> Iterator[Flask]:
    at.set(MOMENTS["weekday"])
    app = told(tmp_path, port, stories)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_the_story_is_told_on_any_day(
    tmp_path: Path, port: int, at: TestClock, stories: Path, moment: datetime
) -> None:
    at.set(moment)
    app = told(tmp_path, port, stories)
    with app.app_context(), Session(db.engine) as session:
        active = select(Application.stage_kind).where(Application.state == ApplicationState.ACTIVE).distinct()
        assert set(session.scalars(active)) == STAGES
        assert set(session.scalars(select(Application.state).distinct())) == set(ApplicationState)
        standing = select(func.count(Deadline.id)).where(Deadline.state == DeadlineState.OPEN)
        assert session.scalar(standing.where(Deadline.due_at > moment)), "somebody is in time"
        assert session.scalar(standing.where(Deadline.due_at <= moment)), "somebody is late, to be seen"
        upcoming = select(func.count(Interview.id)).where(
            Interview.state == InterviewState.SENT, Interview.starts_at > moment
        )
        assert session.scalar(upcoming)
        assert session.scalar(select(func.max(OutboxMail.created_at))) <= moment  # type: ignore[operator]
        session.rollback()
    for role, person in cast.SIGN_INS:
        browser = app.test_client()
        typed = {"email": person.email, "password": cast.PASSWORD}
        assert browser.post("/sign-in", data=typed, base_url=HOST).status_code == 303
        today = browser.get("/", base_url=HOST)
        assert today.status_code == 200, person.name
        assert all(words in today.text for words in SHOWN.get(role, ())), (role, today.text)
    with app.app_context():
        db.engine.dispose()


def test_a_story_is_told_once(app: Flask, tmp_path: Path, port: int) -> None:
    with app.app_context(), Session(db.engine) as session:
        before = session.scalar(select(func.count(Application.id)))
    again = create_demo(tmp_path, 8000, port)
    with again.app_context(), Session(db.engine) as session:
        assert session.scalar(select(func.count(Application.id))) == before
        session.rollback()
        db.engine.dispose()


def test_the_inbox_receives_what_the_worker_sends(app: Flask, tmp_path: Path, at: TestClock) -> None:
    browser = app.test_client()
    past = Mailbox(tmp_path / "inbox").letters()
    assert past[-1].at < clock.now() - timedelta(days=20), "what was sent long ago reads so"
    tasks.run_once(app)
    letters = Mailbox(tmp_path / "inbox").letters()
    with app.app_context(), Session(db.engine) as session:
        states = dict(session.execute(select(OutboxMail.state, func.count()).group_by(OutboxMail.state)).all())  # type: ignore[arg-type]
        session.rollback()
    assert states[MailState.SENT] == len(letters) > 0
    assert set(states) <= {MailState.SENT, MailState.DROPPED}, "nothing waits, nothing is dead"
    page = browser.get("/inbox", base_url=HOST).text
    assert letters[0].subject in page.replace("&#39;", "'").replace("&amp;", "&")
    someone = letters[0].receiver
    mine = browser.get(f"/inbox?to={someone}", base_url=HOST).text
    shown = set(re.findall(r'href="/inbox/([0-9]{20}-[0-9a-f]{8})"', mine))
    assert shown == {letter.name for letter in letters if letter.receiver == someone}
    assert tasks.run_once(app) == 0
    # A day goes by: what it brings arrives too.
    at.set(clock.now() + timedelta(days=1))
    tasks.run_once(app)
    assert len(Mailbox(tmp_path / "inbox").letters()) > len(letters)


def test_a_letter_is_shown_shut_in(app: Flask, tmp_path: Path) -> None:
    tasks.run_once(app)
    letters = Mailbox(tmp_path / "inbox").letters()
    invitation = next(each for each in letters if each.part("text/calendar"))
    browser = app.test_client()
    page = browser.get(f"/inbox/{invitation.name}", base_url=HOST)
    [frame] = re.findall(r"<iframe[^>]*>", page.text)
    assert re.search(r'\ssandbox(="[^"]*")?[\s>]', frame)
    assert "allow-scripts" not in frame
    assert "allow-same-origin" not in frame
    html = browser.get(f"/inbox/{invitation.name}/html", base_url=HOST)
    assert "<main>" in html.text
    policy = html.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    calendar = browser.get(f"/inbox/{invitation.name}/invitation.ics", base_url=HOST)
    assert calendar.mimetype == "text/calendar"
    assert calendar.text.startswith("BEGIN:VCALENDAR")
    source = browser.get(f"/inbox/{invitation.name}/source", base_url=HOST)
    assert source.mimetype == "text/plain"
    assert "Message-ID" in source.text


@pytest.mark.parametrize("name", ["..%2fsecret-key", "0", "00000000000000000000-deadbeef"])
def test_no_other_file_is_read(app: Flask, name: str) -> None:
    for rest in ("", "/html", "/source", "/invitation.ics"):
        assert app.test_client().get(f"/inbox/{name}{rest}", base_url=HOST).status_code == 404


def test_a_mail_with_script_stays_shut_in(app: Flask, tmp_path: Path) -> None:
    content = b"To: a@b.example\nDate: Thu, 19 Nov 2026 10:00:00 +0000\nSubject: <script>alert(1)</script>\n"
    Mailbox(tmp_path / "inbox").keep(content + b"Content-Type: text/html\n\n<script>alert(1)</script>")
    browser = app.test_client()
    assert "<script>alert" not in browser.get("/inbox", base_url=HOST).text
    [letter] = [each for each in Mailbox(tmp_path / "inbox").letters() if each.receiver == "a@b.example"]
    assert "<script>alert" not in browser.get(f"/inbox/{letter.name}", base_url=HOST).text


def test_a_real_instance_has_no_inbox(tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'none.sqlite'}", tmp_path))
    assert not app.config["TRACKER"].inbox
    assert "inbox" not in app.blueprints


def letter_to(tmp_path: Path, email: str) -> str:
    """A letter that was sent on a Friday in November, 22:59 UTC; its name."""
    content = f"From: Northwind <x@y.example>\nTo: {email}\nSubject: Hello\nDate: Fri, 27 Nov 2026 22:59:00 +0000\n"
    Mailbox(tmp_path / "inbox").keep(content.encode() + b"Content-Type: text/plain\n\nHello")
    return next(each.name for each in Mailbox(tmp_path / "inbox").letters() if each.receiver == email)


@pytest.mark.parametrize(
    ("who", "words", "zone"),
    [
        ("person", "Sat 28 Nov 2026, 06:59 UTC+08", "Asia/Singapore"),
        ("candidate", "Fri 27 Nov 2026, 17:59 EST", "America/New York"),
        ("nobody", "Fri 27 Nov 2026, 22:59 UTC", ""),
    ],
)
def test_a_letter_is_shown_at_the_time_of_its_receiver(
    app: Flask, tmp_path: Path, who: str, words: str, zone: str
) -> None:
    with app.app_context(), Session(db.engine) as session:
        someone, candidate = session.scalars(select(Person)).first(), session.scalars(select(Candidate)).first()
        assert someone is not None
        assert candidate is not None
        someone.zone, candidate.zone = "Asia/Singapore", "America/New_York"
        email = {"person": someone.email, "candidate": candidate.email, "nobody": "a@b.example"}[who]
        session.commit()
    # As a mail program may write it.
    name = letter_to(tmp_path, email.capitalize())
    page = app.test_client().get(f"/inbox/{name}", base_url=HOST).text
    sent = page.split("<dt>Sent</dt>")[1].split("</dd>")[0]
    assert words in sent
    assert zone in sent
    listed = app.test_client().get(f"/inbox?to={email.capitalize()}", base_url=HOST).text
    assert words in listed
