"""What a person does about an e-mail that is stuck: send it again, drop it, or say that it arrived."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.person import Person
from tracker.pipeline import outcome
from tracker.pipeline.record import note_change
from tracker.rules.refused import Refused


class NotStuck(Refused):
    """The e-mail is not stuck any more, or never was."""


def resend(session: Session, mail_id: int, *, by: Person, now: datetime) -> None:
    """Let a stuck e-mail be tried again from the start, with the same bytes; where its fact no longer holds, the sender
    drops it. Raises NotStuck."""
    mail = _stuck(session, mail_id)
    mail.state, mail.next_try_at, mail.attempts = MailState.WAITING, now, 0
    mail.data_started_at = mail.ended_at = None
    _note(session, mail, "resend", "is sent again", by, now)


def drop(session: Session, mail_id: int, *, by: Person, now: datetime) -> None:
    """Give a stuck e-mail up for good. Raises NotStuck."""
    mail = _stuck(session, mail_id)
    mail.state, mail.ended_at = MailState.DROPPED, now
    _note(session, mail, "drop", "was given up", by, now)


def mark_delivered(session: Session, mail_id: int, *, by: Person, now: datetime) -> None:
    """Say that a stuck e-mail arrived after all; what follows from it (an outcome delivered) follows now.

    Raises NotStuck.
    """
    mail = _stuck(session, mail_id)
    mail.state, mail.ended_at = MailState.SENT, now
    _note(session, mail, "arrived", "arrived, as somebody found out", by, now)
    if "outcome" in mail.fact:
        outcome.delivered(session, mail.fact["outcome"], now=now)


def _stuck(session: Session, mail_id: int) -> OutboxMail:
    dead = select(OutboxMail).where(OutboxMail.id == mail_id, OutboxMail.state == MailState.DEAD)
    mail = session.scalar(dead.with_for_update())
    if mail is None:
        raise NotStuck("This e-mail is not stuck any more: somebody was faster.")
    return mail


def _note(session: Session, mail: OutboxMail, verb: str, words: str, by: Person, now: datetime) -> None:
    application = session.get(Application, mail.application_id) if mail.application_id else None
    text = f"The e-mail “{mail.subject}” to {mail.receiver} {words}"
    note_change(session, f"outbox.{verb}", text, by=by, now=now, application=application)
    session.flush()
