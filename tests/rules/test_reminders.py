"""Reminders of an interview: the day before and the hour before, on the wall of who is reminded."""

from datetime import date, timedelta

import pytest

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


def test_an_interviewers_holiday_is_left_in_peace_the_day_before():
    feast = Calendar(BERLIN, frozenset({date(2026, 3, 9)}))
    for calendar, day in ((feast, "2026-03-06"), (None, "2026-03-09")):
        found = dict(reminders(at("2026-03-10T14:00"), LONG_AGO, BERLIN, calendar))
        assert found["day-before"] == at(f"{day}T14:00")
    # A weekend is no holiday.
    assert dict(reminders(at("2026-03-09T14:00"), LONG_AGO, BERLIN, feast))["day-before"] == at("2026-03-08T14:00")
