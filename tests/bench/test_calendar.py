"""A sample of `python -m bench.calendar`, and that it would notice a slip."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bench import calendar
from bench.calendar import WEEKENDS, Tally, compare, compare_moments, place_of
from tracker.queries.holidays import weekend

YEARS = range(2008, 2016)
# Weekends of all sorts, holidays that move, a country that the package knows to 2026 only, zones far ahead and behind.
PLACES = [("DE", "BE"), ("SA", None), ("IL", None), ("US", "WA"), ("LK", None), ("WS", None), ("KI", None)]


@pytest.mark.parametrize(("country", "part"), PLACES)
def test_a_sample_agrees_with_the_oracles(country: str, part: str | None) -> None:
    place, tally = place_of(country, part, random.Random(7), YEARS), Tally()
    assert place.ours == place.theirs
    for number, days_off in enumerate(WEEKENDS):
        compare(place, weekend(country) if days_off is None else days_off, 60, tally, number)
    compare_moments(place, 15, tally, random.Random(7))
    assert (tally.cases, tally.differences) == (60 * len(WEEKENDS) + 15, 0)


def test_a_day_too_many_is_noticed() -> None:
    place = place_of("DE", "BE", random.Random(7), YEARS)
    slip = frozenset(date(2000, 1, 3) + timedelta(days=7 * number) for number in range(2200))
    tally = Tally()
    compare(replace(place, ours=place.ours | slip), frozenset({5, 6}), 20, tally, 1)
    compare_moments(replace(place, ours=place.ours | slip), 20, tally, random.Random(1))
    assert tally.differences > 20


def test_every_region_of_the_package_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(calendar.regions()) > 850
    monkeypatch.setattr(calendar, "regions", lambda: [("AT", None), ("AT", "9")])
    found = calendar.run(cases=24, moments=2, seed=3)
    assert (found["regions"], found["days"][0].cases, found["moments"][0].cases) == (2, 24, 2)
    assert found["days"][0].differences == found["moments"][0].differences == 0
