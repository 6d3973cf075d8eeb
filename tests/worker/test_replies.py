"""Replies as they come in: a real conversation with a mailbox, crashes in the midst, bad servers, and the pipe."""

import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.factories import MONDAY
from tests.mail.answers import mail, out_of_office, plain
from tests.mail.imap_server import Box
from tests.worker.conftest import answer
from tracker.mail import reply_addresses
from tracker.mail.mailbox import Mailbox
from tracker.mail.received import MOST_BYTES
from tracker.models.interview import Assignment
from tracker.models.outbox import OutboxPause
from tracker.models.reply import Reply, ReplyBox
from tracker.models.tick_fault import TickFault
from tracker.pipeline import replies as verbs
from tracker.rules.answers import Answer
from tracker.rules.replies import Verdict
from tracker.worker import replies, tasks

MINUTE = timedelta(minutes=1)


def verdicts(session: Session) -> list[Verdict]:
    session.expire_all()
    found = list(session.scalars(select(Reply.verdict).order_by(Reply.id)))
    session.commit()
    return found


def state(session: Session) -> ReplyBox:
    session.expire_all()
    row = session.get_one(ReplyBox, 1)
    session.expunge(row)
    session.commit()
    return row


def seats(session: Session) -> list[tuple[Answer | None, datetime | None]]:
    session.expire_all()
    found = session.execute(select(Assignment.answer, Assignment.declined_at).order_by(Assignment.id)).all()
    session.commit()
    return [(answer, declined_at) for answer, declined_at in found]


def test_what_is_new_is_taken_in_and_marked(
    in_app: Flask, session: Session, box: Box, loop: list[Assignment], at: TestClock
) -> None:
    anna, ben = loop
    no = answer(anna, "DECLINED", n=3)
    box.put(answer(anna), out_of_office(), answer(ben, uid="another"), answer(ben, "TENTATIVE", n=2))
    session.commit()
    assert tasks.run_once(in_app) == 4
    assert verdicts(session) == [Verdict.TAKEN, Verdict.AUTOMATIC, Verdict.REFUSED, Verdict.TAKEN]
    assert seats(session) == [(Answer.ACCEPTED, None), (Answer.TENTATIVE, None)]
    assert box.flags == {1: {"\\Seen"}, 2: {"\\Seen"}, 3: {"\\Seen", "\\Flagged"}, 4: {"\\Seen"}}
    assert "sesame" not in " ".join(box.asked)
    row = state(session)
    assert (row.last_uid, row.read_at, row.next_at, row.trouble) == (4, MONDAY, MONDAY + MINUTE, "")

    assert replies.read_replies(in_app) == 0, "a minute has not passed"
    asked = len(box.asked)
    session.commit()
    at.set(MONDAY + MINUTE)
    assert replies.read_replies(in_app) == 0, "nothing is new"
    assert [each.split()[0] for each in box.asked[asked:]] == ["CAPABILITY", "LOGIN", "SELECT", "UID", "LOGOUT"]
    box.put(no)
    at.set(MONDAY + 2 * MINUTE)
    assert replies.read_replies(in_app) == 1
    assert seats(session)[0] == (Answer.DECLINED, MONDAY + 2 * MINUTE)


@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
def test_a_crash_loses_nothing_and_takes_nothing_twice(
    in_app: Flask,
    session: Session,
    box: Box,
    loop: list[Assignment],
    at: TestClock,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
) -> None:
    class Killed(BaseException):
        """The process is gone."""

    def kill(*_given: object, **_more: object) -> None:
        raise Killed

    box.put(answer(loop[0], "DECLINED"), answer(loop[1]))
    session.commit()
    with monkeypatch.context() as patch:
        if when == "before the commit":
            patch.setattr(replies, "_commit", kill)
        else:
            patch.setattr(Mailbox, "mark", kill)
        with pytest.raises(Killed):
            replies.read_replies(in_app)
    assert box.flags == {}
    assert replies.read_replies(in_app) == 0, "whoever died holds it for a while"
    at.set(MONDAY + 3 * MINUTE)
    session.commit()
    assert replies.read_replies(in_app) == (2 if when == "before the commit" else 1)
    assert verdicts(session) == [Verdict.TAKEN, Verdict.TAKEN]
    assert seats(session)[0] == (Answer.DECLINED, MONDAY + 3 * MINUTE if when == "before the commit" else MONDAY)


