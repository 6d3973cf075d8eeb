"""How the tracker itself does, in figures: read from the database, so that every process tells the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.deadline import IS_PROMISE, Deadline, Nudge, NudgeState
from tracker.models.interview import Loop
from tracker.models.outbox import MailState, Reminder
from tracker.models.tick_fault import TickFault
from tracker.queries import heartbeats, outbox
from tracker.rules.deadlines import DeadlineKind, DeadlineState


@dataclass(frozen=True)
class Due:
    """What a tick has to do now: how much, and since when the longest of it waits (None: nothing does)."""

    count: int
    since: datetime | None


@dataclass(frozen=True)
class Promises:
    """Outcomes by their promise: delivered in time; too late, or due and not delivered yet; not due yet, or paused."""

    kept: int
    broken: int
    open: int


@dataclass(frozen=True)
class Database:
    """What the database is ("SQLite 3.40.1") and how large (bytes)."""

    product: str
    size: int


@dataclass(frozen=True)
class Figures:
    """``beats`` is when each tick was last finished, None for one that never was; ``due`` goes by the tick's items."""

    beats: Mapping[str, datetime | None]
    mails: Mapping[MailState, int]
    oldest_unsent_at: datetime | None
    due: Mapping[str, Due]
    overdue: Mapping[DeadlineKind, int]
    promises: Promises
    is_paused: bool


def figures(session: Session, now: datetime) -> Figures:
    """Return all of them at a moment. Each statement reads an index of what is unsettled, or of the promises."""
    overdue = _overdue(session, now)
    return Figures(
        beats=heartbeats.last_beats(session),
        mails=outbox.unsettled(session),
        oldest_unsent_at=outbox.oldest_unsent_at(session),
        due=due(session, now),
        overdue=overdue,
        promises=_promises(session, overdue[DeadlineKind.PROMISE]),
        is_paused=outbox.pause(session) is not None,
    )


def due(session: Session, now: datetime) -> dict[str, Due]:
    """Return what the ticks have to do now: nudges and reminders to be raised, loops that are over."""
    asked: dict[str, AnySelect] = {
        "nudges": select(func.count(), func.min(Nudge.at)).where(Nudge.state == NudgeState.WAITING, Nudge.at <= now),
        "reminders": select(func.count(), func.min(Reminder.at)).where(Reminder.done_at.is_(None), Reminder.at <= now),
        "loops": select(func.count(), func.min(Loop.awaited_at)).where(Loop.awaited_at <= now),
    }
    return {name: Due(*session.execute(query).one()) for name, query in asked.items()}


def faults(session: Session, most: int) -> Sequence[TickFault]:
    """Return the kinds of errors that came last, the latest first."""
    return session.scalars(select(TickFault).order_by(TickFault.last_at.desc(), TickFault.id.desc()).limit(most)).all()


def database(session: Session) -> Database:
    """Return what the database says of itself."""
    if session.get_bind().dialect.name == "postgresql":
        version, size = session.execute(
            text("SELECT current_setting('server_version'), pg_database_size(current_database())")
        ).one()
        return Database(f"PostgreSQL {version}", size)
    pages = "pragma_page_count() AS pages, pragma_page_size() AS page"
    version, size = session.execute(text(f"SELECT sqlite_version(), page_count * page_size FROM {pages}")).one()  # noqa: S608
    return Database(f"SQLite {version}", size)


def _overdue(session: Session, now: datetime) -> dict[DeadlineKind, int]:
    late = select(Deadline.kind, func.count()).where(Deadline.state == DeadlineState.OPEN, Deadline.due_at < now)
    counts = {kind: count for kind, count in session.execute(late.group_by(Deadline.kind))}
    return {kind: counts.get(kind, 0) for kind in DeadlineKind}


def _promises(session: Session, overdue: int) -> Promises:
    counted = select(Deadline.state, func.count()).where(text(IS_PROMISE)).group_by(Deadline.state)
    counts = {state: count for state, count in session.execute(counted)}
    running = counts.get(DeadlineState.OPEN, 0) + counts.get(DeadlineState.PAUSED, 0)
    return Promises(
        kept=counts.get(DeadlineState.MET, 0),
        broken=counts.get(DeadlineState.MET_LATE, 0) + overdue,
        open=running - overdue,
    )
