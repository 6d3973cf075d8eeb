"""Backups of a tracker in full use: each is made, verified, restored elsewhere, and held against what the writers did.

    python -m bench.backup --rounds 100 --databases sqlite postgresql

Writers are processes that take in applications with resumes without pause. A backup is broken where it cannot be
verified or restored; where a number of a writer is missing below one that is there (it is not of one moment); where
something is missing that was committed before it began; or where an application lacks its history, record, deadline,
mail, document or file. Ends with 1 where one is. On SQLite the files are also copied as cp does, for comparison.
"""

import argparse
import hashlib
import multiprocessing
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.generate import NOW, fill
from bench.pages import application_on, database
from config import Settings
from tracker import backup
from tracker.db import db, make_engine
from tracker.models.requisition import Requisition
from tracker.pipeline import documents, intake

LACKING = {
    "history": "NOT EXISTS (SELECT 1 FROM stage_change WHERE application_id = a.id)",
    "record": "NOT EXISTS (SELECT 1 FROM record_entry WHERE application_id = a.id)",
    "deadline": "NOT EXISTS (SELECT 1 FROM deadline WHERE application_id = a.id)",
    "mail": "NOT EXISTS (SELECT 1 FROM outbox_mail WHERE application_id = a.id)",
    "document": "NOT EXISTS (SELECT 1 FROM document WHERE application_id = a.id)",
}
EMAIL = "w{writer}.{number:06}@writers.example"


def write(url: str, folder: Path, writer: int, done: "Synchronized[int]") -> None:
    """Take in applications until the process is ended; ``done`` is the number of the last that was committed."""
    app = application_on(url, folder)
    with app.app_context():
        for number in range(1, 1_000_000):
            content = b"%PDF-1.7 " + hashlib.sha256(f"{writer}.{number}".encode()).digest() * (number % 300 + 1)
            upload = documents.keep(folder / "documents", "resume.pdf", content, most=100_000)
            with Session(db.engine) as session:
                intake.receive(
                    session, session.get_one(Requisition, 1), name=f"Writer Number {number}",
                    email=EMAIL.format(writer=writer, number=number), zone="Europe/Berlin", resume=upload,
                    source="bench", by=None, now=NOW,
                )  # fmt: skip
                session.commit()
            done.value = number


@contextmanager
def writing(settings: Settings, writers: int) -> Iterator[list["Synchronized[int]"]]:
    """Let so many writers write meanwhile; yield what each has committed."""
    context = multiprocessing.get_context("spawn")
    done = [context.Value("q", 0) for _ in range(writers)]
    processes = [
        context.Process(target=write, args=(settings.database_url, settings.data_dir, n, each), daemon=True)
        for n, each in enumerate(done)
    ]
    for process in processes:
        process.start()
    while not all(each.value for each in done):
        assert all(process.is_alive() for process in processes), "a writer ended"
        time.sleep(0.1)
    yield done
    assert all(process.is_alive() for process in processes), "a writer ended"
    for process in processes:
        process.kill()
        process.join()


@dataclass
class Report:
    """What became of the rounds; seconds of each step."""

    broken: list[str] = field(default_factory=list)
    copies_broken: int = 0
    rows: int = 0
    size: int = 0
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"make": [], "verify": [], "restore": []})


def play(settings: Settings, elsewhere: Settings, rounds: int, writers: int = 2) -> Report:
    """Back up the tracker at ``settings`` while writers write; verify and restore each backup at ``elsewhere``."""
    report = Report()
    with writing(settings, writers) as done:
        for number in range(rounds):
            before = [each.value for each in done]
            path = elsewhere.data_dir / f"backup-{number}.tar"
            try:
                _round(settings, elsewhere, path, report)
            except backup.BackupRefused as refused:
                report.broken.append(f"{number}: {refused}")
                continue
            report.broken += [f"{number}: {fault}" for fault in faults(elsewhere, before)]
            report.copies_broken += settings.database_url.startswith("sqlite") and not is_copy_whole(
                settings, elsewhere
            )
            path.unlink()
    return report


