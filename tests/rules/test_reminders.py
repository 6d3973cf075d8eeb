"""Reminders of an interview: the day before and the hour before, on the wall of who is reminded."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.climbing import BERLIN, LONG_AGO, at
from tracker.rules.deadlines import Calendar
from tracker.rules.nudges import reminders


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("2026-03-01T12:00", ["day-before", "hour-before"]),
        ("2026-03-09T14:00", ["hour-before"]),  # at the very moment of the first
        ("2026-03-10T12:59", ["hour-before"]),
        ("2026-03-10T13:00", []),
    ],
)
def test_reminders_lie_ahead_of_the_invitation(sent, keys):
    found = reminders(at("2026-03-10T14:00"), at(sent), BERLIN)
    assert [key for key, _ in found] == keys
    moments = {"day-before": at("2026-03-09T14:00"), "hour-before": at("2026-03-10T13:00")}
    assert all(moment == moments[key] for key, moment in found)


def test_the_day_before_is_the_same_hour_on_the_wall():
    found = dict(reminders(at("2026-03-29T14:00"), LONG_AGO, BERLIN))
    assert found["day-before"] == at("2026-03-28T14:00")
    assert at("2026-03-29T14:00") - found["day-before"] == timedelta(hours=23)


def test_an_interviewers_holiday_and_weekend_are_left_in_peace_the_day_before():
    feast = Calendar(BERLIN, frozenset({date(2026, 3, 9)}))
    for calendar, day in ((feast, "2026-03-06"), (None, "2026-03-09")):
        found = dict(reminders(at("2026-03-10T14:00"), LONG_AGO, BERLIN, calendar))
        assert found["day-before"] == at(f"{day}T14:00")
    # A Monday's, and one in the weekend itself: the Friday before; candidates hear of both the day before.
    for day, before in (("09", "08"), ("08", "07")):
        starts_at = at(f"2026-03-{day}T14:00")
        assert dict(reminders(starts_at, LONG_AGO, BERLIN, feast))["day-before"] == at("2026-03-06T14:00")
        assert dict(reminders(starts_at, LONG_AGO, BERLIN))["day-before"] == at(f"2026-03-{before}T14:00")


ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Asia/Jerusalem")
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)


@given(
    minutes=st.integers(0, 3 * 366 * 24 * 60),
    zone=st.sampled_from(ZONES),
    weekend=st.frozensets(st.integers(0, 6), max_size=3),
    closed=st.frozensets(st.integers(-40, 3 * 366 + 2), max_size=60),
    lead=st.integers(0, 30 * 24 * 60),
)
def test_the_day_before_is_the_last_day_on_which_anybody_works(minutes, zone, weekend, closed, lead):
    """Beside an oracle that leafs back through a diary, one day after the other."""
    starts_at = NOON + timedelta(minutes=minutes)
    sent_at = starts_at - timedelta(minutes=lead)
    off = {NOON.date() + timedelta(days=each) for each in closed}
    wall = starts_at.astimezone(ZoneInfo(zone))
    page = wall.date()
    while True:
        page -= timedelta(days=1)
        if page.weekday() not in weekend and page not in off:
            break
    found = reminders(starts_at, sent_at, zone, Calendar(zone, frozenset(off), weekend))
    steps = [key for key, _ in found]
    assert len(steps) == len(set(steps)), "each comes once"
    assert all(sent_at < moment < starts_at for _, moment in found)
    moment = dict(reminders(starts_at, LONG_AGO, zone, Calendar(zone, frozenset(off), weekend)))["day-before"]
    assert moment.astimezone(ZoneInfo(zone)).date() == page
    assert ("day-before" in steps) is (moment > sent_at)
    assert moment <= dict(reminders(starts_at, LONG_AGO, zone))["day-before"], "no later than a candidate's"
    shown = moment.astimezone(ZoneInfo(zone)).time()
    skipped = datetime.combine(page, wall.time(), ZoneInfo(zone))
    exists = skipped.astimezone(UTC).astimezone(ZoneInfo(zone)).time() == wall.time()
    assert not exists or shown == wall.time(), "the same hour, where the clocks have it on that day"
