"""Deadlines and interviews whose nudges are due, and a way to look at what was written."""

import re
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from email.policy import SMTP as POLICY

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.db import db, reading
from tracker.mail.links import read_link
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.outbox import OutboxMail
from tracker.pipeline import deadlines
from tracker.rules.deadlines import DeadlineKind
from tracker.worker import tasks

Open = Callable[..., Deadline]


@pytest.fixture
def open_deadline(in_app: Flask, session: Session, world: World) -> Open:
    """``open_deadline(kind, application, now=..., subject=..., owner=...)`` opens a deadline and commits."""

    def open_deadline(
        kind: DeadlineKind, application: Application | None = None, *, now: datetime = MONDAY, **facts: object
    ) -> Deadline:
        application = application or world.application()
        owner = facts.pop("owner", None) or session.get_one(
            type(application.requisition.recruiter), deadlines.owner_id(application.requisition, kind)
        )
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
