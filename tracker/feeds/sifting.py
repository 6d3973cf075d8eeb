"""What is taken of a calendar file before anything else looks at it: when, how often, and whether it keeps one busy.

Titles, places, guests and notes are dropped here, line by line, and so are meetings that are long over: a calendar of
many years costs little more than its coming weeks.
"""

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from tracker.feeds.trouble import FeedTrouble
from tracker.rules.busy_times import Trouble

MOST_MEETINGS = 5000
# Of all that a meeting says.
_KEPT = frozenset(
    {
        *("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE"),
        *("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "FREEBUSY"),
    }
)
_TOO_OFTEN = re.compile(r"FREQ\s*=\s*(SECONDLY|MINUTELY)", re.IGNORECASE)
_PARTS = re.compile(r"(BYHOUR|BYMINUTE|BYSECOND)\s*=\s*([^;]*)", re.IGNORECASE)
_HOURLY = re.compile(r"FREQ\s*=\s*HOURLY", re.IGNORECASE)
_DAY = re.compile(r"[:;,/](\d{8})(?:T\d{6}Z?)?")
_UNTIL = re.compile(r"UNTIL\s*=\s*(\d{8})", re.IGNORECASE)
_PARTSTAT = re.compile(r"PARTSTAT=\"?([A-Z-]+)", re.IGNORECASE)
_HOURS = 24
# A single meeting may last so long; a longer one that began earlier is a mistake of somebody's.
_LONGEST = timedelta(days=62)


def sifted(data: bytes, first: date, last: date, email: str) -> str:
    """Return a calendar file with what counts between two dates, in times alone.

    ``email`` is the owner's, whose answer to an invitation counts; it becomes the meeting's STATUS. Raises FeedTrouble
    where this is no calendar file, or one with too many meetings or meetings that repeat too often.
    """
    text = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    lines = re.sub(r"\n[ \t]", "", text).strip().split("\n")
    if lines[0].strip().upper() != "BEGIN:VCALENDAR" or lines[-1].strip().upper() != "END:VCALENDAR":
        raise FeedTrouble(Trouble.NO_CALENDAR)
    kept, meetings = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tracker//Sifted//EN"], 0
    for name, block in _blocks(lines[1:-1]):
        if name in ("VEVENT", "VFREEBUSY"):
            block = _meeting(block, email.lower())
            if not _matters(block, first, last):
                continue
            meetings += 1
        if meetings > MOST_MEETINGS:
            raise FeedTrouble(Trouble.TOO_MANY)
        kept += [f"BEGIN:{name}", *block, f"END:{name}"] if name else block
    return "\r\n".join([*kept, "END:VCALENDAR", ""])


def _blocks(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield (name, lines) of each component that counts, and ("", line) of what names the calendar's zone."""
    name, depth, block = "", 0, list[str]()
    for line in lines:
        head = line[:6].upper()
        if head == "BEGIN:":
            depth += 1
            if depth == 1:
                name, block = line[6:].strip().upper(), []
                continue
        elif line[:4].upper() == "END:":
            depth -= 1
            if depth == 0 and name in ("VEVENT", "VFREEBUSY", "VTIMEZONE"):
                yield name, block
            if depth < 1:
                name, depth = "", 0
                continue
        if depth == 0 and line.upper().startswith("X-WR-TIMEZONE"):
            yield "", [line]
        elif depth == 1 or (depth and name == "VTIMEZONE"):
            block.append(line)


def _meeting(lines: Iterable[str], email: str) -> list[str]:
    kept, answer = [], ""
    for line in lines:
        name = re.split("[:;]", line, maxsplit=1)[0].upper()
        if name == "RRULE" and _times_a_day(line) > _HOURS:
            raise FeedTrouble(Trouble.TOO_OFTEN)
        if name in _KEPT:
            kept.append(line)
        elif name == "ATTENDEE" and email and line.lower().endswith(f":{email}"):
            said = _PARTSTAT.search(line)
            answer = said[1].upper() if said else ""
    if answer == "DECLINED":
        kept.append("TRANSP:TRANSPARENT")
    elif answer in ("TENTATIVE", "NEEDS-ACTION"):
        kept.append("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE")
    return kept


def _times_a_day(rule: str) -> float:
    """Return how often at the most a meeting repeats in a day."""
    if _TOO_OFTEN.search(rule):
        return math.inf
    counts = {name.upper(): values.count(",") + 1 for name, values in _PARTS.findall(rule)}
    hours: int = counts.pop("BYHOUR", _HOURS if _HOURLY.search(rule) else 1)
    for count in counts.values():
        hours *= count
    return hours


def _matters(lines: list[str], first: date, last: date) -> bool:
    """Whether a meeting can have anything to do with the time between; in doubt it has."""
    said: dict[str, str] = {re.split("[:;]", line, maxsplit=1)[0].upper(): line for line in lines}
    if "FREEBUSY" in said:
        return True
    if "DTSTART" not in said:
        return False
    if "RDATE" in said:
        return True
    days: list[str] = [
        found for name in ("DTSTART", "DTEND", "RECURRENCE-ID") for found in _DAY.findall(said.get(name, ""))
    ]
    if not days:
        return True
    earliest, latest = f"{first - _LONGEST:%Y%m%d}", f"{last + timedelta(days=2):%Y%m%d}"
    if "RRULE" in said:
        until = _UNTIL.search(said["RRULE"])
        return min(days) <= latest and (until is None or until[1] >= earliest)
    if "DURATION" not in said:
        earliest = f"{first - timedelta(days=2):%Y%m%d}"
    return min(days) <= latest and max(days) >= earliest
