"""The best plan of one loop is the best: an oracle tries everything, on cases in which every rule bites."""

import pytest

from tests.planner.oracle import Oracle
from tests.planner.tiny import tiny_case
from tracker.planner.desk import Desk
from tracker.planner.reading import read_case
from tracker.planner.writing import plan_document


@pytest.mark.parametrize("seeds", [range(start, start + 10) for start in range(0, 80, 10)], ids=str)
def test_no_plan_is_better(seeds):
    for seed in seeds:
        document = tiny_case(seed)
        case = read_case(document)
        found = Desk(case).plan(case.loops[0])
        oracle = Oracle(document)
        assert (found and found.cost) == oracle.cheapest(), seed
        if found is not None:
            assert found.is_proven, seed
            assert oracle.cost_of(plan_document(found.plan)) == found.cost, seed
