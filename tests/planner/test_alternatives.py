"""Other good plans: clearly different from the best, and from each other."""

from dataclasses import replace
from datetime import timedelta

from tests.planner.oracle import Oracle
from tests.planner.tiny import MONDAY, span, tiny_case
from tracker.planner.alternatives import alternatives
from tracker.planner.desk import Desk
from tracker.planner.grid import local_day, wall_minute
from tracker.planner.offers import CLEARLY
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


def test_one_is_on_another_day_at_other_hours_and_one_has_other_people_where_that_can_be():
    numbers = set()
    for seed in range(24):
        document = tiny_case(seed)
        document["loops"][0]["candidate"]["windows"] += [
            span(MONDAY + timedelta(days=day, hours=9), 480) for day in (1, 2, 3)
        ]
        case = read_case(document)
        loop, desk = case.loops[0], Desk(case)
        best = desk.plan(loop)
        found = alternatives(desk, loop)
        if best is None:
            assert found == []
            continue
        assert found[0].cost == best.cost
        day, begins = clock_of(found[0], loop)
        others = [clock_of(each, loop) for each in found[1:]]
        apart = [on != day and abs(at - begins) >= CLEARLY for on, at in others]
        fresh = [not people_of(each) & people_of(found[0]) for each in found[1:]]
        numbers.add((any(apart), any(fresh)))
        if others and not any(fresh):
            conflicts = loop.conflicts | people_of(found[0])
            assert desk.plan(replace(loop, conflicts=conflicts)) is None or any(apart), seed
    assert {(True, True), (True, False)} & numbers
    assert len(numbers) > 1


def clock_of(planned, loop):
    """Return the day of a plan, and the minute of the day at which it begins."""
    starts_at = min(held.starts_at for held in planned.plan.interviews)
    day = local_day(starts_at, loop.zone)
    return day, starts_at - wall_minute(day, 0, loop.zone)
