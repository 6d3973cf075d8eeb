"""Mails whose fate nobody knows: sent again, the same byte for byte, or left to a person."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import World
from tests.mail.conftest import Hand, Listener, Put, look, make
from tests.mail.server import Post
from tracker.mail.sender import Sender
from tracker.models.outbox import MailState


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


def test_an_answer_that_is_none_leaves_the_fate_unknown(sender: Sender, post: Post, put: Put) -> None:
    post.data_answers = ["what?"]
    mail = put(fact={"outcome": 1})
    sender.send_due()
    assert look(mail).state is MailState.DEAD
    assert look(mail).last_error.startswith("fate unknown:")
