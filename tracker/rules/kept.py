"""How often the promise is kept: counts, and a rate that is told only where it rests on enough."""

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.refused import Refused
from tracker.rules.words import counted
from tracker.rules.zones import day_words

# A rate of fewer would say more of chance than of the team.
FEWEST = 5
USUAL_DAYS = 90
LONGEST_PERIOD = timedelta(days=5 * 366)
FIRST_YEAR, LAST_YEAR = 2000, 2100


class BadPeriod(Refused):
    """No period to count promises in."""


@dataclass(frozen=True)
class Kept:
    """Promises that were due in a period. Those called off in time, or while their clock stood, are none of them.

    ``missed`` were overdue when the application ended without an outcome. ``extended`` are those of the kept ones for
    which the candidate had been told another date; they are counted as kept.
    """

    kept: int = 0
    kept_late: int = 0
    overdue: int = 0
    missed: int = 0
    still_open: int = 0
    extended: int = 0

    @property
    def settled(self) -> int:
        """The number that the rate rests on: those whose due moment decided, one way or the other."""
        return self.kept + self.kept_late + self.overdue + self.missed

    @property
    def percent(self) -> int | None:
        """Whole per cent of the settled ones that were kept, rounded down; None where they are too few to say."""
        return self.kept * 100 // self.settled if self.settled >= FEWEST else None

    @property
    def words(self) -> str:
        """The rate with the number that it rests on: "92 % of 25", "too few to say: 3"."""
        if self.percent is not None:
            return f"{self.percent} % of {self.settled}"
        return f"too few to say: {self.settled}" if self.settled else "none was due yet"

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            self.kept + other.kept,
            self.kept_late + other.kept_late,
            self.overdue + other.overdue,
            self.missed + other.missed,
            self.still_open + other.still_open,
            self.extended + other.extended,
        )


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """Say the days: "Mon 2 Nov 2026 to Fri 27 Nov 2026 (26 days)"."""
        days = counted((self.last - self.first).days + 1, "day")
        return f"{day_words(self.first)} to {day_words(self.last)} ({days})"


def usual_period(today: date) -> Period:
    """Return the period that is shown unless another one is chosen: the last 90 days up to today."""
    return Period(today - timedelta(days=USUAL_DAYS - 1), today)


def check_period(first: date, last: date) -> Period:
    """Return the period. Raises BadPeriod where it ends before it begins, is longer than five years, or a slip."""
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise BadPeriod(f"Choose days between {FIRST_YEAR} and {LAST_YEAR}.", "from")
    if last < first:
        raise BadPeriod("The period ends before it begins: choose a later last day.", "to")
    if last - first > LONGEST_PERIOD:
        raise BadPeriod("Choose a period of five years at most.", "from")
    return Period(first, last)
