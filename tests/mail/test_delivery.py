"""The sender against a real mail server: what it takes, refuses, postpones and breaks off."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.factories import MONDAY
from tests.mail.conftest import Hand, Listener, Put, abandon, look
from tests.mail.server import Post
from tracker.db import db
from tracker.mail.delivery import Fact, Hooks
from tracker.mail.sender import Sender
from tracker.models.outbox import MailState, OutboxMail, OutboxPause


def test_what_is_due_is_sent_once_and_noted(sender: Sender, post: Post, put: Put, session: Session) -> None:
    mail = put("Grüße")
    assert sender.send_due() == 1
    assert sender.send_due() == 0
    [taken] = post.taken
    assert (taken.sender, taken.receivers) == ("hiring@tracker.example", ["ada@candidates.example"])
    assert taken.message["Subject"] == "Grüße"
    row = look(mail)
    assert (row.state, row.attempts, row.ended_at) == (MailState.SENT, 1, MONDAY)
    assert row.token is None


def test_the_bytes_are_those_that_were_stored(sender: Sender, post: Post, put: Put) -> None:
    mail = put("Hello")
    sender.send_due()
    assert post.taken[0].content == look(mail).message


def test_many_mails_share_a_conversation(sender: Sender, post: Post, put: Put) -> None:
    for _ in range(60):
        put()
    assert sender.send_due() == 60
    assert len(post.taken) == 60
    assert post.connections == 2


def test_what_is_not_due_waits(sender: Sender, post: Post, put: Put, hand: Hand) -> None:
    put(now=MONDAY + timedelta(minutes=5))
    assert sender.send_due() == 0
    hand.moment += timedelta(minutes=5)
    assert sender.send_due() == 1


def test_what_is_no_longer_true_is_dropped(
    sender: Sender, post: Post, put: Put, session: Session, listener: Listener
) -> None:
    mail = put(fact={"interview": 1, "sequence": 0})
    listener.truth = False
    sender.send_due()
    row = look(mail)
    assert (post.taken, row.state) == ([], MailState.DROPPED)
    assert listener.dropped == [{"interview": 1, "sequence": 0}]
    assert listener.sent == []


@pytest.mark.parametrize(("before", "kept"), [("fate unknown: lost; it may have arrived", True), ("450 busy", False)])
def test_a_mail_that_may_have_arrived_says_so_still_when_its_second_copy_is_dropped(
    sender: Sender, post: Post, put: Put, session: Session, listener: Listener, before: str, kept: bool
) -> None:
    mail = put(fact={"interview": 1, "sequence": 0})
    session.get_one(OutboxMail, mail).last_error = before
    session.commit()
    listener.truth = False
    sender.send_due()
    row = look(mail)
    assert (post.taken, row.state, row.last_error) == ([], MailState.DROPPED, before if kept else "")


def test_truth_is_asked_after_the_receiver_was_named(
    sender: Sender, post: Post, put: Put, session: Session, listener: Listener
) -> None:
    """What changes while the server thinks about the receiver still stops the mail."""
    mail = put()

    def change() -> None:
        listener.truth = False

    post.on_rcpt = change
    sender.send_due()
    row = look(mail)
    assert (post.taken, row.state) == ([], MailState.DROPPED)


@pytest.mark.parametrize("answer", ["550 no such user", "553 not here", "556 null MX"])
def test_a_refused_receiver_is_dead_and_others_go_on(
    sender: Sender, post: Post, put: Put, session: Session, answer: str
) -> None:
    post.rcpt_answers["gone@candidates.example"] = [answer]
    dead, sent = put(to="gone@candidates.example"), put()
    sender.send_due()
    assert (look(dead).state, look(dead).last_error) == (MailState.DEAD, answer)
    assert look(sent).state is MailState.SENT
    assert post.connections == 1


def test_a_refused_content_is_dead(sender: Sender, post: Post, put: Put, session: Session) -> None:
    post.data_answers = ["554 looks like spam"]
    mail = put()
    sender.send_due()
    row = look(mail)
    assert (row.state, row.last_error) == (MailState.DEAD, "554 looks like spam")


@pytest.mark.parametrize(
    "answer", ["450 busy", "451 local error", "452 full", "421 closing", "503 sequence", "530 auth"]
)
def test_what_is_about_us_is_tried_again(
    sender: Sender, post: Post, put: Put, session: Session, hand: Hand, answer: str
) -> None:
    post.rcpt_answers["ada@candidates.example"] = [answer]
    mail = put()
    sender.send_due()
    row = look(mail)
    assert (row.state, row.last_error, row.attempts) == (MailState.WAITING, answer, 1)
    assert MONDAY < row.next_try_at <= MONDAY + timedelta(minutes=1)
    hand.moment += timedelta(minutes=1)
    sender.send_due()
    assert (look(mail).state, look(mail).attempts) == (MailState.SENT, 2)


def test_a_refused_sender_kills_no_mail(sender: Sender, post: Post, put: Put, session: Session) -> None:
    post.mail_answers = ["550 we do not know you"]
    mail = put()
    sender.send_due()
    row = look(mail)
    assert row.state is MailState.WAITING


def test_a_mail_is_given_up_after_three_days_and_ten_attempts(
    sender: Sender, post: Post, put: Put, session: Session, hand: Hand
) -> None:
    post.rcpt_answers["ada@candidates.example"] = ["450 busy"] * 100
    mail = put()
    while (row := look(mail)).state is not MailState.DEAD:
        hand.moment = max(row.next_try_at, hand.moment + timedelta(minutes=1))
        sender.send_due()
    assert row.attempts >= 10
    assert hand.moment - MONDAY > timedelta(days=3)


def test_mails_of_one_order_never_overtake(sender: Sender, post: Post, put: Put, hand: Hand) -> None:
    post.rcpt_answers["ada@candidates.example"] = ["450 busy"]
    put("Invitation", order_key="uid")
    put("Cancellation", order_key="uid")
    put("To somebody else", "ian@tracker.example", order_key="uid")
    sender.send_due()
    assert post.subjects == ["To somebody else"]
    hand.moment += timedelta(minutes=1)
    sender.send_due()
    assert post.subjects[1:] == ["Invitation", "Cancellation"]


def test_while_the_outbox_is_paused_nothing_goes_out(
    sender: Sender, post: Post, put: Put, session: Session, hand: Hand
) -> None:
    abandoned, waiting = put(), put(to="ian@tracker.example")
    abandon(session, abandoned, started=False)
    pause = OutboxPause(id=1, at=MONDAY, backup_at=MONDAY)
    session.add(pause)
    session.commit()
    assert sender.send_due() == 0
    assert (look(abandoned).state, look(waiting).state) == (MailState.CLAIMED, MailState.WAITING)
    session.delete(pause)
    session.commit()
    assert sender.send_due() == 2


def test_a_pause_reaches_the_mail_in_hand(sender: Sender, post: Post, put: Put, session: Session) -> None:
    put()

    def pause() -> None:
        with Session(session.get_bind()) as other:
            other.add(OutboxPause(id=1, at=MONDAY, backup_at=MONDAY))
            other.commit()

    post.on_rcpt = pause
    sender.send_due()
    assert post.taken == []


def test_what_follows_is_in_the_same_transaction_and_tried_again(
    sender: Sender, post: Post, put: Put, session: Session, listener: Listener
) -> None:
    listener.failures = [OperationalError("x", {}, Exception("gone")), OperationalError("x", {}, Exception("gone"))]
    mail = put(fact={"outcome": 7})
    sender.send_due()
    row = look(mail)
    assert row.state is MailState.SENT
    assert listener.sent == [{"outcome": 7}]
    assert len(post.taken) == 1


def test_what_follows_and_fails_is_shown_to_a_person(
    sender: Sender, post: Post, put: Put, session: Session, listener: Listener
) -> None:
    listener.failures = [ValueError("a bug")]
    mail = put()
    sender.send_due()
    row = look(mail)
    assert row.state is MailState.DEAD
    assert row.last_error == "sent, but what follows from it failed: ValueError: a bug"


def test_a_question_that_fails_stops_no_other_mail(
    in_app: Flask, post: Post, put: Put, session: Session, hand: Hand
) -> None:
    def holds(_session: Session, fact: Fact, _now: datetime) -> bool:
        if fact:
            raise KeyError("unknown")
        return True

    hooks = Hooks(holds=holds, sent=lambda *_: None, dropped=lambda *_: None)
    bad, good = put(fact={"unknown": 1}), put(to="ian@tracker.example")
    Sender(db.engine, in_app.config["TRACKER"], hooks, clock=hand).send_due()
    assert (look(bad).state, look(good).state) == (MailState.WAITING, MailState.SENT)
    assert "unknown" in look(bad).last_error


def test_stopping_takes_no_other_mail(sender: Sender, post: Post, put: Put) -> None:
    put("First")
    put("Second")
    assert sender.send_due(stopping=lambda: bool(post.taken)) == 1
    assert post.subjects == ["First"]


def test_dots_at_the_beginning_of_lines_arrive(
    sender: Sender, post: Post, in_app: Flask, put: Put, session: Session
) -> None:
    put()
    session.execute(update(OutboxMail).values(message=b"Subject: x\r\n\r\n.\r\n..two\r\n.end\r\n"))
    session.commit()
    sender.send_due()
    assert post.taken[0].content == b"Subject: x\r\n\r\n.\r\n..two\r\n.end\r\n"


def test_an_invitation_that_is_dead_lets_its_cancellation_go(sender: Sender, post: Post, put: Put) -> None:
    post.data_answers = ["554 spam"]
    put("Invitation", order_key="uid")
    put("Cancellation", order_key="uid")
    sender.send_due()
    assert post.subjects == ["Cancellation"]


def test_one_stuck_mail_holds_back_those_after_it_for_ten_minutes(
    sender: Sender, post: Post, put: Put, hand: Hand
) -> None:
    post.rcpt_answers["ada@candidates.example"] = ["450 busy"]
    put("Stuck", order_key="uid")
    put("Of its order", order_key="uid", now=MONDAY + timedelta(seconds=1))
    put("Another", now=MONDAY + timedelta(seconds=2))
    hand.moment += timedelta(seconds=2)
    sender.send_due()
    assert post.subjects == []
    with Session(db.engine) as session:
        session.execute(
            update(OutboxMail).where(OutboxMail.subject == "Stuck").values(next_try_at=MONDAY + timedelta(days=1))
        )
        session.commit()
    hand.moment = MONDAY + timedelta(minutes=9)
    sender.send_due()
    assert post.subjects == []
    hand.moment = MONDAY + timedelta(minutes=11)
    sender.send_due()
    assert post.subjects == ["Another"]
    hand.moment = MONDAY + timedelta(days=1)
    sender.send_due()
    assert post.subjects == ["Another", "Stuck", "Of its order"]
