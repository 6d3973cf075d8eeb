"""Public holidays by the holidays package, turned into plain dates."""

import importlib
import importlib.metadata
import threading
import warnings
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

# What the standard library catches of warnings is caught for all threads: one at a time.
_one_at_a_time = threading.Lock()


def _package() -> Any:
    # Importing it takes half a second and 30 MB: only who sets a region up pays for it, not every start.
    return importlib.import_module("holidays")


def release() -> str:
    """Return the release of the package: its data moves with every one. The package itself is not loaded for it."""
    return importlib.metadata.version("holidays")


@lru_cache(maxsize=4096)
def public_holidays_in(country: str, subdivision: str | None, year: int) -> Mapping[date, str] | None:
    """Return the public holidays of a country (ISO 3166-1) and subdivision in one year, by date, with their names.

    None where the package does not know that year, or says itself that it knows it in part only (Sri Lanka after
    2026, India after 2035): an empty answer would be taken for a year without holidays. Raises LookupError where the
    package knows no such country or subdivision.
    """
    place = _place(country, subdivision)
    if not place.start_year <= year <= place.end_year:
        return None
    with _one_at_a_time, warnings.catch_warnings(record=True) as doubts:
        warnings.simplefilter("always")
        found = _place(country, subdivision, year)
    if any(issubclass(doubt.category, UserWarning) for doubt in doubts):
        return None
    return dict(sorted(found.items()))


def _place(country: str, subdivision: str | None, year: int | None = None) -> Any:
    try:
        return _package().country_holidays(country, subdiv=subdivision or None, years=year, language="en_US")
    except NotImplementedError as error:
        raise LookupError(f"{country} {subdivision or ''}") from error


def countries() -> list[str]:
    """Return the codes (ISO 3166-1 alpha-2) of the countries that the package knows."""
    return sorted(_package().list_supported_countries(include_aliases=False))


def weekend(country: str) -> frozenset[int]:
    """Return the weekday numbers (Monday is 0) of a country's weekend today. Raises LookupError as above."""
    return frozenset(_place(country, None).weekend)


def subdivisions(country: str) -> list[tuple[str, str]]:
    """Return (code, name) of a country's subdivisions, by name; empty where it has none or is not known."""
    try:
        found = _place(country, None)
    except LookupError:
        return []
    # The first alias is the whole name, what follows are shorter ones and other spellings.
    names = {code: name for name, code in reversed(found.subdivisions_aliases.items())}
    return sorted(((code, names.get(code, code)) for code in found.subdivisions), key=lambda choice: choice[1])
