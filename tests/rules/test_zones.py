"""Wall clocks and moments, against a search through every minute around."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.rules.zones import (
    NaiveMoment,
    UnknownZone,
    day_words,
    local,
    local_date,
    moment_of,
    moment_words,
    skipped_days,
    zone_named,
)

MINUTE = timedelta(minutes=1)
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",  # changes at midnight
    "Asia/Beirut",  # changes at midnight
    "Atlantic/Azores",
    "Africa/Casablanca",  # goes back for Ramadan
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Pacific/Apia",  # left out 30 December 2011
    "Asia/Kathmandu",
)


def searched(on, at, zone):
    """The moment found by looking at the clock every minute for three days: the last match, else the first beyond."""
    place, wall = ZoneInfo(zone), datetime.combine(on, at)
    moment = datetime.combine(on, at, tzinfo=UTC) - timedelta(hours=36)
    matches, beyond = [], None
    for _ in range(72 * 60):
        shown = moment.astimezone(place).replace(tzinfo=None)
        if shown == wall:
            matches.append(moment)
        if beyond is None and shown > wall:
            beyond = moment
        moment += MINUTE
    return matches[-1] if matches else beyond


CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00:00+00:00"),
    ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T01:30:00+00:00"),
    ("America/New_York", date(2026, 3, 8), time(2, 0), "2026-03-08T07:00:00+00:00"),
    ("America/New_York", date(2026, 11, 1), time(1, 59), "2026-11-01T06:59:00+00:00"),
    # Santiago's clocks go from 24:00 back to 23:00: the end of that Saturday comes twice.
    ("America/Santiago", date(2026, 4, 4), time(23, 59), "2026-04-05T03:59:00+00:00"),
    # ... and in September from 24:00 to 01:00.
    ("America/Santiago", date(2026, 9, 6), time(0, 15), "2026-09-06T04:00:00+00:00"),
    ("Asia/Beirut", date(2026, 3, 29), time(0, 30), "2026-03-28T22:00:00+00:00"),
    ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-03T15:30:00+00:00"),
    ("Pacific/Apia", date(2011, 12, 30), time(12, 0), "2011-12-30T10:00:00+00:00"),
    ("Pacific/Kiritimati", date(2026, 6, 1), time(0, 0), "2026-05-31T10:00:00+00:00"),
    ("Pacific/Pago_Pago", date(2026, 6, 1), time(23, 59), "2026-06-02T10:59:00+00:00"),
]


@pytest.mark.parametrize(("zone", "on", "at", "moment"), CHANGES)
def test_clock_changes(zone, on, at, moment):
    assert moment_of(on, at, zone) == datetime.fromisoformat(moment)
    assert searched(on, at, zone) == datetime.fromisoformat(moment)


def change_days(zone, year):
    """The local dates of a year around which the zone's offset changes, and the days beside them."""
    place, found = ZoneInfo(zone), []
    for number in range(365):
        noon = datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=number)
        if noon.astimezone(place).utcoffset() != (noon + timedelta(days=1)).astimezone(place).utcoffset():
            found += [noon.date(), (noon + timedelta(days=1)).date(), (noon + timedelta(days=2)).date()]
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_every_quarter_of_an_hour_around_every_change(zone):
    place = ZoneInfo(zone)
    for on in change_days(zone, 2026):
        for quarter in range(96):
            wall = datetime.combine(on, time(quarter // 4, quarter % 4 * 15))
            found = moment_of(wall.date(), wall.time(), zone)
            shown = found.astimezone(place).replace(tzinfo=None)
            # What is shown is the time asked for, or the end of a gap over it; and no later moment shows it again.
            before = (found - timedelta(seconds=1)).astimezone(place).replace(tzinfo=None)
            assert shown == wall or before < wall < shown
            for later in (timedelta(minutes=30), timedelta(hours=1)):
                assert (found + later).astimezone(place).replace(tzinfo=None) != wall


@given(
    st.dates(date(2000, 1, 1), date(2037, 12, 31)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(ZONES),
)
@example(date(2028, 2, 29), time(23, 59, 59), "Pacific/Kiritimati")
@example(date(2026, 12, 31), time(23, 59, 59), "Pacific/Pago_Pago")
def test_there_and_back(on, at, zone):
    moment = moment_of(on, at, zone)
    assert moment.utcoffset() == timedelta(0)
    shown = local(moment, zone).replace(tzinfo=None)
    wall = datetime.combine(on, at)
    assert (
        shown == wall or (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) < wall < shown
    )


def test_the_date_depends_on_the_zone():
    moment = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)
    assert local_date(moment, "Pacific/Kiritimati") == date(2026, 6, 2)
    assert local_date(moment, "Pacific/Pago_Pago") == date(2026, 5, 31)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Fakaofo", date(2011, 12, 30)),
        ("Pacific/Kiritimati", date(1994, 12, 31)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
    ],
)
def test_a_day_that_a_zone_left_out(zone, day):
    assert skipped_days(zone, date(1990, 1, 1), date(2030, 12, 31)) == {day}
    assert skipped_days(zone, day, day) == {day}
    assert skipped_days(zone, day + timedelta(days=1), date(2030, 12, 31)) == frozenset()
    assert skipped_days(zone, date(1990, 1, 1), day - timedelta(days=1)) == frozenset()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Santiago", "Asia/Beirut", "Etc/GMT+12"])
def test_a_change_of_the_clocks_leaves_no_day_out(zone):
    assert skipped_days(zone, date(1970, 1, 1), date(2040, 12, 31)) == frozenset()


def test_a_naive_moment_is_refused():
    with pytest.raises(NaiveMoment, match="has no zone"):
        local_date(datetime(2026, 6, 1, 10, 30), "UTC")  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    "name", ["", "Europe", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Z" * 300, "a\0b", "🎉"]
)
def test_an_unknown_zone_is_refused_in_words(name):
    with pytest.raises(UnknownZone, match="There is no time zone") as refused:
        zone_named(name)
    assert refused.value.field == "zone"
    assert len(refused.value.message) < 140


def test_words():
    assert day_words(date(2026, 3, 6)) == "Fri 6 Mar 2026"
    moment = datetime(2026, 3, 6, 22, 59, 59, tzinfo=UTC)
    assert moment_words(moment, "Europe/Berlin") == "Fri 6 Mar 2026, 23:59 (Europe/Berlin)"
