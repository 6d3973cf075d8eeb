"""Workers as processes: asked to end, killed, frozen, and several at once. No mail is lost, none goes out twice."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
from flask import Flask
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from tests.conftest import PROJECT
from tests.mail import server
from tests.mail.conftest import Put, look, put
from tests.mail.server import Post
from tests.worker.conftest import mails
from tracker import clock
from tracker.db import db
from tracker.mail.locks import LOCK_CLASS, advisory_key
from tracker.mail.sender import Sender
from tracker.models.outbox import MailState, OutboxMail
from tracker.worker import tasks

__all__ = ["put"]
PATIENCE = 60


class Workers:
    """Starts workers on the test's database and mail server, and ends those that are left."""

    def __init__(self, database: str, data_dir: Path, post: Post) -> None:
        self.environment = {
            **os.environ,
            "TRACKER_DATABASE_URL": database,
            "TRACKER_DATA_DIR": str(data_dir),
            "TRACKER_MAIL_URL": f"smtp://127.0.0.1:{post.port}",
            "TRACKER_MAIL_FROM": "Hiring <hiring@tracker.example>",
            "TRACKER_SECRET_KEY": "a key for tests only, 32 characters long",
            "TRACKER_BASE_URL": "http://tracker.example",
            "TRACKER_TICK_SECONDS": "1",
        }
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, *options: str, beside: str = "") -> "subprocess.Popen[str]":
        """Start one; ``beside`` is what the process does besides, as a program."""
        worker = f"import sys; from tracker.cli import main; sys.exit(main(['worker', *{list(options)!r}]))"
        program = f"{beside}\n{worker}"
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture
def post(in_app: Flask) -> Iterator[Post]:
    with server.running() as post:
        in_app.config["TRACKER"] = replace(in_app.config["TRACKER"], mail=post.settings)
        yield post


@pytest.fixture
def workers(in_app: Flask, database: str, post: Post) -> Iterator[Workers]:
    workers = Workers(database, in_app.config["TRACKER"].data_dir, post)
    yield workers
    workers.end()


class Gate:
    """Stops the mail server in the middle of a mail, until it is opened."""

    def __init__(self) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self.opened.wait(PATIENCE)

    def wait(self) -> None:
        assert self.reached.wait(PATIENCE)


def read_until(lines: IO[str] | None, words: str) -> None:
    assert lines is not None
    found = []
    for line in lines:
        found.append(line)
        if words in line:
            return
    raise AssertionError("".join(found))


def expire_leases() -> None:
    with Session(db.engine) as session:
        session.execute(update(OutboxMail).values(leased_until=clock.now() - timedelta(days=1)))
        session.commit()


def wait_for_locks(mail_id: int) -> None:
    """Wait until PostgreSQL saw that the killed process is gone; with files the kernel saw it at once."""
    if db.engine.dialect.name != "postgresql":
        return
    token = look(mail_id).token
    assert token is not None
    with db.engine.connect() as connection:
        # Blocks until the lock is free, and gives it back.
        connection.execute(text(f"SELECT pg_advisory_lock({LOCK_CLASS}, {advisory_key(token)})"))
        connection.execute(text(f"SELECT pg_advisory_unlock({LOCK_CLASS}, {advisory_key(token)})"))
        connection.rollback()


def sender(app: Flask) -> Sender:
    return tasks.make_sender(app)


# SIGTERM to another thread than the one that waits, some time after the ticks began.
TO_ANOTHER_THREAD = """
import signal, threading, time

def strike():
    while not any(thread.name == "APScheduler" for thread in threading.enumerate()):
        time.sleep(0.01)
    time.sleep(0.2)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

threading.Thread(target=strike, daemon=True).start()
"""


def test_a_wish_to_end_that_does_not_wake_who_waits_is_heard_soon(workers: Workers) -> None:
    worker = workers.start(beside=TO_ANOTHER_THREAD)
    _, said = worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 0
    assert "The worker has stopped" in said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_is_asked_to_end_finishes_the_mail_in_hand_and_takes_no_other(
    workers: Workers, post: Post, put: Put, number: int
) -> None:
    first, second = put("First"), put("Second")
    post.on_data = gate = Gate()
    worker = workers.start()
    gate.wait()
    worker.send_signal(number)
    read_until(worker.stderr, "The worker stops")
    gate.opened.set()
    assert worker.wait(PATIENCE) == 0
    assert post.subjects == ["First"]
    assert (look(first).state, look(second).state) == (MailState.SENT, MailState.WAITING)


def test_what_a_killed_worker_had_not_begun_goes_out_at_once(
    in_app: Flask, workers: Workers, post: Post, put: Put
) -> None:
    mail = put()
    post.on_rcpt = gate = Gate()
    kill_at(gate, workers)
    assert look(mail).state is MailState.CLAIMED
    wait_for_locks(mail)
    assert sender(in_app).send_due() == 1
    assert len(post.taken) == 1
    assert look(mail).state is MailState.SENT


def test_what_a_killed_worker_had_begun_goes_out_once_its_lease_is_over(
    in_app: Flask, workers: Workers, post: Post, put: Put
) -> None:
    mail = put()
    post.on_data = gate = Gate()
    kill_at(gate, workers)
    wait_for_locks(mail)
    assert sender(in_app).send_due() == 0, "its lease is not over"
    expire_leases()
    assert sender(in_app).send_due() == 1
    # Whether the server took what it had read as the worker died is its own affair.
    assert len({taken.content for taken in post.taken}) == 1
    assert look(mail).state is MailState.SENT


def kill_at(gate: Gate, workers: Workers) -> None:
    worker = workers.start()
    gate.wait()
    worker.kill()
    worker.wait(PATIENCE)
    gate.opened.set()


def test_a_frozen_worker_neither_loses_its_mail_nor_sends_it_twice(
    in_app: Flask, workers: Workers, post: Post, put: Put
) -> None:
    """A laptop's lid: frozen before DATA; it wakes up after what would be its lease."""
    mail = put()
    post.on_rcpt = gate = Gate()
    worker = workers.start("--once")
    gate.wait()
    worker.send_signal(signal.SIGSTOP)
    expire_leases()
    assert sender(in_app).send_due() == 0, "its lock lives as long as it does"
    gate.opened.set()
    worker.send_signal(signal.SIGCONT)
    assert worker.wait(PATIENCE) == 0
    assert (look(mail).state, look(mail).attempts) == (MailState.SENT, 1)
    assert len(post.taken) == 1


def test_two_workers_at_once_send_each_mail_once(workers: Workers, post: Post, put: Put) -> None:
    for n in range(40):
        put(f"Mail {n}", f"ada.{n}@candidates.example")
    both = [workers.start("--once") for _ in range(2)]
    assert [worker.wait(PATIENCE) for worker in both] == [0, 0]
    counted = Counter(post.subjects)
    assert len(counted) == 40
    assert set(counted.values()) == {1}
    # How they share them is not asked: on a busy machine the second may come when the first is done.
    assert {mail.state for mail in mails()} == {MailState.SENT}


def test_a_worker_ends_with_its_work_done(workers: Workers, post: Post, put: Put) -> None:
    put()
    assert workers.start("--once").wait(PATIENCE) == 0
    assert len(post.taken) == 1
