"""Business days: what is one, which is the n-th from here, and how many lie between.

All functions take plain dates, the days that are ``closed`` (public holidays and the company's own), and the
``weekend`` as weekday numbers, Monday being 0. A moment given instead of a date is refused, because its date
depends on a zone.
"""

from datetime import date, datetime, timedelta

SATURDAY_AND_SUNDAY = frozenset({5, 6})
# A calendar that is closed for longer than this in one stretch is a slip, not a calendar.
LONGEST_CLOSURE = 4 * 366
_DAY = timedelta(days=1)
_WEEK = frozenset(range(7))


def is_business_day(on: date, closed: frozenset[date], weekend: frozenset[int] = SATURDAY_AND_SUNDAY) -> bool:
    """Whether business is done on that day."""
    _check(on, weekend)
    return on.weekday() not in weekend and on not in closed


def next_business_day(on: date, closed: frozenset[date], weekend: frozenset[int] = SATURDAY_AND_SUNDAY) -> date:
    """Return the first business day after ``on``."""
    return add_business_days(on, 1, closed, weekend)


def previous_business_day(on: date, closed: frozenset[date], weekend: frozenset[int] = SATURDAY_AND_SUNDAY) -> date:
    """Return the last business day before ``on``."""
    return subtract_business_days(on, 1, closed, weekend)


def first_business_day(on: date, closed: frozenset[date], weekend: frozenset[int] = SATURDAY_AND_SUNDAY) -> date:
    """Return ``on`` itself if it is a business day, else the first one after it."""
    return on if is_business_day(on, closed, weekend) else next_business_day(on, closed, weekend)


def add_business_days(
    start: date, days: int, closed: frozenset[date], weekend: frozenset[int] = SATURDAY_AND_SUNDAY
) -> date:
    """Return the ``days``-th business day after ``start``; ``start`` itself, business day or not, for 0.

    Raises ValueError for a negative count and for a calendar that does not reach so far (closed for good, or the end
    of the year 9999).
    """
    return _walk(start, days, _DAY, closed, weekend)


def subtract_business_days(
    start: date, days: int, closed: frozenset[date], weekend: frozenset[int] = SATURDAY_AND_SUNDAY
) -> date:
    """Return the ``days``-th business day before ``start``; otherwise as ``add_business_days``."""
    return _walk(start, days, -_DAY, closed, weekend)


def business_days_between(
    start: date, end: date, closed: frozenset[date], weekend: frozenset[int] = SATURDAY_AND_SUNDAY
) -> int:
    """Return the number of business days after ``start`` up to and with ``end``; negative if ``end`` is earlier."""
    _check(start, weekend)
    _check(end, weekend)
    if end < start:
        return -business_days_between(end, start, closed, weekend)
    span = (end - start).days
    if span <= len(closed):
        # Mostly a few days against years of holidays: walking them is cheaper than looking at all that is closed.
        days = (start + _DAY * number for number in range(1, span + 1))
        return sum(day.weekday() not in weekend and day not in closed for day in days)
    weeks, rest = divmod(span, 7)
    # Whole weeks are counted, not walked; then the closed days among the weekdays are taken off again.
    count = weeks * (7 - len(weekend))
    count += sum((start.weekday() + 1 + extra) % 7 not in weekend for extra in range(rest))
    return count - sum(start < day <= end and day.weekday() not in weekend for day in closed)


def _walk(start: date, days: int, step: timedelta, closed: frozenset[date], weekend: frozenset[int]) -> date:
    _check(start, weekend)
    if days < 0:
        raise ValueError(f"{days} business days: count forward with add, backward with subtract")
    on, closure = start, 0
    while days:
        try:
            on += step
        except OverflowError as error:
            raise ValueError(f"there is no such business day: the calendar ends with {on}") from error
        if on.weekday() in weekend or on in closed:
            closure += 1
            if closure > LONGEST_CLOSURE:
                raise ValueError(f"the calendar has no business day for four years around {on}")
        else:
            days, closure = days - 1, 0
    return on


def _check(on: date, weekend: frozenset[int]) -> None:
    if isinstance(on, datetime):
        raise TypeError(f"{on!r} is a moment: take its date in the zone that counts")
    if not weekend <= _WEEK:
        raise ValueError(f"{sorted(weekend)} is no weekend: weekdays are 0 (Monday) to 6")
    if weekend == _WEEK:
        raise ValueError("a week without a business day: leave at least one day out of the weekend")
