"""A prefix search that an index answers on both databases, whatever the collation."""

from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

LAST = "\U0010ffff"


def prefix(column: InstrumentedAttribute[str], start: str) -> ColumnElement[bool]:
    """Return the condition that a folded word begins with ``start``.

    A range of the index, not LIKE: SQLite uses an index for LIKE only with a collation that ignores case, PostgreSQL
    only with an operator class of its own. The column is compared byte by byte (see the migration) on both.
    """
    return between(column, start, start + LAST)


def between(column: InstrumentedAttribute[str], start: Any, end: Any) -> ColumnElement[bool]:
    """As ``prefix``, of words or bound parameters: ``end`` is the beginning followed by ``LAST``."""
    return and_(column >= start, column < end)
