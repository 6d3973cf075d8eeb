"""Erasures after their commit: files, the second pass, the list outside of the database; and retention's tick."""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.explained import explained, send_thousands
from tests.factories import MONDAY, World
from tracker.db import db
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.erasure import Erasure, FileRemoval
from tracker.models.outbox import MailState, OutboxMail, OutboxPause
from tracker.models.tick_fault import TickFault
from tracker.pipeline import documents, erasure, moves, retention
from tracker.rules.retention import ErasureKind
from tracker.rules.stages import ApplicationState, Disposition
from tracker.worker.erasing import LOG, Erasing

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOW = MONDAY + 3 * DAY


class Worker:
    """The worker beside a test's session, which lets go of the database first: SQLite has one writer."""

    def __init__(self, erasing: Erasing, session: Session) -> None:
        self.erasing, self.session = erasing, session

    def finish(self, now: datetime) -> int:
        self.session.commit()
        return self.erasing.finish(now)

    def sweep(self, now: datetime) -> int:
        self.session.commit()
        return self.erasing.sweep(now)


@pytest.fixture
def erasing(in_app: Flask, session: Session) -> Worker:
    return Worker(Erasing(in_app), session)


def document(
    in_app: Flask, session: Session, application: Application, content: bytes, *, age: timedelta = DAY
) -> Path:
    """Keep a file and name it; it is as old as that."""
    root = in_app.config["TRACKER"].documents
    upload = documents.keep(root, "cv.txt", content, most=1000)
    documents.add(session, application, upload, is_resume=True, by=None, now=MONDAY)
    session.commit()
    path = documents.path_of(root, upload.sha256)
    grow_old(path, age)
    return path


def grow_old(path: Path, age: timedelta) -> None:
    moment = (NOW - age).timestamp()
    os.utime(path, (moment, moment))


def erase(session: Session, application: Application, *, tell: bool = False) -> None:
    erasure.erase(
        session,
        application.candidate,
        ErasureKind.REQUEST,
        by=application.requisition.recruiter,
        now=NOW,
        tell_from=application if tell else None,
    )
    session.commit()


def close(session: Session, application: Application, at: datetime) -> None:
    by = application.requisition.recruiter
    moves.close(session, application, ApplicationState.REJECTED, Disposition.OTHER, by=by, now=at)
    session.commit()


def erased(session: Session) -> set[int]:
    session.rollback()
    return set(session.scalars(sa.select(Candidate.id).where(Candidate.erased_at.is_not(None))))


def test_files_go_unless_another_names_them(in_app: Flask, session: Session, world: World, erasing: Worker) -> None:
    gone, stays = world.application(), world.application()
    own, shared = document(in_app, session, gone, b"mine alone"), document(in_app, session, gone, b"the same")
    assert document(in_app, session, stays, b"the same") == shared
    erase(session, gone)
    assert own.exists(), "only after the commit, by the worker"
    assert erasing.finish(NOW) == 2
    assert (own.exists(), shared.exists()) == (False, True)
    assert session.scalars(sa.select(FileRemoval)).all() == []
    assert erasing.finish(NOW) == 0


def test_a_file_that_somebody_may_be_about_to_name_is_looked_at_again(
    in_app: Flask, session: Session, world: World, erasing: Worker
) -> None:
    application = world.application()
    path = document(in_app, session, application, b"just sent", age=MINUTE)
    erase(session, application)
    erasing.finish(NOW)
    assert path.exists()
    grow_old(path, DAY)
    erasing.finish(NOW + 9 * MINUTE)
    assert path.exists()
    erasing.finish(NOW + 10 * MINUTE)
    assert not path.exists()


def test_what_fails_is_tried_again(
    in_app: Flask, session: Session, world: World, erasing: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = world.application()
    path = document(in_app, session, application, b"mine alone")
    erase(session, application)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(OSError("the disk is away")))
        assert erasing.finish(NOW) == 0
    assert path.exists()
    assert session.scalars(sa.select(TickFault.tick)).all() == ["files"]
    assert erasing.finish(NOW) == 1
    assert not path.exists()


def test_a_crash_between_the_file_and_its_row_does_no_harm(
    in_app: Flask, session: Session, world: World, erasing: Worker
) -> None:
    application = world.application()
    path = document(in_app, session, application, b"mine alone")
    erase(session, application)
    path.unlink()
    assert erasing.finish(NOW) == 1
    assert session.scalars(sa.select(FileRemoval)).all() == []


