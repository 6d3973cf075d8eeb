"""Documents on the disk: whole, under their digest, before any row."""

import hashlib
import stat
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.factories import World
from tracker.pipeline import documents
from tracker.rules.documents import TooLarge, WrongKind

PDF = b"%PDF-1.7 words"


def test_a_file_lies_under_its_digest(tmp_path: Path) -> None:
    upload = documents.keep(tmp_path, "../my cv.pdf", PDF, most=1000)
    digest = hashlib.sha256(PDF).hexdigest()
    assert (upload.name, upload.size, upload.sha256) == ("my cv.pdf", len(PDF), digest)
    path = documents.path_of(tmp_path, digest)
    assert path == tmp_path / digest[:2] / digest[2:]
    assert path.read_bytes() == PDF
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_file_twice_is_one_and_nothing_else_is_left(tmp_path: Path) -> None:
    documents.keep(tmp_path, "a.pdf", PDF, most=1000)
    documents.keep(tmp_path, "b.pdf", PDF, most=1000)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_refused_file_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(WrongKind):
        documents.keep(tmp_path, "a.exe", b"MZ", most=1000)
    with pytest.raises(TooLarge):
        documents.keep(tmp_path, "a.pdf", PDF, most=3)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("tracker.pipeline.documents.os.replace", fail)
    with pytest.raises(OSError, match="no space"):
        documents.keep(tmp_path, "a.pdf", PDF, most=1000)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_it_is_added_to_the_application_and_on_the_record(session: Session, world: World, tmp_path: Path) -> None:
    application = world.application()
    upload = documents.keep(tmp_path, "a.pdf", PDF, most=1000)
    by = application.requisition.recruiter
    document = documents.add(session, application, upload, is_resume=False, by=by, now=world.now)
    session.commit()
    assert (document.application_id, document.added_by_id, document.is_resume) == (application.id, by.id, False)
