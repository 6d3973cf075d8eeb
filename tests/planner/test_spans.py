"""Spans on atoms, against the same asked atom by atom."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracker.planner.grid import Grid
from tracker.planner.spans import mark, merged, run_lengths

GRID = Grid(minutes=15, first=10, atoms=12, longest=6)
SPAN = st.tuples(st.integers(100, 360), st.integers(1, 90)).map(lambda each: (each[0], each[0] + each[1]))
ROWS = st.lists(st.lists(SPAN, max_size=4), min_size=1, max_size=3)


def atoms():
    return [(start, start + GRID.minutes) for start in range(150, 150 + 12 * 15, 15)]


def array(spans):
    return np.array(spans, dtype=np.int64).reshape(-1, 2)


@given(ROWS)
def test_busy_time_is_marked_outward_and_working_time_inward(rows):
    given_spans = [(number, array(spans)) for number, spans in enumerate(rows)]
    touched = mark(len(rows), given_spans, GRID, GRID.outward)
    held = mark(len(rows), given_spans, GRID, GRID.inward)
    for number, spans in enumerate(rows):
        for atom, (start, end) in enumerate(atoms()):
            assert touched[number, atom] == any(first < end and start < last for first, last in spans)
            assert held[number, atom] == any(first <= start and end <= last for first, last in spans)


@given(st.lists(SPAN, max_size=6))
def test_merged_spans_hold_the_same_minutes_and_do_not_touch(spans):
    found = merged(array(spans)).tolist()
    minutes = {minute for start, end in spans for minute in range(start, end)}
    assert {minute for start, end in found for minute in range(start, end)} == minutes
    assert all(end < start for (_, end), (start, _) in pairwise(found))


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.sampled_from([1, 2, 5, 8, 130]))
def test_runs_are_counted_as_far_as_interviews_last(free, longest):
    rows = [free, free[::-1]]
    for row, found in zip(rows, run_lengths(np.array(rows), longest).tolist(), strict=True):
        for atom, count in enumerate(found):
            really = next((number for number, each in enumerate(row[atom:]) if not each), len(row) - atom)
            assert min(count, longest) == min(really, longest)


def test_the_longest_interview_in_the_shortest_atoms():
    assert run_lengths(np.ones((1, 300), dtype=np.bool_), 240)[0, 0] >= 240
