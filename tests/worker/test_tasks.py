"""The worker as a whole: a round of everything, heartbeats, sweeping, indexes, and outcomes that arrive."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.explained import explained, send_thousands
from tests.factories import MONDAY, World
from tests.mail import server
from tests.mail.server import Post
from tests.worker.conftest import Open, mails
from tracker.db import db
from tracker.mail import claims
from tracker.mail.times import USUAL
from tracker.models.interview import Loop
from tracker.models.outbox import Heartbeat, MailState, OutboxPause
from tracker.models.person import SignInAttempt
from tracker.models.record import OnceKey
from tracker.models.reply import Reply
from tracker.models.tick_fault import TickFault
from tracker.pipeline import deadlines, nudges, reminders
from tracker.queries import heartbeats
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.replies import Verdict
from tracker.rules.stages import StageKind
from tracker.worker import tasks

DAY = timedelta(days=1)
MORNING = MONDAY.replace(hour=8)


@pytest.fixture
def post(in_app: Flask) -> Iterator[Post]:
    with server.running() as post:
        in_app.config["TRACKER"] = replace(in_app.config["TRACKER"], mail=post.settings)
        yield post


def test_a_round_raises_and_sends_all_that_is_due(
    in_app: Flask, session: Session, world: World, open_deadline: Open, post: Post, at: TestClock
) -> None:
    requisition = world.requisition()
    for _ in range(3):
        open_deadline(DeadlineKind.DEBRIEF, world.application(requisition))
    at.set(MORNING + 2 * DAY)
    session.commit()
    assert tasks.run_once(in_app) == 2
    [subject] = post.subjects
    assert subject.startswith("3 deadlines. First: Hold the debrief about Candidate")
    assert tasks.run_once(in_app) == 0
    assert [mail.state for mail in mails()] == [MailState.SENT]


def test_while_the_outbox_is_paused_nothing_is_raised_and_nothing_goes_out(
    in_app: Flask, session: Session, world: World, open_deadline: Open, post: Post, at: TestClock
) -> None:
    open_deadline(DeadlineKind.DEBRIEF)
    at.set(MORNING + 2 * DAY)
    tasks.work_off_facts(MORNING + 2 * DAY)
    open_deadline(DeadlineKind.DEBRIEF)
    pause = OutboxPause(id=1, at=MONDAY, backup_at=MONDAY)
    session.add(pause)
    session.commit()
    now = at.set(MORNING + 3 * DAY)
    assert tasks.run_once(in_app) == 0
    assert ([mail.state for mail in mails()], post.subjects) == ([MailState.WAITING], [])
    assert heartbeats.is_alive(session, now), "the worker lives, and waits for a person"
    session.delete(pause)
    session.commit()
    assert tasks.run_once(in_app) > 1
    assert post.subjects
    assert MailState.WAITING not in {mail.state for mail in mails()}


def test_what_is_met_while_the_digest_is_on_its_way_is_left_out_of_it(
    in_app: Flask, session: Session, world: World, open_deadline: Open, post: Post, at: TestClock
) -> None:
    """The digest is dropped in the last moment, and the same round says the rest alone."""
    requisition = world.requisition()
    one, two = world.application(requisition), world.application(requisition)
    open_deadline(DeadlineKind.DEBRIEF, one)
    open_deadline(DeadlineKind.DEBRIEF, two)
    now = at.set(MORNING + 2 * DAY)
    name, key = two.candidate.name, one.id
    session.commit()

    def meet() -> None:
        with in_app.app_context(), Session(db.engine) as other:
            deadlines.meet(other, other.get_one(type(one), key), DeadlineKind.DEBRIEF, now=now)
            other.commit()

    post.on_rcpt = meet
    tasks.run_once(in_app)
    assert post.subjects == [f"Hold the debrief about {name}, due Wed 4 Nov 2026"]
    assert [mail.state for mail in mails()] == [MailState.DROPPED, MailState.SENT]


def test_a_loop_that_is_over_goes_on(in_app: Flask, session: Session, world: World, at: TestClock) -> None:
    application = world.application(stage=StageKind.LOOP)
    held = world.loop(application, (world.person(),))
    loop = session.get_one(Loop, held[0].interview.loop_id)
    loop.awaited_at = held[0].interview.ends_at
    now = loop.awaited_at
    assert now is not None
    at.set(now - timedelta(seconds=1))
    session.commit()
    assert tasks.do_next(tasks.LOOPS, now - timedelta(seconds=1)) is None
    assert tasks.do_next(tasks.LOOPS, now) == 1
    assert tasks.do_next(tasks.LOOPS, now) is None
    session.refresh(application)
    assert application.stage_kind is StageKind.OUTCOME


def test_a_worker_whose_mail_server_is_away_is_alive(
    in_app: Flask, session: Session, open_deadline: Open, at: TestClock
) -> None:
    open_deadline(DeadlineKind.DEBRIEF)
    now = at.set(MORNING + 2 * DAY)
    session.commit()
    tasks.run_once(in_app)
    assert [mail.state for mail in mails()] == [MailState.WAITING]
    assert heartbeats.is_alive(session, now)
    session.commit()


def test_heartbeats_are_written_seldom(in_app: Flask, session: Session, at: TestClock) -> None:
    at.set(MONDAY)
    tasks.run_once(in_app)
    written: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: written.append(args[2]))
    at.set(MONDAY + timedelta(seconds=20))
    tasks.run_once(in_app)
    assert not [each for each in written if not each.startswith(("SELECT", "BEGIN"))]
    assert "BEGIN IMMEDIATE" not in written
    at.set(MONDAY + timedelta(seconds=40))
    tasks.run_once(in_app)
    assert set(session.scalars(select(Heartbeat.at))) == {MONDAY + timedelta(seconds=40)}
    session.commit()


def test_sweeping_keeps_what_is_young(in_app: Flask, session: Session) -> None:
    for age in (1, 8):
        session.add(OnceKey(key=f"key {age}", location="/", at=MONDAY - age * DAY))
        session.add(SignInAttempt(subject=f"who {age}", at=MONDAY - age * DAY))
    for days, verdict in ((89, Verdict.REFUSED), (91, Verdict.REFUSED), (91, Verdict.TAKEN)):
        session.add(Reply(key=f"{days} {verdict}", received_at=MONDAY - days * DAY, verdict=verdict))
    session.commit()
    tasks.sweep(MONDAY)
    assert session.scalars(select(OnceKey.key)).all() == ["key 1"]
    assert session.scalars(select(SignInAttempt.subject)).all() == ["who 1"]
    assert session.scalars(select(Reply.key).order_by(Reply.id)).all() == ["89 refused", "91 taken"]


def test_sweeping_fills_in_the_regions_coming_years(in_app: Flask, session: Session, world: World) -> None:
    region = world.region()
    region.years = region.years[:2]
    session.commit()
    for _again in range(2):
        tasks.sweep(MONDAY)
        assert [row.year for row in region.years] == [2025, 2026, 2027, 2028, 2029]
        assert {day.on.year for day in region.closed_days} == {2027, 2028, 2029}
        session.commit()


def test_the_same_error_is_kept_once(
    in_app: Flask, session: Session, world: World, open_deadline: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_all: object, **_more: object) -> None:
        raise ValueError("Ada Lovelace")

    receiver = open_deadline(DeadlineKind.DEBRIEF).owner_id
    session.commit()
    monkeypatch.setattr(nudges, "raise_for", fail)
    for hours in range(3):
        tasks.work_off_facts(MORNING + 2 * DAY + timedelta(hours=hours))
    [fault] = session.scalars(select(TickFault))
    assert fault.what.startswith("ValueError at tests/worker/test_tasks.py:")
    assert "Ada" not in fault.what
    assert (fault.tick, fault.item, fault.times) == ("nudges", receiver, 3)
    assert (fault.first_at, fault.last_at) == (MORNING + 2 * DAY, MORNING + 2 * DAY + timedelta(hours=2))
    session.commit()
    tasks.sweep(MORNING + 31 * DAY)
    assert session.scalars(select(TickFault.times)).all() == [3]
    session.commit()
    tasks.sweep(MORNING + 33 * DAY)
    assert session.scalars(select(TickFault.times)).all() == []


def test_a_mail_server_that_is_away_is_kept(
    in_app: Flask, session: Session, open_deadline: Open, at: TestClock
) -> None:
    open_deadline(DeadlineKind.DEBRIEF)
    at.set(MORNING + 2 * DAY)
    tasks.run_once(in_app)
    [fault] = session.scalars(select(TickFault))
    assert fault.tick == "mail"
    assert fault.what.startswith("Unreachable at tracker/mail/smtp.py:")
    assert "ConnectionRefusedError (Connection refused)" in fault.what


def test_what_is_due_is_found_by_indexes(in_app: Flask, session: Session) -> None:
    """The statements of a tick with nothing due, explained by a database that knows of thousands of sent mails."""
    send_thousands(session)
    statements: list[tuple[str, object]] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append((args[2], args[3])))
    with Session(db.engine) as other:
        nudges.due_receivers(other, MONDAY)
        reminders.next_reminder(other, MONDAY)
        tasks._awaited_loop(other, MONDAY, ())
        claims.is_anything_to_do(other, MONDAY)
        claims.claim(other, "ab" * 16, MONDAY, limit=50, times=USUAL)
    asked = [(each, given) for each, given in statements if each.startswith("SELECT") and "FROM" in each]
    assert len(asked) == 5
    for statement, given in asked:
        plan = explained(session, statement, given)
        assert "Index" in plan or "USING" in plan, f"{statement}\n{plan}"
        assert "Seq Scan" not in plan, f"{statement}\n{plan}"
        assert not re.search(r"SCAN (outbox_mail|nudge|reminder|loop)", plan), f"{statement}\n{plan}"


def test_what_another_worker_holds_keeps_nobody_waiting(in_app: Flask) -> None:
    done: list[int] = []

    def next_due(_session: Session, _now: datetime, without: Collection[int]) -> list[int]:
        return [key for key in (1, 2, 3) if key not in without and (key == 1 or key not in done)][:2]

    # The first one is in another hand: nothing comes of it.
    held = tasks.Task("held", next_due, lambda _session, keys, _now: done.extend(keys))
    taken = tasks.Taken()
    while tasks.do_next(held, MONDAY, taken) is not None:
        pass
    assert done == [1, 2, 3]
    assert taken.without == {1}


def test_one_that_fails_keeps_none_of_those_waiting_that_were_taken_with_it(in_app: Flask, session: Session) -> None:
    done: list[int] = []

    def act(_session: Session, keys: Sequence[int], _now: datetime) -> None:
        if 2 in keys:
            raise ValueError("2")
        done.extend(keys)

    task = tasks.Task("some", lambda _s, _now, without: [k for k in (1, 2, 3) if k not in {*without, *done}], act)
    taken = tasks.Taken()
    assert tasks.do_next(task, MONDAY, taken) == 2
    assert (done, taken.without) == ([1, 3], {2})
    assert tasks.do_next(task, MONDAY, taken) is None
    assert session.scalars(select(TickFault.item)).all() == [2]
