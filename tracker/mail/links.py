"""Addresses in e-mails: from the setting alone, never from a request, whose Host header anybody can forge."""

from flask import current_app


def url(path: str) -> str:
    """Return the full address of a path that begins with a slash."""
    return f"{current_app.config['TRACKER'].base_url}{path}"
