"""One campaign on one database: the server, the writer, the lives in their phases, then peace, and the books."""

import gc
import os
import random
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.crash import books, foes, lives
from bench.crash.books import Books
from bench.crash.lives import Blows, Fate, Life, Spoil
from bench.crash.server import Manners, serve
from bench.crash.writer import Writer, prepare
from bench.generate import fill
from bench.pages import application_on
from config import MailServer
from tracker import clock
from tracker.db import db, make_engine, reading
from tracker.models.deadline import Nudge, NudgeState
from tracker.models.outbox import MailState, OutboxMail
from tracker.worker import tasks

DRAIN_SECONDS = 120.0


@dataclass(frozen=True)
class Counts:
    """How many of each there are to be."""

    kills: int = 5_000
    freezes: int = 500
    terms: int = 500
    cuts: int = 500
    ahead: int = 500


@dataclass
class Campaign:
    """A campaign in a folder of its own, on an empty, migrated database.

    ``spoil`` makes the senders wrong.
    """

    url: str
    folder: Path
    seed: int
    counts: Counts
    workers: int = 3
    spoil: Spoil = lambda: None
    blows: Blows = Blows()

    def run(self) -> Books:
        """Run all of it and return the books."""
        self.chance = random.Random(self.seed)
        self.ended: list[Life] = []
        self.alive: dict[int, Life] = {}
        self.begun = 0
        self.journal = os.open(self.folder / "lives", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._run()
        finally:
            for life in self.alive.values():
                os.kill(life.pid, signal.SIGKILL)
            os.close(self.journal)
        engine = make_engine(self.url)
        try:
            return books.balance(engine, self.folder, self.ended, self.warmed_up)
        finally:
            engine.dispose()

    def _run(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.app = self._application(listening.getsockname()[1])
            manners = Manners(chance=random.Random(self.seed))
            with _process(lambda: serve(listening, manners, self.folder / "server")) as server:
                self._warm_up()
                with _process(self._write):
                    self._phases()
                os.kill(server, signal.SIGUSR1)
                self._drain()

    def _application(self, port: int) -> Flask:
        engine = make_engine(self.url)
        fill(engine, 10)
        engine.dispose()
        app = application_on(self.url, self.folder)
        settings = replace(app.config["TRACKER"], mail=MailServer("127.0.0.1", port), mail_in_doubt="ask")
        app.config["TRACKER"] = settings
        prepare(app)
        return app

    def _warm_up(self) -> None:
        """Import, compile and cache all that a life needs, and leave no connection for it to inherit."""
        Writer(self.app, 0, self.folder / "untrue").write_once()
        with self.app.app_context():
            tasks.work_off_facts(clock.now())
            tasks.send_mail(tasks.make_sender(self.app, lives.TIMES))
            with reading(), Session(db.engine) as session:
                # This process keeps no books of what it says to the server.
                self.warmed_up = session.scalars(select(func.max(OutboxMail.id))).one()
            db.engine.dispose()
        gc.collect()
        gc.freeze()

    def _write(self) -> None:
        Writer(self.app, self.seed, self.folder / "untrue").write_until(foes.until_sigterm())

    def _phases(self) -> None:
        counts = self.counts
        self._live(counts.kills, [Fate.KILL] * self.workers)
        self._live(counts.terms, [Fate.TERM] * self.workers)
        self._live(counts.freezes, [Fate.FREEZE] * (2 * self.workers))
        self._live(counts.ahead, [Fate.AHEAD, *[Fate.KILL] * (self.workers - 1)], Fate.AHEAD)
        if counts.cuts:
            self._cut(counts.cuts)

    def _live(self, count: int, fates: list[Fate], counted: Fate | None = None) -> None:
        """Keep a life going in each slot until so many have ended."""
        done = 0
        while done < count:
            done += sum(counted in (None, life.fate) for life in self._turn(fates))
        self._end()

    def _cut(self, count: int) -> None:
        """Keep lives going while they are cut off from the database so many times."""
        tally = self.folder / "cuts"
        descriptor = os.open(tally, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

        def cut() -> None:
            foes.cut_until(self.url, self.seed, foes.until_sigterm(), lambda: os.write(descriptor, b"."))

        with _process(cut):
            while tally.stat().st_size < count:
                self._turn([Fate.CUT] * self.workers)
        self._end()
        os.close(descriptor)

    def _turn(self, fates: list[Fate]) -> list[Life]:
        """Begin what is missing, look after what lives; return those that ended."""
        for slot, fate in enumerate(fates):
            if slot not in self.alive:
                self.begun += 1
                given = (self.app, self.begun, fate, self.journal, self.chance, self.spoil, self.blows)
                self.alive[slot] = lives.begin(*given)
        time.sleep(0.002)
        now = time.monotonic()
        gone = [slot for slot, life in self.alive.items() if lives.look_after(life, now, self.chance)]
        ended = [self.alive.pop(slot) for slot in gone]
        self.ended += ended
        return ended

    def _end(self) -> None:
        for life in self.alive.values():
            life.patience = 0.0
        while self.alive:
            self._turn([])

    def _drain(self) -> None:
        """Peace: senders that nobody disturbs send what is left, by a clock that is far ahead."""
        until = time.monotonic() + DRAIN_SECONDS
        while self._unsettled() and time.monotonic() < until:
            for _ in range(100):
                self._turn([Fate.DRAIN, Fate.DRAIN])
        self._end()

    def _unsettled(self) -> int:
        engine = make_engine(self.url)
        open_ones = select(func.count()).where(OutboxMail.state.in_([MailState.WAITING, MailState.CLAIMED]))
        due = select(func.count()).where(Nudge.state == NudgeState.WAITING, Nudge.at <= datetime.now(UTC))
        with reading(), Session(engine) as session:
            count = session.scalars(open_ones).one() + session.scalars(due).one()
        # No life that is forked afterwards shall inherit the connection.
        engine.dispose()
        return count


@contextmanager
def _process(work: Callable[[], None]) -> Iterator[int]:
    """Do some work in a process of its own, until it is asked to end."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    try:
        yield pid
    finally:
        os.kill(pid, signal.SIGTERM)
        _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, -signal.SIGTERM):
        raise RuntimeError("a helper of the harness failed; what it said stands above")
