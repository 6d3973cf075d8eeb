"""Many loops together: all rules hold across them, a batch of one is that loop alone, and no round makes it dearer."""

from collections import Counter

from tests.planner.oracle import Oracle
from tests.planner.tiny import tiny_case
from tracker.planner.batch import Batch, improve, plan_all
from tracker.planner.costs import cost_parts
from tracker.planner.desk import Desk
from tracker.planner.reading import read_case
from tracker.planner.writing import plan_document


def many(seed, count):
    document = tiny_case(seed)
    others = [tiny_case(seed + 100 * number)["loops"][0] for number in range(1, count)]
    loops = [loop | {"id": f"loop {number}"} for number, loop in enumerate([document["loops"][0], *others])]
    return document | {"loops": loops, "weights": {}}


def test_each_loop_keeps_its_rules_and_nobody_is_in_two_places_or_beyond_a_cap():
    planned = 0
    for seed in range(4):
        document = many(seed, 3)
        plans = plan_all(Desk(read_case(document)))
        planned += len(plans)
        held, weeks = Counter(), Counter()
        for loop in document["loops"]:
            if loop["id"] in plans:
                plan = plan_document(plans[loop["id"]])
                assert Oracle(document | {"loops": [loop]}).cost_of(plan) is not None, seed
                for session in plan["sessions"]:
                    for seat in session["seats"]:
                        held[seat["interviewer"], session["start"]] += seat["interviewer"] is not None
                        weeks[seat["interviewer"]] += 1
        assert not held or max(held.values()) <= 1, seed
        for person in document["interviewers"]:
            # All lie within one week, whose booked interviews count too.
            assert not weeks[person["id"]] or weeks[person["id"]] + len(person["booked"]) <= person["max_per_week"]
    assert planned > 2


def test_a_batch_of_one_is_that_loop_alone():
    for seed in range(4):
        case = read_case(tiny_case(seed))
        alone, batch = Desk(case).plan(case.loops[0]), plan_all(Desk(case))
        assert (alone is not None) == bool(batch), seed
        if alone is not None:
            assert sum(cost_parts(case, batch.values()).values()) == alone.cost, seed


def test_taking_out_and_in_never_makes_it_dearer_and_leaves_the_calendars_true():
    for seed in range(6):
        case = read_case(many(seed, 3))
        desk = Desk(case)
        batch = Batch(desk, {loop.id: loop for loop in case.loops})
        for name in batch.loops:
            batch.insert(name)
        before = batch.cost()
        improve(batch, 10)
        assert batch.cost() <= before, seed
        assert batch.cost() == sum(cost_parts(case, batch.plans.values()).values()), seed
        for name in list(batch.plans):
            batch.remove(name)
        fresh = Desk(case)
        assert (desk.calendars.run == fresh.calendars.run).all(), seed
        assert (desk.calendars.load == fresh.calendars.load).all(), seed
