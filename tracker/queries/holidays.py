"""Public holidays by the holidays package, turned into plain dates."""

import importlib
from collections.abc import Iterable
from datetime import date
from typing import Any


def _package() -> Any:
    # Importing it takes half a second and 30 MB: only who sets a region up pays for it, not every start.
    return importlib.import_module("holidays")


def public_holidays(country: str, subdivision: str | None, years: Iterable[int]) -> dict[date, str]:
    """Return the public holidays of a country (ISO 3166-1) and subdivision in these years, by date, with their names.

    Raises LookupError where the package knows no such country or subdivision.
    """
    try:
        found = _package().country_holidays(country, subdiv=subdivision or None, years=list(years), language="en_US")
    except NotImplementedError as error:
        raise LookupError(f"{country} {subdivision or ''}") from error
    return dict(sorted(found.items()))


def countries() -> list[str]:
    """Return the codes (ISO 3166-1 alpha-2) of the countries that the package knows."""
    return sorted(_package().list_supported_countries(include_aliases=False))


def weekend(country: str) -> frozenset[int]:
    """Return the weekday numbers (Monday is 0) of a country's weekend today. Raises LookupError as above."""
    try:
        return frozenset(_package().country_holidays(country).weekend)
    except NotImplementedError as error:
        raise LookupError(country) from error


def subdivisions(country: str) -> list[tuple[str, str]]:
    """Return (code, name) of a country's subdivisions, by name; empty where it has none or is not known."""
    try:
        found = _package().country_holidays(country)
    except NotImplementedError:
        return []
    names = {code: name for name, code in found.subdivisions_aliases.items()}
    return sorted(((code, names.get(code, code)) for code in found.subdivisions), key=lambda choice: choice[1])
