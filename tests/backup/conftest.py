"""A tracker with rows and documents, a backup of it, and another database to restore it into."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from config import Settings
from tests.conftest import settings_for
from tests.databases import PostgreSQL
from tests.factories import MONDAY, World
from tests.migrations.test_migrations import contents
from tracker import backup
from tracker.db import make_engine
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.scorecard import ScorecardFile
from tracker.pipeline import documents
from tracker.rules.evidence_files import EVIDENCE

PHOTO = b"\xff\xd8\xff\xe0 whiteboard"
RESUMES = (b"%PDF-1.7 ten years of security engineering", b"%PDF-1.7 \x00\xff and twenty more")


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """Settings of a tracker that has a little of everything, with text that an encoding could break."""
    settings = settings_for(database, tmp_path / "data")
    settings.data_dir.mkdir()
    fill(settings)
    return settings


def fill(settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        world = World(session)
        application = world.application(name="Zoë 🦉 אבג \\N \\. \t“quoted”\r\n")
        world.judge(application)
        card = world.scorecard(world.interview(application, world.person("Iris")), text="line\nline\ttab \\ back")
        photo = documents.keep(settings.documents, "board.jpg", PHOTO, most=1000, kinds=EVIDENCE)
        facts = {"media_type": photo.media_type, "size": photo.size, "sha256": photo.sha256, "added_at": MONDAY}
        session.add(ScorecardFile(scorecard_id=card.id, name=photo.name, **facts))
        world.loop(application, tuple(world.person() for _ in range(5)))
        for number, content in enumerate((*RESUMES, RESUMES[0])):
            upload = documents.keep(settings.documents, f"{number}.pdf", content, most=1000)
            documents.add(session, application, upload, is_resume=True, by=None, now=MONDAY)
        for number in range(3):
            session.add(a_mail(number))
        session.commit()
    engine.dispose()


def a_mail(number: int) -> OutboxMail:
    return OutboxMail(
        dedupe_key=f"key {number}", kind="nudge", receiver="ada@candidates.example", subject="Hello",
        message=bytes(range(256)), message_id=f"<{number}@tracker.example>", fact={"until": "ü"},
        state=MailState.WAITING, created_at=MONDAY, next_try_at=MONDAY,
    )  # fmt: skip


@pytest.fixture
def elsewhere(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """The settings of an empty tracker on another machine: the same kind of database, nothing in it."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if database.startswith("sqlite"):
        yield settings_for(f"sqlite:///{folder}/tracker.db", folder)
        return
    postgresql: PostgreSQL = request.getfixturevalue("postgresql")
    with postgresql.lent() as url:
        yield settings_for(url, folder)


@pytest.fixture
def archive(settings: Settings, tmp_path: Path) -> Path:
    """A backup of it."""
    path, _ = backup.make(settings, tmp_path / "backup.tar", now=MONDAY)
    return path


def rows(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, apart from the pause."""
    engine = make_engine(settings.database_url)
    found = contents(engine)
    engine.dispose()
    found.pop("outbox_pause")
    return found


def files(settings: Settings) -> dict[str, bytes]:
    """The documents on the disk, by their path."""
    root = settings.documents
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def run(settings: Settings, statement: str) -> list[Any]:
    """Run one statement and commit it; return its rows, where it has any."""
    engine = make_engine(settings.database_url)
    with engine.begin() as connection:
        result = connection.exec_driver_sql(statement)
        found = list(result) if result.returns_rows else []
    engine.dispose()
    return found
