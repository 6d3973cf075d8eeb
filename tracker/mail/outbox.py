"""Putting an e-mail into the outbox, in the transaction of the fact that causes it."""

from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.mail.envelope import seal
from tracker.mail.messages import Address, Mail
from tracker.models.application import Application
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.person import Person


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
) -> OutboxMail:
    """Put a mail into the outbox; where one with this key is there already, return that one.

    ``dedupe_key`` names the fact and its version; ``fact`` is asked of the database before it goes out (see
    ``queries/truth.py``), empty means that it always holds. Mails of one ``order_key`` go out in order.
    """
    by_key = select(OutboxMail).where(OutboxMail.dedupe_key == dedupe_key)
    there = session.scalar(by_key)
    if there is not None:
        return there
    # Candidates answer to the person who writes to them, not to the sender of all mails.
    answers = application.requisition.recruiter if application is not None and person is None else None
    row = _row(mail, now, dedupe_key, Address(answers.name, answers.email) if answers else None)
    row.fact, row.order_key = fact or {}, order_key
    row.person_id = person.id if person else None
    row.application_id = application.id if application else None
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # Somebody posted the same in this very moment.
        return session.scalars(by_key).one()
    return row


def _row(mail: Mail, now: datetime, dedupe_key: str, reply_to: Address | None) -> OutboxMail:
    settings = current_app.config["TRACKER"]
    envelope = seal(
        mail,
        sender=settings.mail_from,
        base_url=settings.base_url,
        dedupe_key=dedupe_key,
        now=now,
        reply_to=reply_to,
    )
    return OutboxMail(
        dedupe_key=dedupe_key,
        kind=mail.kind,
        receiver=mail.receiver.email,
        subject=mail.subject,
        message=envelope.message,
        message_id=envelope.message_id,
        state=MailState.WAITING,
        created_at=now,
        next_try_at=now,
    )
