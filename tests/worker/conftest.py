"""Deadlines and interviews whose nudges are due, a mailbox of replies, and a way to look at what was written."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP as POLICY

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.factories import MONDAY, World
from tests.mail import imap_server
from tests.mail.answers import calendar, ics, mail, plain
from tests.mail.imap_server import Box
from tracker.db import db, reading
from tracker.mail import reply_addresses
from tracker.mail.links import read_link
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment
from tracker.models.outbox import OutboxMail
from tracker.pipeline import deadlines
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.stages import StageKind
from tracker.worker import tasks

Open = Callable[..., Deadline]


@pytest.fixture
def open_deadline(in_app: Flask, session: Session, world: World) -> Open:
    """``open_deadline(kind, application, now=..., subject=..., owner=...)`` opens a deadline and commits."""

    def open_deadline(
        kind: DeadlineKind, application: Application | None = None, *, now: datetime = MONDAY, **facts: object
    ) -> Deadline:
        application = application or world.application()
        owner = facts.pop("owner", None) or deadlines.owner_of(application.requisition, kind)
        day0_at = facts.pop("day0_at", now)
        deadline = deadlines.open_(
            session,
            application,
            kind,
            day0_at=day0_at,
            owner=owner,
            now=now,
            **facts,  # type: ignore[arg-type]
        )
        session.commit()
        return deadline

    return open_deadline


def mails() -> list[OutboxMail]:
    """Return all mails as they are now, in the order in which they were written."""
    with reading(), Session(db.engine) as session:
        found = list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))
        session.expunge_all()
        return found


def leads_to(mail: OutboxMail) -> str:
    """Return the path of the page to which the mail's first link leads its receiver."""
    text = message_from_bytes(mail.message, policy=POLICY).get_body(("plain",))  # type: ignore[attr-defined]
    found = re.search(r"http://tracker\.example/go/(\S+)", text.get_content())
    link = read_link(found[1]) if found else None
    assert link is not None
    assert link.person_id == mail.person_id
    return link.path


def tick(session: Session, now: datetime) -> list[OutboxMail]:
    """Do all that is due but mail, and return the mails that were written."""
    session.commit()
    known = {mail.id for mail in mails()}
    tasks.work_off_facts(now)
    return [mail for mail in mails() if mail.id not in known]


@pytest.fixture
def box(in_app: Flask, at: TestClock) -> Iterator[Box]:
    at.set(MONDAY)
    with imap_server.running() as box:
        in_app.config["TRACKER"] = replace(
            in_app.config["TRACKER"], reply_address="replies@tracker.example", replies=box.settings
        )
        yield box


@pytest.fixture
def loop(session: Session, world: World, box: Box) -> list[Assignment]:
    return world.loop(world.application(stage=StageKind.LOOP), (world.person("Anna A"), world.person("Ben B")))


def answer(seat: Assignment, partstat: str = "ACCEPTED", *, n: int = 1, **given: object) -> bytes:
    event: dict[str, object] = {
        "uid": seat.interview.uid,
        "attendee": seat.person.email,
        "stamp": MONDAY + timedelta(seconds=n),
    }
    return mail(
        plain(),
        calendar(ics(partstat, **event | given)),  # type: ignore[arg-type]
        sender=seat.person.email,
        to=reply_addresses.for_interviewer(seat),
        message_id=f"<{n}-{seat.id}@mail.example>",
    )