def test_files_that_no_row_names_go_after_a_day(in_app: Flask, session: Session, world: World, erasing: Worker) -> None:
    root = in_app.config["TRACKER"].documents
    kept = document(in_app, session, world.application(), b"named")
    given_up = [documents.keep(root, "cv.txt", content, most=99) for content in (b"old", b"new")]
    old, new = (documents.path_of(root, each.sha256) for each in given_up)
    for path, age in ((kept, 9 * DAY), (old, DAY + MINUTE), (new, DAY - MINUTE)):
        grow_old(path, age)
    erasing.sweep(NOW)
    assert [path.exists() for path in (kept, old, new)] == [True, False, True]


def test_an_erasure_is_gone_through_once_more_and_written_down(
    in_app: Flask, session: Session, world: World, erasing: Worker
) -> None:
    application = world.application()
    erase(session, application)
    assert erasing.finish(NOW + 59 * timedelta(seconds=1)) == 0
    assert erasing.finish(NOW + MINUTE) == 1
    path = in_app.config["TRACKER"].data_dir / LOG
    candidate = session.get_one(Candidate, application.candidate_id)
    assert path.read_text() == f"{candidate.id} {candidate.created_at.isoformat()} {NOW.isoformat()}\n"
    assert erasing.finish(NOW + 2 * MINUTE) == 0


def test_who_comes_back_with_a_backup_is_erased_again_and_nobody_else(
    in_app: Flask, session: Session, world: World, erasing: Worker
) -> None:
    gone, stays, reused = (world.application(name=f"Quokka {n}") for n in range(3))
    path = in_app.config["TRACKER"].data_dir / LOG
    then = MONDAY.isoformat()
    other = (MONDAY - DAY).isoformat()
    path.write_text(f"{gone.candidate_id} {then} {then}\n{reused.candidate_id} {other} {then}\nno line\n17 {then}")
    retention.hold(session, gone.candidate.email, "A court asks", by=world.admin(), now=NOW)
    session.add(OutboxPause(id=1, at=NOW, backup_at=MONDAY))
    session.commit()
    assert erasing.sweep(NOW) == 1
    assert erased(session) == {gone.candidate_id}
    assert session.scalars(sa.select(Erasure.kind)).all() == [ErasureKind.RESTORED]
    assert stays.candidate.name == "Quokka 1"
    erasing.finish(NOW + MINUTE)
    last = path.read_text().splitlines()[-1]
    assert last == f"{gone.candidate_id} {then} {NOW.isoformat()}", "the line that was cut short spoils no other"


def test_the_last_word_is_erased_once_it_is_sent(session: Session, world: World, erasing: Worker) -> None:
    application = world.application(name="Quokka One")
    erase(session, application, tell=True)
    assert erasing.finish(NOW) == 0
    session.execute(sa.update(OutboxMail).values(state=MailState.SENT))
    session.commit()
    assert erasing.finish(NOW) == 1
    session.expire_all()
    mail = session.scalars(sa.select(OutboxMail)).one()
    assert (mail.message, mail.receiver) == (b"", f"erased-{mail.id}@erased.example")


