"""How long data is kept: the day somebody is due, and the question that the tick asks, are the same rule."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.retention import ANNOUNCED, MOST_MONTHS, asks_first, due_at, latest_due, months_before

LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MONTHS = st.integers(1, MOST_MONTHS)
SECOND = timedelta(seconds=1)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("closed", "months", "due"),
    [
        ("2026-05-05T09:30", 6, "2026-11-05T09:30"),
        ("2026-12-15T09:30", 1, "2027-01-15T09:30"),
        ("2026-08-31T09:30", 6, "2027-03-01T00:00"),
        ("2026-01-31T09:30", 1, "2026-03-01T00:00"),
        ("2024-02-29T09:30", 12, "2025-03-01T00:00"),
        ("2024-02-29T09:30", 48, "2028-02-29T09:30"),
    ],
)
def test_the_day_somebody_is_due(closed: str, months: int, due: str) -> None:
    assert due_at(day(closed), months, LONG_AGO) == day(due)


@given(MOMENTS, MONTHS)
def test_the_tick_finds_somebody_at_the_moment_that_the_page_says_and_not_before(closed: datetime, months: int) -> None:
    due = due_at(closed, months, LONG_AGO)
    at, before = latest_due(due, months, LONG_AGO), latest_due(due - timedelta(microseconds=1), months, LONG_AGO)
    assert at is not None
    assert before is not None
    assert before < closed <= at


@given(MOMENTS, MOMENTS, MONTHS)
def test_a_later_moment_finds_no_fewer(one: datetime, other: datetime, months: int) -> None:
    assert months_before(min(one, other), months) <= months_before(max(one, other), months)


@given(MOMENTS, MONTHS)
def test_for_a_week_after_it_was_set_nobody_is_due(set_at: datetime, months: int) -> None:
    assert latest_due(set_at + ANNOUNCED - SECOND, months, set_at) is None
    assert latest_due(set_at + ANNOUNCED, months, set_at) is not None
    assert due_at(LONG_AGO, months, set_at) == set_at + ANNOUNCED


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [(None, 6, True), (12, 6, True), (6, 12, False), (6, 6, False), (6, None, False), (None, None, False)],
)
def test_only_what_erases_sooner_is_asked_first(before: int | None, after: int | None, asks: bool) -> None:
    assert asks_first(before, after) is asks
