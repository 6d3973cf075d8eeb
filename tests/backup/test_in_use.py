"""Backups while the tracker is in use: a small form of bench/backup, and a look at whether that would see a fault."""

import pytest

from bench.backup import faults, play, prepare
from config import Settings
from tests.backup.conftest import run
from tests.conftest import settings_for
from tests.databases import migrate
from tests.factories import MONDAY
from tracker import backup


def test_backups_of_a_tracker_in_use_are_whole(
    database: str, elsewhere: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    live = settings_for(database, tmp_path_factory.mktemp("live"))
    migrate(elsewhere.database_url)
    prepare(live.database_url, 20)
    report = play(live, elsewhere, rounds=2, writers=1)
    assert report.broken == []
    assert report.rows > 100
    path, _ = backup.make(live, elsewhere.data_dir / "last.tar", now=MONDAY)
    backup.restore(elsewhere, path, force=True, now=MONDAY)
    assert list(faults(elsewhere, [1])) == []
    check_that_faults_are_seen(elsewhere)


def check_that_faults_are_seen(settings: Settings) -> None:
    [committed] = faults(settings, [10**6])
    assert committed.endswith("not 1000000")
    run(settings, "DELETE FROM outbox_mail WHERE id = (SELECT max(id) FROM outbox_mail)")
    next(settings.documents.rglob("*/*")).unlink()
    assert [fault.split()[1] for fault in faults(settings, [1])][0] == "applications"
    found = " ".join(faults(settings, [1]))
    assert "have no mail" in found
    assert "is not there, or damaged" in found
