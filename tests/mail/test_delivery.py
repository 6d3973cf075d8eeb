"""The sender against a real mail server: what it takes, refuses, postpones and breaks off."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config import MailServer
from tests.factories import MONDAY, World
from tests.mail import server
from tests.mail.conftest import Hand, Listener, Put, look, make
from tests.mail.server import Post
from tracker.db import db
from tracker.mail.delivery import Fact, Hooks
from tracker.mail.locks import locks_for
from tracker.mail.sender import Sender
from tracker.models.outbox import MailState, OutboxMail, OutboxPause

LOST = "0123456789abcdef" * 2


def abandon(session: Session, mail: int, *, started: bool) -> None:
    """Leave a mail as a sender does that was lost: claimed, its lease over."""
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.id == mail)
        .values(
            state=MailState.CLAIMED,
            token=LOST,
            leased_until=MONDAY - timedelta(days=400),
            data_started_at=MONDAY - timedelta(days=400) if started else None,
        )
    )
    session.commit()


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


@pytest.mark.parametrize("when", ["rcpt", "before taking"])
def test_a_broken_conversation_is_not_gone_on_with(
    sender: Sender, post: Post, put: Put, session: Session, hand: Hand, when: str
) -> None:
    post.hang_up = [when]
    first, second = put("First"), put("Second", "ian@tracker.example")
    sender.send_due()
    assert post.subjects == ["Second"]
    assert post.connections == 2
    hand.moment += timedelta(minutes=1)
    sender.send_due()
    assert post.subjects == ["Second", "First"]
    assert {look(first).state, look(second).state} == {MailState.SENT}


def test_a_copy_after_a_lost_answer_is_the_same_byte_for_byte(sender: Sender, post: Post, put: Put, hand: Hand) -> None:
    post.hang_up = ["after taking"]
    put()
    sender.send_due()
    hand.moment += timedelta(minutes=1)
    sender.send_due()
    one, two = post.taken
    assert one.content == two.content


def test_an_outcome_whose_fate_is_unknown_is_for_a_person(
    sender: Sender, post: Post, put: Put, session: Session, hand: Hand
) -> None:
    post.hang_up = ["after taking"]
    mail = put(fact={"outcome": 1})
    sender.send_due()
    hand.moment += timedelta(days=1)
    sender.send_due()
    row = look(mail)
    assert row.state is MailState.DEAD
    assert row.last_error.startswith("fate unknown:")
    assert len(post.taken) == 1


def test_a_server_that_is_away_costs_no_attempt(
    in_app: Flask, put: Put, session: Session, listener: Listener, hand: Hand
) -> None:
    away = make(in_app, listener, hand, mail=MailServer("127.0.0.1", 9))
    mail = put()
    assert away.send_due() == 0
    hand.moment += timedelta(days=5)
    assert away.send_due() == 0
    row = look(mail)
    assert (row.state, row.attempts) == (MailState.WAITING, 0)


@pytest.mark.parametrize("banner", [b"421 too busy\r\n", b"554 go away\r\n", b"hello there\r\n", b""])
def test_a_server_that_turns_us_away_costs_no_attempt(
    in_app: Flask, put: Put, session: Session, listener: Listener, hand: Hand, banner: bytes
) -> None:
    with server.greeting(banner) as settings:
        mail = put()
        assert make(in_app, listener, hand, mail=settings).send_due() == 0
    row = look(mail)
    assert (row.state, row.attempts) == (MailState.WAITING, 0)


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


def test_what_was_abandoned_is_taken_up(sender: Sender, post: Post, put: Put, session: Session) -> None:
    mail = put()
    abandon(session, mail, started=True)
    sender.send_due()
    row = look(mail)
    assert row.state is MailState.SENT


def test_an_abandoned_outcome_that_was_started_is_for_a_person(
    sender: Sender, post: Post, put: Put, session: Session
) -> None:
    mail, unstarted = put(fact={"outcome": 1}), put(fact={"outcome": 2})
    abandon(session, mail, started=True)
    abandon(session, unstarted, started=False)
    sender.send_due()
    row = look(mail)
    assert (row.state, look(unstarted).state) == (MailState.DEAD, MailState.SENT)
    assert row.last_error.startswith("fate unknown:")


def test_what_was_abandoned_is_left_alone_while_its_owner_lives(
    in_app: Flask, sender: Sender, post: Post, put: Put, session: Session
) -> None:
    """A frozen process still has its lock, however long ago its lease ended."""
    mail = put()
    abandon(session, mail, started=False)
    with db.engine.connect() as connection:
        frozen = locks_for(connection, in_app.config["TRACKER"].data_dir)
        connection.rollback()
        assert frozen.take(LOST)
        assert sender.send_due() == 0
        frozen.release(LOST)
    assert sender.send_due() == 1


def test_who_lost_the_claim_while_the_server_thought_does_not_send(
    sender: Sender, post: Post, put: Put, session: Session
) -> None:
    put()

    def steal() -> None:
        with Session(session.get_bind()) as other:
            other.execute(update(OutboxMail).values(token="another"))
            other.commit()

    post.on_rcpt = steal
    sender.send_due()
    assert post.taken == []


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


@pytest.mark.parametrize(("choice", "copies", "state"), [("send", 2, MailState.SENT), ("ask", 1, MailState.DEAD)])
def test_a_candidates_mail_in_doubt_is_dealt_with_as_the_operator_chose(
    in_app: Flask, post: Post, put: Put, hand: Hand, listener: Listener, choice: str, copies: int, state: MailState
) -> None:
    post.hang_up = ["after taking"]
    mail = put()
    sender = make(in_app, listener, hand, mail_in_doubt=choice)
    sender.send_due()
    hand.moment += timedelta(minutes=1)
    sender.send_due()
    assert (look(mail).state, len(post.taken)) == (state, copies)
    assert look(mail).last_error.startswith("fate unknown:") is (choice == "ask")


def test_a_colleagues_mail_in_doubt_is_sent_again_whatever_was_chosen(
    in_app: Flask, post: Post, put: Put, hand: Hand, listener: Listener, session: Session, world: World
) -> None:
    post.hang_up = ["after taking"]
    person = world.person()
    mail = put(person=person)
    sender = make(in_app, listener, hand, mail_in_doubt="ask")
    sender.send_due()
    hand.moment += timedelta(minutes=1)
    sender.send_due()
    assert (look(mail).state, len(post.taken)) == (MailState.SENT, 2)


def test_a_candidates_mail_that_a_lost_sender_had_begun_waits_for_a_person_if_so_chosen(
    in_app: Flask, post: Post, put: Put, session: Session, hand: Hand, listener: Listener
) -> None:
    begun, unbegun = put(), put(to="ian@tracker.example")
    abandon(session, begun, started=True)
    abandon(session, unbegun, started=False)
    make(in_app, listener, hand, mail_in_doubt="ask").send_due()
    assert (look(begun).state, look(unbegun).state) == (MailState.DEAD, MailState.SENT)


def test_an_answer_that_is_none_leaves_the_fate_unknown(sender: Sender, post: Post, put: Put) -> None:
    post.data_answers = ["what?"]
    mail = put(fact={"outcome": 1})
    sender.send_due()
    assert look(mail).state is MailState.DEAD
    assert look(mail).last_error.startswith("fate unknown:")


def test_a_server_that_closes_between_two_mails_costs_no_attempt(sender: Sender, post: Post, put: Put) -> None:
    post.on_data = lambda: None if post.taken else post.mail_answers.append("421 closing")
    first, second = put("First"), put("Second", "ian@tracker.example")
    assert sender.send_due() == 2
    assert post.subjects == ["First", "Second"]
    assert (look(first).attempts, look(second).attempts) == (1, 1)
    assert post.connections == 2


@pytest.mark.parametrize("answer", ["451 no", "530 sign in first", "550 we do not know you"])
def test_a_server_that_hears_of_no_mail_costs_none_an_attempt(
    sender: Sender, post: Post, put: Put, hand: Hand, listener: Listener, answer: str
) -> None:
    """Whole days of trouble burn no mail's tries; the server is asked less and less often."""
    mails = [put(to=f"ada.{n}@candidates.example") for n in range(3)]
    post.mail_answers = [answer] * 1000
    for _ in range(40):
        sender.send_due()
        hand.moment += timedelta(hours=3)
    assert [(look(mail).state, look(mail).attempts) for mail in mails] == [(MailState.WAITING, 0)] * 3
    assert 960 <= len(post.mail_answers) < 1000
    assert len(listener.troubles) == 1000 - len(post.mail_answers)
    post.mail_answers = []
    assert sender.send_due() == 3


def test_five_put_off_in_a_row_are_the_servers_fault(sender: Sender, post: Post, put: Put, hand: Hand) -> None:
    mails = [put(to=f"ada.{n}@candidates.example") for n in range(12)]
    post.data_answers = ["452 full"] * 100
    assert sender.send_due() == 5
    assert sender.send_due() == 0, "it pauses"
    tried = [look(mail).attempts for mail in mails]
    assert tried == [1] * 5 + [0] * 7
    hand.moment += timedelta(minutes=10)
    assert sender.send_due() == 1, "one is enough to see that nothing has changed"
    hand.moment += timedelta(minutes=10)
    post.data_answers = []
    sender.send_due()
    hand.moment += timedelta(minutes=10)
    sender.send_due()
    assert {look(mail).state for mail in mails} == {MailState.SENT}


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
