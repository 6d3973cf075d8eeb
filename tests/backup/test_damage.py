"""What is wrong with an archive or with what was backed up is found, and said, before anything is touched."""

import io
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from config import Settings
from tests.backup.conftest import PHOTO, RESUMES, files, rows, run
from tests.factories import MONDAY
from tracker import backup
from tracker.backup import BackupRefused
from tracker.backup.archive import MANIFEST, reading
from tracker.pipeline.documents import path_of

DIGEST = sha256(RESUMES[0]).hexdigest()


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive, without a database that would make each look at it slow."""
    folder = tmp_path_factory.mktemp("small")
    return _archive(folder / "small.tar", {"documents/a": b"a" * 700, "database/b": bytes(range(256))})


def _archive(path: Path, parts: dict[str, bytes], /, **changes: Any) -> Path:
    manifest = {
        "made_at": MONDAY.isoformat(), "program": "9.9.9", "database": "sqlite", "revision": "0001", "tables": {},
        "columns": {}, "sequences": {}, "missing": [], "format": 1,
        "parts": {name: sha256(content).hexdigest() for name, content in parts.items()},
    } | changes  # fmt: skip
    said = json.dumps(manifest).encode()
    with tarfile.open(path, "w") as tar:
        for name, content in (parts | {MANIFEST.format(digest=sha256(said).hexdigest()): said}).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def _read(path: Path) -> dict[str, bytes]:
    found = {}
    with reading(path) as reader:
        reader.check_names()
        for name in reader.manifest.parts:
            content = io.BytesIO()
            reader.copy(name, content)
            found[name] = content.getvalue()
        found["manifest"] = reader.manifest.to_bytes()
    return found


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.data())
def test_no_changed_byte_and_no_cut_goes_unseen(small: Path, data: st.DataObject) -> None:
    whole, content = _read(small), bytearray(small.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    hurt = small.with_name("hurt.tar")
    hurt.write_bytes(content)
    try:
        found = _read(hurt)
    except BackupRefused:
        return
    assert found == whole, "what is let through is what was written"


@pytest.mark.parametrize(
    "make", [lambda path: path.write_bytes(b""), lambda path: path.write_text("x" * 2000), Path.mkdir]
)
def test_what_is_no_archive_is_said(settings: Settings, tmp_path: Path, make: Callable[[Path], object]) -> None:
    path = tmp_path / "not.tar"
    for _ in range(2):
        with pytest.raises(BackupRefused, match=str(path)):
            backup.verify(settings, path)
        if not path.exists():
            make(path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": 2}, "use version 9.9.9"),
        ({"revision": "9999"}, "made by version 9.9.9"),
        ({"parts": {"x": ""}}, "gone"),
    ],
)
def test_what_this_program_cannot_use_is_said(
    settings: Settings, tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    path = _archive(tmp_path / "other.tar", {}, **changes)
    with pytest.raises(BackupRefused, match=words):
        backup.verify(settings, path)


def test_a_damaged_archive_is_found_and_changes_nothing(settings: Settings, archive: Path) -> None:
    content = archive.read_bytes()
    [where] = [content.index(RESUMES[1])]
    archive.write_bytes(content[:where] + b"!" + content[where + 1 :])
    before, on_disk = rows(settings), files(settings)
    with pytest.raises(BackupRefused, match="is not what was backed up"):
        backup.verify(settings, archive)
    path_of(settings.documents, sha256(RESUMES[1]).hexdigest()).unlink()
    with pytest.raises(BackupRefused, match="is not what was backed up"):
        backup.restore(settings, archive, force=True, now=MONDAY)
    assert rows(settings) == before
    assert files(settings).items() < on_disk.items()


def test_rows_that_are_not_all_there_are_found(settings: Settings, archive: Path) -> None:
    """As if the one who made the archive had counted wrong."""
    parts: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            content = tar.extractfile(member)
            assert content is not None
            parts[member.name] = content.read()
    [name] = [name for name in parts if name.startswith("manifest")]
    said = json.loads(parts.pop(name))
    said["tables"]["candidate"] += 1
    del said["parts"]
    lie = _archive(archive.with_name("lie.tar"), parts, **said)
    with pytest.raises(BackupRefused, match="rows are not those that were backed up .candidate."):
        backup.verify(settings, lie)


@pytest.mark.parametrize("hurt", [Path.unlink, lambda path: path.write_bytes(b"%PDF overwritten")])
def test_a_document_that_is_lost_or_damaged_is_told_and_all_else_is_backed_up(
    settings: Settings, elsewhere: Settings, tmp_path: Path, hurt: Callable[[Path], object]
) -> None:
    hurt(path_of(settings.documents, DIGEST))
    path, manifest = backup.make(settings, tmp_path / "backup.tar", now=MONDAY)
    assert manifest.missing == [DIGEST]
    assert backup.still_named(settings, manifest.missing) == [DIGEST]
    assert backup.verify(settings, path).missing == [DIGEST]
    backup.restore(elsewhere, path, force=False, now=MONDAY)
    assert set(files(elsewhere).values()) == {RESUMES[1], PHOTO}
    run(settings, f"DELETE FROM document WHERE sha256 = '{DIGEST}'")
    assert backup.still_named(settings, manifest.missing) == [], "erased meanwhile is not lost"


def test_a_damaged_document_is_mended_by_a_restore(settings: Settings, archive: Path) -> None:
    before = files(settings)
    path_of(settings.documents, DIGEST).write_bytes(b"%PDF overwritten")
    backup.restore(settings, archive, force=True, now=MONDAY)
    assert files(settings) == before


def test_a_database_file_that_is_none_is_moved_away_first(settings: Settings, archive: Path) -> None:
    if not settings.database_url.startswith("sqlite"):
        pytest.skip("a PostgreSQL server minds its own files")
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    path.write_bytes(b"no database at all" * 100)
    for force in (False, True):
        with pytest.raises(BackupRefused, match="Move it away"):
            backup.restore(settings, archive, force=force, now=MONDAY)
    path.unlink()
    backup.restore(settings, archive, force=False, now=MONDAY)
    assert run(settings, "SELECT count(*) FROM candidate") == [(1,)]


def test_a_damaged_database_is_not_backed_up_as_if_it_were_sound(settings: Settings, tmp_path: Path) -> None:
    if not settings.database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL keeps its references")
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM person")
        connection.commit()
    with pytest.raises(BackupRefused, match="The database is damaged: reference"):
        backup.make(settings, tmp_path / "backup.tar", now=MONDAY)
    assert not (tmp_path / "backup.tar").exists()


def test_what_was_erased_is_not_in_a_later_backup(settings: Settings, tmp_path: Path) -> None:
    """Pages that are free in the database may still hold it; the copy has none."""
    word = "Rumpelstiltskin" * 20
    run(settings, f"UPDATE candidate SET name = '{word}'")
    run(settings, "UPDATE candidate SET name = 'erased'")
    run(settings, "DELETE FROM scorecard_version")
    path, _ = backup.make(settings, tmp_path / "backup.tar", now=MONDAY)
    assert word.encode() not in path.read_bytes()
    shutil.copy(path, tmp_path / "kept.tar")
