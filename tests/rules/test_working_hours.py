"""Working hours: what can be typed, what is kept, and what lies outside of them, by the person's own clocks."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tracker.rules.odd_hours import is_odd
from tracker.rules.working_hours import BadHours, checked_hours, clock_words, hours_of, hours_words, is_outside, stored

BERLIN = "Europe/Berlin"
# Tuesdays from eight to noon, Fridays until midnight.
HOURS = {1: (480, 720), 4: (780, 1440)}
HOUR = timedelta(hours=1)


def test_what_is_typed_is_kept() -> None:
    typed = {0: (None, None), 1: (time(8), time(12)), 4: (time(13), time(0))}
    assert checked_hours(typed) == HOURS
    assert hours_of(stored(HOURS)) == HOURS
    assert stored({}) == {}
    assert [clock_words(minute) for minute in (0, 480, 725, 1440)] == ["00:00", "08:00", "12:05", "00:00"]


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        (time(8), None, "Wednesday needs both times"),
        (None, time(8), "Wednesday needs both times"),
        (time(9), time(9), "Wednesday ends before it begins."),
        (time(17), time(9), "Wednesday ends before it begins."),
    ],
)
def test_what_cannot_be_worked_is_refused(begins: time | None, ends: time | None, said: str) -> None:
    with pytest.raises(BadHours, match=said) as refused:
        checked_hours({2: (begins, ends)})
    assert refused.value.field == "until_2"


@pytest.mark.parametrize(
    ("day", "hour", "hours", "outside"),
    [
        (3, 7, 1, False), (3, 10, 1, False), (3, 6, 1, True), (3, 10, 2, True), (4, 9, 1, True), (6, 12, 11, False),
        (6, 11, 1, True), (6, 22, 1, False), (6, 22, 2, True), (7, 0, 1, True),
        # Berlin's clocks are an hour ahead of UTC's in winter and two in summer.
        (3, 7, 4, False),
    ],
)  # fmt: skip
def test_what_lies_outside(day: int, hour: int, hours: int, outside: bool) -> None:
    starts_at = datetime(2026, 11, day, hour, tzinfo=UTC)
    assert is_outside(HOURS, starts_at, starts_at + hours * HOUR, BERLIN) is outside
    assert is_odd(starts_at, starts_at + hours * HOUR, BERLIN, HOURS) is outside


def test_who_named_none_has_the_usual_day() -> None:
    night = datetime(2026, 11, 3, 2, tzinfo=UTC)
    assert not is_outside({}, night, night + HOUR, BERLIN)
    assert is_odd(night, night + HOUR, BERLIN, {})


def test_summer_and_winter() -> None:
    summer = datetime(2026, 7, 7, 6, tzinfo=UTC)
    assert not is_outside(HOURS, summer, summer + HOUR, BERLIN)
    winter = datetime(2026, 12, 1, 6, tzinfo=UTC)
    assert is_outside(HOURS, winter, winter + HOUR, BERLIN)


def test_they_are_said_in_words() -> None:
    week = {day: (9 * 60, 17 * 60) for day in range(5)}
    assert hours_words({}) == ""
    assert hours_words({0: (9 * 60, 12 * 60 + 30)}) == "Mon 09:00–12:30, on no other day"
    assert hours_words(week | {5: (0, 60), 6: (0, 24 * 60)}).endswith(", Sat 00:00–01:00 and Sun 00:00–00:00")
