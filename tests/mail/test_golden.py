"""Every kind of mail, as its reader gets it. The words are reviewed in golden/: write them anew with

TRACKER_WRITE_GOLDEN=1 .venv/bin/python -m pytest tests/mail/test_golden.py
"""

import os
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import PROJECT, settings_for
from tests.mail.samples import SAMPLES
from tracker.app import create_app
from tracker.mail.messages import Mail

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def words(tmp_path: Path) -> Flask:
    """An application that is never asked for its database."""
    return create_app(settings_for(f"sqlite:///{tmp_path}/none.sqlite", tmp_path))


def shown(mail: Mail) -> str:
    """Return what is reviewed: subject, text, the HTML where it has a file of its own, and the calendar unfolded."""
    parts = [f"To: {mail.receiver.name} <{mail.receiver.email}>\nSubject: {mail.subject}", mail.text]
    if (PROJECT / "templates" / "mail" / mail.kind / "body.html").exists():
        parts.append(re.split(r"</?main>", mail.html)[1].strip())
    if mail.calendar is not None:
        parts.append(mail.calendar.decode().replace("\r\n ", "").replace("\r\n", "\n").strip())
    return ("\n" + "=" * 72 + "\n").join(parts) + "\n"


@pytest.mark.parametrize("name", SAMPLES)
def test_words(words: Flask, name: str) -> None:
    with words.app_context():
        found = shown(SAMPLES[name]())
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("TRACKER_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8"), f"the words of {name} changed: is golden/{name}.txt still right?"


def test_every_kind_is_under_review() -> None:
    kinds = {path.name for path in (PROJECT / "templates" / "mail").iterdir() if path.is_dir()}
    # The outcome's words are the recruiter's, made of one of its two drafts.
    assert kinds | {"outcome"} == {name.split("-")[0] for name in SAMPLES}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_mail_says_why_its_reader_gets_it(words: Flask, name: str) -> None:
    with words.app_context():
        mail = SAMPLES[name]()
    assert re.search(r"\n-- \nYou get this .*\.\n?$", mail.text)
    assert "You get this" in mail.html
    assert "\n" not in mail.subject
    assert "<table" not in mail.html


@pytest.mark.parametrize("name", SAMPLES)
def test_candidates_and_staff_share_no_words(words: Flask, name: str) -> None:
    """A candidate's mail leads to his or her own page at most; every other link is for who signs in."""
    with words.app_context():
        mail = SAMPLES[name]()
    if mail.receiver.email.endswith("@candidates.example"):
        links = set(re.findall(r"http://tracker\.example\S*", mail.text))
        assert links <= {f"http://tracker.example/my/token{of}" for of in ("", "/loop")}


@pytest.mark.parametrize("name", SAMPLES)
def test_candidates_read_no_name_that_the_tracker_has_for_an_interview(words: Flask, name: str) -> None:
    with words.app_context():
        mail = SAMPLES[name]()
    if mail.receiver.email.endswith("@candidates.example"):
        assert not re.search(r"Interview \d|Technical depth", shown(mail))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_first_line_says_what_it_is_about(words: Flask, name: str) -> None:
    """What is wanted and of whom: a watch shows no more. A greeting stands before it in a candidate's e-mail alone."""
    with words.app_context():
        mail = SAMPLES[name]()
    first, *rest = mail.body.split("\n\n")
    if mail.receiver.email.endswith("@candidates.example"):
        assert re.match(r"(Hello|Dear) Ada", first)
        first = rest[0]
        assert "Security Engineer" in first or "{{ requisition }}" in first
    elif mail.kind.startswith("training_"):
        assert re.search(r"\b[Yy]ou", first)
        assert "loop interviews" in first
    elif mail.kind not in ("welcome", "forgotten"):
        assert not first.startswith("Hello")
        assert "Ada Lovelace" in first or "Ian Interviewer" in first
        assert re.search(r"\b[Yy]ou", first), "why its reader is told"
        assert re.search(r"\d{4}", first) or mail.kind == "candidate_withdrew", "when"
    assert not re.search(r"\*\*|\]\(|^#", mail.text, re.MULTILINE), "no marks"
