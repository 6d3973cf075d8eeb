"""A year of loops: how evenly they fall on people, beside choosing anybody or the first who is free.

Each week some loops are planned, one after the other, over calendars of that week; recent load is that of four weeks,
as the tracker counts it. People join, and are eased in; others are in training, and qualified once they shadowed
twice and reverse-shadowed twice. Nobody declines. Caps are held by the judge, with all else.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from bench.planner.cases import draw_case
from bench.planner.habits import Habit, Order
from bench.planner.judge import Judge
from tracker.planner.desk import Desk
from tracker.planner.reading import read_case
from tracker.planner.writing import plan_document
from tracker.rules.community import eased_load

Json = dict[str, Any]
Planning = Callable[[Json], list[Json]]

PEOPLE, NEWCOMERS, LOOPS, RECENT_WEEKS = 60, 6, 3, 4
# Beside leads of others, and beside others as lead: what it takes to be qualified.
SHADOWED, REVERSE_SHADOWED = 2, 2
LASTING = ("id", "timezone", "team", "bar_raiser", "working_hours", "max_per_day", "max_per_week")


def fairness(weeks: int) -> None:
    """Live through the same weeks three times."""
    ways: dict[str, Planning] = {
        "planner": _best,
        Order.CHANCE: lambda case: Habit(case, Order.CHANCE).plan_all(),
        Order.LIST: lambda case: Habit(case, Order.LIST).plan_all(),
    }
    for name, planning in ways.items():
        year = Year(weeks)
        for week in range(weeks):
            year.live(week, planning)
        print(f"{weeks} weeks, {LOOPS} loops each, {PEOPLE} people, {name:12} {year.told()}", flush=True)


def _best(document: Json) -> list[Json]:
    case = read_case(document)
    desk, plans = Desk(case), []
    for loop in case.loops:
        planned = desk.plan(loop)
        if planned is not None:
            desk.book(loop, planned.plan)
            plans.append(plan_document(planned.plan))
    return plans


class Year:
    """The weeks so far: who led how often, and how far those in training came."""

    def __init__(self, weeks: int) -> None:
        self.people = {each["id"]: each for each in draw_case(0, PEOPLE, 5)["interviewers"]}
        names = list(self.people)
        joining = names[-NEWCOMERS:]
        self.joins = {name: (number + 1) * weeks // (NEWCOMERS + 2) for number, name in enumerate(joining)}
        self.led: list[Counter[str]] = []
        self.sat: Counter[str] = Counter()
        self.qualified_in: dict[str, int] = {}
        self.trainees = [name for name in names if self.people[name]["training"]]
        self.missing = 0

    def live(self, week: int, planning: Planning) -> None:
        """Plan the loops of a week, and hold them."""
        case = draw_case(week + 1, PEOPLE, 5, LOOPS, busy=0.5)
        here = [each for each in case["interviewers"] if self.joins.get(each["id"], 0) <= week]
        loads = self._loads(week, [each["id"] for each in here])
        for each in here:
            known = self.people[each["id"]]
            each |= {key: known[key] for key in (*LASTING, "qualified", "training")}
            each |= {"booked": [], "recent_load": loads[each["id"]]}
        case["interviewers"] = here
        names = {each["id"] for each in here}
        for loop in case["loops"]:
            loop["phone_screened_by"] = [name for name in loop["phone_screened_by"] if name in names]
            loop["conflicts"] = [name for name in loop["conflicts"] if name in names]
        plans = [plan for plan in planning(case) if plan["status"] == "planned"]
        Judge(case).cost(plans)
        self.missing += LOOPS - len(plans)
        self._hold(week, plans)

    def _loads(self, week: int, names: list[str]) -> dict[str, int]:
        recent = sum(self.led[-RECENT_WEEKS:], Counter())
        here = {name: (week - joined) / RECENT_WEEKS for name, joined in self.joins.items()}
        middle = statistics.median_low([recent[name] for name in names if here.get(name, 1) >= 1])
        return {name: eased_load(recent[name], middle, here.get(name, 1)) for name in names}

    def _hold(self, week: int, plans: list[Json]) -> None:
        led: Counter[str] = Counter()
        for seat in (seat for plan in plans for session in plan["sessions"] for seat in session["seats"]):
            if seat["competencies"]:
                led[seat["interviewer"]] += 1
            elif seat["interviewer"]:
                self._train(week, seat["interviewer"])
        self.led.append(led)

    def _train(self, week: int, name: str) -> None:
        self.sat[name] += 1
        person = self.people[name]
        if self.sat[name] == SHADOWED + REVERSE_SHADOWED:
            person |= {"qualified": sorted({*person["qualified"], *person["training"]}), "training": []}
            self.qualified_in[name] = week + 1

    def told(self) -> str:
        """Return the year in figures: the spread of load among those who were there all along, newcomers, training."""
        total = sum(self.led, Counter())
        pools: defaultdict[bool, list[int]] = defaultdict(list)
        for name in self.people:
            pools[name in self.joins].append(total[name])
        there = pools[False]
        spread = statistics.pstdev(there) / statistics.mean(there)
        first, then = (statistics.mean(self._since_joining(weeks)) for weeks in (range(4), range(4, 8)))
        others = 4 * statistics.mean(there) / len(self.led)
        median = f"median {statistics.median(self.qualified_in.values()):.0f}" if self.qualified_in else "never"
        return (
            f"load {min(there)} to {max(there)}, spread {spread:.2f} of the mean; newcomers {first:.1f} in their first "
            f"four weeks and {then:.1f} in the next, others {others:.1f}; qualified "
            f"{len(self.qualified_in)} of {len(self.trainees)} in training, week: {median}; not planned {self.missing}"
        )

    def _since_joining(self, weeks: range) -> list[int]:
        """Return how often each newcomer led in these weeks from the first one on."""
        return [
            sum(self.led[at + week][name] for week in weeks if at + week < len(self.led))
            for name, at in self.joins.items()
        ]
