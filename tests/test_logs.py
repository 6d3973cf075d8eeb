"""The log's lines: what they tell, in both styles, and what they keep to themselves."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

import pytest
import sqlalchemy as sa

from config import PROJECT
from tracker import logs

NAME = "Quendolin"


@contextmanager
def logging_to(style: Any, name: str = "tracker.test") -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of its own, and what it writes."""
    log, written = logging.Logger(name), io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Formatter(style))
    log.addHandler(handler)
    yield log, written


def line(name: str, message: str, *args: object, **more: Any) -> dict[str, Any]:
    with logging_to("json", name) as (log, written):
        log.warning(message, *args, **more)
    found: dict[str, Any] = json.loads(written.getvalue())
    return found


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def test_json_has_one_object_in_each_line() -> None:
    with logging_to("json") as (log, written), logs.about(tick="mail"):
        log.info("One\nand %s", "two", extra={"facts": {"ms": 1.5}})
        log.info("Three")
    one, three = map(json.loads, written.getvalue().splitlines())
    assert one.pop("at").endswith("Z")
    assert one == {"level": "info", "logger": "tracker.test", "message": "One\nand two", "tick": "mail", "ms": 1.5}
    assert three["message"] == "Three"


def test_text_has_one_line_too() -> None:
    with logging_to("text") as (log, written):
        log.info("One\nand %s", "two", extra={"facts": {"ms": 1.5}})
    [text] = written.getvalue().splitlines()
    assert text.endswith("Z INFO tracker.test: One and two ms=1.5")


def test_facts_hold_as_long_as_they_are_about_something() -> None:
    with logs.about(tick="mail"), logs.about(mail=7):
        assert {"tick": "mail", "mail": 7}.items() <= line("tracker", "x").items()
    assert "tick" not in line("tracker", "x")


def test_of_an_error_the_kind_and_the_place_are_told() -> None:
    error = raised(ValueError(f"no such person: {NAME}"), raised(KeyError(NAME)))
    found = line("tracker", "It failed: %s", error, exc_info=error)
    assert found["message"].startswith("It failed: ValueError at tests/test_logs.py:")
    assert ", by KeyError at tests/test_logs.py:" in found["message"]
    assert found["trace"][0].startswith("tests/test_logs.py:")
    assert NAME not in json.dumps(found)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConnectionRefusedError(111, NAME), "ConnectionRefusedError (Connection refused)"),
        (SMTPResponseException(550, NAME.encode()), "SMTPResponseException (550)"),
        (SMTPRecipientsRefused({NAME: (550, b"")}), "SMTPRecipientsRefused"),
        (OSError(NAME), "OSError"),
    ],
)
def test_codes_are_told(error: Exception, told: str) -> None:
    assert logs.describe(error) == told


def test_the_database_tells_a_code() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE person (name TEXT UNIQUE)")
        insert = "INSERT INTO person VALUES (?)"
        connection.exec_driver_sql(insert, (NAME,))
        with pytest.raises(sa.exc.IntegrityError) as caught:
            connection.exec_driver_sql(insert, (NAME,))
    engine.dispose()
    told = logs.describe(caught.value)
    assert told.startswith("IntegrityError (SQLITE_CONSTRAINT_UNIQUE) at ")
    assert NAME not in told


def test_what_other_packages_put_in_is_left_out() -> None:
    assert line("waitress", "Exception while serving %s", f"/my/{NAME}")["message"] == "Exception while serving …"
    assert line("waitress.queue", "Task queue depth is %d", 7)["message"] == "Task queue depth is 7"
    assert line("other", "%(who)s", {"who": NAME})["message"] == "…"
    assert line("other", "%d", NAME)["message"] == "%d"
    assert line("other", f"I met {NAME}")["message"].startswith("(said at ")


PROGRAM = f"""
import logging, threading, warnings
from tracker import logs
logs.configure("json")
logging.getLogger("tracker.x").info("Ours")
logging.getLogger("other").info("Theirs")
warnings.warn("{NAME}")
thread = threading.Thread(target=lambda: {{}}["{NAME}"])
thread.start()
thread.join()
raise ValueError("{NAME}")
"""


def test_a_program_that_dies_tells_it_in_the_same_way() -> None:
    died = subprocess.run([sys.executable, "-c", PROGRAM], cwd=PROJECT, capture_output=True, text=True, check=False)
    found = [json.loads(each) for each in died.stderr.splitlines()]
    assert died.returncode == 1
    assert [each["logger"] for each in found] == ["tracker.x", "py.warnings", "tracker", "tracker"]
    assert [each["error"].split()[0] for each in found[2:]] == ["KeyError", "ValueError"]
    assert NAME not in died.stderr
