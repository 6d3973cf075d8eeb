"""When a candidate can come: which times are taken, how they are joined, and which are refused with a word of help."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.busy_times import Span
from tracker.rules.candidate_windows import (
    AHEAD,
    MOST_WINDOWS,
    BadWindow,
    Typed,
    checked_windows,
    days_offered,
    is_outside,
    lines_of,
    repeated_times,
)
from tracker.rules.deadlines import Calendar

# A Monday, 10:00 in Berlin.
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"
THURSDAY = date(2026, 11, 5)


def typed(begins: time | None, ends: time | None, on: date = THURSDAY) -> Typed:
    return Typed(7, on, begins, ends)


def test_ten_business_days_after_two_of_notice() -> None:
    days = days_offered(Calendar(BERLIN, frozenset({date(2026, 11, 6)})), NOW)
    assert len(days) == 10
    assert days[:3] == [THURSDAY, date(2026, 11, 9), date(2026, 11, 10)]


def test_midnight_is_the_end_of_the_day() -> None:
    [window] = checked_windows([typed(time(18), time(0))], BERLIN, NOW)
    assert window == Span(datetime(2026, 11, 5, 17, tzinfo=UTC), datetime(2026, 11, 5, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (typed(None, time(9)), "from_7", "needs both times"),
        (typed(time(9), None), "until_7", "needs both times"),
        (typed(time(9), time(9)), "until_7", "ends before it begins"),
        (typed(time(9), time(8)), "until_7", "ends before it begins"),
        (typed(time(9), time(17), date(2026, 11, 2)), "from_7", "is over already"),
        (typed(time(9), time(17), NOW.date() + AHEAD), "from_7", "too far ahead"),
        (typed(time(9), time(17), date(9999, 12, 31)), "from_7", "Is the year"),
    ],
)
def test_what_nobody_can_come_in_is_refused_beside_its_field(line: Typed, field: str, words: str) -> None:
    with pytest.raises(BadWindow, match=words) as refused:
        checked_windows([line], BERLIN, NOW)
    assert refused.value.field == field


def test_so_are_too_many() -> None:
    lines = [typed(time(9), time(10))] * MOST_WINDOWS
    assert len(checked_windows(lines, BERLIN, NOW)) == 1
    with pytest.raises(BadWindow, match="50 times at most"):
        checked_windows([*lines, lines[0]], BERLIN, NOW)


def test_a_time_that_does_not_exist_is_refused_with_the_next_that_does() -> None:
    now, spring = datetime(2026, 3, 20, tzinfo=UTC), date(2026, 3, 29)
    with pytest.raises(BadWindow, match="02:30 does not exist .* Choose 03:30") as refused:
        checked_windows([typed(time(2, 30), time(9), spring)], BERLIN, now)
    assert refused.value.field == "from_7"


def test_of_a_time_that_comes_twice_the_first_is_taken_and_that_is_said() -> None:
    now, autumn = datetime(2026, 10, 20, tzinfo=UTC), date(2026, 10, 25)
    lines = [typed(time(2, 30), time(9), autumn)]
    assert checked_windows(lines, BERLIN, now)[0].starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert repeated_times(lines, BERLIN) == [
        "02:30 comes twice on Sun 25 Oct 2026, as clocks are put back: we took the first."
    ]
    assert repeated_times([typed(time(9), time(17), autumn)], BERLIN) == []


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 94), st.integers(1, 40)), max_size=MOST_WINDOWS))
def test_joined_they_cover_the_same_and_never_meet(drawn: list[tuple[int, int, int]]) -> None:
    quarters = [(day, begins, min(95, begins + length)) for day, begins, length in drawn]
    lines = [
        Typed(0, THURSDAY + timedelta(days=day), time(begins // 4, begins % 4 * 15), time(ends // 4, ends % 4 * 15))
        for day, begins, ends in quarters
    ]
    windows = checked_windows(lines, "UTC", NOW)
    assert all(one.ends_at < other.starts_at for one, other in zip(windows, windows[1:], strict=False))
    midnight, quarter = datetime(2026, 11, 5, tzinfo=UTC), timedelta(minutes=15)
    covered = {day * 96 + n for day, begins, ends in quarters for n in range(begins, ends)}
    found = {
        n
        for each in windows
        for n in range((each.starts_at - midnight) // quarter, (each.ends_at - midnight) // quarter)
    }
    assert found == covered
    # What the page shows of them, sent back, is the same again; so too in another zone.
    for zone in ("UTC", "Asia/Tokyo", "America/St_Johns"):
        again = [Typed(0, *line) for line in lines_of(windows, zone)]
        if len(again) <= MOST_WINDOWS:
            assert checked_windows(again, zone, NOW) == windows


def test_outside_is_what_no_single_window_holds() -> None:
    nine, hour = datetime(2026, 11, 5, 9, tzinfo=UTC), timedelta(hours=1)
    windows = [Span(nine, nine + 3 * hour)]
    assert not is_outside(windows, nine, nine + 3 * hour)
    assert is_outside(windows, nine - hour, nine + hour)
    assert is_outside(windows, nine + 2 * hour, nine + 4 * hour)
    assert not is_outside([], nine, nine + hour)
