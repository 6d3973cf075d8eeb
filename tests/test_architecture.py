"""The house holds: imports go one way, only entry points commit or read the clock, functions and files stay small.

Read from the syntax tree; each failure says why the rule is there.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
TRACKER = PROJECT / "tracker"
FILES = sorted(TRACKER.rglob("*.py"))

# Each layer may import those named, and itself.
BELOW = {
    "rules": set(),
    "planner": {"rules"},
    "feeds": {"rules"},
    "clock": set(),
    "logs": set(),
    "version": set(),
    "statements": set(),
    "db": {"rules"},
    "models": {"db", "rules"},
    "mail": {"models", "db", "rules"},
    "queries": {"models", "db", "statements", "rules"},
    "pipeline": {"planner", "queries", "mail", "models", "db", "rules"},
    "worker": {"feeds", "logs", "pipeline", "queries", "mail", "models", "db", "rules", "clock"},
    "web": {"logs", "schema", "version", "pipeline", "queries", "mail", "models", "db", "rules", "clock"},
    "demo": {"app", "schema", "worker", "pipeline", "queries", "mail", "models", "db", "rules", "clock", "web"},
    "doctor": {"schema", "db", "queries", "models", "mail", "rules", "clock"},
    "backup": {"schema", "version", "pipeline", "models", "db", "rules"},
    "app": {"web", "models", "db"},
    "cli": {
        "app",
        "web",
        "worker",
        "demo",
        "doctor",
        "backup",
        "logs",
        "schema",
        "pipeline",
        "planner",
        "queries",
        "models",
        "db",
        "rules",
        "clock",
    },
    "schema": {"db"},
    "launcher": set(),
    "__main__": {"launcher"},
    "__init__": set(),
}
ENTRY_POINTS = {"web", "worker", "cli", "demo", "app", "doctor"}


def layer(path: Path) -> str:
    return path.relative_to(TRACKER).parts[0].removesuffix(".py")


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute, so that a file can be moved and found"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr


def test_imports_go_one_way() -> None:
    wrong = [
        f"{path.relative_to(PROJECT)} imports {name}"
        for path in FILES
        for name in imports(path)
        if name.startswith("tracker.") and name.split(".")[1] not in BELOW[layer(path)] | {layer(path)}
    ]
    assert not wrong, "A layer imports only what stands to its right, or circles come back:\n" + "\n".join(wrong)


def test_rules_import_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"tracker"}
    wrong = [
        f"{path.name} imports {name}"
        for path in (TRACKER / "rules").glob("*.py")
        for name in imports(path)
        if name.split(".")[0] not in allowed
    ]
    assert not wrong, "Rules are values in, values out, and can be tried without anything else:\n" + "\n".join(wrong)


def test_no_import_hides_in_a_function() -> None:
    wrong = [
        f"{path.relative_to(PROJECT)}:{inner.lineno}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not wrong, "A circle that is hidden in a function is still a circle:\n" + "\n".join(wrong)


def test_only_entry_points_commit() -> None:
    wrong = [
        f"{path.relative_to(PROJECT)}:{call.lineno}"
        for path in FILES
        if layer(path) not in ENTRY_POINTS | {"mail", "backup"}
        for call, name in calls(path)
        if name == "commit"
    ]
    # The sender (mail/) commits between the steps of one delivery: that is its work, see mail/delivery. A restore is
    # no verb: it replaces all rows at once.
    assert not wrong, "A verb that commits cannot be combined with another:\n" + "\n".join(wrong)


def test_only_entry_points_read_the_clock() -> None:
    wrong = [
        f"{path.relative_to(PROJECT)}:{call.lineno}"
        for path in FILES
        if layer(path) not in ENTRY_POINTS | {"clock"}
        for call, name in calls(path)
        if name in {"now", "utcnow", "today"} and _of_a_clock(call.func)
    ]
    assert not wrong, "Time is passed down, so that it is a value in every test:\n" + "\n".join(wrong)


def _of_a_clock(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and ast.unparse(function.value).split(".")[-1] in {
        "datetime",
        "date",
        "clock",
        "dt",
    }


def test_the_planner_imports_rules_and_numpy_alone() -> None:
    allowed = sys.stdlib_module_names | {"tracker", "numpy"}
    wrong = [
        f"{path.name} imports {name}"
        for path in (TRACKER / "planner").glob("*.py")
        for name in imports(path)
        if name.split(".")[0] not in allowed
    ]
    assert not wrong, "The planner is values in, values out, and can be tried without the rest:\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", ["flask", "flask_login", "flask_wtf"])
def test_flask_stays_with_the_pages(name: str) -> None:
    allowed = ENTRY_POINTS | {"mail"}
    wrong = [
        str(path.relative_to(PROJECT))
        for path in FILES
        if layer(path) not in allowed and any(imported.split(".")[0] == name for imported in imports(path))
    ]
    assert not wrong, "The core knows no request:\n" + "\n".join(wrong)


def test_self_identification_is_read_in_one_place() -> None:
    rows = "self_identification"
    allowed = {"models/__init__.py", "models/self_identification.py", f"queries/{rows}.py", f"pipeline/{rows}.py"}
    wrong = [
        f"{path.relative_to(PROJECT)} imports {name}"
        for path in FILES
        if path.relative_to(TRACKER).as_posix() not in allowed
        for name in imports(path)
        if name.startswith(f"tracker.models.{rows}")
    ]
    # By the table's name it is reached where it has to be, and nowhere else: erasure by ``models/personal.py``.
    named = {path.relative_to(TRACKER).as_posix() for path in FILES if "self_identification_answer" in path.read_text()}
    assert not wrong, "It is stored apart and seen only as aggregates (the process, section 5):\n" + "\n".join(wrong)
    assert named == {"models/self_identification.py", "models/personal.py"}


def test_only_moves_assigns_the_stage() -> None:
    wrong = [
        f"{path.relative_to(PROJECT)}:{node.lineno}"
        for path in FILES
        if path.relative_to(TRACKER).as_posix() != "pipeline/moves.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr in {"stage_id", "stage_kind", "stage"}
    ]
    assert not wrong, "One writer of the stage, or its history and deadlines are forgotten:\n" + "\n".join(wrong)


def test_only_verbs_write_rows() -> None:
    writers = {"add", "add_all", "delete", "merge"}
    wrong = [
        f"{path.relative_to(PROJECT)}:{call.lineno}"
        for path in FILES
        if layer(path) in {"queries", "rules", "models"}
        for call, name in calls(path)
        if name in writers and isinstance(call.func, ast.Attribute) and _is_session(call.func.value)
    ]
    assert not wrong, "Reads do not write:\n" + "\n".join(wrong)


def _is_session(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "session"


def test_files_and_functions_stay_small() -> None:
    long_files = [f"{path.relative_to(PROJECT)}" for path in FILES if len(path.read_text().splitlines()) > 300]
    long_functions = [
        f"{path.relative_to(PROJECT)}:{node.lineno} {node.name}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 50
    ]
    assert not long_files, "Over 300 lines a file holds two things:\n" + "\n".join(long_files)
    assert not long_functions, "Over 50 lines a function holds two things:\n" + "\n".join(long_functions)


def test_every_module_says_what_it_is_for() -> None:
    wrong = [str(path.relative_to(PROJECT)) for path in FILES if not ast.get_docstring(tree(path))]
    assert not wrong, "A module starts with one sentence of what it is for:\n" + "\n".join(wrong)
