"""From a calendar file to busy times: what calendars write, what hostile ones do, and that no word is kept."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import MONDAY
from tests.feeds.files import HEAD, NINE, calendar, meeting
from tracker.feeds import apart
from tracker.feeds.reading import spans_of
from tracker.feeds.sifting import sifted
from tracker.feeds.trouble import FeedTrouble
from tracker.rules.busy_times import AHEAD, Trouble

UNTIL = MONDAY + AHEAD
YEARS_AGO = "DTSTART:20200101T090000Z\r\nDTEND:20200101T100000Z"
BERLIN = "DTSTART;TZID=Europe/Berlin:20261023T090000\r\nDTEND;TZID=Europe/Berlin:20261023T100000"
LEFT_OUT = "EXDATE;TZID=Europe/Berlin:20261113T090000"
OWN_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0500\r\n"
    "TZOFFSETTO:+0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def read(data: bytes, **facts: Any) -> list[str]:
    """Return the spans as "3 09:00-10:00" (day of November or later), those that are tentative with a question mark."""
    found = spans_of(data, MONDAY, UNTIL, **({"zone": "Europe/Berlin"} | facts))
    assert all(each.starts_at.tzinfo is UTC for each in found)
    return [f"{s.starts_at:%d %H:%M}-{s.ends_at:%H:%M}{'?' if s.is_tentative else ''}".lstrip("0") for s in found]


def trouble(data: bytes, **facts: Any) -> Trouble:
    with pytest.raises(FeedTrouble) as raised:
        read(data, **facts)
    return raised.value.trouble


@pytest.mark.parametrize(
    ("said", "spans"),
    [
        (NINE, ["3 09:00-10:00"]),
        # By the owner's clocks, where no zone is named; by those that are named, be it in Microsoft's words.
        ("DTSTART:20261103T090000\r\nDURATION:PT1H", ["3 08:00-09:00"]),
        ("DTSTART;TZID=America/New_York:20261103T090000\r\nDURATION:PT90M", ["3 14:00-15:30"]),
        ("DTSTART;TZID=W. Europe Standard Time:20261103T090000\r\nDURATION:PT1H", ["3 08:00-09:00"]),
        ("DTSTART;TZID=No/Where:20261103T090000\r\nDURATION:PT1H", ["3 08:00-09:00"]),
        ("DTSTART;VALUE=DATE:20261103", ["2 23:00-23:00"]),
        ("DTSTART;VALUE=DATE:20261103\r\nTRANSP:TRANSPARENT", []),
        (f"{NINE}\r\nTRANSP:TRANSPARENT", []),
        (f"{NINE}\r\nSTATUS:CANCELLED", []),
        (f"{NINE}\r\nSTATUS:TENTATIVE", ["3 09:00-10:00?"]),
        (f"{NINE}\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", []),
        (f"{NINE}\r\nX-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", ["3 09:00-10:00?"]),
        (f"{NINE}\r\nX-MICROSOFT-CDO-BUSYSTATUS:OOF", ["3 09:00-10:00"]),
        # The owner's own answer, and nobody else's.
        (f"{NINE}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:Ian@example.org", []),
        (f"{NINE}\r\nATTENDEE;RSVP=TRUE;PARTSTAT=NEEDS-ACTION:mailto:ian@example.org", ["3 09:00-10:00?"]),
        (f"{NINE}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:olga@example.org", ["3 09:00-10:00"]),
        # Over the change of the clocks, with one date left out and one moved.
        (f"{BERLIN}\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\n{LEFT_OUT}", ["6 08:00-09:00", "20 08:00-09:00"]),
        (f"{BERLIN}\r\nRRULE:FREQ=WEEKLY;UNTIL=20261106T235959Z", ["6 08:00-09:00"]),
        (f"{BERLIN}\r\nRDATE;TZID=Europe/Berlin:20261110T120000", ["10 11:00-12:00"]),
        # What is over, far ahead, or no time at all.
        (YEARS_AGO, []), ("DTSTART:99991231T090000Z\r\nDTEND:99991231T100000Z", []),
        ("DTSTART:nonsense", []), ("X:1", []),
        (f"{NINE}\r\nRRULE:FREQ=BOGUS", []),
    ],
)  # fmt: skip
def test_what_calendars_write(said: str, spans: list[str]) -> None:
    assert read(calendar(meeting(said)), email="ian@example.org") == spans


def test_a_moved_date_of_a_series_is_where_it_was_moved_to() -> None:
    series = meeting(f"{YEARS_AGO}\r\nRRULE:FREQ=DAILY;UNTIL=20261104T235959Z")
    moved = meeting("RECURRENCE-ID:20261103T090000Z\r\nDTSTART:20261103T150000Z\r\nDTEND:20261103T153000Z")
    assert read(calendar(series, moved)) == ["2 09:00-10:00", "3 15:00-15:30", "4 09:00-10:00"]


def test_zones_of_the_calendars_own() -> None:
    assert read(calendar(OWN_ZONE, meeting("DTSTART;TZID=Ours:20261103T090000\r\nDURATION:PT1H"))) == ["3 04:00-05:00"]
    assert read(calendar("X-WR-TIMEZONE:Asia/Tokyo\r\n", meeting("DTSTART:20261103T120000Z\r\nDURATION:PT1H"))) == [
        "3 12:00-13:00"
    ]


def test_free_and_busy_without_meetings() -> None:
    said = (
        "BEGIN:VFREEBUSY\r\nUID:1\r\nFREEBUSY;FBTYPE=BUSY:20261103T090000Z/PT1H,20261104T090000Z/20261104T093000Z\r\n"
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261105T090000Z/PT1H\r\nFREEBUSY;FBTYPE=FREE:20261106T090000Z/PT8H\r\n"
        "END:VFREEBUSY\r\n"
    )
    assert read(calendar(said)) == ["3 09:00-10:00", "4 09:00-09:30", "5 09:00-10:00?"]


def test_the_trackers_own_interviews_are_left_out() -> None:
    data = calendar(meeting(number=1), meeting("DTSTART:20261104T090000Z\r\nDURATION:PT1H", number=2))
    assert read(data, without={"1"}) == ["4 09:00-10:00"]


def test_no_word_gets_past_the_first_look() -> None:
    text = sifted(calendar(meeting(), meeting(YEARS_AGO, number=2)), MONDAY.date(), UNTIL.date(), "")
    assert "quokka" not in text.lower()
    assert "boss@" not in text
    assert text.count("BEGIN:VEVENT") == 1


@pytest.mark.parametrize(
    "data",
    [
        b"", b"<html>Sign in</html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\n", HEAD.encode() + meeting().encode(),
        b"BEGIN:VCARD\r\nEND:VCARD\r\n", b"\x1f\x8b" * 100,
    ],
)  # fmt: skip
def test_what_is_no_calendar(data: bytes) -> None:
    """A calendar that was cut off is none: half of somebody's meetings would look like free time."""
    assert trouble(data) is Trouble.NO_CALENDAR


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=2", "freq = minutely", "INTERVAL=1;FREQ=SECONDLY",
        "FREQ=HOURLY;BYMINUTE=0,30", "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7;BYMINUTE=1,2,3,4",
        "FREQ=DAILY;BYSECOND=" + ",".join(map(str, range(60))),
    ],
)  # fmt: skip
def test_what_repeats_too_often_is_refused(rule: str) -> None:
    folded = rule[:9] + "\r\n " + rule[9:]
    assert trouble(calendar(meeting(f"{NINE}\r\nRRULE:{rule}"))) is Trouble.TOO_OFTEN
    assert trouble(calendar(meeting(f"{NINE}\r\nRRULE:{folded}"))) is Trouble.TOO_OFTEN


