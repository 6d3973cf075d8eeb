"""What lies in deploy/ fits the program: commands, settings and files exist; the image's files are enough to run.

No engine builds the image here and no systemd starts the units: what can be tried without them is.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from config import PROJECT
from tests.test_config import ENOUGH
from tracker.__main__ import COMMANDS
from tracker.doctor import names

DEPLOY = PROJECT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
UNITS = sorted((DEPLOY / "systemd").iterdir())
OURS = ("migrate", "web", "worker", "backup")
HARDENING = {
    "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes",
    "CapabilityBoundingSet=", "SystemCallFilter=@system-service", "UMask=0077", "User=tracker",
}  # fmt: skip


def copied() -> list[str]:
    """What the image gets of the project."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, flags=re.M)
    return [source for line in lines for source in line.split()[:-1]]


def test_the_settings_that_are_named_exist() -> None:
    known = {*names.NAMES, *(f"{name}_FILE" for name in names.NAMES), *names.OTHER_NAMES}
    for path in (path for path in DEPLOY.rglob("*") if path.is_file()):
        named = set(re.findall(r"TRACKER_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
        assert named <= known, f"{path.name} names a setting that nothing reads"


def test_the_commands_that_are_given_exist() -> None:
    given = {COMPOSE["services"][name]["command"][0] for name in OURS}
    for path in UNITS:
        given |= set(re.findall(r"tracker\.cli (\S+)", path.read_text(encoding="utf-8")))
    given |= set(re.findall(r"-m tracker ([a-z][a-z-]+)", (DEPLOY / "README.md").read_text(encoding="utf-8")))
    assert {"serve", "worker", "migrate", "backup", "restore"} <= given <= set(COMMANDS)


def test_the_files_of_the_image_are_there_and_not_left_out() -> None:
    ignored = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*", "nothing gets in that is not named: no .git, no var, no secrets"
    for source in copied():
        assert (PROJECT / source).exists(), source
        assert f"!{source}" in ignored, source


def test_the_files_of_the_image_are_enough_to_run(tmp_path: Path) -> None:
    root = tmp_path / "tracker"
    root.mkdir()
    for source in copied():
        if (PROJECT / source).is_dir():
            shutil.copytree(PROJECT / source, root / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / source, root / source)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "PYTHON"))}
    environ = {**kept, **ENOUGH, "TRACKER_NO_VENV": "1", "TRACKER_DATA_DIR": str(tmp_path / "data")}
    for command in (["migrate"], ["backup", "--to", str(tmp_path)], ["worker", "--once"]):
        done = subprocess.run(
            [sys.executable, "-m", "tracker", *command],
            cwd=root,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_the_image_runs_as_nobody_in_particular_with_checked_packages() -> None:
    assert re.search(r"^USER [1-9][0-9]+$", CONTAINERFILE, flags=re.M)
    assert "--require-hashes" in CONTAINERFILE
    assert "HEALTHCHECK" in CONTAINERFILE
    assert CONTAINERFILE.index("USER ") < CONTAINERFILE.index("ENTRYPOINT")


def test_the_containers_are_hardened_and_get_their_secrets_as_files() -> None:
    for name in OURS:
        service = COMPOSE["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        files = {value.removeprefix("/run/secrets/") for value in service["environment"].values()}
        assert files == set(service["secrets"]) <= COMPOSE["secrets"].keys()
        assert all(key.endswith("_FILE") for key in service["environment"])
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:8000:8000"], "only the web server of this machine reaches the pages"


def test_no_place_where_packages_come_from_is_named() -> None:
    for path in (path for path in DEPLOY.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"pypi|index-url|docker\.io|ghcr|quay\.io|mcr\.", text), path.name


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_each_service_is_hardened(path: Path) -> None:
    lines = set(path.read_text(encoding="utf-8").splitlines())
    assert lines >= HARDENING


def test_systemd_finds_nothing_wrong_in_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here: the units are not verified")
    for path in UNITS:
        # Their programs are installed elsewhere.
        text = path.read_text(encoding="utf-8").replace("/opt/tracker/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text)
    checked = subprocess.run(
        [analyze, "verify", *map(str, sorted(tmp_path.iterdir()))], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
