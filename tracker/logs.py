"""Logs: a line for each thing that happened, as text or as JSON, and nothing personal in any of them.

Lines name things by their ids and requests by their route. Of an error its kind and its place are told, never its
message, which may repeat what somebody typed. What other packages say is told without the words that they put into it.
"""

import json
import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Literal

PROJECT = Path(__file__).resolve().parent.parent
OURS = "tracker"
FRAMES = 30

_facts: ContextVar[Mapping[str, object]] = ContextVar("tracker_log_facts", default=MappingProxyType({}))


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """Let every line that is logged inside bear these facts. Ids and names of our own making only."""
    token = _facts.set({**_facts.get(), **facts})
    try:
        yield
    finally:
        _facts.reset(token)


def set_facts(**facts: object) -> None:
    """Let every line from now on bear these facts and no others: for requests, which begin and end in two hooks."""
    _facts.set(facts)


def configure(style: Literal["text", "json"]) -> None:
    """Log to standard error from now on, our own lines from INFO, those of other packages from WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter(style))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.excepthook = _died
    threading.excepthook = lambda died: _died(died.exc_type, died.exc_value, died.exc_traceback)


class Formatter(logging.Formatter):
    """One line for each record: JSON, or words followed by name=value."""

    def __init__(self, style: Literal["text", "json"]) -> None:
        super().__init__()
        self._write = _as_json if style == "json" else _as_text

    def format(self, record: logging.LogRecord) -> str:
        """See ``logging.Formatter``."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _words(record),
        }
        line |= {**_facts.get(), **getattr(record, "facts", {})}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line |= {"error": describe(error), "trace": _trace(error)}
        return self._write(line)


def describe(error: BaseException) -> str:
    """Return the kinds of an error and of those that led to it, with what nobody typed: places, codes, constraints."""
    said: list[str] = []
    link: BaseException | None = error
    while link is not None and len(said) < 5:
        codes = ", ".join(_codes(link))
        place = _trace(link)[-1:]
        said.append(type(link).__name__ + (f" ({codes})" if codes else "") + "".join(f" at {each}" for each in place))
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return ", by ".join(said)


def _codes(error: BaseException) -> Iterator[str]:
    if isinstance(error, OSError) and error.errno is not None:
        yield os.strerror(error.errno)
    # SMTP's answers begin with a number; SQLAlchemy keeps the driver's error, which has a code and a constraint.
    for source in (error, getattr(error, "orig", None), getattr(getattr(error, "orig", None), "diag", None)):
        for name in ("smtp_code", "sqlstate", "sqlite_errorname", "constraint_name"):
            value = getattr(source, name, None)
            if value is not None:
                yield str(value)


def _trace(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{_shortened(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _shortened(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(PROJECT):
        path = path.relative_to(PROJECT)
    parts = path.parts
    return "/".join(parts[parts.index("site-packages") + 1 :] if "site-packages" in parts else parts[-4:])


def _words(record: logging.LogRecord) -> str:
    """Return what a record says; of another package's record its fixed words and its numbers alone."""
    is_ours = record.name.split(".")[0] == OURS
    if not is_ours and not record.args:
        return f"(said at {_shortened(record.pathname)}:{record.lineno})"
    if isinstance(record.args, Mapping):
        args: object = {name: _safe(value, is_ours) for name, value in record.args.items()}
    else:
        args = tuple(_safe(value, is_ours) for value in record.args or ())
    try:
        return str(record.msg) % args if args else str(record.msg)
    except (TypeError, ValueError):
        return str(record.msg)


def _safe(value: object, is_ours: bool) -> object:
    if isinstance(value, BaseException):
        return describe(value)
    return value if is_ours or isinstance(value, int | float) else "…"


def _as_json(line: Mapping[str, object]) -> str:
    return json.dumps(line, ensure_ascii=False, default=str)


def _as_text(line: Mapping[str, object]) -> str:
    at, level, logger, message, *rest = line.items()
    words = f"{at[1]} {str(level[1]).upper()} {logger[1]}: {message[1]}"
    words = " ".join([words, *(f"{name}={value}" for name, value in rest if name != "trace")])
    trace = line.get("trace")
    return "\n  ".join([words.replace("\n", " "), *(trace if isinstance(trace, list) else [])])


def _died(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """Say that the program, or a thread of it, ends by an error nobody expected: in our way, without its message."""
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger(OURS).critical("An error that nobody expected", exc_info=(kind, error, trace))  # type: ignore[arg-type]
