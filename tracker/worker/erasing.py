"""What becomes of erasures after their commit, who is erased by retention, and who is erased again after a restore.

Nothing here is lost by a crash: rows say what is still to be done, and doing it twice does no harm.
"""

import logging
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.db import BUSY_TIMEOUT_MS, db, reading
from tracker.models.candidate import Candidate
from tracker.models.erasure import Erasure, FileRemoval
from tracker.models.outbox import OutboxMail
from tracker.pipeline import erased_files, erasure
from tracker.queries import outbox, retention
from tracker.rules.retention import ErasureKind
from tracker.worker import tasks
from tracker.worker.tasks import Task

log = logging.getLogger(__name__)

LOG = "erasures.log"
# Files that no row names are looked for this often.
LOOK_EVERY = timedelta(days=1)
MOST_AT_ONCE = 500
A_MOMENT_MS = 200


class Erasing:
    """What one process of the worker does about erasures."""

    def __init__(self, app: Flask) -> None:
        settings = app.config["TRACKER"]
        self._documents: Path = settings.documents
        self._log: Path = settings.data_dir / LOG
        self._looked_at: datetime | None = None
        self._has_read_log = False

    def finish(self, now: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
        """Do what recent erasures still ask for; return how many items were done. Asks three indexes where none does.

        Last e-mails that went out are erased; each erasure is gone through once more and written down outside of the
        database; files are removed. On SQLite nothing of it is then left in the log of its writes either.
        """
        last = Task("last words", _last_words, lambda session, _keys, _now: _erase_last_words(session))
        again = tasks.one_by_one("erasures", retention.unfinished, self._finish)
        files = Task("files", erased_files.due, self._remove)
        count = sum(_work_off(task, now, stopping) for task in (last, again, files))
        if count:
            _empty_write_log()
        return count

    def sweep(self, now: datetime, stopping: Callable[[], bool] = lambda: False) -> int:
        """Erase whom retention says, one in each transaction, and whom a restored backup brought back; once a day
        remove files that no row names. Return how many candidates were erased."""
        with reading(), Session(db.engine) as session:
            is_paused = outbox.pause(session) is not None
        count = 0
        if is_paused or not self._has_read_log:
            count += self.erase_again(now)
            self._has_read_log = True
        if not is_paused:
            count += _work_off(tasks.one_by_one("retention", retention.next_due, _erase_due), now, stopping)
        if self._looked_at is None or now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            with reading(), Session(db.engine) as session:
                erased_files.remove_unnamed(session, self._documents, now=now)
        _empty_write_log()
        return count

    def erase_again(self, now: datetime) -> int:
        """Erase whoever was erased before and is in the database all the same: it is an older backup's."""
        count = 0
        for lines in _in_parts(list(_read(self._log))):
            with reading(), Session(db.engine) as session:
                known = select(Candidate.id, Candidate.created_at).where(
                    Candidate.id.in_([number for number, _ in lines]), Candidate.erased_at.is_(None)
                )
                # A number alone may be another's by now: who was made at that very moment is the one.
                found = [row.id for row in session.execute(known) if (row.id, row.created_at) in lines]
            count += sum(tasks.acts(_AGAIN, [each], now) for each in found)
        return count

    def _finish(self, session: Session, number: int, now: datetime) -> None:
        row = session.get_one(Erasure, number)
        erasure.go_through_again(session, row, now=now)
        # Before the commit: after a crash it is written once more.
        _write(self._log, f"{row.candidate_id} {row.candidate.created_at.isoformat()} {row.at.isoformat()}\n")

    def _remove(self, session: Session, keys: Sequence[int], now: datetime) -> None:
        erased_files.remove(session, session.get_one(FileRemoval, keys[0]), self._documents, now=now)


def run_once(app: Flask) -> int:
    """Do all of it that is due now; return how many items were done."""
    with app.app_context():
        erasing = Erasing(app)
        return erasing.sweep(clock.now()) + erasing.finish(clock.now())


def _work_off(task: Task, now: datetime, stopping: Callable[[], bool]) -> int:
    """Do all that is due, each item once; unlike other tasks' it is due while the outbox is paused too."""
    count, taken = 0, set[int]()
    while not stopping():
        with reading(), Session(db.engine) as session:
            keys = task.next_due(session, now, taken)
        if not keys:
            break
        taken.update(keys)
        count += len(keys) if tasks.acts(task, keys, now) else 0
    return count


def _named(_session: Session, _now: datetime, _without: Collection[int]) -> Sequence[int]:
    return ()


def _last_words(session: Session, _now: datetime, without: Collection[int]) -> Sequence[int]:
    settled = select(OutboxMail.id).where(*erasure.settled_last_words(), OutboxMail.id.not_in(without))
    return session.scalars(settled.limit(MOST_AT_ONCE)).all()


def _erase_last_words(session: Session) -> None:
    erasure.erase_last_words(session)


def _erase_due(session: Session, candidate_id: int, now: datetime) -> None:
    # Asked once more, where nobody else writes: somebody may have held or reopened it meanwhile.
    if retention.is_due(session, candidate_id, now):
        erasure.erase(session, session.get_one(Candidate, candidate_id), ErasureKind.RETENTION, by=None, now=now)


def _erase_restored(session: Session, keys: Sequence[int], now: datetime) -> None:
    erasure.erase(session, session.get_one(Candidate, keys[0]), ErasureKind.RESTORED, by=None, now=now)


# Whom it is about the list says, not the database.
_AGAIN = Task("erasures", _named, _erase_restored)


def _read(path: Path) -> Iterator[tuple[int, datetime]]:
    """Yield the number and the making of each candidate that was erased; a line cut short by a crash is left out."""
    if not path.exists():
        return
    for line in path.read_text("ascii", errors="replace").splitlines():
        try:
            number, made_at, _ = line.split(" ")
            yield int(number), datetime.fromisoformat(made_at)
        except ValueError:
            log.warning("A line of %s cannot be read", path.name)


def _write(path: Path, line: str) -> None:
    with path.open("a+b") as file:
        if file.tell() and not _ends_well(file):
            # A crash cut the last line short: it is not to spoil this one too.
            line = f"\n{line}"
        file.write(line.encode("ascii"))
        file.flush()
        os.fsync(file.fileno())


def _ends_well(file: IO[bytes]) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _in_parts(lines: Sequence[tuple[int, datetime]]) -> Iterator[Sequence[tuple[int, datetime]]]:
    return (lines[start : start + MOST_AT_ONCE] for start in range(0, len(lines), MOST_AT_ONCE))


def _empty_write_log() -> None:
    """Have SQLite put its log of writes into the database, and empty it: what was erased stands there still.

    While somebody reads it cannot; then the next sweep does. Nobody waits for it longer than a moment.
    """
    if db.engine.dialect.name != "sqlite":
        return
    with db.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA busy_timeout = {A_MOMENT_MS}")
        try:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