def _round(settings: Settings, elsewhere: Settings, path: Path, report: Report) -> None:
    moments = [time.perf_counter()]
    _, manifest = backup.make(settings, path, now=NOW)
    moments.append(time.perf_counter())
    backup.verify(elsewhere, path)
    moments.append(time.perf_counter())
    backup.restore(elsewhere, path, force=True, now=NOW + timedelta(hours=1))
    moments.append(time.perf_counter())
    for name, begin, end in zip(report.seconds, moments, moments[1:], strict=False):
        report.seconds[name].append(end - begin)
    report.rows, report.size = sum(manifest.tables.values()), path.stat().st_size


def faults(settings: Settings, before: list[int]) -> Iterator[str]:
    """Yield what is wrong with a restored tracker; ``before`` is what each writer had committed at the beginning."""
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        for writer, least in enumerate(before):
            like = f"w{writer}.%@writers.example"
            found = connection.execute(sa.text("SELECT email FROM candidate WHERE email LIKE :like"), {"like": like})
            numbers = {int(email.split(".")[1].split("@")[0]) for (email,) in found}
            if numbers != set(range(1, len(numbers) + 1)) or len(numbers) < least:
                yield f"writer {writer} has {len(numbers)} applications up to {max(numbers, default=0)}, not {least}"
        for name, condition in LACKING.items():
            lacking = sa.text(f"SELECT count(*) FROM application a WHERE source = 'bench' AND {condition}")
            if count := connection.scalar(lacking):
                yield f"{count} applications have no {name}"
        for (digest,) in connection.execute(sa.text("SELECT sha256 FROM document")):
            path = documents.path_of(settings.documents, digest)
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                yield f"document {digest} is not there, or damaged"
    engine.dispose()


def is_copy_whole(settings: Settings, elsewhere: Settings) -> bool:
    """Whether SQLite's files, copied one after the other as cp does, make a sound database."""
    source = Path(settings.database_url.removeprefix("sqlite:///"))
    with tempfile.TemporaryDirectory(dir=elsewhere.data_dir) as folder:
        for end in ("", "-wal"):
            shutil.copy(f"{source}{end}", Path(folder) / f"copy.db{end}")
        try:
            with closing(sqlite3.connect(Path(folder) / "copy.db")) as connection:
                [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
                return bool(found == "ok" and not connection.execute("PRAGMA foreign_key_check").fetchone())
        except sqlite3.Error:
            return False


def prepare(url: str, applications: int) -> None:
    """Fill a migrated database with generated applications, whose numbers the sequences then know."""
    engine = make_engine(url)
    fill(engine, applications)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for table in ("candidate", "application"):
                connection.exec_driver_sql(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    engine.dispose()


def _play_on(kind: str, folder: Path, rounds: int, applications: int) -> Report:
    with database(kind, folder) as url, database(kind, folder) as other:
        prepare(url, applications)
        settings: Settings = application_on(url, folder / "live").config["TRACKER"]
        elsewhere = replace(settings, database_url=other, data_dir=folder / "elsewhere")
        settings.data_dir.mkdir()
        elsewhere.data_dir.mkdir()
        return play(settings, elsewhere, rounds)


def main() -> int:
    """Play the rounds on each kind of database and print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--applications", type=int, default=2_000)
    chosen = parser.parse_args()
    broken = 0
    for kind in chosen.databases:
        with tempfile.TemporaryDirectory() as folder:
            report = _play_on(kind, Path(folder), chosen.rounds, chosen.applications)
        broken += len(report.broken)
        medians = ", ".join(f"{name} {statistics.median(all_):.2f} s" for name, all_ in report.seconds.items() if all_)
        print(f"{kind}: {chosen.rounds} rounds, {len(report.broken)} broken; medians: {medians}")
        print(f"  at the end {report.rows:,} rows, {report.size / 1e6:.0f} MB; copies broken: {report.copies_broken}")
        for each in report.broken[:20]:
            print(f"  {each}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
