"""What a tick costs: with nothing due however much there is, and with thousands of nudges due at once.

    python -m bench.ticks                                       SQLite, 10,000 and 1,000,000 open applications
    python -m bench.ticks --sizes 10000 100000 --due 2000 --databases sqlite postgresql

1. A round of the worker with nothing due, on both sizes in turn; printed is the ratio. Each open application has a
   deadline, and a nudge that waits for its day.
2. So many nudges of as many people due at once: how many a second are raised and handed to a local mail server, beside
   a bare loop over smtplib that builds an e-mail of the same words for each of them (EmailMessage, text and HTML) and
   hands it to the same server over one connection, and knows of nothing else: no database, no facts, no second try.
"""

import argparse
import os
import signal
import smtplib
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from bench.crash.server import good_manners, serve
from bench.generate import NOW, fill
from bench.pages import application_on, database
from bench.timing import side_by_side
from config import MailServer
from tracker import clock
from tracker.db import db, make_engine, reading
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.person import Person
from tracker.rules.deadlines import END_OF_DAY, DeadlineState
from tracker.rules.ladders import Role
from tracker.rules.zones import local_date, moment_of
from tracker.worker import tasks

BERLIN = "Europe/Berlin"
# Receiver, subject, text and HTML.
Words = tuple[str, str, str, str]
# Transactions in which some hundred nudges are raised, before they are sent.
AT_A_TIME = 5


def wait_for_their_day(url: str, applications: int) -> None:
    """Fill a database with open applications, each with a nudge that waits."""
    engine = make_engine(url)
    fill(engine, applications, active=1.0)
    late = NOW + timedelta(days=3650)
    waiting = sa.select(
        Deadline.id,
        Deadline.revision,
        Deadline.owner_id,
        sa.literal(Role.OWNER, Nudge.role.type),
        sa.literal("day"),
        sa.literal(late, Nudge.at.type),
        sa.literal(NudgeState.WAITING, Nudge.state.type),
    )
    names = ["deadline_id", "revision", "person_id", "role", "step", "at", "state"]
    with engine.begin() as connection:
        connection.execute(sa.insert(Nudge).from_select(names, waiting))
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    engine.dispose()


def fall_due(url: str, nudges: int) -> None:
    """Fill a database with deadlines that are due today, each of somebody else, whose nudges have just come."""
    engine = make_engine(url)
    fill(engine, nudges, active=1.0)
    today = local_date(NOW, BERLIN)
    with Session(engine) as session:
        first = (session.scalar(sa.select(sa.func.max(Person.id))) or 0) + 1
        people = [
            {"id": first + n, "name": f"Person {n}", "email": f"person.{n}@bench.example", "zone": BERLIN,
             "password_hash": None, "is_recruiter": True, "created_at": NOW}
            for n in range(nudges)
        ]  # fmt: skip
        session.execute(sa.insert(Person), people)
        due_at = moment_of(today, END_OF_DAY, BERLIN)
        session.execute(sa.update(Deadline).values(owner_id=first - 1 + Deadline.id, due_at=due_at))
        rows = session.execute(sa.select(Deadline.id, Deadline.owner_id).where(Deadline.state == DeadlineState.OPEN))
        morning = NOW.replace(hour=8)
        due = [
            {"deadline_id": row.id, "revision": 1, "person_id": row.owner_id, "role": Role.OWNER, "step": "day",
             "at": morning, "state": NudgeState.WAITING}
            for row in rows
        ]  # fmt: skip
        session.execute(sa.insert(Nudge), due)
        session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    engine.dispose()


