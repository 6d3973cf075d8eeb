"""The launcher, run for real in a copied tree: what it installs, when it does not, and what it says when it cannot."""

import ast
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tracker.__main__ import COMMANDS, HELP, pytest_arguments, too_old
from tracker.launcher import environment
from tracker.launcher.chromium import chromium_for_tests, find_chromium
from tracker.launcher.environment import LOCK, PROJECT, TEST_LOCK, UNFINISHED
from tracker.launcher.words import Failed

# Says what it was given and where it runs, in place of the tracker's own commands.
CLI = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "pid": os.getpid(), "prefix": sys.prefix}))
sys.exit(7)
"""

# In place of uv: quick, with no network, and with a gate that a test can hold it at.
UV = f"""#!{sys.executable}
import os, sys, venv
with open(os.environ["UV_LOG"], "a") as log:
    log.write(sys.argv[1] + "\\n")
if sys.argv[1] == "venv":
    venv.create(sys.argv[-1], symlinks=True)
elif os.environ.get("UV_GATE"):
    with open(os.environ["UV_GATE"] + ".reached", "w"):
        pass
    with open(os.environ["UV_GATE"]) as gate:
        gate.read()
"""


class Tree:
    """A copy of the launcher with a lock of one small package, and a way to start it."""

    def __init__(self, root: Path) -> None:
        self.root, self.venv, self.log = root, root / ".venv", root / "uv.log"
        shutil.copytree(
            PROJECT / "tracker",
            root / "tracker",
            ignore=lambda folder, names: [name for name in names if not _launchers(folder, name)],
        )
        (root / "tracker" / "cli.py").write_text(CLI)
        self.wheel = _wheel(root)
        self.write_lock(hashlib.sha256(self.wheel.read_bytes()).hexdigest())
        (root / "bin").mkdir()
        (root / "bin" / "uv").write_text(UV)
        (root / "bin" / "uv").chmod(0o755)

    def write_lock(self, digest: str) -> None:
        line = f"small @ {self.wheel.as_uri()} --hash=sha256:{digest}\n"
        (self.root / "requirements.lock").write_text(line)
        (self.root / "requirements-test.lock").write_text(line)

    def environ(self, *, uv: bool, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "PYTEST"))}
        path = f"{self.root / 'bin'}:/usr/bin:/bin" if uv else "/usr/bin:/bin"
        return {**kept, "PATH": path, "UV_LOG": str(self.log), **more}

    def start(self, *arguments: str, uv: bool = True, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tracker", *arguments],
            cwd=self.root,
            env=self.environ(uv=uv, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, uv: bool = True, **more: str) -> tuple[int, str, str]:
        process = self.start(*arguments, uv=uv, **more)
        output, words = process.communicate(timeout=120)
        return process.returncode, output, words

    def stamp(self) -> str:
        return (self.venv / "tracker-stamp").read_text()


def _launchers(folder: str, name: str) -> bool:
    return Path(folder).name == "launcher" or name in ("__init__.py", "__main__.py", "launcher")


def _wheel(folder: Path) -> Path:
    path = folder / "small-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("small.py", "WORD = 'here'\n")
        wheel.writestr("small-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: small\nVersion: 1.0\n")
        wheel.writestr("small-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("small-1.0.dist-info/RECORD", "")
    return path


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


# --- Words


def test_help_needs_no_environment_and_names_every_command(tree: Tree) -> None:
    code, output, _ = tree.run("--help")
    assert (code, output.strip()) == (0, HELP)
    assert not tree.venv.exists()
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", HELP, re.MULTILINE)


def test_no_command_and_a_wrong_one(tree: Tree) -> None:
    assert tree.run()[0] == 2
    code, output, words = tree.run("start")
    assert (code, output) == (2, "")
    assert "There is no command 'start'. The commands are: demo, test," in words


def test_an_old_python_is_told_so() -> None:
    assert too_old(3, 11) == too_old(3, 15) == too_old(4, 0) == ""
    assert "needs Python 3.11 or newer and this is 3.9" in too_old(3, 9)


def test_an_old_python_can_read_as_far_as_being_told() -> None:
    # 3.7 is the oldest that the parser still imitates.
    ast.parse((PROJECT / "tracker" / "__main__.py").read_text(), feature_version=(3, 7))
    ast.parse((PROJECT / "tracker" / "__init__.py").read_text(), feature_version=(3, 7))


# --- The environment


def test_the_first_start_installs_with_pip_and_the_second_does_not(tree: Tree) -> None:
    code, output, words = tree.run("doctor", "--all", uv=False)
    assert "Preparing the environment" in words
    assert json.loads(output)["arguments"] == ["doctor", "--all"]
    assert json.loads(output)["prefix"] == str(tree.venv)
    assert code == 7, "the command's own exit code is given on"
    found = subprocess.run(
        [tree.venv / "bin/python", "-c", "import small; print(small.WORD)"], capture_output=True, text=True
    )
    assert found.stdout == "here\n"
    assert tree.run("doctor", uv=False)[2] == ""


def test_a_changed_file_is_not_installed_and_the_next_start_mends_it(tree: Tree) -> None:
    right = (tree.root / "requirements.lock").read_text()
    tree.write_lock("0" * 64)
    code, output, words = tree.run("doctor", uv=False)
    assert (code, output) == (1, "")
    assert "if a hash does not match, do not go on" in words
    assert tree.stamp() == UNFINISHED
    (tree.root / "requirements.lock").write_text(right)
    assert tree.run("doctor", uv=False)[0] == 7


def test_uv_is_used_where_it_is_and_pip_where_uv_fails(tree: Tree) -> None:
    assert tree.run("doctor")[0] == 7
    assert tree.log.read_text() == "venv\npip\n"
    (tree.root / "bin" / "uv").write_text("#!/bin/sh\nexit 1\n")
    with (tree.root / "requirements.lock").open("a") as lock:
        lock.write("# Changed.\n")
    code, _, words = tree.run("doctor")
    assert code == 7, words
    assert "uv could not install it; trying pip." in words


def test_the_command_takes_the_launchers_place_so_that_signals_reach_it(tree: Tree) -> None:
    process = tree.start("serve")
    output, _ = process.communicate(timeout=60)
    assert json.loads(output)["pid"] == process.pid


def test_an_install_that_was_cut_off_is_begun_anew(tree: Tree) -> None:
    gate = tree.root / "gate"
    os.mkfifo(gate)
    os.mkfifo(f"{gate}.reached")
    process = tree.start("doctor", UV_GATE=str(gate))
    Path(f"{gate}.reached").read_bytes()
    (tree.venv / "half-a-package").touch()
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert tree.stamp() == UNFINISHED
    assert tree.run("doctor")[0] == 7
    assert not (tree.venv / "half-a-package").exists()


def test_two_starts_at_once_install_once(tree: Tree) -> None:
    gate = tree.root / "gate"
    os.mkfifo(gate)
    os.mkfifo(f"{gate}.reached")
    first = tree.start("doctor", UV_GATE=str(gate))
    Path(f"{gate}.reached").read_bytes()
    second = tree.start("doctor", UV_GATE=str(gate))
    assert second.stderr is not None
    assert "Another start is preparing the environment" in second.stderr.readline()
    gate.write_bytes(b"go on")
    first.communicate(timeout=60)
    second.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (7, 7)
    assert tree.log.read_text() == "venv\npip\n"


def test_a_folder_that_is_no_environment_is_left_alone(tree: Tree) -> None:
    home = tree.root / "home"
    home.mkdir()
    (home / "letter").touch()
    code, _, words = tree.run("doctor", TRACKER_VENV=str(home))
    assert code == 1
    assert "set TRACKER_VENV to another folder" in words
    assert [path.name for path in home.iterdir()] == ["letter"]


def test_a_folder_that_cannot_be_made_is_named(tree: Tree) -> None:
    code, _, words = tree.run("doctor", TRACKER_VENV=str(tree.wheel / "venv"))
    assert code == 1
    assert "The environment cannot be prepared" in words
    assert "Traceback" not in words


def test_a_python_that_cannot_make_environments_says_what_to_install(tree: Tree) -> None:
    (tree.root / "sitecustomize.py").write_text("import sys\nsys.modules['ensurepip'] = None\n")
    code, _, words = tree.run("doctor", uv=False, PYTHONPATH=str(tree.root))
    assert code == 1
    assert "apt install python3-venv" in words


def test_a_container_uses_the_python_it_has(tree: Tree) -> None:
    code, output, words = tree.run("worker", TRACKER_NO_VENV="1")
    assert (code, words) == (7, "")
    assert json.loads(output)["prefix"] == sys.prefix
    assert not tree.venv.exists()


def _venv(folder: Path) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(sys.executable)
    return folder


def test_an_environment_of_the_tests_serves_every_command_but_not_the_other_way_round(tmp_path: Path) -> None:
    venv = _venv(tmp_path / "venv")
    assert not environment.is_ready(venv, LOCK)
    environment.write_stamp(venv, LOCK)
    assert environment.is_ready(venv, LOCK)
    assert not environment.is_ready(venv, TEST_LOCK)
    environment.write_stamp(venv, TEST_LOCK)
    assert environment.is_ready(venv, LOCK)
    assert environment.is_ready(venv, TEST_LOCK)


def test_an_environment_whose_python_was_upgraded_away_is_made_anew(tmp_path: Path) -> None:
    venv = _venv(tmp_path / "venv")
    environment.write_stamp(venv, LOCK)
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to("/bin/sh")
    assert not environment.is_ready(venv, LOCK)


def test_the_lock_of_the_tests_holds_the_other_one() -> None:
    # Each entry: the package, its version and marker, all its hashes.
    entries = [set(re.split(r"\n(?=\S)", lock.read_text().strip())) for lock in (LOCK, TEST_LOCK)]
    assert entries[0] < entries[1]
    assert all("--hash=sha256:" in entry for entry in entries[1])


# --- The browser and pytest


def _browser(path: Path, code: int) -> str:
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


def test_a_browser_counts_only_if_it_starts(tmp_path: Path) -> None:
    good, bad = _browser(tmp_path / "good", 0), _browser(tmp_path / "bad", 1)
    assert find_chromium({"TRACKER_CHROMIUM": good}) == good
    assert find_chromium({"TRACKER_CHROMIUM": bad}) is None
    assert find_chromium({"TRACKER_CHROMIUM": str(tmp_path / "none")}) is None


def test_a_missing_browser_is_said_in_one_line_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRACKER_CHROMIUM", str(tmp_path / "none"))
    monkeypatch.delenv("TRACKER_REQUIRE_CHROMIUM", raising=False)
    assert chromium_for_tests() is None
    words = capsys.readouterr().err
    assert words.count("\n") == 1
    assert "browser tests are skipped" in words
    assert "apt install chromium" in words
    monkeypatch.setenv("TRACKER_REQUIRE_CHROMIUM", "1")
    with pytest.raises(Failed, match="apt install chromium"):
        chromium_for_tests()


def test_tests_run_on_all_cores_unless_somebody_debugs() -> None:
    assert pytest_arguments(["-k", "nudges"]) == ["-m", "pytest", "-n", "auto", "--maxprocesses", "8", "-k", "nudges"]
    for choice in ("-n0", "--numprocesses=3", "--pdb", "-s"):
        assert pytest_arguments([choice]) == ["-m", "pytest", choice]
