"""What the ticks do: nudges, reminders, loops that are over, mail, and sweeping. Each asks first whether any is due.

To be called inside an application context. A tick with nothing due reads two or three indexes and writes nothing.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.db import db, reading, upsert
from tracker.mail.delivery import Hooks
from tracker.mail.sender import Sender
from tracker.mail.times import USUAL, Times, uptime
from tracker.models.interview import Loop
from tracker.models.outbox import Heartbeat
from tracker.models.person import SignInAttempt
from tracker.models.record import OnceKey
from tracker.models.reply import Reply
from tracker.pipeline import interview_mails, loop, nudges, outcome, region_years, reminders, self_identification
from tracker.queries import due_work, heartbeats, outbox, truth
from tracker.queries.region_years import next_to_look_at
from tracker.queries.replies import UNTAKEN
from tracker.queries.self_identification import next_to_count
from tracker.rules.replies import Verdict
from tracker.worker import faults, feeds, replies, substitutes

log = logging.getLogger(__name__)

# Mails that are dropped make nudges wait again, which make new mails: bounded, should two of these ever chase another.
MOST_ROUNDS = 20
# Seconds. While mails go out by the hundred, whether a beat is due is not asked after each.
BEAT_ASKED_EVERY = 1.0
ONCE_KEYS_KEPT = timedelta(days=7)
ATTEMPTS_KEPT = timedelta(days=2)
REFUSED_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Task:
    """One kind of work: which items are due next (their keys, other than those given), and what is done with them.

    As many are named as are to be done in one transaction.
    """

    name: str
    next_due: Callable[[Session, datetime, Collection[int]], Sequence[int]]
    act: Callable[[Session, Sequence[int], datetime], None]


def one_by_one(
    name: str,
    next_due: Callable[[Session, datetime, Collection[int]], int | None],
    act: Callable[[Session, int, datetime], None],
) -> Task:
    """Return the task of which one item is named and done at a time."""

    def due(session: Session, now: datetime, without: Collection[int]) -> Sequence[int]:
        key = next_due(session, now, without)
        return () if key is None else (key,)

    return Task(name, due, lambda session, keys, now: act(session, keys[0], now))


def _awaited_loop(session: Session, now: datetime, without: Collection[int]) -> int | None:
    due = select(Loop.id).where(Loop.awaited_at <= now)
    if without:
        due = due.where(Loop.id.not_in(without))
    return session.scalar(due.order_by(Loop.awaited_at).limit(1))


def _finish_loop(session: Session, _key: int, now: datetime) -> None:
    # It takes the one that is due the longest, which is the one that was found.
    loop.finish_due(session, now)


@dataclass
class Taken:
    """What a round leaves alone from now on, and what it took last.

    What is done is due no more, so that only what failed is kept in mind, and what another worker holds: it comes up
    twice running. Else a round of thousands would be asked to leave thousands alone, again and again.
    """

    without: set[int] = field(default_factory=set)
    last: frozenset[int] = frozenset()


NUDGES = Task("nudges", nudges.due_receivers, lambda session, keys, now: nudges.raise_for(session, keys, now=now))
REMINDERS = one_by_one("reminders", reminders.next_reminder, lambda s, key, now: reminders.raise_one(s, key, now=now))
YEARS = one_by_one("years", next_to_look_at, lambda session, key, now: region_years.sweep(session, key, now=now))
COUNTS = one_by_one("counts", next_to_count, lambda s, key, now: self_identification.count(s, key, now=now))
LOOPS = one_by_one("loops", _awaited_loop, _finish_loop)


def send_mail(sender: Sender, stopping: Callable[[], bool] = lambda: False) -> int:
    """Send all mails that are due; return how many were dealt with."""
    asked_at = uptime()

    def handled() -> None:
        nonlocal asked_at
        if uptime() - asked_at > BEAT_ASKED_EVERY:
            beat(heartbeats.MAIL, clock.now())
            asked_at = uptime()

    return sender.send_due(stopping, handled)


def sweep(now: datetime) -> None:
    """Remove what has served its time: keys, failed sign-ins, replies of which nothing came, old errors. Fill in the
    regions' coming years, count self-identification of a year that is over."""
    with Session(db.engine) as session:
        session.execute(delete(OnceKey).where(OnceKey.at < now - ONCE_KEYS_KEPT))
        session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - ATTEMPTS_KEPT))
        of_nothing = (Reply.verdict.in_([*UNTAKEN, Verdict.AUTOMATIC]), Reply.received_at < now - REFUSED_KEPT)
        session.execute(delete(Reply).where(*of_nothing))
        faults.sweep(session, now)
        session.commit()
    for task in (YEARS, COUNTS):
        taken = Taken()
        while do_next(task, now, taken) is not None:
            pass


