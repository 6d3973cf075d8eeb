"""When the ticks tick. APScheduler is the clock and nothing else: what is due is in the database, nowhere else."""

import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from tracker import clock, logs
from tracker.mail.times import USUAL, Times
from tracker.queries import heartbeats
from tracker.worker import faults, feeds, replies, substitutes, tasks
from tracker.worker.erasing import Erasing

log = logging.getLogger(__name__)

SWEEP_SECONDS = 3600


def run(app: Flask, times: Times = USUAL) -> None:
    """Tick until SIGTERM or SIGINT; then the item in hand is finished, and no other is taken."""
    with _signals(signal.SIGTERM, signal.SIGINT) as wait:
        stop = start(app, times)
        try:
            wait()
        finally:
            stop()


@contextmanager
def _signals(*numbers: signal.Signals) -> Iterator[Callable[[], object]]:
    """Yield what waits for one of these signals.

    It hears what came before the wait, or to another thread, neither of which wakes who waits for an event or a lock.
    """
    hearing, telling = socket.socketpair()
    with hearing, telling:
        telling.setblocking(False)
        before = {number: signal.signal(number, _heard) for number in numbers}
        told_before = signal.set_wakeup_fd(telling.fileno())
        try:
            yield lambda: hearing.recv(1)
        finally:
            signal.set_wakeup_fd(told_before)
            for number, handler in before.items():
                signal.signal(number, handler)


def _heard(_number: int, _frame: FrameType | None) -> None:
    """Take a signal: the interpreter writes it to the socket that is waited for."""


def start(app: Flask, times: Times = USUAL) -> Callable[[], None]:
    """Tick in threads of this process; return what stops them, which waits for the item in hand."""
    # It tells of every tick, and of every one left out while a long one runs.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    stopping = threading.Event()
    scheduler = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(7)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=UTC,
    )
    seconds = app.config["TRACKER"].tick_seconds
    first = clock.now()
    for tick, pause in _ticks(app, stopping, seconds, times):
        scheduler.add_job(tick, "interval", seconds=pause, next_run_time=first)
    scheduler.start()
    log.info("The worker ticks every %s seconds", seconds)

    def stop() -> None:
        stopping.set()
        log.info("The worker stops: what is in hand is finished, nothing else is taken")
        scheduler.shutdown(wait=True)
        log.info("The worker has stopped")

    return stop


def _ticks(app: Flask, stopping: threading.Event, seconds: int, times: Times) -> list[tuple[Callable[[], None], int]]:
    """Return the ticks with their pauses in seconds.

    Mail, people's calendars and replies have their own, since a slow server must not hold up nudges.
    """
    with app.app_context():
        sender = tasks.make_sender(app, times)
    erasing = Erasing(app)

    def facts() -> None:
        tasks.work_off_facts(clock.now(), stopping.is_set)
        tasks.beat(heartbeats.FACTS, clock.now())

    def mail() -> None:
        tasks.send_mail(sender, stopping.is_set)
        tasks.beat(heartbeats.MAIL, clock.now())

    def sweep() -> None:
        tasks.sweep(clock.now())
        erasing.sweep(clock.now(), stopping.is_set)

    def erasures() -> None:
        erasing.finish(clock.now(), stopping.is_set)

    def calendars() -> None:
        feeds.read_feeds(app, stopping.is_set)

    def answers() -> None:
        replies.read_replies(app, stopping.is_set)

    def searches() -> None:
        substitutes.find_substitutes(stopping.is_set)

    return [
        (_guarded(app, stopping, facts), seconds),
        (_guarded(app, stopping, answers), seconds),
        (_guarded(app, stopping, searches), seconds),
        (_guarded(app, stopping, mail), seconds),
        (_guarded(app, stopping, calendars), seconds),
        (_guarded(app, stopping, erasures), seconds),
        (_guarded(app, stopping, sweep), SWEEP_SECONDS),
    ]


def _guarded(app: Flask, stopping: threading.Event, tick: Callable[[], None]) -> Callable[[], None]:
    """Return the tick in an application context; what fails is logged and leaves no heartbeat behind."""

    def guarded() -> None:
        if stopping.is_set():
            return
        try:
            with app.app_context(), logs.about(tick=tick.__name__):
                tick()
        except Exception as error:
            log.exception("The tick of %s failed", tick.__name__)
            with app.app_context():
                faults.note(tick.__name__, error, now=clock.now())

    return guarded
