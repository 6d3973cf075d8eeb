"""Countries by name and the zones in them, by the tables that come with the time zone data."""

import importlib.resources
from functools import lru_cache

from tracker.queries.holidays import countries


@lru_cache(maxsize=2)
def _table(name: str) -> tuple[tuple[str, ...], ...]:
    text = importlib.resources.files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))


def country_name(code: str) -> str:
    """Return the English name of a country (ISO 3166-1 alpha-2), the code itself where it has none."""
    return next((row[1] for row in _table("iso3166.tab") if row[0] == code), code)


@lru_cache(maxsize=1)
def country_choices() -> dict[str, str]:
    """Return the countries whose public holidays are known, code and name, in the order of their names."""
    return dict(sorted(((code, country_name(code)) for code in countries()), key=lambda choice: choice[1]))


def zones_of(country: str) -> list[str]:
    """Return the zones of a country, the one of most people first as a rule."""
    return [row[2] for row in _table("zone.tab") if row[0] == country]
