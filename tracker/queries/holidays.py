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


def countries() -> dict[str, list[str]]:
    """Return the countries that the package knows, each with its subdivisions."""
    return {code: list(parts) for code, parts in sorted(_package().list_supported_countries().items())}
