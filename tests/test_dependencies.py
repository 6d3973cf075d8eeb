"""What is imported is declared, and what is declared is used: nobody installs more than is needed, or too little."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
OWN = {"bench", "config", "docs", "migrations", "tests", "tracker"}
# Data that is read without an import; programs and plug-ins that are called by name.
READ = {"fontpkg-noto-sans", "tzdata"}
CALLED = {"djlint", "mypy", "pytest-playwright", "pytest-xdist", "ruff", "types-wtforms"}
# Compared with where somebody installed it (bench/README.md); and what type checkers alone know.
NOT_HERE = {"ortools", "_typeshed"}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements: Iterable[str]) -> set[str]:
    return {plain(re.match(r"[\w.-]+", each)[0]) for each in requirements}


PROGRAM = names(PYPROJECT["project"]["dependencies"])
TESTS = names(PYPROJECT["dependency-groups"]["test"])


@cache
def imported(*places: str) -> set[str]:
    """Return the packages, as one installs them, whose modules the files below these places import."""
    found = [file for place in places for file in (PROJECT / place, *(PROJECT / place).rglob("*.py"))]
    modules = set()
    for file in filter(Path.is_file, found):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                modules.add(str(node.module).split(".")[0])
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "importlib.import_module":
                modules.add(ast.literal_eval(node.args[0]).split(".")[0])
    owners = packages_distributions()
    return {plain(owners[each][0]) for each in modules - OWN - NOT_HERE - set(sys.stdlib_module_names)}


@pytest.mark.parametrize(
    ("places", "declared"),
    [
        (("tracker", "migrations", "config.py"), PROGRAM),
        (("tests", "bench", "docs"), PROGRAM | TESTS),
    ],
    ids=["program", "tests"],
)
def test_what_is_imported_is_declared(places: tuple[str, ...], declared: set[str]) -> None:
    found = imported(*places)
    assert len(found) > 10
    assert found - declared == set(), "it comes with another package today, and may not tomorrow"


def test_what_is_declared_is_used() -> None:
    assert PROGRAM - READ - imported("tracker", "migrations") == set()
    assert TESTS - CALLED - imported("tests", "bench", "docs") == set()
