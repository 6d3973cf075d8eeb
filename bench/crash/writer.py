"""The writer: makes facts with mails, and makes some of them untrue while their mails are on the way.

What it made untrue it writes down once the commit is done: ``<ns> link <id>`` and ``<ns> deadline <id>``. All else is
in the database.
"""

import os
import random
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic_ns

from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bench.crash.server import GONE
from tracker.db import db, reading
from tracker.mail import outbox
from tracker.mail.messages import Address, Mail
from tracker.models.application import Application
from tracker.models.candidate import CandidateLink, LinkPurpose
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.person import Person
from tracker.models.region import ClosedDay, Region
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.ladders import Role
from tracker.rules.stages import ApplicationState

# So many mails and due nudges wait at most, so that each life finds some and none is far behind.
BACKLOG = 40
RECEIVERS = 30
# How often, where enough waits, a fact is made untrue whose mail a sender has in hand: who stands still between the
# question whether it is true and DATA, and does not hold the fact meanwhile, shall find it changed.
IN_HAND = 0.2


class Writer:
    """One process that writes until it is told to stop."""

    def __init__(self, app: Flask, seed: int, journal: Path) -> None:
        self.app, self.chance = app, random.Random(seed)
        self.journal = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        # Each writer counts from another number, so that none repeats what another wrote.
        self.number = seed * 10**7
        # What shall be untrue: when, and the change that makes it so.
        self.doomed: deque[tuple[float, str, int]] = deque()
        self.undone: set[tuple[str, int]] = set()

    def write_until(self, is_over: Callable[[], bool]) -> None:
        with self.app.app_context():
            while not is_over():
                self.undo_due()
                if self.waiting() < BACKLOG:
                    self.write()
                else:
                    if self.chance.random() < IN_HAND:
                        self.undo_in_hand()
                    time.sleep(0.01)
            while self.doomed:
                self.undo(*self.doomed.popleft()[1:])

    def write_once(self) -> None:
        with self.app.app_context():
            self.write()
            self.doomed.clear()

    def waiting(self) -> int:
        mails = select(func.count()).where(OutboxMail.state == MailState.WAITING)
        nudges = select(func.count()).where(Nudge.state == NudgeState.WAITING, Nudge.at <= datetime.now(UTC))
        with reading(), Session(db.engine) as session:
            return session.scalars(mails).one() + session.scalars(nudges).one()

    def write(self) -> None:
        """Write one of each kind, in one transaction."""
        now = datetime.now(UTC)
        with Session(db.engine) as session:
            self.number += 1
            facts = [*self.link(session, now), *self.nudge(session, now)]
            self.plain(session, now)
            self.thread(session, now)
            session.commit()
        for kind, key in facts:
            if self.chance.random() < 0.4:
                self.doomed.append((time.monotonic() + self.chance.uniform(0, 0.4), kind, key))

    def post(self, session: Session, now: datetime, key: str, receiver: str, **facts: object) -> None:
        mail = Mail("nudge", Address("R", receiver), f"{key}", f".{key}\n\n.", f"<p>{key}</p>")
        outbox.post(session, mail, now=now, dedupe_key=f"crash:{key}:{self.number}", **facts)  # type: ignore[arg-type]

    def plain(self, session: Session, now: datetime) -> None:
        """A mail that is always true, to one of a few members of staff: order by receiver is put to the test."""
        person = session.get_one(Person, 1)
        self.post(session, now, "plain", f"staff{self.chance.randrange(RECEIVERS)}@crash.example", person=person)
        if self.number % 50 == 0:
            self.post(session, now, "gone", f"{GONE}{self.number}@crash.example", person=person)

    def thread(self, session: Session, now: datetime) -> None:
        """Two mails of one order: an invitation and its cancellation."""
        person = session.get_one(Person, 1)
        receiver = f"thread{self.number}@crash.example"
        for key in ("first", "second"):
            self.post(session, now, key, receiver, person=person, order_key=f"thread:{self.number}")

    def link(self, session: Session, now: datetime) -> list[tuple[str, int]]:
        """A candidate's mail that is true while its link is not revoked."""
        application = session.scalars(select(Application).where(Application.id == 1)).one()
        row = CandidateLink(
            token_digest=f"crash {self.number}",
            application_id=application.id,
            purpose=LinkPurpose.STATUS,
            created_at=now,
            expires_at=now + timedelta(days=9),
        )
        session.add(row)
        session.flush()
        receiver = f"candidate{self.number}@crash.example"
        self.post(session, now, "link", receiver, fact={"link": row.id}, application=application)
        return [("link", row.id)]

    def nudge(self, session: Session, now: datetime) -> list[tuple[str, int]]:
        """An overdue deadline of somebody new whose nudge is due: its mail is raised by the workers."""
        email = f"nudged{self.number}@crash.example"
        owner = Person(name=f"N {self.number}", email=email, zone=noon_zone(now), is_recruiter=True, created_at=now)
        session.add(owner)
        session.flush()
        deadline = Deadline(
            application_id=1,
            requisition_id=1,
            kind=DeadlineKind.APPLICATION_REVIEW,
            subject=self.number,
            owner_id=owner.id,
            day0_at=now - timedelta(days=20),
            business_days=5,
            zone="UTC",
            due_at=now - timedelta(days=10),
            opened_at=now - timedelta(days=20),
        )
        session.add(deadline)
        session.flush()
        step = {"deadline_id": deadline.id, "revision": 1, "person_id": owner.id, "role": Role.OWNER}
        session.add(Nudge(**step, step="overdue+1", at=now - timedelta(days=9), state=NudgeState.WAITING))
        return [("deadline", deadline.id)]

    def undo_due(self) -> None:
        while self.doomed and self.doomed[0][0] <= time.monotonic():
            self.undo(*self.doomed.popleft()[1:])

    def undo_in_hand(self) -> None:
        """Make one fact untrue of the mails that senders have in hand, if there is any."""
        held = select(OutboxMail.fact).where(OutboxMail.state == MailState.CLAIMED)
        with reading(), Session(db.engine) as session:
            facts = session.scalars(held).all()
            nudges = [each for fact in facts for each in fact.get("nudges", ())]
            deadlines = session.scalars(select(Nudge.deadline_id).where(Nudge.id.in_(nudges))).all()
        links = [("link", fact["link"]) for fact in facts if "link" in fact]
        found = [each for each in [*links, *(("deadline", key) for key in deadlines)] if each not in self.undone]
        if found:
            self.undo(*self.chance.choice(found))

    def undo(self, kind: str, key: int) -> None:
        if (kind, key) in self.undone:
            return
        self.undone.add((kind, key))
        now = datetime.now(UTC)
        with Session(db.engine) as session:
            if kind == "link":
                session.execute(update(CandidateLink).where(CandidateLink.id == key).values(revoked_at=now))
            else:
                closed = {"state": DeadlineState.CANCELLED, "closed_at": now, "revision": 2}
                session.execute(update(Deadline).where(Deadline.id == key).values(**closed))
            session.commit()
        os.write(self.journal, f"{monotonic_ns()} {kind} {key}\n".encode())


def noon_zone(now: datetime) -> str:
    """Return a zone in which it is about noon: what a morning should have said is said until the evening alone."""
    ahead = 12 - now.astimezone(UTC).hour
    # The names of these zones have the sign of the other direction.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def prepare(app: Flask) -> None:
    """Make the facts that are there before: one active application, whose recruiter is not nudged himself.

    Every day is a business day: nudges wait for one, and the harness runs on any day of the year.
    """
    with app.app_context(), Session(db.engine) as session:
        session.execute(
            update(Application).where(Application.id == 1).values(state=ApplicationState.ACTIVE, closed_at=None)
        )
        session.execute(delete(ClosedDay))
        for region in session.scalars(select(Region)):
            region.weekend = ""
            region.calendar_changed()
        session.commit()
