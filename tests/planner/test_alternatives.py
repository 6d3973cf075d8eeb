"""Other good plans: clearly different from the best, and from each other."""

from datetime import timedelta

from tests.planner.oracle import Oracle
from tests.planner.tiny import MONDAY, span, tiny_case
from tracker.planner.alternatives import alternatives
from tracker.planner.desk import Desk
from tracker.planner.grid import local_day
from tracker.planner.reading import read_case
from tracker.planner.writing import plan_document


def people_of(planned):
    return {seat.interviewer for held in planned.plan.interviews for seat in held.assigned} - {None}


def test_each_is_a_plan_on_other_days_or_with_other_people():
    numbers = set()
    for seed in range(12):
        document = tiny_case(seed)
        windows = document["loops"][0]["candidate"]["windows"]
        windows += [span(MONDAY + timedelta(days=day, hours=10), 180) for day in (2, 3)]
        case = read_case(document)
        loop, desk, oracle = case.loops[0], Desk(case), Oracle(document)
        found = alternatives(desk, loop)
        numbers.add(len(found))
        for place, planned in enumerate(found):
            assert oracle.cost_of(plan_document(planned.plan)) == planned.cost >= found[0].cost, seed
            days = {local_day(held.starts_at, loop.zone) for held in planned.plan.interviews}
            for other in found[:place]:
                others = {local_day(held.starts_at, loop.zone) for held in other.plan.interviews}
                assert not days & others or not people_of(planned) & people_of(other), seed
    assert {0, 3} <= numbers
