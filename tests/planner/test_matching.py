"""The cheapest matching against all matchings."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracker.planner.matching import cheapest_matching
from tracker.planner.problem import FORBIDDEN

COST = st.one_of(st.integers(-5, 12), st.just(FORBIDDEN))


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    rows = draw(st.integers(1, 4))
    columns = draw(st.integers(rows, 6))
    row = st.lists(COST, min_size=columns, max_size=columns)
    return draw(st.lists(row, min_size=rows, max_size=rows))


@given(tables())
def test_no_matching_is_cheaper(table):
    found = cheapest_matching(np.array(table, dtype=np.int32))
    costs = [
        sum(row[column] for row, column in zip(table, columns, strict=True))
        for columns in permutations(range(len(table[0])), len(table))
        if all(row[column] < FORBIDDEN for row, column in zip(table, columns, strict=True))
    ]
    if found is None:
        assert not costs
    else:
        assert len(set(found)) == len(table)
        assert sum(row[column] for row, column in zip(table, found, strict=True)) == min(costs)


def test_the_first_of_equal_columns_is_taken():
    assert cheapest_matching(np.zeros((2, 5), dtype=np.int32)) == [0, 1]
