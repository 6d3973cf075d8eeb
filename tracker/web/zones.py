"""The time zones that a form offers."""

from functools import lru_cache
from importlib.resources import files
from zoneinfo import available_timezones


@lru_cache(maxsize=1)
def _of_countries() -> frozenset[str]:
    """Return the zones that the tz database lists by country; the other names are older spellings of these."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    return frozenset(line.split("\t")[2] for line in table.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def zone_choices() -> dict[str, str]:
    """Return all zones of the world's countries, and UTC, each with the words for it."""
    names = sorted(name for name in available_timezones() if name in _of_countries())
    return {"UTC": "UTC"} | {name: name.replace("_", " ") for name in names}


def choices_with(*present: str) -> dict[str, str]:
    """Return the choices, with names that a row has already and the list leaves out."""
    return zone_choices() | {name: zone_choices().get(name, name) for name in present if name}
