"""The limit for each minute: kept by all senders together, evenly spread, whatever their clocks do."""

from datetime import datetime, timedelta
from itertools import pairwise

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import MONDAY
from tests.mail.conftest import Hand, Listener, Put, make
from tests.mail.server import Post
from tracker.mail import pace
from tracker.models.outbox import MailPace

SECOND = timedelta(seconds=1)


def age(session: Session, by: timedelta) -> None:
    """Let the next turn come earlier by so much: PostgreSQL's goes by its own clock, which no test sets."""
    next_at = session.scalars(select(MailPace.next_at)).one()
    session.execute(update(MailPace).values(next_at=next_at - by))


def test_one_turn_after_the_other(session: Session) -> None:
    assert pace.take_turn(session, MONDAY, 6) == 0
    left = pace.take_turn(session, MONDAY, 6)
    assert 8 < left <= 10
    age(session, 10 * SECOND)
    assert pace.take_turn(session, MONDAY, 6) == 0
    assert pace.take_turn(session, MONDAY, 6) > 0
    session.rollback()


def test_turns_that_nobody_took_are_not_made_up_for(session: Session) -> None:
    pace.take_turn(session, MONDAY, 6)
    age(session, timedelta(hours=1))
    assert pace.take_turn(session, MONDAY, 6) == 0
    assert pace.take_turn(session, MONDAY, 6) > 0
    session.rollback()


def test_a_clock_that_was_set_back_stops_nothing(session: Session) -> None:
    pace.take_turn(session, MONDAY, 6)
    age(session, -timedelta(hours=1))
    assert pace.take_turn(session, MONDAY, 6) == 0
    session.rollback()


def test_senders_wait_for_their_turns(in_app: Flask, post: Post, put: Put, session: Session, hand: Hand) -> None:
    """One mail a minute, whoever sends it. The minutes pass as they wait; whether to stop is asked each second."""
    waited: list[float] = []
    taken_at: list[datetime] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        hand.moment += timedelta(seconds=seconds)
        if session.get_bind().dialect.name == "postgresql":
            age(session, timedelta(seconds=seconds))
            session.commit()

    post.on_data = lambda: taken_at.append(hand.moment)
    for n in range(3):
        put(f"Mail {n}", f"ada.{n}@candidates.example")
    one, two = (make(in_app, Listener(), hand, wait, mail_per_minute=1) for _ in range(2))
    assert one.send_due(stopping=lambda: bool(taken_at)) == 1
    assert two.send_due() == 2
    assert post.subjects == ["Mail 0", "Mail 1", "Mail 2"]
    assert all(later - earlier > 30 * SECOND for earlier, later in pairwise(taken_at))
    assert max(waited) <= 1


def test_no_limit_writes_nothing(in_app: Flask, post: Post, put: Put, session: Session, hand: Hand) -> None:
    put()
    make(in_app, Listener(), hand).send_due()
    assert session.scalars(select(MailPace)).all() == []
    session.commit()
