"""What the holidays package knows, and what it does not."""

from datetime import date

import pytest

from tracker.queries.holidays import (
    countries,
    public_holidays_in,
    release,
    subdivisions,
    weekend,
)


def test_a_year_has_its_days_and_no_others() -> None:
    found = public_holidays_in("DE", "BE", 2026)
    assert found is not None
    assert found[date(2026, 3, 8)] == "Women's Day"
    assert {on.year for on in found} == {2026}


@pytest.mark.parametrize(
    ("country", "known", "unknown"),
    [
        ("LK", 2026, 2027),  # the package's own table ends
        ("IN", 2035, 2036),  # it answers, and warns that half of it is missing
        ("DE", 2100, 2101),
        ("DE", 1991, 1990),
    ],
)
def test_a_year_that_is_not_known_is_not_a_year_without_holidays(country: str, known: int, unknown: int) -> None:
    assert public_holidays_in(country, None, known)
    assert public_holidays_in(country, None, unknown) is None


def test_a_year_without_holidays_is_known() -> None:
    assert public_holidays_in("UA", None, 2026) == {}, "at war, Ukraine takes none"


@pytest.mark.parametrize(("country", "part"), [("QQ", None), ("DE", "NOWHERE")])
def test_an_unknown_place_is_told(country: str, part: str | None) -> None:
    with pytest.raises(LookupError):
        public_holidays_in(country, part, 2026)


def test_countries_their_parts_and_weekends() -> None:
    assert {"DE", "KI", "US"} <= set(countries())
    assert ("BE", "Berlin") in subdivisions("DE")
    assert ("1", "Burgenland") in subdivisions("AT")
    assert subdivisions("QQ") == []
    assert weekend("SA") == {4, 5}
    with pytest.raises(LookupError):
        weekend("QQ")
    assert release()[0].isdecimal()