def test_too_many_meetings_are_refused() -> None:
    data = calendar(*(meeting(number=number) for number in range(5001)))
    assert trouble(data) is Trouble.TOO_MANY


@settings(max_examples=30)
@given(st.text(alphabet='BEGINDVT:;=\r\n 0123456789ZPRUL,/-\\"', max_size=300))
def test_nothing_but_trouble_comes_of_nonsense(said: str) -> None:
    """Whatever else the libraries raise, the process of ``apart`` answers for; the first look raises nothing else."""
    try:
        text = sifted(calendar(meeting(said)), date(2026, 11, 2), date(2026, 12, 28), "ian@example.org")
    except FeedTrouble:
        return
    assert "quokka" not in text.lower()


def asked(data: bytes) -> int:
    return len(apart.read(data, MONDAY, UNTIL, zone="Europe/Berlin", email="", without=frozenset({"2"})))


def test_a_process_apart_reads_the_same() -> None:
    assert asked(calendar(meeting(), meeting("DTSTART:20261104T090000Z\r\nDURATION:PT1H", number=2))) == 1
    with pytest.raises(FeedTrouble) as raised:
        asked(b"<html>")
    assert raised.value.trouble is Trouble.NO_CALENDAR


def test_a_million_repetitions_do_not_hold_it_up() -> None:
    began = time.monotonic()
    rule = "RRULE:FREQ=HOURLY;COUNT=1000000"
    assert asked(calendar(meeting(f"{YEARS_AGO}\r\n{rule}"))) == 1
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("code", ["while True: pass", "raise MemoryError", "import os; os.kill(os.getpid(), 9)"])
def test_what_is_too_hard_ends_with_its_process(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(apart, "SECONDS", 1)
    monkeypatch.setattr(apart, "PROGRAM", ["-c", code])
    with pytest.raises(FeedTrouble) as raised:
        asked(calendar(meeting()))
    assert raised.value.trouble is Trouble.TOO_HARD


def test_the_end_of_the_horizon_is_the_end_of_a_span() -> None:
    ends = UNTIL - timedelta(minutes=30)
    found = spans_of(calendar(meeting(f"DTSTART:{ends:%Y%m%dT%H%M%SZ}\r\nDURATION:PT5H")), MONDAY, UNTIL, zone="UTC")
    assert [(each.starts_at, each.ends_at) for each in found] == [(ends, UNTIL)]
    assert isinstance(found[0].starts_at, datetime)
