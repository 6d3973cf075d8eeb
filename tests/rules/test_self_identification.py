"""What is told of self-identification: an attacker who tries all tables that there could be pins nobody down."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.self_identification import LEAST, last_counted, tellable

Table = tuple[tuple[int, ...], ...]


def table_of(rows: list[list[int]]) -> Table:
    """How many stopped after each step, made into how many came so far at least."""
    return tuple(tuple(sum(row[step:]) for step in range(len(row))) for row in rows)


def tables(rows: int, steps: int, most: int) -> st.SearchStrategy[Table]:
    counts = st.lists(st.integers(0, most), min_size=steps, max_size=steps)
    return st.lists(counts, min_size=rows, max_size=rows).map(table_of)


def rows_within(totals: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every row that never rises and leaves a rest which never rises either."""

    def go_on(row: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        step = len(row)
        if step == len(totals):
            yield row
            return
        for count in range((row[-1] if row else totals[0]) + 1):
            rest = totals[step] - count
            if rest >= 0 and (not row or rest <= totals[step - 1] - row[-1]):
                yield from go_on((*row, count))

    return go_on(())


def all_tables(totals: tuple[int, ...], rows: int, fits: Callable[[int, tuple[int, ...]], bool]) -> Iterator[Table]:
    """Every table with these totals whose rows fit, by brute force."""
    here = rows - 1
    if rows == 1:
        if fits(0, totals):
            yield (totals,)
        return
    for row in rows_within(totals):
        if fits(here, row):
            rest = tuple(total - count for total, count in zip(totals, row, strict=True))
            yield from ((*table, row) for table in all_tables(rest, here, fits))


def facts(table: Table) -> Iterator[tuple[tuple[object, ...], int]]:
    """Every number of people that can be asked of a table: of some rows together, who came so far, or stopped there."""
    rows, steps = range(len(table)), range(len(table[0]))
    for size in range(1, len(table) + 1):
        for some in combinations(rows, size):
            for step in steps:
                now = sum(table[n][step] for n in some)
                yield ("came", some, step), now
                if step:
                    yield ("stopped", some, step), sum(table[n][step - 1] for n in some) - now


def pinned(found: Iterator[Table]) -> dict[tuple[object, ...], int]:
    """The numbers that are the same in all tables."""
    same: dict[tuple[object, ...], int] = {}
    for n, table in enumerate(found):
        asked = dict(facts(table))
        same = asked if n == 0 else {key: value for key, value in same.items() if asked[key] == value}
        if not same:
            break
    return same


def leaks(table: Table, least: int, *, knows_rule: bool) -> dict[tuple[object, ...], int]:
    """What an attacker works out from what is told beyond what the totals tell, and is about too few."""
    told = tellable(table, least)
    totals = tuple(map(sum, zip(*table, strict=True)))

    def fits(n: int, row: tuple[int, ...]) -> bool:
        return all(shown is None or shown == count for shown, count in zip(told[n], row, strict=True))

    found = all_tables(totals, len(table), fits)
    if knows_rule:
        found = (each for each in found if tellable(each, least) == told)
    known = pinned(all_tables(totals, len(table), lambda n, row: True))
    return {key: value for key, value in pinned(found).items() if value < least and key not in known}


@settings(max_examples=40, deadline=None)
@given(tables(3, 3, 2), st.integers(1, 3))
def test_nobody_is_pinned_down(table: Table, least: int) -> None:
    assert not leaks(table, least, knows_rule=False)


@settings(max_examples=40, deadline=None)
@given(tables(4, 2, 2), st.integers(2, 3))
def test_nor_by_who_knows_the_rule(table: Table, least: int) -> None:
    assert not leaks(table, least, knows_rule=True)


def test_a_rule_without_the_rest_would_be_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the tests above could not fail: what is merely hidden for being small is worked out."""

    def naive(people: Table, least: int = LEAST) -> list[list[int | None]]:
        return [[count if count >= least else None for count in row] for row in people]

    monkeypatch.setattr("tests.rules.test_self_identification.tellable", naive)
    assert leaks(((4, 4), (1, 0), (3, 2)), 2, knows_rule=False)


def test_the_last_of_a_table_hides_the_few() -> None:
    women, men, few, silent = (40, 25, 12, 2), (60, 30, 15, 2), (4, 2, 1, 0), (60, 30, 12, 1)
    assert tellable([women, men, few, silent]) == [
        [40, 25, 12, None],
        [60, 30, 15, None],
        [None, None, None, None],
        [None, None, None, None],
    ]


def test_where_nobody_is_few_all_is_told() -> None:
    assert tellable([(30, 20), (25, 12), (50, 40)]) == [[30, 20], [25, 12], [50, 40]]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(40,), (9,), (40,)], [[40], [None], [None]]),
        # Two are hidden, and still too few: a third hides with them.
        ([(40,), (40,), (4,), (5,)], [[40], [None], [None], [None]]),
        # One of forty stopped: who knows who it was would know the answer.
        ([(40, 39), (60, 30), (50, 20)], [[40, None], [60, 30], [50, None]]),
        # All of a group went on: who stopped was not of it.
        ([(40, 40), (60, 30), (50, 20)], [[40, None], [60, 30], [50, None]]),
        ([(9,), (9,), (9,)], [[None], [None], [None]]),
        ([], []),
    ],
)
def test_what_hides_what(rows: list[tuple[int, ...]], told: list[list[int | None]]) -> None:
    assert tellable(rows) == told


@given(tables(5, 4, 40))
def test_nothing_below_ten_is_told_nor_anything_made_up(table: Table) -> None:
    for row, shown in zip(table, tellable(table), strict=True):
        assert all(told is None or told == count >= LEAST for told, count in zip(shown, row, strict=True))
        assert sorted(shown, key=lambda told: told is None) == shown, "what is hidden stays hidden"


def test_a_year_is_counted_when_it_is_over_and_three_months_more() -> None:
    april = datetime(2027, 4, 1, tzinfo=UTC)
    assert last_counted(april) == 2026
    assert last_counted(april - timedelta(seconds=1)) == 2025
    assert last_counted(datetime(2027, 12, 31, tzinfo=UTC)) == 2026
