"""Asking a calendar server for free and busy times: RFC 4791, section 7.10. It answers with a calendar file."""

from datetime import UTC, datetime

from tracker.feeds.fetching import Login, Question

_MOMENT = "%Y%m%dT%H%M%SZ"


def free_busy(starts_at: datetime, ends_at: datetime, login: Login) -> Question:
    """Return the question when somebody is taken between two moments."""
    begins, ends = (each.astimezone(UTC).strftime(_MOMENT) for each in (starts_at, ends_at))
    report = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav">'
        f'<C:time-range start="{begins}" end="{ends}"/></C:free-busy-query>'
    )
    return Question(report.encode(), login)
