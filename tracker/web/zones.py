"""The time zones that a form offers."""

from functools import lru_cache
from zoneinfo import available_timezones

_PLACES = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@lru_cache(maxsize=1)
def zone_choices() -> list[tuple[str, str]]:
    """Return (name, words) of all zones that are named after places, and UTC."""
    names = sorted(name for name in available_timezones() if name.startswith(_PLACES))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


def choices_with(*present: str) -> list[tuple[str, str]]:
    """Return the choices, with names that a row has already and the list leaves out."""
    names = {name for name, _ in zone_choices()}
    return [*zone_choices(), *((name, name) for name in present if name and name not in names)]
