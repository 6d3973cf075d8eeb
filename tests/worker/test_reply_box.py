"""Mailboxes that refuse, fall silent, hang up and drip: a warning for who runs the tracker, and tried again."""

import logging
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.factories import MONDAY
from tests.mail import imap_server
from tests.mail.imap_server import Box
from tests.worker.conftest import answer
from tracker.mail import mailbox
from tracker.models.interview import Assignment
from tracker.models.reply import ReplyBox
from tracker.worker import replies, tasks

MINUTE = timedelta(minutes=1)


def state(session: Session) -> ReplyBox:
    session.expire_all()
    row = session.get_one(ReplyBox, 1)
    session.expunge(row)
    session.commit()
    return row


TROUBLES = {
    "refuse LOGIN": "refuses the user or the password",
    "refuse SELECT": "no folder",
    "refuse SEARCH": "refuses to search",
    "refuse FETCH": "refuses to fetch",
    "hang_up LOGIN": "broke off",
    "hang_up FETCH": "broke off",
    "silent SEARCH": "does not answer in time",
    "drip SEARCH": "broke off, or took too long",
    "garbage SELECT": "",
}


@pytest.mark.parametrize("what", TROUBLES)
def test_a_bad_server_is_a_warning_and_is_tried_again(
    in_app: Flask,
    session: Session,
    box: Box,
    loop: list[Assignment],
    at: TestClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    what: str,
) -> None:
    monkeypatch.setattr(mailbox, "WAIT_SECONDS", 0.3)
    monkeypatch.setattr(mailbox, "ALL_SECONDS", 0.8)
    how, command = what.split()
    setattr(box, how, command)
    box.put(answer(loop[0]))
    session.commit()
    began = time.monotonic()
    with caplog.at_level(logging.WARNING):
        assert replies.read_replies(in_app) == 0
    assert time.monotonic() - began < 4
    assert TROUBLES[what] in state(session).trouble
    assert state(session).trouble
    assert "sesame" not in caplog.text
    assert state(session).next_at == MONDAY + MINUTE
    setattr(box, how, "")
    at.set(MONDAY + MINUTE)
    assert replies.read_replies(in_app) == 1
    assert (state(session).trouble, state(session).failures) == ("", 0)


def test_the_pause_grows_and_a_server_that_is_gone_stops_nobody(
    in_app: Flask, session: Session, box: Box, loop: list[Assignment], at: TestClock
) -> None:
    gone = replace(box.settings, port=1)
    in_app.config["TRACKER"] = replace(in_app.config["TRACKER"], replies=gone)
    now = MONDAY
    session.commit()
    for minutes in (1, 2, 4, 8, 15, 15):
        assert tasks.run_once(in_app) == 0
        row = state(session)
        assert (row.next_at - now, row.trouble) == (
            minutes * MINUTE,
            "Nothing listens there: correct host and port in TRACKER_REPLIES_URL.",
        )
        now = at.set(row.next_at)


def test_a_password_does_not_travel_in_the_clear() -> None:
    server = imap_server.Box().settings
    with pytest.raises(mailbox.BoxTrouble, match="unencrypted"), mailbox.opened(replace(server, host="mail.example")):
        pass
