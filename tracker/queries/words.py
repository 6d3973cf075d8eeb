"""A prefix search that an index answers on both databases, whatever the collation."""

from sqlalchemy import ColumnElement, and_, bindparam
from sqlalchemy.orm import InstrumentedAttribute

LAST = "\U0010ffff"


def begins(column: InstrumentedAttribute[str], name: str) -> ColumnElement[bool]:
    """Return the condition that a folded word begins with what is bound to ``name`` (see ``beginning``).

    A range of the index, not LIKE: SQLite uses an index for LIKE only with a collation that ignores case, PostgreSQL
    only with an operator class of its own. The column is compared byte by byte (see the migration) on both.
    """
    return and_(column >= bindparam(name), column < bindparam(f"{name}_end"))


def beginning(name: str, word: str) -> dict[str, str]:
    """Return what is bound for a condition of ``begins``."""
    return {name: word, f"{name}_end": word + LAST}
