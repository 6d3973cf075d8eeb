"""Many loops together: time, memory, distance from a proven bound, and what the least-loaded-free-person rule does."""

import resource
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bench.planner.bound import lower_bound
from bench.planner.cases import draw_case
from bench.planner.habits import Habit, Order
from bench.planner.judge import Judge
from tracker.planner.batch import plan_all
from tracker.planner.desk import Desk
from tracker.planner.reading import read_case
from tracker.planner.writing import plan_document

Json = dict[str, Any]


def middle(batches: int) -> None:
    """Plan 50 loops over 500 people."""
    for seed in range(batches):
        _batch(seed, people=500, days=10, loops=50)


def large(batches: int) -> None:
    """Plan 200 loops over 2,000 people and twenty days."""
    for seed in range(batches):
        _batch(seed, people=2000, days=20, loops=200)


def _batch(seed: int, people: int, days: int, loops: int) -> None:
    document = draw_case(seed, people, days, loops)
    case = read_case(document)
    began = time.process_time()
    plans = plan_all(Desk(case))
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    ours = [plan_document(plan) for plan in plans.values()]
    theirs = Habit(document, Order.LOAD).plan_all()
    costs = {name: Judge(document).cost(each) for name, each in (("planner", ours), ("least loaded", theirs))}
    bound = lower_bound(case, costs["planner"])
    print(
        f"{loops} loops, {people:,} people, {days} days: {len(plans)} planned in {seconds:.1f} s, at most {peak} MiB; "
        f"cost {costs['planner']:,}, {costs['planner'] / bound - 1:.1%} above the bound {bound:,}",
        flush=True,
    )
    _compare(document, ours, theirs, costs)


def _compare(document: Json, ours: Sequence[Json], theirs: Sequence[Json], costs: dict[str, int]) -> None:
    planned = sum(each["status"] == "planned" for each in theirs)
    mine, other = (imbalance(document, each) for each in (ours, theirs))
    print(
        f"    least loaded who is free: {planned} planned, cost {costs['least loaded']:,}; "
        f"the planner costs {1 - costs['planner'] / costs['least loaded']:.0%} less, "
        f"and its load is {1 - mine / other:.0%} less uneven",
        flush=True,
    )


def imbalance(document: Json, plans: Sequence[Json]) -> float:
    """Return how uneven the load is of those who were asked: its standard deviation, recent load and new together."""
    given = Counter(
        seat["interviewer"]
        for plan in plans
        for session in plan.get("sessions", [])
        for seat in session["seats"]
        if seat["interviewer"] and seat["competencies"]
    )
    loads: list[int] = [
        each["recent_load"] + given[each["id"]] for each in document["interviewers"] if given[each["id"]]
    ]
    return statistics.pstdev(loads)
