"""A person's interviews and deadlines as a calendar that programs subscribe to, and the secret address of it.

An address is a key by chance, signed: neither the database nor a backup of it tells an address.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from icalendar import vText
from itsdangerous import BadData, URLSafeSerializer

from tracker.mail.clean import one_line
from tracker.mail.invitations import Event, component_of, empty_calendar
from tracker.mail.links import url
from tracker.rules.words import sentence

_SALT = "calendar feed"
# What a deadline takes up in a calendar, which would not show a mere moment. It ends with the due moment.
_SHOWN = timedelta(minutes=15)
# How often programs are asked to come: RFC 7986, section 5.7, and what older ones read in its place.
_AGAIN = "PT1H"


def token_of(key: str) -> str:
    """Return what stands in the address for a feed's key."""
    return str(_serializer().dumps(key))


def key_of(token: str) -> str | None:
    """Return the key that an address names; None where it is none of ours."""
    try:
        key = _serializer().loads(token)
    except BadData:
        return None
    return key if isinstance(key, str) else None


def interview_event(
    *,
    uid: str,
    sequence: int,
    starts_at: datetime,
    ends_at: datetime,
    name: str,
    candidate: str,
    title: str,
    place: str,
    role: str,
    path: str,
) -> Event:
    """Return an interview in the words of its invitation; ``role`` says who learns beside whom, mostly nobody."""
    part = f", {role}" if role else ""
    return Event(
        uid=uid,
        sequence=sequence,
        starts_at=starts_at,
        ends_at=ends_at,
        summary=f"{name}: {candidate} ({title}){part}",
        place=place,
        url=url(path),
    )


def deadline_event(
    *, number: int, revision: int, due_at: datetime, what: str, candidate: str, title: str, path: str
) -> Event:
    """Return the last minutes before a due moment, as an event that keeps nobody busy."""
    host = urlsplit(current_app.config["TRACKER"].base_url).hostname
    return Event(
        uid=f"deadline-{number}@{host}",
        sequence=revision,
        starts_at=due_at - _SHOWN,
        ends_at=due_at,
        summary=f"{sentence(what)} due: {candidate} ({title})",
        url=url(path),
        takes_time=False,
    )


def digest(events: Sequence[Event]) -> str:
    """Return what differs as soon as anything of the events does; it is made of nothing else."""
    return hashlib.sha256(repr(events).encode()).hexdigest()


def file_of(events: Sequence[Event], *, name: str, changed_at: datetime) -> bytes:
    """Return the calendar file. ``changed_at`` (UTC) is when anything of it was last another."""
    calendar = empty_calendar()
    calendar.add("name", vText(one_line(name)))
    calendar.add("x-wr-calname", vText(one_line(name)))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _AGAIN)
    for event in events:
        calendar.add_component(component_of(event, changed_at))
    data: bytes = calendar.to_ical()
    return data


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["TRACKER"].secret_key, salt=_SALT)
