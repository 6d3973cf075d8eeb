"""How queries ask what they ask again and again: a statement that is kept is compiled once, and found at once."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import CursorResult, Executable, Result
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session


def rows(session: Session, statement: Executable, given: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """Return the rows of a statement that reads columns alone, and no objects.

    It costs half of ``session.execute``, which looks for the mapper's objects in every answer. As there, what the
    session has not written yet is written first. The statement is to be kept by who asks:
    it is compiled once.
    """
    session.flush()
    connection = session.connection()
    return connection.execute(statement, given, execution_options=compiled_once(statement, connection.dialect))


def objects(session: Session, statement: Executable, given: Mapping[str, Any]) -> Result[*tuple[Any, ...]]:
    """Return what ``session.execute`` does, for a statement that is kept by who asks: it is compiled once."""
    return session.execute(statement, given, execution_options=compiled_once(statement, session.get_bind().dialect))


class _Compiled:
    """Where SQLAlchemy looks for the compiled form of one statement, by a key whose second part is the whole of it.

    To hash that takes as long as to ask a small database: it is done once, and from then on the part is known by being
    the same object. Statements that differ by their values alone, as those of two viewers do, share what is compiled;
    those by which objects load what belongs to them come here too, and are looked up as ever.
    """

    def __init__(self, shared: dict[Any, Any]) -> None:
        self._shared = shared
        self._own: tuple[Any, Any] | None = None

    def get(self, key: tuple[Any, ...]) -> Any:
        if self._own is not None and self._own[0] is key[1]:
            return self._own[1]
        return self._known(key, self._shared.get(key))

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        self._shared[key] = self._known(key, compiled)

    def _known(self, key: tuple[Any, ...], compiled: Any) -> Any:
        if self._own is None and compiled is not None:
            self._own = key[1], compiled
        return compiled


@lru_cache(maxsize=4096)
def compiled_once(_statement: Executable, dialect: Dialect) -> dict[str, Any]:
    """Return the options with which to execute a statement that is kept, in a database of that dialect."""
    return {"compiled_cache": _Compiled(_shared(dialect))}


@lru_cache(maxsize=8)
def _shared(_dialect: Dialect) -> dict[Any, Any]:
    return {}
