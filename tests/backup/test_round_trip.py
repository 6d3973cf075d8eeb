"""A backup brings everything back: every row, every document, on an empty machine and in the place of what is there."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config import Settings
from tests.backup.conftest import PHOTO, RESUMES, files, rows, run
from tests.databases import migrate
from tests.factories import MONDAY
from tracker import backup, schema
from tracker.backup import BackupRefused
from tracker.backup import archive as archives
from tracker.db import make_engine

LATER = MONDAY + timedelta(days=1)


def test_everything_comes_back_on_an_empty_machine(settings: Settings, archive: Path, elsewhere: Settings) -> None:
    manifest = backup.restore(elsewhere, archive, force=False, now=LATER)
    assert rows(elsewhere) == rows(settings)
    assert files(elsewhere) == files(settings)
    assert set(files(elsewhere).values()) == {*RESUMES, PHOTO}
    assert manifest.tables["outbox_mail"] == 3
    assert manifest.missing == []
    engine = make_engine(elsewhere.database_url)
    schema.check_head(engine)
    engine.dispose()


def test_the_outbox_is_paused_afterwards_and_says_why(settings: Settings, archive: Path, elsewhere: Settings) -> None:
    backup.restore(elsewhere, archive, force=False, now=LATER)
    [(number, at, backup_at)] = run(elsewhere, "SELECT id, at, backup_at FROM outbox_pause")
    assert (number, str(at)[:10], str(backup_at)[:10]) == (1, "2026-11-03", "2026-11-02")
    assert run(settings, "SELECT * FROM outbox_pause") == []


def test_a_database_in_use_is_replaced_only_by_force(settings: Settings, archive: Path) -> None:
    before = rows(settings)
    run(settings, "UPDATE candidate SET name = 'somebody else'")
    run(settings, "DELETE FROM outbox_mail")
    changed = rows(settings)
    with pytest.raises(BackupRefused, match="not empty, nothing was changed: --force"):
        backup.restore(settings, archive, force=False, now=LATER)
    assert rows(settings) == changed
    backup.restore(settings, archive, force=True, now=LATER)
    assert rows(settings) == before


def test_numbers_go_on_where_they_were(settings: Settings, tmp_path: Path) -> None:
    """On PostgreSQL a number that was given is not given again, even if its row is gone."""
    run(settings, "DELETE FROM outbox_mail WHERE id = 3")
    path, _ = backup.make(settings, tmp_path / "backup.tar", now=MONDAY)
    backup.restore(settings, path, force=True, now=LATER)
    insert = "INSERT INTO region (name, country, subdivision, zone, weekend, is_active, calendar_token, version) "
    copied = "SELECT 'New', country, subdivision, zone, weekend, is_active, calendar_token, version FROM region"
    assert run(settings, f"{insert} {copied} RETURNING id") == [(2,)]
    if settings.database_url.startswith("postgresql"):
        assert run(settings, "SELECT last_value FROM outbox_mail_id_seq") == [(3,)]


def test_programs_that_have_the_database_open_go_on_with_the_restored_rows(settings: Settings, archive: Path) -> None:
    engine = make_engine(settings.database_url)
    with engine.connect() as connection:
        connection.exec_driver_sql("DELETE FROM outbox_mail")
        connection.commit()
        backup.restore(settings, archive, force=True, now=LATER)
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox_mail").scalar() == 3
    engine.dispose()


def test_verifying_touches_nothing(settings: Settings, archive: Path) -> None:
    run(settings, "DELETE FROM outbox_mail")
    before, on_disk = rows(settings), files(settings)
    assert backup.verify(settings, archive).tables["outbox_mail"] == 3
    assert (rows(settings), files(settings)) == (before, on_disk)
    assert [path.name for path in settings.data_dir.iterdir()] == ["documents"]
    if settings.database_url.startswith("postgresql"):
        assert run(settings, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tracker%%'") == []


def test_an_older_backup_comes_to_the_newest_schema(
    settings: Settings, elsewhere: Settings, database: str, tmp_path: Path
) -> None:
    migrate(database, "-3")
    path, manifest = backup.make(settings, tmp_path, now=MONDAY)
    assert manifest.revision == sorted(schema.revisions())[-4]
    backup.verify(settings, path)
    backup.restore(elsewhere, path, force=False, now=LATER)
    migrate(database)
    assert rows(elsewhere) == rows(settings)


def test_a_file_is_named_and_readable_by_its_owner_alone(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    path, _ = backup.make(settings, folder, now=MONDAY)
    assert [each.name for each in folder.iterdir()] == ["tracker-20261102T090000Z.tar"]
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(BackupRefused, match="exists"):
        backup.make(settings, folder, now=MONDAY)


def test_what_breaks_off_leaves_nothing_behind(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_all: object) -> None:
        raise OSError(28, "No space left on device")

    folder = tmp_path / "backups"
    folder.mkdir()
    monkeypatch.setattr(archives.Writer, "finish", full)
    with pytest.raises(BackupRefused, match="No space left on device"):
        backup.make(settings, folder, now=MONDAY)
    assert list(folder.iterdir()) == []
    with pytest.raises(BackupRefused, match="No such file"):
        backup.make(settings, folder / "nowhere" / "backup.tar", now=MONDAY)


def test_another_kind_of_database_is_refused(settings: Settings, archive: Path, tmp_path: Path) -> None:
    is_sqlite = settings.database_url.startswith("sqlite")
    url = "postgresql+psycopg://127.0.0.1:1/x" if is_sqlite else f"sqlite:///{tmp_path}/other.db"
    other = replace(settings, database_url=url)
    with pytest.raises(BackupRefused, match="This is a backup of"):
        backup.restore(other, archive, force=True, now=LATER)
    if is_sqlite:
        # SQLite needs no server, so such an archive is verified anywhere.
        backup.verify(other, archive)
