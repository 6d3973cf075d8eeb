"""What a person does about e-mails: about a stuck one, and about all that wait after a backup was restored."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.outbox import MailState, OutboxMail, OutboxPause
from tracker.models.person import Person
from tracker.pipeline import outcome
from tracker.pipeline.record import note_change
from tracker.rules.refused import Refused


class NotStuck(Refused):
    """The e-mail is not stuck any more, or never was."""


class NotPaused(Refused):
    """The outbox was released already, or never was paused."""


def release(session: Session, *, drop_before: datetime | None, by: Person, now: datetime) -> int:
    """Let nudges be raised and e-mails go out again; give up those written before a moment, and return how many.

    Raises NotPaused.
    """
    pause = session.scalar(select(OutboxPause).with_for_update())
    if pause is None:
        raise NotPaused("The e-mails go out already: somebody was faster.")
    dropped = 0
    if drop_before is not None:
        stale = OutboxMail.state.in_([MailState.WAITING, MailState.CLAIMED]) & (OutboxMail.created_at < drop_before)
        given_up = {"state": MailState.DROPPED, "ended_at": now, "token": None, "leased_until": None}
        dropped = len(session.scalars(update(OutboxMail).where(stale).values(given_up).returning(OutboxMail.id)).all())
    session.delete(pause)
    text = f"E-mails go out again after the backup of {pause.backup_at:%Y-%m-%d %H:%M} UTC was restored"
    note_change(session, "outbox.release", f"{text}; {dropped} of them were given up", by=by, now=now)
    session.flush()
    return dropped


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
