"""Limits from a day to a day: against somebody who keeps a number for every single day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.deadlines import DEFAULT_LIMITS, DeadlineKind
from tracker.rules.limits import (
    BEGINNING,
    MOST_DAYS,
    IllegalLimit,
    Limit,
    check_change,
    limit_on,
    span_words,
    timeline,
    with_change,
    without_change,
)

PROMISE = DeadlineKind.PROMISE
FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(60)]
days = st.sampled_from(DAYS)
changes = st.lists(st.tuples(days, st.integers(0, 3)), max_size=12)


def entered(said):
    limits = []
    for on, number in said:
        limits = with_change(limits, PROMISE, on, number)
    return limits


def assert_whole(limits):
    """From the beginning on without a gap, and no two neighbours that say the same."""
    assert limits[0].valid_from == BEGINNING
    assert limits[-1].valid_to is None
    for before, after in zip(limits, limits[1:], strict=False):
        assert before.valid_to + timedelta(days=1) == after.valid_from
        assert before.business_days != after.business_days


def test_without_limits_the_default_holds():
    assert limit_on([], PROMISE, FIRST) == DEFAULT_LIMITS[PROMISE] == 5


@given(changes, days, st.integers(0, 3))
def test_a_change_holds_from_its_day_to_the_next_change(said, on, number):
    before = entered(said)
    after = with_change(before, PROMISE, on, number)
    assert_whole(after)
    next_change = min((limit.valid_from for limit in before if limit.valid_from > on), default=date.max)
    for day in [*DAYS, BEGINNING, date(2099, 1, 1)]:
        expected = number if on <= day < next_change else limit_on(before, PROMISE, day)
        assert limit_on(after, PROMISE, day) == expected


@given(changes, st.integers(0, 11))
def test_a_change_that_is_taken_back_leaves_what_held_before_it(said, number):
    before = entered(said)
    later = before[1:]
    if not later:
        return
    gone = later[number % len(later)]
    after = without_change(before, PROMISE, gone.valid_from)
    assert_whole(after)
    held_before = limit_on(before, PROMISE, gone.valid_from - timedelta(days=1))
    for day in DAYS:
        expected = held_before if gone.holds_on(day) else limit_on(before, PROMISE, day)
        assert limit_on(after, PROMISE, day) == expected


@given(changes, days)
def test_past_present_and_coming_are_all_of_it(said, today):
    limits = entered(said)
    times = timeline(limits, PROMISE, today)
    assert [*times.past, times.present, *times.coming] == (limits or [Limit(BEGINNING, None, 5)])
    assert times.present.holds_on(today)


def test_the_past_is_not_rewritten():
    check_change(FIRST, 0, FIRST)
    check_change(FIRST, MOST_DAYS, FIRST)
    for on, number, said, field in [
        (FIRST - timedelta(days=1), 5, "the past stays", "on"),
        (date(2099, 1, 1), 5, "within ten years", "on"),
        (FIRST, -1, "0 to 60", "business_days"),
        (FIRST, 61, "0 to 60", "business_days"),
    ]:
        with pytest.raises(IllegalLimit, match=said) as refused:
            check_change(on, number, FIRST)
        assert refused.value.field == field


def test_words():
    assert span_words(Limit(BEGINNING, None, 5)) == "always"
    assert span_words(Limit(BEGINNING, FIRST, 5)) == "until Thu 1 Jan 2026"
    assert span_words(Limit(FIRST, None, 5)) == "from Thu 1 Jan 2026 on"
    assert span_words(Limit(FIRST, FIRST, 5)) == "from Thu 1 Jan 2026 to Thu 1 Jan 2026"
