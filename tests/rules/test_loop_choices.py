"""Whether a candidate may choose or move a loop, until when, and its times in words."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.business_days import add_business_days
from tracker.rules.busy_times import Span
from tracker.rules.deadlines import Calendar
from tracker.rules.loop_choices import (
    ChoiceFacts,
    Choosing,
    choosing,
    days_of,
    limits_words,
    movable_until,
    times_words,
    why_not,
)
from tracker.rules.zones import local, moment_of

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CLOSED = frozenset({date(2026, 11, 11), date(2026, 12, 25)})
LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(seconds=1)


def facts(**changes: object) -> ChoiceFacts:
    given = {
        "is_let": True,
        "is_here": True,
        "is_on_hold": False,
        "is_offered": True,
        "is_sent": False,
        "is_booked": False,
        "moves": 0,
        "most_moves": 1,
        "until": None,
    }
    return ChoiceFacts(**(given | changes))  # type: ignore[arg-type]


BOOKED = {"is_sent": True, "is_booked": True, "until": LATER}


@pytest.mark.parametrize(
    ("changes", "is_so"),
    [
        ({}, Choosing.OFFERED),
        ({"is_offered": False}, Choosing.OFF),
        ({"is_let": False}, Choosing.NOT_LET),
        ({"is_let": False} | BOOKED, Choosing.NOT_LET),
        ({"is_let": False, "is_sent": True}, Choosing.ARRANGED),
        ({"is_here": False}, Choosing.CLOSED),
        ({"is_on_hold": True}, Choosing.ON_HOLD),
        ({"is_sent": True}, Choosing.ARRANGED),
        ({"is_sent": True, "is_offered": False}, Choosing.ARRANGED),
        (BOOKED, Choosing.MOVABLE),
        (BOOKED | {"until": NOW}, Choosing.MOVABLE),
        (BOOKED | {"until": EARLIER}, Choosing.TOO_LATE),
        (BOOKED | {"until": None}, Choosing.TOO_LATE),
        (BOOKED | {"moves": 1}, Choosing.MOVED_ENOUGH),
        (BOOKED | {"most_moves": 0}, Choosing.MOVED_ENOUGH),
        (BOOKED | {"is_offered": False}, Choosing.ARRANGED),
        (BOOKED | {"is_on_hold": True}, Choosing.ON_HOLD),
    ],
)
def test_each_state_has_its_answer(changes: dict[str, object], is_so: Choosing) -> None:
    assert choosing(facts(**changes), NOW) is is_so
    assert bool(why_not(is_so)) is (is_so not in (Choosing.OFFERED, Choosing.MOVABLE))


def test_nothing_is_chosen_but_what_is_offered_here_and_now() -> None:
    names = ("is_here", "is_on_hold", "is_offered", "is_sent", "is_booked")
    for values in product((False, True), repeat=len(names)):
        told = dict(zip(names, values, strict=True))
        found = choosing(facts(until=LATER, **told), NOW)
        if found in (Choosing.OFFERED, Choosing.MOVABLE):
            assert (told["is_here"], told["is_offered"], told["is_on_hold"]) == (True, True, False)
            assert (found is Choosing.MOVABLE) == told["is_sent"]


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.integers(0, 10),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Apia"]),
)
def test_the_last_moment_is_so_many_business_days_before_at_the_same_hour(
    on: date, at: time, days: int, zone: str
) -> None:
    calendar, starts_at = Calendar(zone, CLOSED), moment_of(on, at, zone)
    until = movable_until(starts_at, days, calendar)
    if days == 0:
        assert until == starts_at
        return
    first = local(until, zone).date()
    # Counted forward again, the loop's day is the next business day at the latest.
    assert add_business_days(first, days, CLOSED) >= local(starts_at, zone).date() - timedelta(days=5)
    assert calendar.days_between(first, local(starts_at, zone).date()) in (days, days - 1)
    assert until == moment_of(first, local(starts_at, zone).time(), zone)
    assert first.weekday() < 5
    assert first not in CLOSED


def test_a_monday_with_two_business_days_is_movable_until_thursday() -> None:
    calendar = Calendar("Europe/Berlin", CLOSED)
    monday = datetime(2026, 11, 16, 8, tzinfo=UTC)
    assert movable_until(monday, 2, calendar) == datetime(2026, 11, 12, 8, tzinfo=UTC)
    # The eleventh is closed, so three lead to the tenth.
    assert movable_until(monday, 3, calendar) == datetime(2026, 11, 10, 8, tzinfo=UTC)


def span(day: int, start: float, hours: float) -> Span:
    starts_at = datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=start)
    return Span(starts_at, starts_at + timedelta(hours=hours))


def test_times_are_told_day_by_day_with_their_breaks() -> None:
    one, two = days_of([span(10, 8, 3), span(10, 12, 2), span(11, 9, 1)], "Europe/Berlin")
    assert (one.words, one.breaks) == ("Tue 10 Nov 2026, 09:00–15:00", ("12:00–13:00",))
    assert (two.words, two.breaks) == ("Wed 11 Nov 2026, 10:00–11:00", ())
    assert times_words([span(10, 8, 3), span(11, 9, 1)], "Europe/Berlin") == (
        "Tue 10 Nov 2026, 09:00–12:00; Wed 11 Nov 2026, 10:00–11:00 (Europe/Berlin)"
    )
    [night] = days_of([span(10, 13, 3)], "Asia/Tokyo")
    assert night.words == "Tue 10 Nov 2026, 22:00–Wed 11 Nov 2026, 01:00"


def test_the_limits_in_words() -> None:
    assert limits_words(0, 2) == "Once booked, it cannot be moved on the candidate’s own page."
    assert limits_words(1, 2) == "Once booked, it can be moved once, until 2 business days before it begins."
    assert limits_words(3, 0) == "Once booked, it can be moved 3 times, until it begins."
