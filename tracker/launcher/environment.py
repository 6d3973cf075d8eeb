"""The environment that everything runs in: made from a lock file, whole or not at all, by one launcher at a time."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.launcher.words import Failed, say

PROJECT = Path(__file__).resolve().parents[2]
LOCK = PROJECT / "requirements.lock"
# Holds everything that LOCK holds, and the tests' own tools.
TEST_LOCK = PROJECT / "requirements-test.lock"
UNFINISHED = "unfinished\n"


def venv_folder() -> Path:
    """Return where the environment is, or will be."""
    return Path(os.environ.get("TRACKER_VENV") or PROJECT / ".venv").expanduser().absolute()


def python_of(venv: Path) -> Path:
    """Return the environment's interpreter."""
    return venv / "bin" / "python"


def stamp_of(venv: Path) -> Path:
    """Return the file that says which locks the environment was made from, once it is whole."""
    return venv / "tracker-stamp"


def _fingerprint(lock: Path) -> str:
    return f"lock {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def _interpreter(venv: Path) -> str:
    # A virtual environment points to the Python that it was made with; when that one is upgraded away, it is broken.
    return f"python {python_of(venv).resolve()}"


def _stamp(venv: Path) -> str:
    try:
        return stamp_of(venv).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def is_ready(venv: Path, lock: Path) -> bool:
    """Return whether the environment holds all of the lock: it was made from it, or from the lock that contains it."""
    lines = _stamp(venv).splitlines()
    return python_of(venv).exists() and _interpreter(venv) in lines and _fingerprint(lock) in lines


def write_stamp(venv: Path, lock: Path) -> None:
    """Note, once everything is installed, what the environment holds."""
    locks = (TEST_LOCK, LOCK) if lock == TEST_LOCK else (lock,)
    unseen = stamp_of(venv).with_suffix(".new")
    unseen.write_text("\n".join([_interpreter(venv), *map(_fingerprint, locks)]) + "\n", encoding="utf-8")
    unseen.replace(stamp_of(venv))


@contextmanager
def alone(venv: Path) -> Iterator[int]:
    """Let one launcher at a time work on the environment; yields the lock's descriptor for the programs it starts."""
    venv.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(f"{venv}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is preparing the environment; waiting for it.")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def prepare(venv: Path, lock: Path) -> Path:
    """Return the interpreter of an environment that holds all of ``lock``, made or completed where needed."""
    if not is_ready(venv, lock):
        with alone(venv) as descriptor:
            # The one that was waited for may have done it.
            if not is_ready(venv, lock):
                _make(venv, lock, descriptor)
    return python_of(venv)


def _make(venv: Path, lock: Path, descriptor: int) -> None:
    began = time.monotonic()
    say(f"Preparing the environment in {venv} from {lock.name} (once; it takes about half a minute) ...")
    stamp = _stamp(venv)
    if stamp and (stamp == UNFINISHED or _interpreter(venv) not in stamp.splitlines()):
        # An install that was cut off can leave half a package that the installer takes for a whole one.
        shutil.rmtree(venv)
    elif not stamp and venv.exists() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").exists():
        raise Failed(
            f"{venv} holds something that is no environment: move it away, or set TRACKER_VENV to another folder."
        )
    venv.mkdir(exist_ok=True)
    stamp_of(venv).write_text(UNFINISHED, encoding="utf-8")
    if not _install_with_uv(venv, lock, descriptor):
        _install_with_pip(venv, lock, descriptor)
    write_stamp(venv, lock)
    say(f"The environment is ready ({time.monotonic() - began:.0f} s).")


def _run(command: list[str], descriptor: int) -> bool:
    # The started program holds the launcher's lock too: if the launcher is killed, nobody else begins before it ends.
    return subprocess.run(command, pass_fds=[descriptor], stdout=sys.stderr, check=False).returncode == 0


def _base_python() -> str:
    # An environment is made by the Python outside of all environments, should the launcher be running inside one.
    return str(getattr(sys, "_base_executable", "") or sys.executable)


def _install_with_uv(venv: Path, lock: Path, descriptor: int) -> bool:
    uv = shutil.which("uv")
    if not uv:
        return False
    python = str(python_of(venv))
    made = python_of(venv).exists() or _run(
        [uv, "venv", "--quiet", "--allow-existing", "--python", _base_python(), str(venv)], descriptor
    )
    install = [uv, "pip", "install", "--quiet", "--require-hashes", "--python", python, "--requirements", str(lock)]
    if made and _run(install, descriptor):
        return True
    # uv does not read pip's configuration: behind a company's own index, pip may succeed where uv cannot.
    say("uv could not install it; trying pip.")
    return False


def _install_with_pip(venv: Path, lock: Path, descriptor: int) -> None:
    python = str(python_of(venv))
    if not python_of(venv).exists() or not _has_pip(python):
        if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
            raise Failed(
                "This Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv. "
                "Then give the same command again."
            )
        if not _run([_base_python(), "-m", "venv", str(venv)], descriptor):
            raise Failed(f"The environment could not be made in {venv} (see above). Give the same command again after.")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    if not _run([*pip, "--requirement", str(lock)], descriptor):
        raise Failed(
            f"Installing {lock.name} failed: pip's own words are above. If the network or a proxy was in the way, "
            "give the same command again; if a hash does not match, do not go on, and report it."
        )


def _has_pip(python: str) -> bool:
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
