"""The README and what it leads to tell the truth: settings, commands and places exist, and none is missing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tracker
from tests.test_architecture import BELOW
from tracker.__main__ import COMMANDS

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
# By path, with the README.
TEXTS = {path: path.read_text(encoding="utf-8") for path in (PROJECT / "README.md", *PROJECT.glob("docs/*.md"))}
ALL = "\n".join(TEXTS.values())
LINKS = {(path, link) for path, text in TEXTS.items() for link in re.findall(r"\]\(((?!http)[^)#]+)\)", text)}
MAP, RECIPES = (README.split(f"## {title}")[1].split("\n## ")[0] for title in ("Code map", "Recipes"))
ONLY_FOR_COMMANDS = {"TRACKER_ADMIN_PASSWORD"}
ELSEWHERE = {"TRACKER_VENV", "TRACKER_TEST_DATABASE_URL"}


def test_every_setting_is_told_and_none_is_made_up() -> None:
    known = set(re.findall(r"TRACKER_[A-Z_]*[A-Z]", (PROJECT / "config.py").read_text(encoding="utf-8")))
    told = set(re.findall(r"TRACKER_[A-Z_]*[A-Z]", README))
    assert known - ONLY_FOR_COMMANDS - {"TRACKER_MAIL"} <= told, "a setting that nobody can find is not there"
    named = set(re.findall(r"TRACKER_[A-Z_]*[A-Z]", ALL))
    assert named <= known | ELSEWHERE, "a setting is named that nothing reads"


def test_every_command_is_told_and_none_is_made_up() -> None:
    told = set(re.findall(r"python3 -m tracker ([a-z-]+)", README))
    assert told == set(COMMANDS)
    assert set(re.findall(r"-m tracker(?:\.cli)? ([a-z-]+)", ALL)) == told


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:tracker|tests|migrations|templates|bench|docs)/[\w./-]*)`", ALL)))
)
def test_every_place_exists(path: str) -> None:
    assert (PROJECT / path).exists()


def on_the_map() -> Iterator[tuple[str, str]]:
    """Yield each folder of the code map with each file that is named beside it."""
    for folders, words in re.findall(r"^\| (`.*?) \| (.*) \|$", MAP, flags=re.M):
        for name in re.findall(r"`(\w+\.py)`", words):
            yield folders.split(",")[0].strip("`"), name


@pytest.mark.parametrize(("folder", "name"), list(on_the_map()))
def test_every_file_of_the_map_is_in_its_folder(folder: str, name: str) -> None:
    assert (PROJECT / folder / name).exists()


def test_every_folder_is_on_the_map() -> None:
    folders = {each.name for each in (PROJECT / "tracker").iterdir() if each.is_dir() and each.name != "__pycache__"}
    assert folders == set(re.findall(r"`tracker/(\w+)/`", MAP))


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:\w+/)+\w+\.\w+)`", RECIPES))))
def test_every_file_of_a_recipe_exists(path: str) -> None:
    assert any((PROJECT / root / path).exists() for root in ("", "tracker", "templates"))


@pytest.mark.parametrize("words", [MAP, tracker.__doc__], ids=["README", "docstring"])
def test_the_layers_are_told_in_their_order(words: str) -> None:
    chain = next(line for line in words.splitlines() if re.match(r"\s*cli (→|->) ", line)).split("  each")[0]
    ranks = [set(re.findall(r"\w+", rank)) for rank in re.split("→|->", chain)]
    for n, rank in enumerate(ranks):
        right = set().union(*ranks[n + 1 :])
        for each in rank:
            assert BELOW[each] & set().union(*ranks) <= right, each


@pytest.mark.parametrize(("path", "link"), sorted(LINKS), ids=lambda each: str(each).rpartition("/")[2])
def test_every_link_and_picture_exists(path: Path, link: str) -> None:
    assert (path.parent / link).exists()


def test_every_text_and_picture_is_led_to() -> None:
    there = {path.name for path in (PROJECT / "docs").iterdir() if path.suffix in (".md", ".png")}
    assert there == {Path(link).name for _, link in LINKS if link.startswith("docs/")}


def test_every_dependency_has_its_reason() -> None:
    declared = (PROJECT / "pyproject.toml").read_text(encoding="utf-8").split("[dependency-groups]")[0]
    names = re.findall(r'^    "([A-Za-z0-9-]+)', declared, flags=re.M)
    table = README.split("## Dependencies")[1].lower()
    assert len(names) > 10
    assert not [name for name in names if name.lower() not in table and name.replace("-", " ").lower() not in table]


def test_every_dependency_of_the_table_is_declared() -> None:
    declared = (PROJECT / "pyproject.toml").read_text(encoding="utf-8").lower()
    rows = re.findall(r"^\| ([^|]+) \|", README.split("## Dependencies")[1], flags=re.M)
    told = [re.sub(r" [\d.]+$", "", name.strip()).lower() for row in rows[2:] for name in row.split(",")]
    assert len(told) > 10
    assert not [name for name in told if not re.search(rf'^    "{re.escape(name)}[">=<\[]', declared, flags=re.M)]
