"""Business days against numpy's, and against somebody who walks day by day."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.business_days import (
    add_business_days,
    business_days_between,
    first_business_day,
    is_business_day,
    next_business_day,
    previous_business_day,
    subtract_business_days,
)

NONE: frozenset[date] = frozenset()
dates = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))
weekends = st.frozensets(st.integers(0, 6), max_size=6)


@st.composite
def around(draw):
    """A start and closed days near it: far ones would hardly ever matter."""
    start = draw(dates)
    offsets = draw(st.frozensets(st.integers(-60, 60), max_size=40))
    return start, frozenset(start + timedelta(days=offset) for offset in offsets)


def numpy_calendar(closed, weekend):
    mask = [weekday not in weekend for weekday in range(7)]
    return np.busdaycalendar(weekmask=mask, holidays=sorted(closed))


def between(start, end):
    return [start + timedelta(days=offset) for offset in range(1, (end - start).days)]


def walked(start, days, step, closed, weekend):
    on = start
    while days:
        on += timedelta(days=step)
        if on.weekday() not in weekend and on not in closed:
            days -= 1
    return on


@given(around(), st.integers(1, 90), weekends)
def test_adding_agrees_with_numpy_and_with_walking(given_days, days, weekend):
    start, closed = given_days
    found = add_business_days(start, days, closed, weekend)
    # Rolled back first, so that numpy too takes the first business day after a closed start as day 1.
    offset = np.busday_offset(start, days, roll="backward", busdaycal=numpy_calendar(closed, weekend))
    assert found == offset.astype(date)
    assert found == walked(start, days, 1, closed, weekend)


@given(around(), st.integers(1, 90), weekends)
def test_subtracting_agrees_with_numpy_and_with_walking(given_days, days, weekend):
    start, closed = given_days
    found = subtract_business_days(start, days, closed, weekend)
    offset = np.busday_offset(start, -days, roll="forward", busdaycal=numpy_calendar(closed, weekend))
    assert found == offset.astype(date)
    assert found == walked(start, days, -1, closed, weekend)


@given(around(), st.integers(-120, 120), weekends)
def test_counting_agrees_with_numpy(given_days, away, weekend):
    start, closed = given_days
    end = start + timedelta(days=away)
    low, high = min(start, end), max(start, end)
    day = timedelta(days=1)
    # numpy counts [start, end); ours is (start, end].
    counted = int(np.busday_count(low + day, high + day, busdaycal=numpy_calendar(closed, weekend)))
    assert business_days_between(start, end, closed, weekend) == (counted if end >= start else -counted)


@given(around(), st.integers(0, 60), weekends)
def test_counting_undoes_adding(given_days, days, weekend):
    start, closed = given_days
    assert business_days_between(start, add_business_days(start, days, closed, weekend), closed, weekend) == days


@given(around(), st.integers(-90, 90), st.integers(-90, 90), weekends)
def test_counts_add_up(given_days, first, second, weekend):
    start, closed = given_days
    middle, end = start + timedelta(days=first), start + timedelta(days=second)
    there = business_days_between(start, middle, closed, weekend) + business_days_between(middle, end, closed, weekend)
    assert there == business_days_between(start, end, closed, weekend)


@given(around(), weekends)
def test_neighbours(given_days, weekend):
    on, closed = given_days
    after, before = next_business_day(on, closed, weekend), previous_business_day(on, closed, weekend)
    assert before < on < after
    assert [day for day in between(before, after) if is_business_day(day, closed, weekend)] in ([], [on])
    assert is_business_day(after, closed, weekend)
    assert is_business_day(before, closed, weekend)
    assert first_business_day(on, closed, weekend) == (on if is_business_day(on, closed, weekend) else after)


@pytest.mark.parametrize(
    ("start", "days", "closed", "due"),
    [
        (date(2026, 3, 6), 5, NONE, date(2026, 3, 13)),  # a Friday is due the next Friday
        (date(2026, 3, 7), 1, NONE, date(2026, 3, 9)),  # from a Saturday, Monday is day 1
        (date(2026, 4, 2), 1, frozenset({date(2026, 4, 3), date(2026, 4, 6)}), date(2026, 4, 7)),  # over Easter
        (date(2028, 2, 28), 1, NONE, date(2028, 2, 29)),  # a leap day is a day
        (date(2026, 12, 31), 1, frozenset({date(2027, 1, 1)}), date(2027, 1, 4)),  # over the year's end
    ],
)
def test_known_dates(start, days, closed, due):
    assert add_business_days(start, days, closed) == due


def test_no_days_is_the_start_even_if_that_is_closed():
    saturday = date(2026, 3, 7)
    assert add_business_days(saturday, 0, NONE) == saturday
    assert subtract_business_days(saturday, 0, NONE) == saturday


def test_another_weekend():
    friday_and_saturday = frozenset({4, 5})
    assert add_business_days(date(2026, 3, 5), 1, NONE, friday_and_saturday) == date(2026, 3, 8)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="forward with add, backward with subtract"):
        add_business_days(date(2026, 3, 6), -1, NONE)
    with pytest.raises(ValueError, match="forward with add, backward with subtract"):
        subtract_business_days(date(2026, 3, 6), -1, NONE)


def test_a_week_of_weekend_is_refused():
    for count in (add_business_days, subtract_business_days):
        with pytest.raises(ValueError, match="a week without a business day"):
            count(date(2026, 3, 6), 1, NONE, frozenset(range(7)))
    with pytest.raises(ValueError, match="a week without a business day"):
        business_days_between(date(2026, 3, 6), date(2026, 3, 9), NONE, frozenset(range(7)))


def test_a_weekday_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no weekend"):
        is_business_day(date(2026, 3, 6), NONE, frozenset({7}))


def test_a_calendar_closed_for_years_ends_in_an_answer():
    start = date(2026, 1, 1)
    closed = frozenset(start + timedelta(days=offset) for offset in range(-2000, 2000))
    with pytest.raises(ValueError, match="no business day for four years"):
        add_business_days(start, 1, closed)
    with pytest.raises(ValueError, match="no business day for four years"):
        subtract_business_days(start, 1, closed)


def test_the_calendar_ends():
    with pytest.raises(ValueError, match="the calendar ends"):
        add_business_days(date(9999, 12, 30), 5, NONE)
    with pytest.raises(ValueError, match="the calendar ends"):
        subtract_business_days(date(1, 1, 2), 5, NONE)


def test_a_moment_is_no_date():
    moment = datetime(2026, 3, 6, 12, tzinfo=UTC)
    for count in (is_business_day, next_business_day, previous_business_day, first_business_day):
        with pytest.raises(TypeError, match="is a moment"):
            count(moment, NONE)
    with pytest.raises(TypeError, match="is a moment"):
        add_business_days(moment, 0, NONE)
    with pytest.raises(TypeError, match="is a moment"):
        business_days_between(date(2026, 3, 6), moment, NONE)
