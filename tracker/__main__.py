"""The launcher behind ``python3 -m tracker``: makes the environment from a lock file, then hands over to it.

The standard library only. The lines before ``TOO_OLD`` keep to what old Pythons can read, so that those can be told.
Variables of the launcher's own (those of the tracker itself are read by ``config.py``):

TRACKER_VENV              where the environment is kept; by default ``.venv`` beside the project
TRACKER_NO_VENV           1: use the Python that is running, as it is (containers that have installed the lock)
TRACKER_CHROMIUM          the browser for the browser tests, where it is not found by itself
TRACKER_REQUIRE_CHROMIUM  1: a missing browser fails the tests instead of skipping some
"""

import os
import shutil
import sys

if os.name != "posix":
    sys.exit("The tracker runs on Linux and macOS. On Windows, use it inside WSL.")


def too_old(major: int, minor: int) -> str:
    """Return why this Python cannot be used, or nothing where it can."""
    if (major, minor) >= (3, 11):
        return ""
    newer = [name for name in ("python3.14", "python3.13", "python3.12", "python3.11") if shutil.which(name)]
    way = f"start it as: {newer[0]} -m tracker" if newer else "install a newer Python, then start it again with that"
    return f"The tracker needs Python 3.11 or newer and this is {major}.{minor}: {way}"


TOO_OLD = too_old(sys.version_info[0], sys.version_info[1])
if TOO_OLD:
    sys.exit(TOO_OLD)


from collections.abc import Mapping  # noqa: E402  (old Pythons shall come as far as the sentence above)
from pathlib import Path  # noqa: E402
from typing import NoReturn  # noqa: E402

from tracker.launcher.chromium import chromium_for_tests  # noqa: E402
from tracker.launcher.environment import LOCK, PROJECT, TEST_LOCK, prepare, venv_folder  # noqa: E402
from tracker.launcher.words import Failed, say  # noqa: E402

HELP = """usage: python3 -m tracker <command> [options]

The first start makes an environment (.venv) from a hash-checked lock file; later ones use it as it is.

to try it
  demo          fill a database with a demo organisation and serve it, with an inbox for its e-mails
                  --port N (8000), --fresh (throw the demo's data away and begin anew)
  test          run all tests; everything after it goes to pytest, for example: test -k nudges

to run it (settings come from the environment: TRACKER_BASE_URL, TRACKER_MAIL_URL, TRACKER_SECRET_KEY, ...)
  doctor        check settings, database, mail server and machine; say what is wrong and how to mend it
  migrate       bring the database to the newest schema
  create-admin  add the first person who may sign in: --email, --name
  serve         serve the pages
  worker        raise nudges and send e-mails: --once for one round
  receive       take in an answer to an invitation: receive < message, from a mail server's pipe
  backup        write the database and the documents to one file, while all is in use: --to FILE
  restore       put such a file in the place of the database: FILE; --verify FILE only checks it

to plan loops elsewhere
  plan          best times and people for loops: plan < case.json > plan.json (docs/loop-planner.md has the format)

python3 -m tracker <command> --help tells more of a command."""

COMMANDS = (
    *("demo", "test", "doctor", "migrate", "create-admin"),
    *("serve", "worker", "receive", "backup", "restore", "plan"),
)


def _become(python: Path, arguments: list[str], more: Mapping[str, str]) -> NoReturn:
    # The command replaces the launcher, so that a signal to this process reaches the command itself.
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    os.execve(python, [str(python), *arguments], {**os.environ, "PYTHONPATH": path, **more})


def pytest_arguments(arguments: list[str]) -> list[str]:
    """Return pytest's arguments: on all cores, unless the person chose a number or wants to debug."""
    alone = any(argument.startswith(("-n", "--numprocesses", "--pdb", "-s")) for argument in arguments)
    return ["-m", "pytest", *([] if alone else ["-n", "auto", "--maxprocesses", "8"]), *arguments]


def main(arguments: list[str]) -> int:
    """Answer help and mistakes at once; else prepare the environment and become the command."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(HELP)
        return 0 if arguments else 2
    command, *rest = arguments
    if command not in COMMANDS:
        say(f"There is no command {command!r}. The commands are: {', '.join(COMMANDS)}.")
        return 2
    try:
        testing = command == "test"
        here = os.environ.get("TRACKER_NO_VENV") == "1"
        python = Path(sys.executable) if here else prepare(venv_folder(), TEST_LOCK if testing else LOCK)
        if not testing:
            _become(python, ["-m", "tracker.cli", *arguments], {})
        browser = chromium_for_tests()
        os.chdir(PROJECT)
        _become(python, pytest_arguments(rest), {"TRACKER_CHROMIUM": browser} if browser else {})
    except Failed as failed:
        say(str(failed))
    except KeyboardInterrupt:
        say("Stopped.")
    except OSError as error:
        say(f"The environment cannot be prepared: {error}. Mend that, or set TRACKER_VENV to a folder of your own.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
