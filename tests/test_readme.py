"""The README tells the truth: its settings, commands and places exist, and none is missing."""

import re
from pathlib import Path

import pytest

from tracker.__main__ import COMMANDS

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
ONLY_FOR_COMMANDS = {"TRACKER_ADMIN_PASSWORD"}
ELSEWHERE = {"TRACKER_TEST_DATABASE_URL"}


def test_every_setting_is_told_and_none_is_made_up() -> None:
    known = set(re.findall(r"TRACKER_[A-Z_]*[A-Z]", (PROJECT / "config.py").read_text(encoding="utf-8")))
    told = set(re.findall(r"TRACKER_[A-Z_]*[A-Z]", README))
    assert known - ONLY_FOR_COMMANDS - {"TRACKER_MAIL"} <= told, "a setting that nobody can find is not there"
    assert told <= known | ELSEWHERE, "the README names a setting that nothing reads"


def test_every_command_is_told_and_none_is_made_up() -> None:
    told = set(re.findall(r"python3 -m tracker ([a-z-]+)", README))
    assert told == set(COMMANDS)


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:tracker|tests|migrations|templates|bench|docs)/[\w./-]*)`", README)))
)
def test_every_place_exists(path: str) -> None:
    assert (PROJECT / path).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(((?!http)[^)]+)\)", README))))
def test_every_link_and_picture_exists(path: str) -> None:
    assert (PROJECT / path).exists()


def test_every_dependency_has_its_reason() -> None:
    declared = (PROJECT / "pyproject.toml").read_text(encoding="utf-8").split("[dependency-groups]")[0]
    names = re.findall(r'^    "([A-Za-z0-9-]+)', declared, flags=re.M)
    table = README.split("## Dependencies")[1].lower()
    assert len(names) > 10
    assert not [name for name in names if name.lower() not in table and name.replace("-", " ").lower() not in table]