@contextmanager
def mail_server(folder: Path) -> Iterator[int]:
    """Run a mail server that takes everything, in a process of its own; yield its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        process = get_context("fork").Process(target=serve, args=(listening, good_manners(), folder / "journal"))
        process.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            os.kill(process.pid or 0, signal.SIGTERM)
            process.join()


def bare_loop(port: int, mails: list[Words]) -> None:
    """Build and hand over a message of each in one conversation."""
    with smtplib.SMTP("127.0.0.1", port) as conversation:
        for receiver, subject, text, html in mails:
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = "bench@bench.example", receiver, subject
            message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="bench.example")
            message.set_content(text)
            message.add_alternative(html, subtype="html")
            conversation.send_message(message)


def words_of(receiver: str, message: bytes) -> Words:
    """Return what a bare loop is told of a message."""
    read = message_from_bytes(message, policy=SMTP)
    bodies = [read.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (body.get_content() if body else "" for body in bodies)
    return receiver, str(read["Subject"]), text, html


@contextmanager
def served(kind: str, folder: Path, port: int = 9) -> Iterator[tuple[str, Flask]]:
    """An empty database of that kind and the tracker on it."""
    with database(kind, folder) as url:
        app = application_on(url, folder)
        settings = app.config["TRACKER"]
        app.config["TRACKER"] = replace(settings, mail=MailServer(host="127.0.0.1", port=port))
        yield url, app
        with app.app_context():
            db.engine.dispose()


def idle(kind: str, folder: Path, sizes: list[int], rounds: int) -> None:
    """Compare rounds with nothing due."""
    with ExitStack() as stack:
        apps = {}
        for size in sizes:
            url, apps[size] = stack.enter_context(served(kind, folder))
            wait_for_their_day(url, size)
        spent = side_by_side({str(size): _round(app) for size, app in apps.items()}, rounds)
    smallest = spent[str(min(sizes))]
    for size in sizes:
        ratio = spent[str(size)] / smallest
        print(f"{kind:11} nothing due, {size:>9,} open: {spent[str(size)] * 1000:7.2f} ms  x{ratio:.2f}", flush=True)


def _round(app: Flask) -> Callable[[], object]:
    return lambda: tasks.run_once(app)


def burst(kind: str, folder: Path, nudges: int) -> None:
    """Raise and send them all, a few hundred at a time in turn with a bare loop, so that both see the same machine."""
    raised = sent = bare = 0.0
    last, done = 0, 0
    with mail_server(folder) as port, served(kind, folder, port) as (url, app):
        fall_due(url, nudges)
        with app.app_context():
            sender = tasks.make_sender(app)
        while done < nudges:
            with app.app_context():
                raised += seconds(raise_some)
                sent += seconds(lambda: tasks.send_mail(sender))
            last, mails = sent_after(app, last)
            assert mails, f"{done} of {nudges} went out"
            bare += seconds(partial(bare_loop, port, mails))
            done += len(mails)
    took = raised + sent
    each = f"{raised / nudges * 1000:.2f} ms to raise one, {sent / nudges * 1000:.2f} ms to send it"
    print(
        f"{kind:11} {nudges:,} due at once: {nudges / took:,.0f} a second ({each}); "
        f"bare loop {nudges / bare:,.0f} a second; ratio {bare / took:.2f}",
        flush=True,
    )


def raise_some() -> None:
    """Raise some hundred of what is due, as a tick does."""
    for _ in range(AT_A_TIME):
        tasks.do_next(tasks.NUDGES, clock.now())


def sent_after(app: Flask, last: int) -> tuple[int, list[Words]]:
    """Return the highest id of the mails that were sent after those, and what they say."""
    later = sa.select(OutboxMail.id, OutboxMail.receiver, OutboxMail.message).where(
        OutboxMail.id > last, OutboxMail.state == MailState.SENT
    )
    with app.app_context(), reading(), Session(db.engine) as session:
        rows = session.execute(later.order_by(OutboxMail.id)).all()
    return max((row.id for row in rows), default=last), [words_of(row.receiver, row.message) for row in rows]


def seconds(thing: Callable[[], object]) -> float:
    """Return how long it takes."""
    began = time.perf_counter()
    thing()
    return time.perf_counter() - began


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 1_000_000])
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--databases", nargs="+", default=["sqlite"], choices=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=60)
    chosen = parser.parse_args()
    clock.now = lambda: NOW  # the generated data is of this moment
    with tempfile.TemporaryDirectory() as folder:
        for kind in chosen.databases:
            if chosen.due:
                burst(kind, Path(folder), chosen.due)
            if chosen.sizes:
                idle(kind, Path(folder), chosen.sizes, chosen.rounds)


if __name__ == "__main__":
    main()
