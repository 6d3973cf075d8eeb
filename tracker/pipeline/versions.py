"""Two people, one row: the second is told, nothing is overwritten."""

from typing import Protocol

from tracker.rules.refused import Stale


class Versioned(Protocol):
    """A row with a version that rises with every change."""

    version: int


def expect(row: Versioned, version: int | None) -> None:
    """Raise Stale where the form was made from an older version of the row; None (no form) expects nothing."""
    if version is not None and row.version != version:
        raise Stale()
