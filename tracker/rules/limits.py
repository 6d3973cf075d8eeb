"""How many business days a deadline has, and from when to when: a change of policy does not rewrite the past.

The rule: day 0 of a deadline decides. A deadline has the limit that is valid on the local date of its day 0 (the day
the loop ends, the interview ends, the application came in, the stage was entered), whenever it is opened, looked at or
worked out again. So a change that holds from a day on reaches what happens on that day or later, and nothing before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.deadlines import DEFAULT_LIMITS, DeadlineKind
from tracker.rules.refused import Refused
from tracker.rules.zones import day_words

# What holds "from the beginning" is written as holding from here: no deadline is older.
BEGINNING = date(1970, 1, 1)
MOST_DAYS = 60
_DAY = timedelta(days=1)


class IllegalLimit(Refused):
    """A limit that no plan can have, or one that would rewrite the past."""


@dataclass(frozen=True, order=True)
class Limit:
    """So many business days for a day 0 from ``valid_from`` to ``valid_to``, both included; None: for good."""

    valid_from: date
    valid_to: date | None
    business_days: int

    def holds_on(self, on: date) -> bool:
        """Whether it is the one for a day 0 on that date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def limit_on(limits: Iterable[Limit], kind: DeadlineKind, on: date) -> int:
    """Return the business days for a day 0 on a date: those of the plan's limits of that kind, else the default."""
    return next((limit.business_days for limit in limits if limit.holds_on(on)), DEFAULT_LIMITS[kind])


def with_change(limits: Iterable[Limit], kind: DeadlineKind, on: date, days: int) -> list[Limit]:
    """Return the limits, in order and without gaps, after a change that holds from ``on`` to the next one entered."""
    whole = _whole(limits, kind)
    found = []
    for limit in whole:
        if not limit.holds_on(on):
            found.append(limit)
            continue
        if limit.valid_from < on:
            found.append(Limit(limit.valid_from, on - _DAY, limit.business_days))
        found.append(Limit(on, limit.valid_to, days))
    return _joined(found)


def without_change(limits: Iterable[Limit], kind: DeadlineKind, on: date) -> list[Limit]:
    """Return the limits without the change that begins on ``on``: what held before it holds on."""
    found: list[Limit] = []
    for limit in _whole(limits, kind):
        if found and limit.valid_from == on:
            found[-1] = Limit(found[-1].valid_from, limit.valid_to, found[-1].business_days)
        else:
            found.append(limit)
    return _joined(found)


@dataclass(frozen=True)
class Timeline:
    """What a kind of deadline had, has for a day 0 today, and will have; each in the order of time."""

    past: tuple[Limit, ...]
    present: Limit
    coming: tuple[Limit, ...]


def timeline(limits: Iterable[Limit], kind: DeadlineKind, today: date) -> Timeline:
    """Return past, present and coming limits of a kind."""
    whole = _whole(limits, kind)
    return Timeline(
        past=tuple(limit for limit in whole if limit.valid_to is not None and limit.valid_to < today),
        present=next(limit for limit in whole if limit.holds_on(today)),
        coming=tuple(limit for limit in whole if limit.valid_from > today),
    )


def check_change(on: date, days: int, today: date) -> None:
    """Raise IllegalLimit where a change would begin before today, or gives more or fewer days than a plan can hold."""
    if on < today:
        raise IllegalLimit(f"A change holds from today ({day_words(today)}) or a later day on: the past stays.", "on")
    if on.year > today.year + 10:
        raise IllegalLimit("A change begins within ten years.", "on")
    if not 0 <= days <= MOST_DAYS:
        raise IllegalLimit(f"A limit is 0 to {MOST_DAYS} business days.", "business_days")


def span_words(limit: Limit) -> str:
    """Return "from Mon 4 Jan 2027 to Fri 5 Mar 2027", "until ...", "from ... on" or "always"."""
    begins = "" if limit.valid_from == BEGINNING else f"from {day_words(limit.valid_from)}"
    ends = "" if limit.valid_to is None else day_words(limit.valid_to)
    if begins and ends:
        return f"{begins} to {ends}"
    return f"{begins} on" if begins else f"until {ends}" if ends else "always"


def _whole(limits: Iterable[Limit], kind: DeadlineKind) -> list[Limit]:
    return sorted(limits) or [Limit(BEGINNING, None, DEFAULT_LIMITS[kind])]


def _joined(limits: Iterable[Limit]) -> list[Limit]:
    """Neighbours with the same number of days are one."""
    found: list[Limit] = []
    for limit in limits:
        if found and found[-1].business_days == limit.business_days:
            found[-1] = Limit(found[-1].valid_from, limit.valid_to, limit.business_days)
        else:
            found.append(limit)
    return found
