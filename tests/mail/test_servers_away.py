"""Mail servers that are away, turn us away or break off: no mail pays for it with an attempt."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config import MailServer
from tests.mail import server
from tests.mail.conftest import Hand, Listener, Put, look, make
from tests.mail.server import Post
from tracker.mail.sender import Sender
from tracker.models.outbox import MailState


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
