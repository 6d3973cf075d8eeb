"""How long the sender waits for what. A value, so that a crash harness lives through in a second what takes hours."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Interval, func, literal
from sqlalchemy.orm import Session

# With what a machine slept: a laptop's lid must not be overlooked. Where there is no such clock, the usual one.
_UPTIME = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True)
class Times:
    """What the sender waits for, and how long. Moments of senders on several machines go by ``lease_clock``."""

    # Nobody takes up a mail whose DATA began so recently, not even where its sender's connection was lost.
    lease: timedelta = timedelta(minutes=5)
    connect: timedelta = timedelta(seconds=20)
    # For each answer. Three are awaited after DATA began, which is less than half of a lease.
    answer: timedelta = timedelta(seconds=45)
    # A mail that failed: from a minute to four hours, for three days and ten attempts at the least. One that waited out
    # a long standstill of the server still gets its fair number of tries.
    first_pause: timedelta = timedelta(minutes=1)
    longest_pause: timedelta = timedelta(hours=4)
    patience: timedelta = timedelta(days=3)
    fewest_attempts: int = 10
    # A server that fails.
    first_server_pause: timedelta = timedelta(seconds=5)
    longest_server_pause: timedelta = timedelta(minutes=5)
    # A mail that fails holds back the later ones to its receiver for so long after it was written (see claims).
    holding_back: timedelta = timedelta(minutes=10)


USUAL = Times()


def uptime() -> float:
    """Return the seconds since the machine started: for spans, since it never jumps."""
    return time.clock_gettime(_UPTIME)


def lease_clock(session: Session, now: datetime, later: timedelta = timedelta()) -> Any:
    """Return the moment that senders go by together: PostgreSQL's own, so that machines whose clocks differ agree; on
    SQLite, whose processes share a machine, ``now``."""
    if session.get_bind().dialect.name != "postgresql":
        return now + later
    return func.clock_timestamp(type_=DateTime(timezone=True)) + literal(later, Interval())
