"""Local times that people type: skipped, repeated, and plain ones, against what zoneinfo says of the moment."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.local_times import FIRST, SECOND, FarTime, RepeatedTime, SkippedTime, typed_moment
from tracker.rules.refused import Refused
from tracker.rules.zones import UnknownZone

BERLIN = "Europe/Berlin"
ZONES = [BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "Pacific/Apia"]


def test_a_plain_time() -> None:
    assert typed_moment(date(2026, 7, 1), time(10, 0), BERLIN) == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def test_a_skipped_time_is_refused_with_the_next_one_that_exists() -> None:
    with pytest.raises(SkippedTime, match="Choose 03:30") as caught:
        typed_moment(date(2026, 3, 29), time(2, 30), BERLIN)
    assert caught.value.field == "time"


def test_a_repeated_time_needs_a_choice() -> None:
    on, at = date(2026, 10, 25), time(2, 30)
    with pytest.raises(RepeatedTime, match="first or the second"):
        typed_moment(on, at, BERLIN)
    assert typed_moment(on, at, BERLIN, which=FIRST) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert typed_moment(on, at, BERLIN, which=SECOND) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_half_an_hour_is_skipped_on_lord_howe() -> None:
    with pytest.raises(SkippedTime, match="Choose 02:45"):
        typed_moment(date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe")


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../../etc/passwd", "Mars"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(UnknownZone):
        typed_moment(date(2026, 7, 1), time(10, 0), zone)


# Hypothesis wants its bounds without a zone.
EARLIEST, LATEST = datetime(2020, 1, 1), datetime(2035, 1, 1)  # noqa: DTZ001


@given(
    zone=st.sampled_from(ZONES),
    moment=st.datetimes(EARLIEST, LATEST, timezones=st.just(UTC)),
)
def test_what_a_clock_shows_leads_back_to_the_moment(zone: str, moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    wall = moment.astimezone(ZoneInfo(zone))
    both = {typed_moment(wall.date(), wall.time(), zone, which=which) for which in (FIRST, SECOND)}
    assert moment in both
    assert len(both) == 1 or timedelta() < max(both) - min(both) <= timedelta(days=1)


@given(
    zone=st.sampled_from(ZONES),
    on=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    at=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
)
def test_a_time_that_is_taken_is_shown_by_the_clock(zone: str, on: date, at: time) -> None:
    try:
        moment = typed_moment(on, at, zone, which=FIRST)
    except Refused:
        return
    wall = moment.astimezone(ZoneInfo(zone))
    assert (wall.date(), wall.time()) == (on, at)


@pytest.mark.parametrize("on", [date(1, 1, 1), date(1989, 12, 31), date(2101, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("zone", [BERLIN, "America/Los_Angeles", "Pacific/Kiritimati"])
def test_a_year_that_is_a_slip_is_refused(on: date, zone: str) -> None:
    with pytest.raises(FarTime, match="Give one from 1990 to 2100"):
        typed_moment(on, time(23, 50), zone)
