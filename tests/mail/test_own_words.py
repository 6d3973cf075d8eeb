"""Own words: what passes the check makes an e-mail of every kind; what cannot be used leaves the standard words."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.mail.samples import SAMPLES
from tests.mail.test_golden import words as flask_words
from tracker.mail import outbox, own_words
from tracker.mail.kinds import KINDS
from tracker.mail.merge import FIELD, mark
from tracker.mail.messages import SUBJECT_LENGTH, Words, reworded, standard_words
from tracker.mail.own_words import broken, in_own_words, problems_of, sample
from tracker.models.mail_words import MailWords

__all__ = ["flask_words"]

NAMES = sorted({field.name for kind in KINDS.values() for field in kind.fields})
PIECES = st.sampled_from(
    [*map(mark, NAMES), "{{", "}}", "{% for x in y %}", "{{ a.b }}", "{{ a|e }}", "<script>", "\r\nBcc: x@example.org"]
)
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=12).map("".join)


@pytest.mark.parametrize("name", KINDS)
def test_the_standard_words_of_every_kind_could_be_saved(flask_words: Flask, name: str) -> None:
    with flask_words.app_context():
        assert problems_of(KINDS[name], standard_words(name)) == ([], [])


def check(words: Words) -> None:
    """Whatever passes the check makes an e-mail of the sample, and of one with other values, and injects nothing."""
    for kind in KINDS.values():
        needed = "\n".join(mark(field.name) for field in kind.fields if field.is_needed)
        said = Words(words.subject, f"{words.text}\n{needed}")
        if any(problems_of(kind, said)):
            continue
        for mail in (sample(kind, said, "Works <b>"), reworded(SAMPLES[kind.name](), said)):
            assert len(mail.subject.splitlines()) <= 1
            assert len(mail.subject) <= SUBJECT_LENGTH
            assert not FIELD.search(mail.subject + mail.body)
            assert "<script>" not in mail.html


@given(TEXTS, TEXTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_passes_the_check_makes_an_email(flask_words: Flask, subject: str, text: str) -> None:
    with flask_words.app_context():
        check(Words(subject, text))


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ config.SECRET_KEY }}",
        "{{ candidate.__init__ }}",
        "{{ self }}",
        "{% for n in range(10**9) %}x{% endfor %}",
        "{% include 'mail/layout.txt' %}",
        "{{ link|attr('x') }}",
        "{{ candidate }}" * 6,
        "x" * 20_001,
    ],
)
def test_hostile_words_are_refused(text: str) -> None:
    subject, body = problems_of(KINDS["closed"], Words("Hello", text))
    assert subject == []
    assert body


def test_a_candidate_is_offered_nothing_of_the_staff() -> None:
    offered = {field.name for kind in KINDS.values() if kind.is_to_candidate for field in kind.fields}
    known = {
        "candidate", "requisition", "requisition_with_team", "organisation", "recruiter", "recruiter_email", "link",
        "when", "when_before", "day", "minutes", "place", "interviewer", "your_interviews", "interviews", "schedule",
        "promise", "promise_before", "preparation", "how_asked", "arranging", "apology", "why", "in_touch",
    }  # fmt: skip
    assert offered <= known, "a new field for candidates is thought about: may every candidate know it?"


def keep(session: Session, world: World, kind: str, words: Words, **facts: bool) -> MailWords:
    row = MailWords(kind=kind, subject=words.subject, text=words.text, changed_at=MONDAY, **facts)
    row.changed_by_id = world.admin().id
    world.keep(row)
    return row


def test_own_words_go_out_with_the_standard_foot(in_app: Flask, session: Session, world: World) -> None:
    keep(session, world, "closed", Words("No, {{ candidate }}", "Dear {{ candidate }},\n\nno.\n{{ recruiter }}"))
    row = outbox.post(session, SAMPLES["closed"](), now=MONDAY, dedupe_key="k")
    assert row.subject == "No, Ada Lovelace"
    assert b"Dear Ada Lovelace,\r\n\r\nno.\r\nRita Recruiter\r\n\r\n-- \r\nYou get this" in row.message.replace(
        b"--=20", b"-- "
    )


def test_words_that_are_not_in_use_do_not_go_out(in_app: Flask, session: Session, world: World) -> None:
    keep(session, world, "closed", Words("No", "No"), is_used=False)
    assert in_own_words(session, SAMPLES["closed"]()).subject.startswith("Our answer")
    assert broken(session) == []


@pytest.mark.parametrize("text", ["{{ gone_away }}", "{{ candidate.name }}", "{% if x %}", "no link at all"])
def test_where_they_cannot_be_used_the_standard_words_go_out_and_admins_learn_of_it(
    in_app: Flask, session: Session, world: World, text: str
) -> None:
    keep(session, world, "status_link", Words("Hello", text))
    assert in_own_words(session, SAMPLES["status_link"]()) == SAMPLES["status_link"]()
    assert [kind.name for kind in broken(session)] == ["status_link"]


def test_an_exception_does_not_stop_an_email(
    in_app: Flask, session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is known that could raise: so a fault is put in."""
    keep(session, world, "closed", Words("Hello", "Hello"))

    def fails(*_: object) -> None:
        raise RuntimeError("a fault that nobody foresaw")

    monkeypatch.setattr(own_words, "reworded", fails)
    assert in_own_words(session, SAMPLES["closed"]()) == SAMPLES["closed"]()
