"""Where there is no plan: every way that is listed works, no part of it does, and none that is shorter is missing."""

from itertools import combinations

import pytest

from tests.planner.oracle import Oracle
from tests.planner.tiny import tiny_case
from tracker.planner.desk import Desk
from tracker.planner.explained import said
from tracker.planner.explaining import explain
from tracker.planner.knobs import Knob, applicable, relaxed
from tracker.planner.reading import read_case
from tracker.planner.terms import EXCEPTION, PLAIN
from tracker.planner.writing import plan_document

# Of these the relaxed case can be written down in the exchange format, so that the oracle can be asked.
WRITTEN = {
    Knob.GAP: lambda case, loop: loop["breaks"].update(max_gap_minutes=120),
    Knob.CONSECUTIVE: lambda case, loop: loop["breaks"].update(max_consecutive=10),
    Knob.ORDER: lambda case, loop: loop.update(order="any"),
    Knob.TWO_DAYS: lambda case, loop: loop["days"].update(max=2),
    Knob.LUNCH: lambda case, loop: loop.update(lunch=None),
    Knob.BUSY: lambda case, loop: [person.update(busy=[]) for person in case["interviewers"]],
    Knob.CAPS: lambda case, loop: [person.update(max_per_day=9, max_per_week=9) for person in case["interviewers"]],
    Knob.PHONE_SCREEN: lambda case, loop: loop.update(exclude_phone_screeners=False),
    Knob.BAR_RAISER_TEAM: lambda case, loop: loop["bar_raiser"].update(outside_team=False),
    Knob.BAR_RAISER: lambda case, loop: loop["bar_raiser"].update(required=False),
}


def written(seed, knobs):
    case = tiny_case(seed)
    for knob in knobs:
        WRITTEN[knob](case, case["loops"][0])
    return case


def infeasible(seeds):
    for seed in seeds:
        case = read_case(tiny_case(seed))
        desk = Desk(case)
        if desk.plan(case.loops[0]) is None:
            yield seed, desk, case.loops[0]


@pytest.mark.parametrize("seeds", [range(0, 6), range(6, 12)], ids=str)
def test_each_way_works_and_no_part_of_it(seeds):
    seen = set()
    for seed, desk, loop in infeasible(seeds):
        ways = explain(desk, loop)
        seen |= {knob for way in ways for knob in way.knobs}
        assert ways == sorted(ways, key=lambda way: (len(way.knobs), way.asked, way.cost))
        for way in ways:
            assert said(way, loop).endswith("."), seed
            for size in range(len(way.knobs)):
                for part in combinations(way.knobs, size):
                    asked = relaxed(desk.case, loop, PLAIN, part)
                    assert not desk.can_plan(asked.loop, asked.terms), (seed, way.knobs, part)
    assert seen


@pytest.mark.parametrize("seeds", [range(0, 6), range(6, 12)], ids=str)
def test_who_tries_everything_finds_the_same_ways(seeds):
    for seed, desk, loop in infeasible(seeds):
        ways = {way.knobs: way for way in explain(desk, loop)}
        for knob in applicable(loop):
            if knob in WRITTEN:
                oracle = Oracle(written(seed, [knob]))
                assert (oracle.cheapest() is not None) == ((knob,) in ways), (seed, knob)
                if (knob,) in ways:
                    way = ways[knob,]
                    price = oracle.cost_of(plan_document(way.planned.plan))
                    assert price == way.cost, (seed, knob)
                    assert len(way.favours) == way.planned.cost // EXCEPTION


def test_the_fewest_are_asked():
    """Two are needed, one of three is free: one other is asked to be free, not two."""
    case = tiny_case(3)
    loop = case["loops"][0]
    window = loop["candidate"]["windows"][0]
    people = case["interviewers"][:3]
    for number, person in enumerate(people):
        everywhere = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
        person.update(qualified=["a"], working_hours=everywhere, booked=[], max_per_day=2, max_per_week=5)
        person.update(busy=[] if number == 0 else [window], timezone="UTC", recent_load=number)
    seats = [{"id": "a", "role": "interviewer", "competencies": ["a"]}]
    sessions = [{"id": f"s{n}", "minutes": 30, "seats": seats} for n in range(2)]
    loop.update(sessions=sessions, rubric=[], lunch=None, conflicts=[], phone_screened_by=[], site=None, order="any")
    loop["bar_raiser"]["required"] = False
    loop["breaks"]["max_consecutive"] = 3
    case.update(interviewers=people, loops=[loop])
    read = read_case(case)
    way = next(way for way in explain(Desk(read), read.loops[0]) if way.knobs == (Knob.BUSY,))
    assert [favour.interviewer for favour in way.favours] == [people[1]["id"]]
    assert said(way, read.loops[0], lambda _id: "Ina").startswith("Free Ina on Mon 30 Mar 2026, ")
