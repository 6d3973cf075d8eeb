"""Instants of the exchange format into minutes, tens of thousands at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Minute

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
A_MINUTE, A_SECOND = 60_000_000, 1_000_000

# Of "2026-03-02T09:00:00Z": where the marks stand, and the digits of year, month, day, hour, minute, second.
_MARKS = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":", 19: "Z"}
_NUMBERS = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19))
_LENGTH = 20


def microseconds(text: str) -> int:
    """Return the microseconds of UTC since 1970 of an ISO 8601 instant. Raises ValueError: no date, or no zone."""
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError(f"{text} has no zone")
    return (moment - EPOCH) // MICROSECOND


def many_microseconds(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return what ``microseconds`` returns, for many. Raises ValueError where one of them is no instant."""
    found = _in_plain_form(texts)
    return np.array([microseconds(text) for text in texts], dtype=np.int64) if found is None else found


def _in_plain_form(texts: Sequence[str]) -> NDArray[np.int64] | None:
    """Read all at once where all are written like "2026-03-02T09:00:00Z", as nearly always; None where one is not."""
    if set(map(len, texts)) - {_LENGTH}:
        return None
    letters = np.frombuffer("".join(texts).encode("ascii", "replace"), dtype=np.uint8).reshape(-1, _LENGTH)
    if any((letters[:, place] != ord(mark)).any() for place, mark in _MARKS.items()):
        return None
    digits = letters - ord("0")
    if any((digits[:, first:last] > 9).any() for first, last in _NUMBERS):
        return None
    year, month, day, hour, minute, second = (_number(digits[:, first:last]) for first, last in _NUMBERS)
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    first_day, next_first = (each.astype("datetime64[D]").astype(np.int64) for each in (months, months + 1))
    if ((month < 1) | (month > 12) | (day < 1) | (day > next_first - first_day)).any():
        return None
    if ((year < 1) | (hour > 23) | (minute > 59) | (second > 59)).any():
        return None
    seconds = (((first_day + day - 1) * 24 + hour) * 60 + minute) * 60 + second
    return seconds * A_SECOND


def _number(digits: NDArray[np.uint8]) -> NDArray[np.int64]:
    value = np.zeros(len(digits), dtype=np.int64)
    for place in range(digits.shape[1]):
        value = value * 10 + digits[:, place]
    return value


def instant(minute: Minute) -> str:
    """Return a minute the way the exchange format writes it: "2026-03-02T09:00:00Z"."""
    return f"{EPOCH + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}"
