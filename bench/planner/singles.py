"""One loop: planned, repaired, explained; beside people's habits and a general solver."""

import gc
import json
import math
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from bench.planner.cases import draw_case
from bench.planner.habits import Habit, Order
from bench.planner.judge import Judge
from bench.planner.solver import is_installed, solve
from tracker.planner.case import Case, LoopPlan
from tracker.planner.desk import Desk, Planned
from tracker.planner.explaining import explain
from tracker.planner.reading import read_case
from tracker.planner.terms import Terms
from tracker.planner.writing import plan_document

SIZES = ((100, 10), (500, 10), (2000, 20))
# What a change of a plan costs in a repair, as where none is told (docs/loop-planner.md).
TIME_CHANGED, PERSON_CHANGED = 1000, 300


def timed(thing: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    """Return the milliseconds of the processor that a thing takes, and what it returns."""
    began = time.process_time()
    found = thing(*given)
    return (time.process_time() - began) * 1000, found


def say(name: str, milliseconds: Sequence[float], more: str = "") -> None:
    """Print the median and the 95th percentile."""
    ordered = sorted(milliseconds)
    high = ordered[math.ceil(0.95 * len(ordered)) - 1]
    print(f"{name:52} median {statistics.median(ordered):8.1f} ms   p95 {high:8.1f} ms   {more}", flush=True)


def judged(document: Any, planned: Planned | None) -> None:
    """Hold a plan against the judge."""
    if planned is not None:
        assert Judge(document).cost([plan_document(planned.plan)]) == planned.cost


def one(cases: int) -> None:
    """Plan one loop, its calendars in memory."""
    for people, days in SIZES:
        spent, proven = [], 0
        count = cases if people < 1000 else cases // 4
        for seed in range(count):
            document = draw_case(seed, people, days)
            case = read_case(document)
            desk = Desk(case)
            milliseconds, planned = timed(desk.plan, case.loops[0])
            judged(document, planned)
            spent.append(milliseconds)
            proven += planned is None or planned.is_proven
        say(f"one loop, {people:,} people, {days} days", spent, f"proven best {proven} of {count}")


def raw(cases: int) -> None:
    """Plan one loop from a case as it is parsed, with everything read and checked anew."""
    for people, days in SIZES:
        spent, parsing = [], []
        for seed in range(cases // 4):
            text = json.dumps(draw_case(seed, people, days))
            milliseconds, document = timed(json.loads, text)
            parsing.append(milliseconds)
            spent.append(timed(_from_raw, document)[0])
        more = f"beside {statistics.median(parsing):.1f} ms of json.loads"
        say(f"one loop from its raw case, {people:,} people, {days} days", spent, more)


def _from_raw(document: Any) -> Planned | None:
    case = read_case(document)
    return Desk(case).plan(case.loops[0])


def repair(cases: int) -> None:
    """Let one interviewer decline, and one interview move."""
    people, days = SIZES[1]
    declining, moving, others = [], [], 0
    for seed in range(cases):
        document, case, desk, planned = _planned(seed, people, days)
        loop, plan = case.loops[0], planned.plan
        gone = plan.interviews[seed % 5].assigned[0].interviewer or ""
        milliseconds, mended = timed(desk.plan, loop, _kept(plan, declined=frozenset({gone})))
        declining.append(milliseconds)
        if mended is not None:
            assert gone not in _people(mended.plan)
            others += _people(plan) - {gone} <= _people(mended.plan)
            Judge(document).cost([plan_document(mended.plan)])
        moved = frozenset({plan.interviews[seed % 5].interview})
        milliseconds, mended = timed(desk.plan, loop, _kept(plan, moved=moved))
        moving.append(milliseconds)
        if mended is not None:
            Judge(document).cost([plan_document(mended.plan)])
    say(f"one declines, {people:,} people, {days} days", declining, f"all others kept {others} of {cases}")
    say(f"one interview moves, {people:,} people, {days} days", moving)


def _planned(seed: int, people: int, days: int) -> tuple[Any, Case, Desk, Planned]:
    document = draw_case(seed, people, days)
    case = read_case(document)
    desk = Desk(case)
    planned = desk.plan(case.loops[0])
    assert planned is not None
    return document, case, desk, planned


def _kept(plan: LoopPlan, declined: frozenset[str] = frozenset(), moved: frozenset[str] = frozenset()) -> Terms:
    return Terms(
        previous=plan, declined=declined, moved=moved, time_changed=TIME_CHANGED, person_changed=PERSON_CHANGED
    )


def _people(plan: LoopPlan) -> set[str | None]:
    return {seat.interviewer for held in plan.interviews for seat in held.assigned}


def none(cases: int) -> None:
    """Explain why there is no plan: the candidate has one short morning, or nobody knows a competency."""
    people, days = SIZES[1]
    spent, ways = [], 0
    for seed in range(cases // 2):
        document = draw_case(seed, people, days)
        loop = document["loops"][0]
        if seed % 2:
            loop["candidate"]["windows"] = loop["candidate"]["windows"][:1]
            loop["candidate"]["windows"][0][1] = loop["candidate"]["windows"][0][0][:11] + "18:00:00Z"
        else:
            wanted = loop["rubric"][0]["competency"]
            for person in document["interviewers"]:
                person["qualified"] = [each for each in person["qualified"] if each != wanted]
        case = read_case(document)
        desk = Desk(case)
        assert desk.plan(case.loops[0]) is None
        milliseconds, found = timed(explain, desk, case.loops[0])
        spent.append(milliseconds)
        ways += bool(found)
    say(f"why there is none, {people:,} people, {days} days", spent, f"with a way out {ways} of {len(spent)}")


def habits(cases: int) -> None:
    """Hold single plans against the first people who are free."""
    people, days = SIZES[1]
    asked = (Order.LIST, Order.LOAD)
    costs: dict[str, list[int]] = {"planner": [], **{order: [] for order in asked}}
    for seed in range(cases):
        document, _case, _desk, planned = _planned(seed, people, days)
        costs["planner"].append(planned.cost)
        for order in asked:
            costs[order].append(Judge(document).cost(Habit(document, order).plan_all()))
    for name, found in costs.items():
        print(f"one loop, {people:,} people: {name:20} costs {statistics.mean(found):9.1f} on average", flush=True)


def solver(cases: int) -> None:
    """Ask a general solver for the best plan of the same loops."""
    if not is_installed():
        print("no general solver is installed: pip install ortools to hold the planner against one", flush=True)
        return
    for people, days in SIZES[:2]:
        ratios, agreed, proven = [], 0, 0
        for seed in range(cases):
            document, case, desk, planned = _planned(seed, people, days)
            gc.collect()
            milliseconds, _again = timed(desk.plan, case.loops[0])
            opinion = solve(document, most_seconds=60)
            ratios.append(opinion.seconds * 1000 / milliseconds)
            proven += opinion.is_proven
            agreed += opinion.is_proven and opinion.cost == planned.cost
            assert opinion.cost is None or opinion.cost >= planned.cost
        print(
            f"general solver, {people:,} people, {days} days: "
            f"{statistics.median(ratios):,.0f} times the planner's time; "
            f"proved {proven} of {cases} in 60 s, the same cost in {agreed} of them",
            flush=True,
        )