def test_a_mailbox_made_anew_is_read_anew_and_nothing_counts_twice(
    in_app: Flask, session: Session, box: Box, loop: list[Assignment], at: TestClock
) -> None:
    box.put(answer(loop[0]), answer(loop[1]))
    session.commit()
    assert replies.read_replies(in_app) == 2
    box.validity, box.messages = 8, {5: box.messages[2], 9: box.messages[1]}
    at.set(MONDAY + MINUTE)
    session.commit()
    assert replies.read_replies(in_app) == 2
    assert verdicts(session) == [Verdict.TAKEN, Verdict.TAKEN]
    assert (state(session).validity, state(session).last_uid) == (8, 9)
    in_app.config["TRACKER"] = replace(in_app.config["TRACKER"], replies=replace(box.settings, folder="Answers"))
    assert replies.read_replies(in_app) == 2, "another folder is another mailbox"
    assert len(verdicts(session)) == 2


def test_what_is_too_large_is_left_where_it_is(
    in_app: Flask, session: Session, box: Box, loop: list[Assignment]
) -> None:
    box.put(mail(plain("x" * MOST_BYTES), to=reply_addresses.for_interviewer(loop[0])), answer(loop[1]))
    session.commit()
    assert replies.read_replies(in_app) == 2
    assert verdicts(session) == [Verdict.UNREADABLE, Verdict.TAKEN]
    assert box.flags[1] == {"\\Seen", "\\Flagged"}
    fetched = [each for each in box.asked if each.startswith("UID FETCH 1")]
    assert fetched == ["UID FETCH 1 (RFC822.SIZE)", "UID FETCH 1 (BODY.PEEK[HEADER]<0.65536>)"]


def test_what_the_tracker_fails_at_keeps_no_other_waiting(
    in_app: Flask, session: Session, box: Box, loop: list[Assignment], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = verbs.take, []

    def take(*given: object, **more: object) -> object:
        calls.append(given)
        if len(calls) == 1:
            raise RuntimeError("no luck with anna@tracker.example")
        return real(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(verbs, "take", take)
    box.put(answer(loop[0]), answer(loop[1]))
    session.commit()
    assert replies.read_replies(in_app) == 2
    assert verdicts(session) == [Verdict.UNREADABLE, Verdict.TAKEN]
    [fault] = session.scalars(select(TickFault))
    assert (fault.tick, "anna" in fault.what) == ("replies", False)


def test_a_database_that_is_away_leaves_the_rest_for_later(
    in_app: Flask, session: Session, box: Box, loop: list[Assignment], at: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object, **_more: object) -> None:
        raise OperationalError("no", {}, Exception("no"))

    box.put(answer(loop[0]))
    session.commit()
    with monkeypatch.context() as patch:
        patch.setattr(verbs, "take", away)
        with pytest.raises(OperationalError):
            replies.read_replies(in_app)
    at.set(MONDAY + 3 * MINUTE)
    assert replies.read_replies(in_app) == 1
    assert verdicts(session) == [Verdict.TAKEN]


def test_while_the_outbox_is_paused_nothing_is_fetched(
    in_app: Flask, session: Session, box: Box, loop: list[Assignment]
) -> None:
    session.add(OutboxPause(id=1, at=MONDAY, backup_at=MONDAY))
    session.commit()
    assert replies.read_replies(in_app) == 0
    assert box.asked == []
    piped = answer(loop[0])
    session.commit()
    assert replies.from_pipe(lambda: in_app, io.BytesIO(piped)) == replies.EX_TEMPFAIL


def test_the_pipe_answers_as_mail_servers_understand(
    in_app: Flask, session: Session, box: Box, loop: list[Assignment], capsys: pytest.CaptureFixture[str]
) -> None:
    def piped(data: bytes) -> int:
        session.commit()
        return replies.from_pipe(lambda: in_app, io.BytesIO(data))

    assert piped(answer(loop[0])) == replies.EX_OK
    assert piped(answer(loop[0])) == replies.EX_OK, "it came before"
    assert piped(out_of_office()) == replies.EX_OK
    assert piped(answer(loop[1], sequence=-1)) == replies.EX_OK
    assert capsys.readouterr().err == ""
    assert piped(answer(loop[1], uid="another")) == replies.EX_DATAERR
    assert "another event" in capsys.readouterr().err
    assert piped(b"") == replies.EX_DATAERR
    assert piped(b"x" * (MOST_BYTES + 10)) == replies.EX_DATAERR

    def broken() -> Flask:
        raise RuntimeError("the settings of anna@tracker.example")

    capsys.readouterr()
    assert replies.from_pipe(broken, io.BytesIO(answer(loop[0]))) == replies.EX_TEMPFAIL
    assert "anna" not in capsys.readouterr().err
    in_app.config["TRACKER"] = replace(in_app.config["TRACKER"], reply_address=None)
    assert piped(answer(loop[0])) == replies.EX_TEMPFAIL


def test_two_workers_take_one_mailbox_once(in_app: Flask, session: Session, box: Box, loop: list[Assignment]) -> None:
    box.put(answer(loop[0]))
    session.commit()
    assert replies._claim(box.settings)
    assert not replies._claim(box.settings)
    assert replies.read_replies(in_app) == 0
