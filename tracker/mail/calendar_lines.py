"""The few lines of a calendar file that an answer is made of: RFC 5545, section 3.1, read leniently and within limits.

A library for calendars would also work out zones and repetitions, which a hostile file can make it do for hours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from tracker.mail.clean import many_lines
from tracker.rules.replies import Said

LONGEST = 200_000
COMMENT_LENGTH = 1000
MOST_SEQUENCE = 2**31 - 1
# Moments outside cannot be shown in every zone, nor reckoned with, and nobody means them.
_YEARS = range(1970, 2200)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)")
_DURATION = re.compile(r"P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?")
_PARAM = re.compile(r';([^=;:"]+)=("[^"]*"|[^;:"]*)')
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class _Line:
    name: str
    params: dict[str, str]
    value: str


def said_in(text: str) -> Said | None:
    """Return what a calendar file says as an answer; None where it is no calendar file, or too long for one answer."""
    if len(text) > LONGEST:
        return None
    method, events, inside, seen = "", list[list[_Line]](), list[str](), False
    for line in _lines(text):
        if line.name == "BEGIN":
            inside.append(line.value.upper())
            seen = seen or inside == ["VCALENDAR"]
            if inside == ["VCALENDAR", "VEVENT"]:
                events.append([])
        elif line.name == "END":
            if inside and inside[-1] == line.value.upper():
                inside.pop()
        elif inside == ["VCALENDAR"] and line.name == "METHOD":
            method = line.value.upper()
        elif inside == ["VCALENDAR", "VEVENT"]:
            events[-1].append(line)
    if not seen:
        return None
    return _said(method, events[0], len(events)) if events else Said(method, events=0)


def _said(method: str, event: list[_Line], events: int) -> Said:
    first: dict[str, _Line] = {}
    for line in event:
        first.setdefault(line.name, line)
    starts_at = _moment(first.get("DTSTART"))
    ends_at = _moment(first.get("DTEND"))
    if ends_at is None and starts_at is not None and "DURATION" in first:
        ends_at = _after(starts_at, first["DURATION"].value)
    comments = [_text(line.value) for line in event if line.name == "COMMENT"]
    # Google's way of saying it.
    comments += [line.params.get("X-RESPONSE-COMMENT", "") for line in event if line.name == "ATTENDEE"]
    return Said(
        method=method,
        uid=_text(first["UID"].value) if "UID" in first else "",
        sequence=_whole(first["SEQUENCE"].value) if "SEQUENCE" in first else 0,
        stamp=_moment(first.get("DTSTAMP")),
        attendees=tuple(_attendee(line) for line in event if line.name == "ATTENDEE")[:100],
        comment=many_lines("\n".join(filter(None, comments))).strip()[:COMMENT_LENGTH],
        starts_at=starts_at,
        ends_at=ends_at if ends_at is not None and starts_at is not None and ends_at > starts_at else None,
        events=events,
        is_of_series="RECURRENCE-ID" in first,
    )


def _lines(text: str) -> Iterator[_Line]:
    # Folded lines go on after a line break and one blank; some programs end lines with LF or CR alone.
    for raw in re.sub(r"(?:\r\n|\n|\r)[ \t]", "", text).splitlines():
        name = re.match(r"[A-Za-z0-9-]+", raw)
        if name is None:
            continue
        params, at = {}, name.end()
        while found := _PARAM.match(raw, at):
            params[found[1].upper()] = found[2].strip('"')
            at = found.end()
        if raw[at : at + 1] == ":":
            yield _Line(name[0].upper(), params, raw[at + 1 :].strip())


def _attendee(line: _Line) -> tuple[str, str]:
    address = line.value.strip().lower()
    return address.removeprefix("mailto:").strip(), line.params.get("PARTSTAT", "").upper()


def _text(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _whole(value: str) -> int:
    return min(int(value), MOST_SEQUENCE) if re.fullmatch(r"[0-9]{1,10}", value) else 0


def _moment(line: _Line | None) -> datetime | None:
    """Return a moment in UTC; None for a date, for a time without a zone, for a zone that nobody knows, and for a year
    that nobody means.
    """
    found = _MOMENT.fullmatch(line.value) if line else None
    if line is None or found is None:
        return None
    zone = UTC if found[7] else _zone(line.params.get("TZID", ""))
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        return local.astimezone(UTC) if zone is not None and year in _YEARS else None
    except (ValueError, OverflowError):
        return None


def _zone(name: str) -> ZoneInfo | None:
    """Return a zone by its name, or by the name that Outlook and Exchange have for it."""
    name = WINDOWS_TO_OLSON.get(name, name).lstrip("/")
    try:
        return ZoneInfo(name) if name and len(name) < 100 else None
    except (ValueError, OSError, KeyError):
        return None


def _after(starts_at: datetime, duration: str) -> datetime | None:
    found = _DURATION.fullmatch(duration.lstrip("+"))
    if found is None:
        return None
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
    return starts_at + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
