"""Changing the words of the organisation's e-mails: kept, put on the record, told to whoever came second."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.mail.kinds import KINDS
from tracker.mail.messages import Words
from tracker.mail.own_words import row_of
from tracker.models.person import Person
from tracker.models.record import RecordEntry
from tracker.pipeline import mail_words
from tracker.pipeline.mail_words import UnusableWords
from tracker.rules.refused import Stale

LINK = KINDS["status_link"]
GOOD = Words("Your page,\r\nBcc: x@example.org", "Here: {{ link }}\n")


@pytest.fixture
def admin(world: World) -> Person:
    return world.admin()


def save(session: Session, admin: Person, words: Words = GOOD, version: int | None = None) -> None:
    mail_words.save(session, LINK, words, by=admin, now=MONDAY, version=version)
    session.commit()


def test_words_are_kept_and_on_the_record(in_app: Flask, session: Session, admin: Person) -> None:
    save(session, admin, version=0)
    save(session, admin, Words("Page", "{{ link }}"), version=1)
    row = row_of(session, "status_link")
    assert row is not None
    assert (row.subject, row.text, row.version, row.changed_by_id) == ("Page", "{{ link }}", 2, admin.id)
    first, second = session.scalars(select(RecordEntry).order_by(RecordEntry.id))
    assert (first.by_id, first.verb) == (admin.id, "mail_words.change")
    assert first.data["before"] is None
    assert first.data["after"] == {"subject": "Your page, Bcc: x@example.org", "text": "Here: {{ link }}"}
    assert second.data["before"] == first.data["after"]


def test_back_to_the_standard_words_and_to_own_ones_again(in_app: Flask, session: Session, admin: Person) -> None:
    save(session, admin)
    mail_words.use_standard(session, LINK, by=admin, now=MONDAY, version=1)
    mail_words.use_standard(session, LINK, by=admin, now=MONDAY)
    session.commit()
    row = row_of(session, "status_link")
    assert row is not None
    assert (row.is_used, row.version) == (False, 2)
    with pytest.raises(Stale):
        save(session, admin, version=1)
    save(session, admin, version=2)
    assert row.is_used
    assert len(session.scalars(select(RecordEntry)).all()) == 3


@pytest.mark.parametrize("version", [1, 7])
def test_who_was_second_is_told(in_app: Flask, session: Session, admin: Person, version: int) -> None:
    with pytest.raises(Stale):
        save(session, admin, version=version)
    with pytest.raises(Stale):
        mail_words.use_standard(session, LINK, by=admin, now=MONDAY, version=version)


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [
        (Words("Hello", "no link"), "text", "{{ link }} is missing"),
        (Words("Hello", "{{ link }}\n{{ lnk }}"), "text", "Line 2: there is no field {{ lnk }}"),
        (Words("{{ recruiter_secret }}", "{{ link }}"), "subject", "Subject: there is no field {{ recruiter_secret }}"),
        (Words(" ", "{{ link }}"), "subject", "please fill this in"),
        (Words("x" * 201, "{{ link }}"), "subject", "200 is the most"),
    ],
)
def test_unusable_words_are_refused(
    in_app: Flask, session: Session, admin: Person, words: Words, field: str, said: str
) -> None:
    with pytest.raises(UnusableWords) as refused:
        save(session, admin, words)
    assert refused.value.field == field
    assert said in refused.value.message
    assert row_of(session, "status_link") is None
