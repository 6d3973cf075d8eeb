"""A part of a JSON document together with its place in it, so that what is wrong can be named."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from tracker.planner.instants import A_MINUTE, microseconds
from tracker.rules.refused import Refused

_MISSING = object()


class BadCase(Refused):
    """The case cannot be understood; the sentence names the field."""


class Field:
    """A value, the object or list that holds it, and its name or number there."""

    __slots__ = ("_holder", "_name", "value")

    def __init__(self, value: Any, holder: "Field | None" = None, name: str | int = "") -> None:
        self.value, self._holder, self._name = value, holder, name

    @property
    def place(self) -> str:
        """Where the value stands in the document, like "loops[0].sessions[2].minutes"."""
        if self._holder is None:
            return ""
        within = self._holder.place
        if isinstance(self._name, int):
            return f"{within}[{self._name}]"
        return f"{within}.{self._name}" if within else self._name

    def bad(self, what: str) -> BadCase:
        """Return the refusal "<place> <what>."."""
        return BadCase(f"{self.place or 'The case'} {what}.", self.place or None)

    def __getitem__(self, name: str) -> "Field":
        """Return a member of this object. Raises BadCase where this is no object, or has none of that name."""
        member = self.get(name, _MISSING)
        if member.value is _MISSING:
            raise member.bad("is missing")
        return member

    def get(self, name: str, default: Any = None) -> "Field":
        """Return a member of this object; where it has none, the default at its place."""
        if not isinstance(self.value, dict):
            raise self.bad("is not an object")
        return Field(self.value.get(name, default), self, name)

    def items(self) -> Iterator["Field"]:
        """Yield the items of this list."""
        for number, item in enumerate(self.list()):
            yield Field(item, self, number)

    def list(self) -> list[Any]:
        """Return the plain items of this list."""
        if not isinstance(self.value, list):
            raise self.bad("is not a list")
        return self.value

    def text(self) -> str:
        """Return a text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.bad("is not a text")
        return self.value

    def texts(self) -> frozenset[str]:
        """Return the texts of this list."""
        found = self.list()
        if set(map(type, found)) - {str} or "" in found:
            raise self.bad("is not a list of texts")
        return frozenset(found)

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.bad("is neither true nor false")
        return self.value

    def whole(self, least: int, most: int) -> int:
        """Return a whole number between two others."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not least <= self.value <= most:
            raise self.bad(f"is not a whole number from {least} to {most}")
        return self.value

    def one_of(self, *choices: str) -> str:
        """Return one of the texts that are allowed here."""
        if self.value not in choices:
            raise self.bad(f"is not one of: {', '.join(choices)}")
        return str(self.value)

    def hours(self) -> tuple[tuple[int, int], ...]:
        """Return the minutes of the day of a list of pairs such as ["09:00", "17:30"]."""
        try:
            return tuple(_clock_span(first, last) for first, last in self.list())
        except (TypeError, ValueError):
            # Once more, one by one, to name the one that is wrong.
            for span in self.items():
                first, last = span.pair()
                if first.clock() >= last.clock():
                    raise span.bad("does not end after it starts") from None
            raise self.bad("is not a list of pairs of times of day") from None

    def clock(self) -> int:
        """Return the minute of the day of a wall clock such as "09:30"; "24:00" is the next midnight."""
        try:
            return _clock(self.text())
        except ValueError:
            raise self.bad("is not a time of day such as 09:30") from None

    def instant(self) -> int:
        """Return the microseconds of UTC since 1970 of an instant."""
        try:
            return microseconds(self.text())
        except (ValueError, OverflowError):
            raise self.bad("is not an instant such as 2026-03-02T09:00:00Z") from None

    def minute(self, *, up: bool = False) -> int:
        """Return the minute of an instant: the one that it lies in, or with ``up`` the first one not before it."""
        return -(-self.instant() // A_MINUTE) if up else self.instant() // A_MINUTE

    def pair(self) -> tuple["Field", "Field"]:
        """Return the two items of a list of two."""
        if len(self.list()) != 2:
            raise self.bad("is not a pair")
        first, second = self.items()
        return first, second


def _clock(text: str) -> int:
    hour, minute = text.split(":")
    found = int(hour) * 60 + int(minute)
    if len(hour) != 2 or len(minute) != 2 or not text.replace(":", "0").isdecimal() or int(minute) > 59 or found > 1440:
        raise ValueError(f"{text} is no time of day")
    return found


@lru_cache(maxsize=4096)
def _clock_span(first: str, last: str) -> tuple[int, int]:
    if _clock(first) >= _clock(last):
        raise ValueError(f"{first} is not before {last}")
    return _clock(first), _clock(last)
