"""Cautions about hours that few would want: for whom they are said, and for whom not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.rules.deadlines import Calendar
from tracker.rules.odd_hours import Meeting, cautions, is_long_gap, short_notice

BERLIN = Calendar("Europe/Berlin", frozenset({date(2026, 12, 25)}))
# A Wednesday, 10:00 in Berlin, 01:00 in Los Angeles.
AT = datetime(2026, 12, 16, 9, 0, tzinfo=UTC)
MEETING = Meeting("Interview 1", AT, AT + timedelta(hours=1), "https://meet.example", [("Ada", "Europe/Berlin")])


def test_a_usual_interview_needs_no_word() -> None:
    assert cautions([MEETING], BERLIN) == []


def test_night_is_said_for_whom_it_is_night() -> None:
    both = replace(MEETING, zones=[("Ada", "Europe/Berlin"), ("Leo", "America/Los_Angeles")])
    assert cautions([both], BERLIN) == ["Interview 1 is at 01:00–02:00 for Leo (America/Los_Angeles)."]


@pytest.mark.parametrize(
    ("start", "odd"), [((7, 29), True), ((7, 30), False), ((18, 30), False), ((18, 31), True), ((23, 30), True)]
)
def test_the_day_has_its_ends(start: tuple[int, int], odd: bool) -> None:
    starts_at = datetime(2026, 12, 16, *start, tzinfo=UTC) - timedelta(hours=1)
    meeting = replace(MEETING, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    assert bool(cautions([meeting], BERLIN)) is odd


@pytest.mark.parametrize(("on", "day"), [(19, "Saturday"), (25, "Friday")])
def test_days_off_are_said(on: int, day: str) -> None:
    starts_at = AT.replace(day=on)
    meeting = replace(MEETING, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    assert cautions([meeting], BERLIN) == [f"Interview 1 is on a {day} that is no business day of the requisition."]


def test_missing_places_are_said_once() -> None:
    nowhere = [replace(MEETING, name=f"Interview {n}", place="") for n in (1, 2)]
    assert cautions(nowhere, BERLIN) == ["Nobody is told where to meet: Interview 1 and Interview 2 have no place."]
    assert cautions(nowhere[:1], BERLIN) == ["Nobody is told where to meet: Interview 1 has no place."]


@pytest.mark.parametrize(("hours", "said"), [(0, True), (23, True), (24, False), (48, False)])
def test_short_notice_is_said(hours: int, said: bool) -> None:
    found = short_notice([MEETING], AT - timedelta(hours=hours))
    assert found == (["Short notice: Interview 1 begins within a day. Ask the candidate first."] if said else [])


@pytest.mark.parametrize(
    ("start", "odd"), [((8, 0), True), ((8, 59), True), ((9, 0), False), ((16, 0), False), ((16, 1), True)]
)
def test_interviewers_who_named_no_hours_work_from_nine_to_five(start: tuple[int, int], odd: bool) -> None:
    starts_at = datetime(2026, 12, 16, *start, tzinfo=UTC) - timedelta(hours=1)
    meeting = replace(MEETING, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), interviewers={"Ada"})
    found = cautions([meeting], BERLIN)
    assert bool(found) is odd
    assert all(each.endswith("for Ada (Europe/Berlin), outside of nine to five.") for each in found)
    named = replace(meeting, hours={"Ada": {2: (8 * 60, 18 * 60)}})
    assert cautions([named], BERLIN) == [], "the own hours count instead"


@pytest.mark.parametrize(
    ("start", "minutes", "long"),
    [
        ((10, 0), 60, False),
        ((10, 0), 61, True),
        ((11, 0), 75, False),
        ((10, 45), 75, True),
        ((12, 0), 90, False),
        ((12, 0), 91, True),
        ((13, 30), 90, True),
        ((14, 30), 120, True),
    ],
)
def test_a_long_gap_that_is_no_lunch_is_said(start: tuple[int, int], minutes: int, long: bool) -> None:
    begins = datetime(2026, 12, 16, *start, tzinfo=UTC) - timedelta(hours=1)
    ends = begins + timedelta(minutes=minutes)
    assert is_long_gap(begins, ends, "Europe/Berlin") is long
    hour = timedelta(hours=1)
    day = [
        replace(MEETING, name="Interview 2", starts_at=ends, ends_at=ends + hour),
        replace(MEETING, name="Interview 1", starts_at=begins - hour, ends_at=begins),
    ]
    said = f"There is a gap of {minutes} minutes between Interview 1 and Interview 2."
    assert [each for each in cautions(day, BERLIN) if "gap" in each] == ([said] if long else [])


def test_the_night_between_two_days_is_no_gap() -> None:
    later = replace(MEETING, name="Interview 2", starts_at=AT + timedelta(days=1), ends_at=AT + timedelta(hours=25))
    assert cautions([MEETING, later], BERLIN) == []