class TestRetention:
    @pytest.fixture(autouse=True)
    def six_months(self, session: Session, world: World) -> None:
        by = world.admin()
        retention.set_months(session, 6, by=by, now=MONDAY - 400 * DAY, seen=None)
        session.commit()

    def test_who_is_due_is_erased_and_nobody_else(self, session: Session, world: World, erasing: Worker) -> None:
        requisition = world.requisition()
        due, not_yet, held, hired, open_, goes_on = (world.application(requisition) for _ in range(6))
        long_ago = NOW - 200 * DAY
        for application in (due, held, hired, goes_on):
            close(session, application, long_ago)
        close(session, not_yet, NOW - 100 * DAY)
        hired.state = ApplicationState.HIRED
        retention.count(session, hired.candidate_id)
        retention.hold(session, held.candidate.email, "A court asks", by=requisition.recruiter, now=NOW)
        other = world.application(world.requisition("Another"), candidate=goes_on.candidate)
        retention.count(session, goes_on.candidate_id)
        session.commit()
        assert erasing.sweep(NOW) == 1
        assert erased(session) == {due.candidate_id}
        assert session.scalars(sa.select(Erasure.kind)).all() == [ErasureKind.RETENTION]
        assert other.erased_at is None
        assert open_.erased_at is None
        assert erasing.sweep(NOW) == 0

    def test_another_row_of_the_same_person_keeps_it(self, session: Session, world: World, erasing: Worker) -> None:
        due = world.application()
        secret = world.requisition("Secret", is_confidential=True)
        hidden = world.candidate("The Same", email=due.candidate.email, requisition_id=secret.id)
        other = world.application(secret, candidate=hidden)
        close(session, due, NOW - 200 * DAY)
        assert erasing.sweep(NOW) == 0
        close(session, other, NOW - 190 * DAY)
        assert erasing.sweep(NOW) == 1
        assert erased(session) == {due.candidate_id, hidden.id}

    def test_a_reopened_application_and_a_new_one_count_anew(self, session: Session, world: World) -> None:
        application = world.application()
        close(session, application, NOW - 200 * DAY)
        session.refresh(application.candidate)
        assert application.candidate.kept_since == NOW - 200 * DAY
        by = application.requisition.recruiter
        moves.reopen(session, application, application.stage_id, by=by, now=NOW, reason="again")
        session.refresh(application.candidate)
        assert application.candidate.kept_since is None

    def test_released_somebody_is_due_again(self, session: Session, world: World, erasing: Worker) -> None:
        application, admin = world.application(), world.admin()
        close(session, application, NOW - 200 * DAY)
        retention.hold(session, application.candidate.email, "A court asks", by=admin, now=NOW)
        session.commit()
        assert erasing.sweep(NOW) == 0
        retention.release(session, 1, by=admin, now=NOW)
        session.commit()
        assert erasing.sweep(NOW) == 1

    def test_for_a_week_after_it_was_set_nobody_goes(self, session: Session, world: World, erasing: Worker) -> None:
        close(session, world.application(), NOW - 200 * DAY)
        retention.set_months(session, 3, by=world.admin(), now=NOW - 6 * DAY, seen=6)
        session.commit()
        assert erasing.sweep(NOW) == 0
        assert erasing.sweep(NOW + DAY) == 1

    def test_unset_everybody_is_kept(self, session: Session, world: World, erasing: Worker) -> None:
        close(session, world.application(), NOW - 2000 * DAY)
        retention.set_months(session, None, by=world.admin(), now=NOW - 100 * DAY, seen=6)
        session.commit()
        assert erasing.sweep(NOW) == 0

    def test_while_the_outbox_is_paused_nobody_goes(self, session: Session, world: World, erasing: Worker) -> None:
        close(session, world.application(), NOW - 200 * DAY)
        session.add(OutboxPause(id=1, at=NOW, backup_at=MONDAY))
        session.commit()
        assert erasing.sweep(NOW) == 0

    def test_one_that_fails_keeps_nobody_waiting(
        self, session: Session, world: World, erasing: Worker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        requisition = world.requisition()
        first, second = (world.application(requisition) for _ in range(2))
        for n, application in enumerate((first, second)):
            close(session, application, NOW - (300 - n) * DAY)
        real, broken, whole = erasure.erase, first.candidate_id, second.candidate_id

        def fails(session: Session, candidate: Candidate, *args: object, **facts: object) -> bool:
            if candidate.id == broken:
                raise RuntimeError("no")
            return real(session, candidate, *args, **facts)  # type: ignore[arg-type]

        monkeypatch.setattr(erasure, "erase", fails)
        assert erasing.sweep(NOW) == 1
        assert erased(session) == {whole}


def test_what_is_due_is_found_by_indexes(session: Session, erasing: Worker) -> None:
    send_thousands(session)
    world = World(session)
    retention.set_months(session, 6, by=world.admin(), now=MONDAY - 400 * DAY, seen=None)
    session.commit()
    statements: list[tuple[str, object]] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append((args[2], args[3])))
    erasing.finish(NOW)
    erasing.sweep(NOW)
    asked = [(each, given) for each, given in statements if each.startswith("SELECT") and "FROM" in each]
    assert len(asked) == 6
    for statement, given in asked:
        plan = explained(session, statement, given)
        assert not re.search(r"Seq Scan on (?!outbox_pause|organisation)", plan), f"{statement}\n{plan}"
        assert not re.search(r"SCAN (outbox_mail|erasure|file_removal|candidate)\b(?!.*USING)", plan), (
            f"{statement}\n{plan}"
        )
