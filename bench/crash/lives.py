"""The lives of senders: each is a process forked from a parent that has imported and compiled everything already."""

import logging
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NoReturn

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.crash.wires import POINTS, Wires
from tracker import clock
from tracker.db import db
from tracker.mail.times import Times
from tracker.worker import tasks, timetable

# What takes hours in life takes a second here. Order by receiver is strict: nothing is overtaken within a day.
TIMES = Times(
    lease=timedelta(seconds=2.4),
    connect=timedelta(seconds=2),
    answer=timedelta(seconds=0.4),
    first_pause=timedelta(seconds=0.05),
    longest_pause=timedelta(seconds=0.5),
    first_server_pause=timedelta(seconds=0.02),
    longest_server_pause=timedelta(seconds=0.1),
    holding_back=timedelta(days=1),
)
BUSY_MS = 150
NAME = "crash life"
IDLE_SECONDS = 2.0
# Who is asked to end finishes one mail.
END_SECONDS = 60.0
PAUSE = 0.02


class Fate(StrEnum):
    """What becomes of a life."""

    KILL = "kill"
    FREEZE = "freeze"
    TERM = "term"
    CUT = "cut"
    AHEAD = "kill, an hour ahead"
    DRAIN = "drain"


@dataclass(frozen=True)
class Blows:
    """Which points of the dialogue blows are aimed at, and the least and most seconds for which one is frozen."""

    points: Sequence[str] = POINTS
    # Longer than the lease.
    frozen: tuple[float, float] = (1.1 * 2.4, 1.6 * 2.4)


@dataclass
class Life:
    """One process. ``patience`` is after how many seconds the parent deals its blow, if the life does not itself: from
    when it had mails in hand, so that most blows fall into the midst of the work."""

    number: int
    fate: Fate
    pid: int
    began_at: float
    patience: float
    # Seconds, where it is to be frozen.
    frozen_for: float
    frozen_at: float | None = None
    # Where it says that it has mails in hand.
    ready: int = -1
    is_ready: bool = False
    is_struck: bool = False
    struck_at: float = 0.0
    is_thawed: bool = False
    status: int | None = None


Spoil = Callable[[], None]


def begin(app: Flask, number: int, fate: Fate, journal: int, chance: random.Random, spoil: Spoil, blows: Blows) -> Life:
    """Fork one life. ``spoil`` makes a wrong sender of it; it does nothing to the real one."""
    is_aimed = fate in (Fate.KILL, Fate.AHEAD, Fate.FREEZE, Fate.TERM) and chance.random() < 0.75
    aim = chance.choice(blows.points) if is_aimed else None
    nth = chance.choice((1, 1, 1, 2, 3, 5))
    patience = 3.0 if is_aimed or fate in (Fate.CUT, Fate.DRAIN) else chance.uniform(0, 0.15)
    ready, say_ready = os.pipe()
    os.set_blocking(ready, False)
    pid = os.fork()
    if pid == 0:
        wires = Wires(number, journal, aim, nth, _blow(fate))
        wires.say_ready = lambda: os.write(say_ready, b".")
        _live(app, fate, wires, spoil)
    os.close(say_ready)
    return Life(number, fate, pid, time.monotonic(), patience, chance.uniform(*blows.frozen), ready=ready)


def _blow(fate: Fate) -> Callable[[], None]:
    number = {Fate.FREEZE: signal.SIGSTOP, Fate.TERM: signal.SIGTERM}.get(fate, signal.SIGKILL)
    return lambda: os.kill(os.getpid(), number)


def _live(app: Flask, fate: Fate, wires: Wires, spoil: Spoil) -> NoReturn:
    """Be a worker until the end."""
    code = 1
    # Until the worker is up there is nothing to finish.
    signal.signal(signal.SIGTERM, lambda _number, _frame: os._exit(0))
    try:
        logging.disable()
        ahead = {Fate.AHEAD: timedelta(hours=1), Fate.DRAIN: timedelta(hours=2)}.get(fate, timedelta())
        clock.now = lambda: datetime.now(UTC) + ahead
        with app.app_context():
            engine = db.engine
        wires.lay(engine)
        _introduce(engine, fate)
        spoil()
        if fate is Fate.TERM:
            app.config["TRACKER"] = replace(app.config["TRACKER"], tick_seconds=PAUSE)
            timetable.run(app, TIMES)
        else:
            _work(app)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        # No farewell of the interpreter: it would close what belongs to the parent.
        os._exit(code)


def _work(app: Flask) -> None:
    """Do what the ticks do, without their pauses, until SIGTERM; what fails is tried again, as the timetable does."""
    ended: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: ended.append(number))

    def is_over() -> bool:
        return bool(ended)

    with app.app_context():
        sender = tasks.make_sender(app, TIMES)
        while not is_over():
            try:
                done = tasks.work_off_facts(clock.now(), is_over) + tasks.send_mail(sender, is_over)
            except Exception:
                done = 0
            if not done:
                time.sleep(PAUSE)


def _introduce(engine: Engine, fate: Fate) -> None:
    """Let the database know a life, so that it can be cut off; SQLite waits for a lock less long than one is held."""

    @event.listens_for(engine, "connect")
    def introduce(connection: Any, _record: object) -> None:
        if engine.dialect.name == "postgresql":
            connection.execute(f"SET application_name = '{NAME}'")
            connection.commit()
        elif fate is Fate.CUT:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")


def look_after(life: Life, now: float, chance: random.Random) -> bool:
    """Deal a life its blow when its patience is over, thaw it, reap it; return whether it has ended.

    Raises RuntimeError where one goes on that was asked to end.
    """
    pid, status = os.waitpid(life.pid, os.WNOHANG | os.WUNTRACED)
    if pid and os.WIFSTOPPED(status):
        life.frozen_at = now
    elif pid:
        life.status = os.waitstatus_to_exitcode(status)
        os.close(life.ready)
        return True
    elif not life.is_ready:
        _await(life, now)
    elif life.frozen_at is not None and now - life.frozen_at > life.frozen_for:
        _thaw(life, now, chance)
    elif life.frozen_at is None and now - life.began_at > life.patience:
        _strike(life, now)
    return False


def _await(life: Life, now: float) -> None:
    with suppress(BlockingIOError):
        os.read(life.ready, 1)
        life.is_ready, life.began_at = True, now
    if now - life.began_at > IDLE_SECONDS:
        # There may be nothing to do.
        life.is_ready = True


def _thaw(life: Life, now: float, chance: random.Random) -> None:
    os.kill(life.pid, signal.SIGCONT)
    life.frozen_at, life.is_thawed = None, True
    # It shall finish what it had in hand.
    life.began_at, life.patience = now, chance.uniform(1.0, 1.5)


def _strike(life: Life, now: float) -> None:
    if life.is_struck:
        if now - life.struck_at > END_SECONDS:
            raise RuntimeError(f"life {life.number} ({life.fate}) does not end, though it was asked to")
        return
    life.struck_at = now
    life.is_struck = life.fate is not Fate.FREEZE or life.is_thawed
    if life.fate is Fate.FREEZE and not life.is_thawed:
        os.kill(life.pid, signal.SIGSTOP)
    elif life.fate in (Fate.KILL, Fate.AHEAD):
        os.kill(life.pid, signal.SIGKILL)
    else:
        os.kill(life.pid, signal.SIGTERM)
