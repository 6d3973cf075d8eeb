"""The promise's calendar against independent oracles, over every region that the holidays package knows.

    python -m bench.calendar                       ten million cases, a few minutes
    python -m bench.calendar --cases 100000        a quick look

A case is a region (country and subdivision, with the country's own weekend or another one, and some closing days of the
company), a start and a number of business days. Adding and counting are held against numpy's busday functions; due
moments, hours and zones included, against somebody who looks at the clock every quarter of an hour. Prints cases,
differences and seconds (of the processor); ends with 1 where there is any difference.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as day_time
from importlib.metadata import version
from typing import Any

import holidays
import numpy as np

from bench import naive_calendar
from bench.naive_calendar import Dates, Numbers
from tracker.queries.holidays import countries, public_holidays_in, subdivisions, weekend
from tracker.queries.places import zones_of
from tracker.rules.business_days import add_business_days, business_days_between, subtract_business_days
from tracker.rules.deadlines import business_calendar, due_at

YEARS = range(2000, 2041)
MOST_DAYS = 40
OWN_DAYS = 12
SHOWN = 10
# Besides the country's own: Friday and Saturday, Thursday and Friday, Sunday alone, none at all, a week of one day.
WEEKENDS: tuple[frozenset[int] | None, ...] = (
    None,
    frozenset({4, 5}),
    frozenset({3, 4}),
    frozenset({6}),
    frozenset(),
    frozenset({0, 1, 2, 4, 5, 6}),
)
# Far ahead of UTC and far behind, summer time of half an hour, changes at midnight, and a zone that left a day out.
FAR_ZONES = (
    "Pacific/Kiritimati",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Pago_Pago",
    "Etc/GMT+12",
    "Etc/GMT-14",
    "Australia/Lord_Howe",
    "America/Santiago",
    "America/St_Johns",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Gaza",
)
DUE_TIMES = (day_time(23, 59, 59), day_time(17), day_time(0), day_time(0, 30), day_time(2, 30), day_time(9, 1))


@dataclass(frozen=True)
class Place:
    """One region of the package, with the years that it knows, and its closed days as the tracker and as it has them.

    ``ours`` are read the way the tracker reads them, ``theirs`` from the package itself; own closing days are in both.
    """

    name: str
    country: str
    ours: frozenset[date]
    theirs: frozenset[date]
    known: tuple[int, ...]


@dataclass
class Tally:
    """What was compared, and the first differences in words."""

    cases: int = 0
    differences: int = 0
    closed_days: int = 0
    unknown_years: int = 0

    def differ(self, words: str) -> None:
        """Count one difference; the first few are printed."""
        self.differences += 1
        if self.differences <= SHOWN:
            print(f"  DIFFERENCE {words}")


def regions() -> list[tuple[str, str | None]]:
    """Return every country and every subdivision of the package."""
    return [(code, part) for code in countries() for part in (None, *(part for part, _ in subdivisions(code)))]


def place_of(country: str, subdivision: str | None, chance: random.Random, years: range = YEARS) -> Place:
    """Return one region with some closing days of its own."""
    found = {year: public_holidays_in(country, subdivision, year) for year in years}
    known = tuple(year for year, days in found.items() if days is not None)
    first = date(years[0], 1, 1)
    own = {first + timedelta(days=chance.randrange(366 * len(years))) for _ in range(OWN_DAYS)}
    raw = holidays.country_holidays(country, subdiv=subdivision, years=known)
    ours = frozenset(on for days in found.values() for on in days or ()) | own
    name = f"{country}-{subdivision}" if subdivision else country
    return Place(name, country, ours, frozenset(raw) | own, known)


def compare(place: Place, days_off: frozenset[int], cases: int, tally: Tally, seed: int) -> None:
    """Compare adding, subtracting and counting in one calendar with numpy's."""
    chance = np.random.default_rng(seed)
    starts = _dates(chance, cases)
    ends = _ends(chance, starts)
    days: Numbers = chance.integers(0, MOST_DAYS + 1, cases)
    oracle = naive_calendar.numpy_calendar(place.theirs, days_off)
    expected = zip(
        starts.astype(object),
        ends.astype(object),
        days.tolist(),
        naive_calendar.added(starts, days, oracle).astype(object),
        naive_calendar.subtracted(starts, days, oracle).astype(object),
        naive_calendar.counted(starts, ends, oracle).tolist(),
        strict=True,
    )
    for start, end, number, later, earlier, between in expected:
        found = (
            add_business_days(start, number, place.ours, days_off),
            subtract_business_days(start, number, place.ours, days_off),
            business_days_between(start, end, place.ours, days_off),
        )
        if found != (later, earlier, between):
            weekend_words = sorted(days_off)
            tally.differ(f"{place.name} {weekend_words} {start} {number} {end}: {found}, {(later, earlier, between)}")
    tally.cases += cases