def work_off_facts(now: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
    """Do all that is due now apart from mail; return how many items were done.

    One that fails, or that another worker holds, does not keep the others waiting.
    """
    count = 0
    with reading(), Session(db.engine) as session:
        if not due_work.is_any_due(session, now):
            return 0
    for task in (LOOPS, NUDGES, REMINDERS):
        taken = Taken()
        while not stopping() and (done := do_next(task, now, taken)) is not None:
            count += done
            beat(heartbeats.FACTS, clock.now())
    return count


def beat(name: str, now: datetime) -> None:
    """Note that a tick works, where that was not noted lately."""
    with reading(), Session(db.engine) as session:
        if not heartbeats.is_beat_due(session, name, now):
            return
    with Session(db.engine) as session:
        row = upsert(session, Heartbeat).values(name=name, at=now)
        session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": now}))
        session.commit()


def make_sender(app: Flask, times: Times = USUAL) -> Sender:
    """Return the sender of this process. Inside an application context."""
    hooks = Hooks(
        holds=lambda session, fact, now: truth.holds(session, fact, now=now),
        sent=_sent,
        dropped=_dropped,
        follows=lambda fact: "outcome" in fact,
        unreachable=lambda error: faults.note(heartbeats.MAIL, error, now=clock.now()),
    )
    return Sender(db.engine, app.config["TRACKER"], hooks, clock=lambda: clock.now(), times=times)


def run_once(app: Flask) -> int:
    """Do everything that is due, until nothing is; return how many items were done."""
    count = 0
    with app.app_context():
        sender = make_sender(app)
        count += feeds.read_feeds(app) + replies.read_replies(app)
        for _ in range(MOST_ROUNDS):
            done = work_off_facts(clock.now()) + substitutes.find_substitutes() + send_mail(sender)
            count += done
            if not done:
                break
        for name in (heartbeats.FACTS, heartbeats.MAIL):
            beat(name, clock.now())
    return count


def do_next(task: Task, now: datetime, taken: Taken | None = None) -> int | None:
    """Take what is due next, in one transaction; return how many items were done, None where none is due.

    Where that fails each is taken in a transaction of its own. One that fails then is logged, and stays due for a later
    tick. While the outbox is paused nothing is due: what the ticks would do rests on facts that a restored backup may
    have wrong.
    """
    taken = Taken() if taken is None else taken
    with reading(), Session(db.engine) as session:
        found = () if outbox.pause(session) else task.next_due(session, now, taken.without)
    if not found:
        return None
    keys = [key for key in found if key not in taken.last]
    taken.without |= taken.last.intersection(found)
    taken.last = frozenset(keys)
    if not keys or acts(task, keys, now):
        return len(keys)
    failed = set(keys) if len(keys) == 1 else {key for key in keys if not acts(task, [key], now)}
    taken.without |= failed
    return len(keys) - len(failed)


def acts(task: Task, keys: Sequence[int], now: datetime) -> bool:
    """Do a task's work on some items in one transaction; return whether that is done.

    What fails is kept for those who look after it.
    """
    which = keys[0] if len(keys) == 1 else f"{keys[0]} and {len(keys) - 1} more"
    try:
        with Session(db.engine) as session:
            task.act(session, keys, now)
            session.commit()
    except Exception as error:
        if len(keys) > 1:
            log.warning("Items of %s (%s) failed together, and are taken one by one: %s", task.name, which, type(error))
            return False
        log.exception("One item of %s (%s) failed and is tried again", task.name, which)
        faults.note(task.name, error, now=now, item=keys[0])
        return False
    log.info("Items of %s (%s) are done", task.name, which)
    return True


def _sent(session: Session, fact: dict[str, Any], now: datetime) -> None:
    outcome.delivered(session, fact["outcome"], now=now)


def _dropped(session: Session, fact: dict[str, Any], now: datetime) -> None:
    nudges.put_back(session, fact.get("nudges", ()))
    reminders.put_back(session, fact.get("reminders", ()))
    interview_mails.tell_loop_again(session, fact, now=now)
