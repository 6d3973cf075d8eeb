"""Being away: which stretches of days can be entered."""

from collections.abc import Iterable
from datetime import date, timedelta

from tracker.rules.refused import Refused
from tracker.rules.zones import day_words

LONGEST_LEAVE = timedelta(days=366)
FARTHEST_LEAVE = timedelta(days=2 * 366)


class BadLeave(Refused):
    """These days cannot be entered as time away."""


def check_leave(first_on: date, last_on: date, *, today: date, others: Iterable[tuple[date, date]]) -> None:
    """Raise BadLeave unless it is a stretch of a year at most that is not over and touches no other of the person's."""
    if last_on < first_on:
        raise BadLeave("The last day comes before the first: please swap them.", "last_on")
    if last_on < today:
        raise BadLeave("These days are over already: nothing would change.", "last_on")
    if last_on - first_on >= LONGEST_LEAVE:
        raise BadLeave("That is more than a year: if somebody left, an admin makes the person inactive.", "last_on")
    if first_on - today > FARTHEST_LEAVE:
        raise BadLeave("That is more than two years ahead: please check the year.", "first_on")
    for first, last in sorted(others):
        if first <= last_on and first_on <= last:
            said = f"{day_words(first)} to {day_words(last)} is entered already"
            raise BadLeave(f"{said}: take that back first, or leave these days out.", "first_on")