def _dates(chance: np.random.Generator, count: int) -> Dates:
    """Return random days; a quarter of them around the turn of a year and the end of a February."""
    first, last = np.datetime64(f"{YEARS[0]}-01-01"), np.datetime64(f"{YEARS[-1]}-12-31")
    anywhere = first + chance.integers(0, (last - first).astype(int) + 1, count).astype("timedelta64[D]")
    years = chance.integers(YEARS[0], YEARS[-1], count) - 1970
    edges = np.where(chance.random(count) < 0.5, 58, 364) + chance.integers(-3, 4, count)
    near = years.astype("datetime64[Y]").astype("datetime64[D]") + edges.astype("timedelta64[D]")
    return np.where(chance.random(count) < 0.25, near, anywhere)


def _ends(chance: np.random.Generator, starts: Dates) -> Dates:
    """Return days within a quarter of a year of the starts, either way; one in fifty is years away."""
    far = chance.random(len(starts)) < 0.02
    away = np.where(far, chance.integers(-9000, 9000, len(starts)), chance.integers(-90, 91, len(starts)))
    ends: Dates = starts + away.astype("timedelta64[D]")
    return ends


def compare_moments(place: Place, cases: int, tally: Tally, chance: random.Random) -> None:
    """Compare due moments in the country's own zones and in far ones; half of them around a change of the clocks."""
    zones = zones_of(place.country) or ["UTC"]
    days_off, calendars = weekend(place.country), {}
    for number in range(cases):
        zone = chance.choice(FAR_ZONES) if number % 2 else chance.choice(zones)
        if zone not in calendars:
            calendars[zone] = business_calendar(zone, place.ours, days_off)
        day0_at = _moment(zone, chance)
        days, due_time = chance.randrange(8), chance.choice(DUE_TIMES)
        found = due_at(day0_at, days, calendars[zone], due_time)
        expected = naive_calendar.due(day0_at, days, zone, place.theirs, days_off, due_time)
        if found != expected:
            tally.differ(f"{place.name} {zone} {day0_at} {days} {due_time}: {found}, {expected}")
        tally.cases += 1


def _moment(zone: str, chance: random.Random) -> datetime:
    if zone == "Pacific/Apia" and chance.random() < 0.5:
        return datetime(2011, 12, 22, tzinfo=UTC) + timedelta(minutes=chance.randrange(14 * 1440))
    year = chance.choice(YEARS[:-1])
    # The clocks change on Sundays at the end of March, April, September, October, and here and there besides.
    begins = datetime(year, chance.choice((1, 2, 3, 4, 9, 10, 11, 12)), 20, tzinfo=UTC)
    return begins + timedelta(minutes=chance.randrange(16 * 1440))


def all_places(seed: int) -> Iterator[Place]:
    """Return every region of the package, each with own closing days."""
    chance = random.Random(seed)
    for country, subdivision in regions():
        yield place_of(country, subdivision, chance)


def run(cases: int, moments: int, seed: int) -> dict[str, Any]:
    """Compare so many cases, and so many due moments, over all regions; return what is to be printed."""
    tally, of_moments = Tally(), Tally()
    chance, number_of_regions, spent = random.Random(seed), len(regions()), [0.0, 0.0]
    each = -(-cases // (number_of_regions * len(WEEKENDS)))
    for number, place in enumerate(all_places(seed)):
        tally.closed_days += len(place.ours)
        tally.unknown_years += len(YEARS) - len(place.known)
        if place.ours != place.theirs:
            tally.differ(f"{place.name}: closed days {sorted(place.ours ^ place.theirs)[:5]}")
        began = time.process_time()
        for offset, days_off in enumerate(WEEKENDS):
            own = weekend(place.country) if days_off is None else days_off
            compare(place, own, each, tally, seed + number * len(WEEKENDS) + offset)
        spent[0] += time.process_time() - began
        began = time.process_time()
        compare_moments(place, -(-moments // number_of_regions), of_moments, chance)
        spent[1] += time.process_time() - began
    return {"regions": number_of_regions, "days": (tally, spent[0]), "moments": (of_moments, spent[1])}


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000_000)
    parser.add_argument("--moments", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    found = run(chosen.cases, chosen.moments, chosen.seed)
    print(f"holidays {version('holidays')}, {found['regions']} regions, {YEARS[0]} to {YEARS[-1]}, seed {chosen.seed}")
    closed, unknown = found["days"][0].closed_days, found["days"][0].unknown_years
    print(f"{closed:,} closed days; {unknown:,} years of regions that the package does not know")
    differences = 0
    for name in ("days", "moments"):
        tally, seconds = found[name]
        differences += tally.differences
        print(f"{name:8} {tally.cases:12,} cases {tally.differences:6,} differences {seconds:9.1f} s of the processor")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
