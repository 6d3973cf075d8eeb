"""Mails that a sender had in hand when it was lost: taken up, or left to a person, and never taken from who lives."""

from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.mail.conftest import LOST, Hand, Listener, Put, abandon, look, make
from tests.mail.server import Post
from tracker.db import db
from tracker.mail.locks import locks_for
from tracker.mail.sender import Sender
from tracker.models.outbox import MailState, OutboxMail


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


def test_a_candidates_mail_that_a_lost_sender_had_begun_waits_for_a_person_if_so_chosen(
    in_app: Flask, post: Post, put: Put, session: Session, hand: Hand, listener: Listener
) -> None:
    begun, unbegun = put(), put(to="ian@tracker.example")
    abandon(session, begun, started=True)
    abandon(session, unbegun, started=False)
    make(in_app, listener, hand, mail_in_doubt="ask").send_due()
    assert (look(begun).state, look(unbegun).state) == (MailState.DEAD, MailState.SENT)
