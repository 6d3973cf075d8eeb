"""The time zones that a form offers."""

from functools import lru_cache
from zoneinfo import available_timezones

_PLACES = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@lru_cache(maxsize=1)
def zone_choices() -> dict[str, str]:
    """Return all zones that are named after places, and UTC, each with the words for it."""
    names = sorted(name for name in available_timezones() if name.startswith(_PLACES))
    return {"UTC": "UTC"} | {name: name.replace("_", " ") for name in names}


def choices_with(*present: str) -> dict[str, str]:
    """Return the choices, with names that a row has already and the list leaves out."""
    return zone_choices() | {name: zone_choices().get(name, name) for name in present if name}
