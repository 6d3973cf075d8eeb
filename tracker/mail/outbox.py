"""Putting an e-mail into the outbox, in the transaction of the fact that causes it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.db import upsert
from tracker.mail.envelope import seal
from tracker.mail.messages import Address, Mail
from tracker.mail.own_words import all_in_own_words, in_own_words
from tracker.models.application import Application
from tracker.models.outbox import MailAbout, MailState, OutboxMail
from tracker.models.person import Person

_WATCHED = "posted_mails"


@dataclass(frozen=True)
class Posted:
    """A mail as a verb wrote it, and its row in the outbox, which nobody else sees before the commit."""

    mail: Mail
    row: OutboxMail


@dataclass(frozen=True)
class Draft:
    """A mail that is to be posted, with what ``post`` is told of it."""

    mail: Mail
    dedupe_key: str
    fact: dict[str, Any]
    person: Person | None
    application: Application | None
    order_key: str | None = None
    # Ids of the applications that it speaks of, where that is not the one.
    about: tuple[int, ...] = ()


@contextmanager
def watched(session: Session) -> Iterator[list[Posted]]:
    """Collect what is posted inside of the block by this session (and by no other), in its order."""
    found: list[Posted] = []
    session.info[_WATCHED] = found
    try:
        yield found
    finally:
        del session.info[_WATCHED]


def post(
    session: Session,
    mail: Mail,
    *,
    now: datetime,
    dedupe_key: str,
    fact: dict[str, Any] | None = None,
    order_key: str | None = None,
    person: Person | None = None,
    application: Application | None = None,
    about: Sequence[int] = (),
) -> OutboxMail:
    """Put a mail into the outbox; where one with this key is there already, return that one.

    ``dedupe_key`` names the fact and its version; ``fact`` is asked of the database before it goes out (see
    ``queries/truth.py``), empty means that it always holds. What is for ``person`` holds only while he or she may still
    be told: that is asked too. Mails of one ``order_key`` go out in order. What speaks of no ``application`` alone says
    ``about`` which it speaks (their ids), so that it is found when one of them is erased.
    """
    by_key = select(OutboxMail).where(OutboxMail.dedupe_key == dedupe_key)
    there = session.scalar(by_key)
    if there is not None:
        return there
    if application is not None and person is None:
        # Candidates answer to the person who writes to them, not to the sender of all mails.
        recruiter = application.requisition.recruiter
        mail = replace(mail, reply_to=Address.of(recruiter))
    mail = in_own_words(session, mail)
    draft = Draft(mail, dedupe_key, fact or {}, person, application, order_key)
    row = OutboxMail(**_columns(draft, mail, now))
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
            session.add_all(MailAbout(mail_id=row.id, application_id=each) for each in sorted(set(about)))
    except IntegrityError:
        # Somebody posted the same in this very moment.
        return session.scalars(by_key).one()
    if _WATCHED in session.info:
        session.info[_WATCHED].append(Posted(mail, row))
    return row


def post_all(session: Session, drafts: Sequence[Draft], *, now: datetime) -> None:
    """Put many mails into the outbox as ``post`` does, with two statements for all of them, and two more where one
    speaks of several applications. Whoever watches a verb is not told of them."""
    mails = all_in_own_words(session, [draft.mail for draft in drafts])
    rows = [_columns(draft, mail, now) for draft, mail in zip(drafts, mails, strict=True)]
    session.execute(upsert(session, OutboxMail).on_conflict_do_nothing(), rows)
    of_several = {draft.dedupe_key: draft.about for draft in drafts if draft.about}
    if of_several:
        by_key = select(OutboxMail.id, OutboxMail.dedupe_key).where(OutboxMail.dedupe_key.in_(of_several))
        spoken_of = [
            {"mail_id": row.id, "application_id": each}
            for row in session.execute(by_key)
            for each in sorted(set(of_several[row.dedupe_key]))
        ]
        session.execute(upsert(session, MailAbout).on_conflict_do_nothing(), spoken_of)


def times_dropped(session: Session, kind: str, person: Person | None, application: Application) -> int:
    """Return how many mails of a kind to somebody (None: the candidate) about an application were dropped: no longer
    true, so never sent."""
    dropped = select(func.count()).where(
        OutboxMail.application_id == application.id,
        OutboxMail.person_id == (person.id if person else None),
        OutboxMail.kind == kind,
        OutboxMail.state == MailState.DROPPED,
    )
    return session.scalar(dropped) or 0


def _columns(draft: Draft, mail: Mail, now: datetime) -> dict[str, Any]:
    return {
        "dedupe_key": draft.dedupe_key,
        "fact": draft.fact | _receiver(draft.person, draft.application),
        "order_key": draft.order_key,
        "person_id": draft.person.id if draft.person else None,
        "application_id": draft.application.id if draft.application else None,
        "state": MailState.WAITING,
        "created_at": now,
        "next_try_at": now,
    } | _message(mail, draft.dedupe_key, now)


def _receiver(person: Person | None, application: Application | None) -> dict[str, Any]:
    if person is None:
        return {}
    return {"person": person.id} | ({"about": application.id} if application else {})


def write(row: OutboxMail, mail: Mail, *, now: datetime) -> None:
    """Make the message of a row anew, where it is edited in the transaction that it was posted in."""
    for name, value in _message(mail, row.dedupe_key, now).items():
        setattr(row, name, value)


def _message(mail: Mail, dedupe_key: str, now: datetime) -> dict[str, Any]:
    settings = current_app.config["TRACKER"]
    envelope = seal(mail, sender=settings.mail_from, base_url=settings.base_url, dedupe_key=dedupe_key, now=now)
    return {
        "kind": mail.kind,
        "receiver": mail.receiver.email,
        "subject": mail.subject,
        "message": envelope.message,
        "message_id": envelope.message_id,
    }
