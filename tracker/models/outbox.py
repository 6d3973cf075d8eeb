"""E-mails waiting to be sent, or sent. Written in the transaction of the fact that causes them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base, index_where


class MailState(StrEnum):
    """waiting -> claimed -> sent; or dropped (its fact no longer holds), or dead (a person must look)."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    DROPPED = "dropped"
    DEAD = "dead"


# How the note begins of a mail that may have arrived: its fate is unknown, or it was sent and that could not be noted.
UNKNOWN, UNNOTED = "fate unknown:", "sent,"


class MailFate(StrEnum):
    """What became of a mail, as it is told to people: its state, and apart what a person gave up or has to find out."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    UNTRUE = "untrue"
    GIVEN_UP = "given_up"
    GIVEN_UP_IN_DOUBT = "given_up_in_doubt"
    DEAD = "dead"
    IN_DOUBT = "in_doubt"


def may_have_arrived(last_error: str) -> bool:
    """Whether what is noted of a mail leaves open that its receiver has it; whatever becomes of it later."""
    return last_error.startswith((UNKNOWN, UNNOTED))


def fate(state: MailState, last_error: str) -> MailFate:
    """Return what became of a mail. One that was dropped because it was no longer true bears no error."""
    in_doubt = may_have_arrived(last_error)
    if state is MailState.DEAD:
        return MailFate.IN_DOUBT if in_doubt else MailFate.DEAD
    if state is MailState.DROPPED:
        given_up = MailFate.GIVEN_UP if last_error else MailFate.UNTRUE
        return MailFate.GIVEN_UP_IN_DOUBT if in_doubt else given_up
    return MailFate(state.value)


# In the words of the index below, which keeps the oldest of these at hand however many were sent.
UNSENT = "state IN ('waiting', 'claimed')"
# The same for the index of those that are to be erased once they are settled.
LAST_WORD = "is_last_word"


class OutboxMail(Base):
    """One e-mail to one receiver, its bytes made once.

    ``dedupe_key`` names the fact and its version, unique. ``fact`` is asked of the database in the moment before the
    mail goes out. Mails to one receiver go out in the order of their ids (see ``mail/claims.py``), those of one
    ``order_key`` strictly so. ``token`` is that of the sender that has it in hand.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        Index(None, "state", "next_try_at", "id"),
        index_where("ix_outbox_mail_unsent", "created_at", where=UNSENT),
        index_where("ix_outbox_mail_last_word", "state", where=LAST_WORD),
        Index(None, "ended_at"),
        Index(None, "order_key", "id"),
        Index(None, "receiver", "state", "id"),
        Index(None, "application_id", "id"),
        Index(None, "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    # The folder of its templates: invitation, nudge, digest, outcome, ...
    kind: Mapped[str]
    receiver: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    subject: Mapped[str]
    message: Mapped[bytes]
    message_id: Mapped[str] = mapped_column(unique=True)
    fact: Mapped[dict[str, Any]]
    order_key: Mapped[str | None]
    state: Mapped[MailState] = mapped_column(default=MailState.WAITING)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    data_started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
    # It tells somebody that he or she was erased: it is erased too, once it is settled.
    is_last_word: Mapped[bool | None]

    @property
    def fate(self) -> MailFate:
        """What became of it."""
        return fate(self.state, self.last_error)


class MailAbout(Base):
    """A mail that speaks of several applications, and so names none as its own (a digest), and each of these."""

    __tablename__ = "mail_about"
    __table_args__ = (Index(None, "application_id"),)

    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)


class OutboxPause(Base):
    """The one row (id 1) that is there while nothing is raised and nothing goes out: a backup was restored.

    What waits may be stale, or was sent after the backup was made: a person looks and releases it.
    """

    __tablename__ = "outbox_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    # When the backup was made.
    backup_at: Mapped[datetime]


class MailPace(Base):
    """One row: when the next mail may be taken up, where the setting limits how many are sent each minute."""

    __tablename__ = "mail_pace"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_at: Mapped[datetime]


class Reminder(Base):
    """A mail to be written at a moment: the day before and an hour before an interview, to one receiver.

    Unique by interview, its sequence, step and receiver. ``person_id`` None is the candidate.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        Index(None, "done_at", "at"),
        Index("uq_reminder_receiver", "interview_id", "sequence", "step", "receiver", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    sequence: Mapped[int]
    step: Mapped[str]
    receiver: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Heartbeat(Base):
    """When a tick last finished: health is what the tick wrote, never what the scheduler says of itself."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
