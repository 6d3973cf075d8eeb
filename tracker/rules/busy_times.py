"""Busy times from people's own calendars: which addresses are read, how often, and when what is known is stale.

Of a meeting only its beginning and end are ever known, and whether it is tentative.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

from tracker.rules.refused import Refused

# How far ahead busy times are worked out, and for how long that is done at once with what the server sends unchanged.
AHEAD, WORKED_OUT = timedelta(weeks=8), timedelta(days=7)
AGAIN = timedelta(minutes=30)
STALE = timedelta(hours=6)
# After a failure: five minutes, then three times as long each time.
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
MOST_FEEDS = 5
_LONGEST_ADDRESS, _LONGEST_LOGIN = 2000, 500
_RIGHT = "Copy the address that your calendar gives for sharing in iCal format: it begins with https:// or webcal://."


class BadAddress(Refused):
    """No calendar can be asked for at such an address."""


class TooManyFeeds(Refused):
    """Somebody has as many calendars as are read for one person."""


@dataclass(frozen=True, order=True)
class Span:
    """A time (UTC) that is taken, surely or perhaps."""

    starts_at: datetime
    ends_at: datetime
    is_tentative: bool = False


class Trouble(StrEnum):
    """Why a calendar could not be read."""

    UNREACHABLE = "unreachable"
    SLOW = "slow"
    CERTIFICATE = "certificate"
    PRIVATE = "private"
    REDIRECTS = "redirects"
    FORBIDDEN = "forbidden"
    GONE = "gone"
    FAILED = "failed"
    TOO_LARGE = "too_large"
    NO_CALENDAR = "no_calendar"
    TOO_OFTEN = "too_often"
    TOO_MANY = "too_many"
    TOO_HARD = "too_hard"

    @property
    def words(self) -> str:
        """What its owner is told, and what he or she can do."""
        return _WORDS[self]


_WORDS = {
    Trouble.UNREACHABLE: "The server does not answer. Is the address right?",
    Trouble.SLOW: "The server took too long to send the calendar.",
    Trouble.CERTIFICATE: "The server could not prove who it is: its certificate is not right.",
    Trouble.PRIVATE: "The address leads into a private network. An admin can allow that.",
    Trouble.REDIRECTS: "The server sends on to other addresses again and again, or to one that is not safe.",
    Trouble.FORBIDDEN: "The server does not let us read it. Is the address right, or the user and the password?",
    Trouble.GONE: "There is no calendar at this address any more. Was a new one made? Then give that.",
    Trouble.FAILED: "The server answered with an error.",
    Trouble.TOO_LARGE: "The calendar is larger than 10 MB. Share a smaller one, or its free and busy times alone.",
    Trouble.NO_CALENDAR: "What is there is no calendar in iCal format (.ics).",
    Trouble.TOO_OFTEN: "A meeting in it repeats more often than every hour. Such a calendar is not read.",
    Trouble.TOO_MANY: "It has more meetings in the next eight weeks than anybody can hold: more than 5,000.",
    Trouble.TOO_HARD: "Working out its repeated meetings takes too long.",
}


class Freshness(StrEnum):
    """How far what is known of a calendar can be relied on."""

    NEVER = "never"
    FRESH = "fresh"
    STALE = "stale"


def freshness(read_at: datetime | None, now: datetime) -> Freshness:
    """Return how old the last good answer is: stale after six hours without one."""
    if read_at is None:
        return Freshness.NEVER
    return Freshness.STALE if now - read_at > STALE else Freshness.FRESH


def stale_words(name: str, read: str | None) -> str:
    """Return what is told of a stale calendar to who plans a loop; ``read`` is when it was last read, in words."""
    if read is None:
        return f"{name}'s calendar could not be read yet: other meetings are not known."
    return f"{name}'s calendar was last read on {read}: newer meetings are not known."


def next_at(failures: int, now: datetime) -> datetime:
    """Return when to ask again after so many failures running."""
    if not failures:
        return now + AGAIN
    pause: timedelta = _FIRST_PAUSE * 3 ** min(failures - 1, 10)
    return now + min(_LONGEST_PAUSE, pause)


def checked_address(text: str) -> str:
    """Return the address to ask at, as it is stored: webcal is https under another name. Raises BadAddress."""
    text = text.strip()
    if not text or len(text) > _LONGEST_ADDRESS or not text.isascii() or any(c <= " " or c == "\x7f" for c in text):
        raise BadAddress(_RIGHT, "address")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise BadAddress(_RIGHT, "address") from None
    scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme, parts.scheme)
    if scheme not in ("http", "https") or not parts.hostname:
        raise BadAddress(_RIGHT, "address")
    if parts.username is not None:
        raise BadAddress("An address with a password in it is not kept. Share the calendar by a secret one.", "address")
    return urlunsplit((scheme, parts.netloc.lower(), parts.path or "/", parts.query, ""))


def checked_login(address: str, login: str, password: str, *, may_be_plain: bool) -> None:
    """Raise BadAddress unless the two go together, can be sent, and are safe on their way to the address.

    ``may_be_plain``: the tracker and the calendars share a network that is trusted.
    """
    if bool(login) != bool(password):
        raise BadAddress("Give both the user and the password, or neither.", "login")
    if ":" in login or not (login + password).isprintable() or len(login + password) > _LONGEST_LOGIN:
        raise BadAddress("That cannot be sent: a user has no colon, and neither has control characters.", "login")
    if login and not address.startswith("https:") and not may_be_plain:
        raise BadAddress("A password is sent to addresses that begin with https:// alone.", "address")


def masked(address: str) -> str:
    """Return what is shown of an address: the server's name. The rest of it is a secret."""
    return f"{urlsplit(address).hostname or ''}/…"


def without_times(spans: Iterable[Span], times: Iterable[tuple[datetime, datetime]]) -> tuple[Span, ...]:
    """Return what is left of the spans outside of these (start, end)."""
    known = list(_joined(Span(starts_at, ends_at) for starts_at, ends_at in times))
    return tuple(part for span in spans for part in _without(span, known))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans without overlaps, in their order; what is surely taken is not tentative."""
    spans = list(spans)
    sure = list(_joined(span for span in spans if not span.is_tentative))
    perhaps = _joined(span for span in spans if span.is_tentative)
    return tuple(sorted([*sure, *(part for span in perhaps for part in _without(span, sure))]))


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in sorted(spans):
        if last is None or span.starts_at > last.ends_at:
            if last is not None:
                yield last
            last = span
        elif span.ends_at > last.ends_at:
            last = Span(last.starts_at, span.ends_at, last.is_tentative)
    if last is not None:
        yield last


def _without(span: Span, sure: list[Span]) -> Iterator[Span]:
    """Yield what is left of a span; ``sure`` are in their order and do not overlap."""
    begins = span.starts_at
    for each in sure:
        if each.ends_at <= begins or each.starts_at >= span.ends_at:
            continue
        if each.starts_at > begins:
            yield Span(begins, each.starts_at, span.is_tentative)
        begins = max(begins, each.ends_at)
    if begins < span.ends_at:
        yield Span(begins, span.ends_at, span.is_tentative)
