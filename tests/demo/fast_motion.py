"""The demo organisation in fast motion: the clock goes hour by hour, the worker does its rounds, mails are read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.mail.server import Post
from tracker.db import db
from tracker.demo.run import create_demo
from tracker.models.candidate import Candidate
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.person import Person
from tracker.rules.zones import local
from tracker.worker import tasks

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Read:
    """One e-mail as its reader finds it: at which moment on the own clock, with which words at its head."""

    at: datetime
    reader: str
    subject: str
    text: str

    @property
    def line(self) -> str:
        """Moment, reader, subject."""
        return f"{self.at:%a %d %b %H:%M %z}  {self.reader:<16}{self.subject}"


def watched(folder: Path, post: Post, clock: TestClock, begin: datetime, end: datetime) -> Iterator[Read]:
    """Tell the story of the demo at a moment (UTC), and yield what everybody is sent from then on, through another one.

    Nobody does anything meanwhile. What the story itself had written counts as sent before.
    """
    clock.set(begin)
    app = create_demo(folder, 8000, post.port)
    post.taken.clear()
    with app.app_context():
        zones = _begin(begin)
    now = begin
    while now <= end:
        clock.set(now)
        tasks.run_once(app)
        yield from (_read(taken.message, zones, now) for taken in post.taken)
        post.taken.clear()
        now += HOUR
    with app.app_context():
        db.engine.dispose()


def _begin(now: datetime) -> dict[str, str]:
    """Return everybody's zone by address."""
    with Session(db.engine) as session:
        session.execute(update(OutboxMail).values(state=MailState.SENT, ended_at=now))
        rows = [*session.scalars(select(Person)), *session.scalars(select(Candidate))]
        zones = {row.email: row.zone for row in rows}
        session.commit()
        return zones


def _read(message: EmailMessage, zones: dict[str, str], now: datetime) -> Read:
    [receiver] = message["To"].addresses
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    return Read(local(now, zones[receiver.addr_spec]), receiver.display_name, str(message["Subject"]), text)
