"""Addresses in e-mails: from the setting alone, never from a request, whose Host header anybody can forge.

A link to a task is signed and bound to the person it was sent to. It saves the search for the page, not the sign-in:
whoever finds it in a forwarded e-mail learns nothing by it, not even whether the page is there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

GOOD_FOR = timedelta(days=30)
_SALT = "to a page"


@dataclass(frozen=True)
class Link:
    """Where a link leads, whom it was sent to, and when (UTC)."""

    person_id: int
    path: str
    sent_at: datetime

    def is_expired(self, now: datetime) -> bool:
        """Whether the link is older than links are good for."""
        return now - self.sent_at > GOOD_FOR


def url(path: str) -> str:
    """Return the full address of a path that begins with a slash."""
    return f"{current_app.config['TRACKER'].base_url}{path}"


def url_for_person(path: str, person_id: int, *, now: datetime) -> str:
    """Return the full address of a link that leads one person, signed in, to a path that begins with a slash."""
    return url(f"/go/{_serializer().dumps([person_id, path, int(now.timestamp())])}")


def read_link(token: str) -> Link | None:
    """Return what the token of a link says, expired or not; None where it is none of ours."""
    try:
        person_id, path, sent_at = _serializer().loads(token)
    except BadData:
        return None
    return Link(person_id, path, datetime.fromtimestamp(sent_at, UTC))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["TRACKER"].secret_key, salt=_SALT)
