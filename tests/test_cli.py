"""The commands as the person at the terminal meets them: exit codes, sentences, a server that answers and leaves."""

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from config import PROJECT
from tests.factories import MONDAY, World
from tests.planner.tiny import tiny_case
from tests.test_config import ENOUGH
from tracker import cli
from tracker.db import make_engine
from tracker.models.person import Person
from tracker.pipeline import documents

PASSWORD = "a long walk in the rain"


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Settings that work, in this process and for those it starts; the mail server is one that is not there."""
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        monkeypatch.delenv(name)
    settings = {**ENOUGH, "TRACKER_DATA_DIR": str(tmp_path / "data"), "TRACKER_MAIL_URL": "smtp://127.0.0.1:1"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return {**os.environ}


def words(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_a_bad_setting_stops_the_start_with_its_sentence(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRACKER_PORT", "eighty")
    for command in ("serve", "worker", "migrate"):
        assert cli.main([command]) == 2
        assert words(capsys) == "TRACKER_PORT is not a whole number from 1 to 65535.\n"


def test_nothing_starts_before_the_database_is_migrated(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["serve"], ["worker", "--once"], ["create-admin", "--email", "a@example.org", "--name", "Ada"]):
        assert cli.main(command) == 1
        assert "run python3 -m tracker migrate" in words(capsys)


def test_an_unreachable_database_is_said(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/tracker")
    assert cli.main(["serve"]) == 1
    said = words(capsys)
    assert "The database cannot be used" in said
    assert "hunter2" not in said


def test_a_data_folder_that_cannot_be_made_is_named(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "file" / "data"))
    assert cli.main(["migrate"]) == 1
    assert "set TRACKER_DATA_DIR to another" in words(capsys)


def test_the_doctor_answers_with_its_exit_code(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor"]) == 1
    said = words(capsys)
    assert "wrong  database: there is none" in said
    assert "wrong  mail server: 127.0.0.1:1: nothing listens there" in said


def test_migrate_makes_a_database_that_only_its_owner_reads_and_can_be_repeated(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["migrate"]) == 0
    assert cli.main(["migrate"]) == 0
    said = words(capsys)
    assert said.count("newest schema") == 2
    assert said.count("has the standard plan now") == 1
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def _admins(tmp_path: Path) -> list[tuple[str, bool]]:
    engine = make_engine(f"sqlite:///{tmp_path}/data/tracker.db")
    with engine.connect() as connection:
        found = [(email, is_admin) for email, is_admin in connection.execute(sa.select(Person.email, Person.is_admin))]
    engine.dispose()
    return found


def test_the_first_admin_with_a_password_from_a_pipe(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["migrate"]) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    assert cli.main(["create-admin", "--email", "Ada@example.org", "--name", "Ada"]) == 0
    said = words(capsys)
    assert "Ada can sign in at https://hiring.example.org" in said
    assert PASSWORD not in said
    assert _admins(tmp_path) == [("ada@example.org", True)]


@pytest.mark.parametrize("wrong", [["--email", "ada"], ["--zone", "Mars/Base"], ["--name", " "]])
def test_a_first_admin_with_wrong_details_is_refused_in_a_sentence(
    wrong: list[str],
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    assert cli.main(["migrate"]) == 0
    capsys.readouterr()
    monkeypatch.setenv("TRACKER_ADMIN_PASSWORD", PASSWORD)
    assert cli.main(["create-admin", "--email", "ada@example.org", "--name", "Ada", *wrong]) == 1
    assert re.fullmatch(r"[^\n]+\.\n", words(capsys))
    assert _admins(tmp_path) == []


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def _started(command: str, environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker.cli", command],
        cwd=PROJECT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_serve_answers_warns_and_leaves_when_asked(environ: dict[str, str]) -> None:
    assert cli.main(["migrate"]) == 0
    port = _free_port()
    with _started("serve", {**environ, "TRACKER_PORT": str(port)}) as process:
        assert process.stdout is not None
        said = []
        while "Serving" not in (line := process.stdout.readline()):
            assert line, "".join(said)
            said.append(line)
        assert "mail server: 127.0.0.1:1: nothing listens there" in "".join(said)
        with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
            connection.request("GET", "/sign-in", headers={"Host": "hiring.example.org"})
            response = connection.getresponse()
            assert response.status == 200
            assert "waitress" not in str(response.headers).lower()
            response.read()
            connection.request("GET", "/sign-in", headers={"Host": "forged.example.org"})
            response = connection.getresponse()
            assert response.status == 400
            assert b"TRACKER_TRUSTED_HOSTS" in response.read()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_the_demo_throws_nothing_away_before_it_has_its_port(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert cli.main(["demo", "--fresh", "--port", port]) == 1
    assert f"Port {port} cannot be served at: choose another one with --port." in words(capsys)
    with pytest.raises(SystemExit, match="2"):
        cli.main(["demo", "--port", "99999"])
    assert "'99999' is not a port" in words(capsys)


def test_a_taken_port_is_named(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate"]) == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with _started("serve", {**environ, "TRACKER_PORT": port}) as process:
            said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"127.0.0.1:{port} cannot be served" in said
    assert "Traceback" not in said


def _count(tmp_path: Path, table: str) -> int:
    engine = make_engine(f"sqlite:///{tmp_path}/data/tracker.db")
    with engine.connect() as connection:
        found = connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table)))
    engine.dispose()
    return int(found or 0)


def test_a_backup_is_made_checked_and_restored(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "backup.tar"
    assert cli.main(["backup", "--to", str(path)]) == 1
    assert "run python3 -m tracker migrate" in words(capsys)
    assert cli.main(["migrate"]) == 0
    assert cli.main(["backup", "--to", str(path)]) == 0
    assert re.search(r"backup.tar holds [0-9]+ rows in [0-9]+ tables and 0 documents of 20", words(capsys))
    assert cli.main(["restore", "--verify", str(path)]) == 0
    assert "backup.tar is sound" in words(capsys)
    assert cli.main(["restore", str(path)]) == 1
    assert "--force" in words(capsys)
    assert _count(tmp_path, "outbox_pause") == 0
    assert cli.main(["restore", "--force", str(path)]) == 0
    assert "https://hiring.example.org/settings/outbox" in words(capsys)
    assert _count(tmp_path, "outbox_pause") == 1
    assert cli.main(["doctor"]) == 1
    assert "wrong  outbox: nothing goes out, because the backup of 20" in words(capsys)


def test_a_backup_for_a_folder_that_is_not_there_is_refused(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["migrate"]) == 0
    folder = tmp_path / "backups"
    assert cli.main(["backup", "--to", f"{folder}/"]) == 1
    assert "There is no folder" in words(capsys)
    folder.mkdir()
    assert cli.main(["backup", "--to", f"{folder}/"]) == 0
    assert [each.suffix for each in folder.iterdir()] == [".tar"]


def test_a_backup_without_all_documents_says_so_with_its_exit_code(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["migrate"]) == 0
    engine = make_engine(f"sqlite:///{tmp_path}/data/tracker.db")
    with Session(engine) as session:
        world = World(session)
        content = tmp_path / "documents"
        upload = documents.keep(content, "cv.pdf", b"%PDF-1.7", most=100)
        documents.add(session, world.application(), upload, is_resume=True, by=None, now=MONDAY)
        session.commit()
    engine.dispose()
    path = tmp_path / "backup.tar"
    assert cli.main(["backup", "--to", str(path)]) == 1
    said = words(capsys)
    assert "backup.tar holds" in said
    assert f"1 documents are not in it: they are not in {tmp_path}/data/documents" in said
    assert cli.main(["restore", "--verify", str(path)]) == 0
    assert "1 documents were missing or damaged already" in words(capsys)


def test_plan_ends_with_a_plan_an_explanation_or_the_field_that_is_bad(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for case, code, word in (
        (tiny_case(3), 0, '"planned"'),
        (tiny_case(3, interviewers=[]), 3, '"infeasible"'),
        (tiny_case(3, grid_minutes=0), 2, "grid_minutes is not a whole number from 5 to 60.\n"),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(case).encode())))
        assert cli.main(["plan"]) == code
        assert word in words(capsys)
