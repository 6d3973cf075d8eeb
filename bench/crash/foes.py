"""What cuts senders off from the database: PostgreSQL ends their sessions; on SQLite somebody holds the lock."""

import random
import signal
import time
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bench.crash.lives import BUSY_MS, NAME
from tracker.db import make_engine


def cut_until(url: str, seed: int, is_over: Callable[[], bool], count: Callable[[], object]) -> None:
    """Cut again and again; ``count`` is called for each time that somebody was cut off."""
    chance, engine = random.Random(seed), make_engine(url)
    cut = _end_a_session if engine.dialect.name == "postgresql" else _hold_the_lock
    while not is_over():
        time.sleep(chance.uniform(0.02, 0.25))
        if cut(engine, chance):
            count()


def _end_a_session(engine: Engine, chance: random.Random) -> bool:
    with engine.connect() as connection:
        named = sa.text("SELECT pid FROM pg_stat_activity WHERE application_name = :name")
        pids = list(connection.scalars(named, {"name": NAME}))
        if not pids:
            return False
        return bool(connection.scalar(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": chance.choice(pids)}))


def _hold_the_lock(engine: Engine, chance: random.Random) -> bool:
    """Hold the lock for longer than a sender waits for it."""
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        time.sleep(chance.uniform(1.2, 3) * BUSY_MS / 1000)
        connection.rollback()
    return True


def until_sigterm() -> Callable[[], bool]:
    """Return what says whether this process was asked to end."""
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: ended.append(number))
    return lambda: bool(ended)
