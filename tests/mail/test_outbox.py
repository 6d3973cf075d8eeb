"""Posting: once for each key, in the transaction of its fact."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.mail.conftest import a_mail
from tracker.mail import outbox
from tracker.models.outbox import MailState, OutboxMail


def count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(OutboxMail)).one()


def test_a_mail_waits_with_all_that_sending_needs(in_app: Flask, session: Session) -> None:
    row = outbox.post(
        session, a_mail(), now=MONDAY, dedupe_key="key", fact={"interview": 1, "sequence": 2}, order_key="uid"
    )
    session.commit()
    assert (row.state, row.next_try_at, row.attempts) == (MailState.WAITING, MONDAY, 0)
    assert (row.receiver, row.subject, row.kind) == ("ada@candidates.example", "Hello", "nudge")
    assert (row.fact, row.order_key) == ({"interview": 1, "sequence": 2}, "uid")
    assert row.message_id.encode() in row.message


def test_what_is_for_a_person_asks_for_the_person_too(in_app: Flask, session: Session, world: World) -> None:
    person = world.person()
    row = outbox.post(session, a_mail(), now=MONDAY, dedupe_key="key", fact={"interview": 1}, person=person)
    assert row.fact == {"interview": 1, "person": person.id}
    application = world.application()
    about = outbox.post(session, a_mail(), now=MONDAY, dedupe_key="b", person=person, application=application)
    assert about.fact == {"person": person.id, "about": application.id}
    assert outbox.post(session, a_mail(), now=MONDAY, dedupe_key="c", application=application).fact == {}


def test_the_same_key_is_the_same_mail(in_app: Flask, session: Session) -> None:
    one = outbox.post(session, a_mail("One"), now=MONDAY, dedupe_key="key")
    two = outbox.post(session, a_mail("Two"), now=MONDAY, dedupe_key="key")
    assert one is two
    assert (count(session), one.subject) == (1, "One")


def test_who_posts_the_same_in_the_same_moment_gets_the_first(in_app: Flask, session: Session) -> None:
    """The second finds nothing, and the unique key tells it better."""
    with _blind(session):
        outbox.post(session, a_mail("One"), now=MONDAY, dedupe_key="key")
        two = outbox.post(session, a_mail("Two"), now=MONDAY, dedupe_key="key")
    assert (count(session), two.subject) == (1, "One")


@contextmanager
def _blind(session: Session) -> Iterator[None]:
    """Let the session's first look for a key find nothing."""
    looked: list[str] = []
    real = session.scalar

    def scalar(*args, **kwargs):  # type: ignore[no-untyped-def]
        looked.append("once")
        return None

    session.scalar = scalar  # type: ignore[method-assign]
    yield
    session.scalar = real  # type: ignore[method-assign]
    assert looked


def test_what_is_taken_back_takes_its_mail_with_it(in_app: Flask, session: Session) -> None:
    outbox.post(session, a_mail(), now=MONDAY, dedupe_key="key")
    session.rollback()
    assert count(session) == 0


@pytest.mark.parametrize("size", [1, 3])
def test_posting_costs_two_statements(in_app: Flask, session: Session, size: int) -> None:
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: statements.append(args[2]))
    for n in range(size):
        outbox.post(session, a_mail(), now=MONDAY, dedupe_key=f"key {n}")
    reads = [each for each in statements if each.startswith(("SELECT", "INSERT"))]
    assert len(reads) == 2 * size


def test_candidates_answer_to_their_recruiter_and_staff_to_nobody(
    in_app: Flask, session: Session, world: World
) -> None:
    application = world.application()
    to_candidate = outbox.post(session, a_mail(), now=MONDAY, dedupe_key="one", application=application)
    to_staff = outbox.post(
        session, a_mail(), now=MONDAY, dedupe_key="two", application=application, person=world.person()
    )
    recruiter = application.requisition.recruiter
    assert f"Reply-To: {recruiter.name} <{recruiter.email}>\r\n".encode() in to_candidate.message
    assert b"Reply-To" not in to_staff.message
