"""What templates use to write moments, days, sizes and names: English words, the zone always beside the time."""

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask

from tracker.rules.words import sentence
from tracker.rules.zones import MONTHS, WEEKDAYS, day_words, local
from tracker.web.forms import carried, new_once

THOUSAND = 1000


def day(on: date) -> str:
    """Return a date as ``Fri 27 Nov 2026``. A moment is refused: whose day it is depends on the zone."""
    if isinstance(on, datetime):
        raise TypeError("day() takes a date; for a moment use local_day(at, zone).")
    return day_words(on)


def local_day(at: datetime, zone: str) -> str:
    """Return the day of a moment in an IANA zone: ``Fri 27 Nov 2026``."""
    return day_words(local(at, zone).date())


def clock_time(at: datetime, zone: str) -> str:
    """Return the time of day of a moment in an IANA zone: ``23:59 CET``."""
    here = local(at, zone)
    return f"{here:%H:%M} {zone_words(here)}"


def moment(at: datetime, zone: str) -> str:
    """Return an aware moment in an IANA zone: ``Fri 27 Nov 2026, 23:59 CET``. Raises NaiveMoment, UnknownZone."""
    return f"{local_day(at, zone)}, {clock_time(at, zone)}"


def short_moment(at: datetime, zone: str) -> str:
    """Return a moment for tight places: ``Fri 27 Nov, 23:59 CET``. The year is in the element's title."""
    here = local(at, zone)
    return f"{WEEKDAYS[here.weekday()]} {here.day} {MONTHS[here.month - 1]}, {clock_time(at, zone)}"


def time_range(start_at: datetime, end_at: datetime, zone: str) -> str:
    """Return ``Fri 27 Nov 2026, 10:00–11:00 CET``; the day is said twice where midnight lies between, so is the zone
    where the clocks change between."""
    start, end = local(start_at, zone), local(end_at, zone)
    if start.date() != end.date():
        return f"{moment(start_at, zone)} – {moment(end_at, zone)}"
    begins = f"{start:%H:%M}" if zone_words(start) == zone_words(end) else clock_time(start_at, zone)
    return f"{day_words(start.date())}, {begins}–{clock_time(end_at, zone)}"


def hours(start_at: datetime, end_at: datetime, zone: str) -> str:
    """Return ``10:00–10:05`` for the lines of a list that names the zone once."""
    return f"{local(start_at, zone):%H:%M}–{local(end_at, zone):%H:%M}"


def zone_words(here: datetime) -> str:
    """Return the zone of a local moment: its letters where it has any (``CET``), else ``UTC+05:30``."""
    letters = here.tzname() or ""
    if letters.isalpha():
        return letters
    offset = here.utcoffset() or timedelta()
    minutes = int(abs(offset).total_seconds()) // 60
    sign = "−" if offset < timedelta() else "+"
    tail = f":{minutes % 60:02}" if minutes % 60 else ""
    return f"UTC{sign}{minutes // 60:02}{tail}"


def filesize(octets: int) -> str:
    """Return a size in bytes in decimal units, as files are sold: ``1.4 MB``."""
    if octets < THOUSAND:
        return f"{octets} byte{'' if octets == 1 else 's'}"
    units = ["GB", "MB", "kB"]
    size, unit = octets / THOUSAND, units.pop()
    while units and round(size) >= THOUSAND:
        size, unit = size / THOUSAND, units.pop()
    return f"{size:.0f} {unit}" if size >= 10 else f"{size:.1f} {unit}"


def initials(name: str) -> str:
    """Return up to two letters that stand for a name; a question mark where it has no letter."""
    words = ["".join(c for c in word if c.isalnum()) for word in name.split()]
    letters = [word[0] for word in words if word]
    chosen = letters[:1] + letters[-1:] if len(letters) > 1 else letters
    return "".join(chosen).upper() or "?"


def link_host(place: str) -> str:
    """Return the host of a web address, for tight places: ``meet.example``; nothing of what is no web address."""
    try:
        parts = urlsplit(place)
        return parts.hostname or "" if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def register(app: Flask) -> None:
    """Give the templates these as filters; and the idempotency key to macros, which see no page's context."""
    times = (day, local_day, clock_time, moment, short_moment, time_range, hours)
    for function in (*times, filesize, initials, link_host, sentence):
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["new_once"] = new_once
    app.jinja_env.globals["carried"] = carried
