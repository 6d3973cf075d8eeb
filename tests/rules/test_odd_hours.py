"""Cautions about hours that few would want: for whom they are said, and for whom not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.rules.deadlines import Calendar
from tracker.rules.odd_hours import Meeting, cautions, short_notice

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
