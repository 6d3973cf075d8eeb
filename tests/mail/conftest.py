"""A mail server, mails to send, and a sender whose clock and facts the test sets."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.factories import MONDAY
from tests.mail import server
from tests.mail.server import Post
from tracker.db import db, reading
from tracker.mail import outbox
from tracker.mail.delivery import Fact, Hooks
from tracker.mail.messages import Address, Mail
from tracker.mail.sender import Sender
from tracker.models.outbox import MailState, OutboxMail

# The token of a sender that is no more.
LOST = "0123456789abcdef" * 2


@pytest.fixture
def post(in_app: Flask) -> Iterator[Post]:
    """A mail server that the application's settings name."""
    with server.running() as post:
        in_app.config["TRACKER"] = replace(in_app.config["TRACKER"], mail=post.settings)
        yield post


def a_mail(subject: str = "Hello", to: str = "ada@candidates.example", **facts: Any) -> Mail:
    return Mail("nudge", Address("Ada Lovelace", to), subject, "Text", "<p>Text</p>", **facts)


def look(mail_id: int) -> OutboxMail:
    """Return a mail's row as it is now; nothing is left open that would keep the sender from writing."""
    with reading(), Session(db.engine) as session:
        row = session.get_one(OutboxMail, mail_id)
        session.expunge(row)
        return row


Put = Callable[..., int]


@pytest.fixture
def put(in_app: Flask, session: Session) -> Put:
    """``put(subject, to=..., fact=..., order_key=...)`` puts a mail into the outbox, commits, and returns its id."""
    numbers = iter(range(1, 10_000))

    def put(subject: str = "Hello", to: str = "ada@candidates.example", **facts: Any) -> int:
        key = facts.pop("dedupe_key", f"test:{next(numbers)}")
        now = facts.pop("now", MONDAY)
        row = outbox.post(session, a_mail(subject, to), now=now, dedupe_key=key, **facts)
        mail_id = row.id
        session.commit()
        return mail_id

    return put


class Listener:
    """Hooks that write down what they are asked, and answer as the test wants."""

    def __init__(self) -> None:
        self.truth = True
        self.sent: list[Fact] = []
        self.dropped: list[Fact] = []
        self.failures: list[Exception] = []
        self.troubles: list[Exception] = []

    def on_sent(self, _session: Session, fact: Fact, _now: datetime) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(fact)

    @property
    def hooks(self) -> Hooks:
        return Hooks(
            holds=lambda _session, _fact, _now: self.truth,
            sent=self.on_sent,
            dropped=lambda _session, fact, _now: self.dropped.append(fact),
            unreachable=self.troubles.append,
        )


class Hand:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.moment = MONDAY

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def sender(in_app: Flask, post: Post, listener: Listener, hand: Hand) -> Sender:
    return make(in_app, listener, hand)


def make(
    app: Flask,
    listener: Listener,
    hand: Hand,
    wait: Callable[[float], object] = lambda _seconds: None,
    **changes: Any,
) -> Sender:
    settings = replace(app.config["TRACKER"], **changes)
    return Sender(db.engine, settings, listener.hooks, clock=hand, wait=wait)


def abandon(session: Session, mail: int, *, started: bool) -> None:
    """Leave a mail as a sender does that was lost: claimed, its lease over."""
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail)
        .values(
            state=MailState.CLAIMED,
            token=LOST,
            leased_until=MONDAY - timedelta(days=400),
            data_started_at=MONDAY - timedelta(days=400) if started else None,
        )
    )
    session.commit()
