"""What plans cost, part by part (docs/loop-planner.md, "Costs"): reckoned from the plans alone, not from the search."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from tracker.planner.case import Assigned, Case, Held, Loop, LoopPlan, Minute, Role
from tracker.planner.grid import local_day

A_QUARTER = 15


def cost_parts(case: Case, plans: Iterable[LoopPlan]) -> dict[str, int]:
    """Return the points of each part that costs anything; loops of the case that have no plan are ``unplanned``."""
    planned = {plan.loop: plan for plan in plans}
    parts: Counter[str] = Counter()
    leads: Counter[str] = Counter()
    for loop in case.loops:
        plan = planned.get(loop.id)
        if plan is None:
            parts["unplanned"] += case.weights.unplanned
            continue
        reckoning = _Reckoning(case, loop, plan)
        parts.update(reckoning.parts())
        leads.update(reckoning.leads())
    loads = {person.id: person.recent_load for person in case.interviewers if person.id in leads}
    parts["load"] += case.weights.load * sum((loads[each] + n) ** 2 - loads[each] ** 2 for each, n in leads.items())
    return {name: points for name, points in parts.items() if points}


class _Reckoning:
    """One loop and its plan."""

    def __init__(self, case: Case, loop: Loop, plan: LoopPlan) -> None:
        self.case, self.loop, self.plan = case, loop, plan
        self.interviews = {each.id: each for each in loop.interviews}
        self.roles = {(each.id, seat.id): seat.role for each in loop.interviews for seat in each.assignments}

    def parts(self) -> dict[str, int]:
        weights, days = self.case.weights, self._days()
        waited = (max(days) - local_day(self.case.starts_at, self.loop.zone)).days
        idle = sum(gap // A_QUARTER for held in days.values() for gap in _gaps(held))
        empty = sum(seat.interviewer is None for _, seat in self._seats())
        return {
            "wait": weights.wait_day * waited,
            "split": weights.split * (len(days) - 1),
            "idle": weights.idle_quarter * idle,
            "shadow": weights.shadow * empty,
            "tentative": weights.tentative * self._tentative(),
            **self._changes(),
        }

    def leads(self) -> Iterator[str]:
        for held, seat in self._seats():
            if seat.interviewer is not None and self.roles[held.interview, seat.assignment] is Role.LEAD:
                yield seat.interviewer

    def _seats(self) -> Iterator[tuple[Held, Assigned]]:
        for held in self.plan.interviews:
            for seat in held.assigned:
                yield held, seat

    def _span(self, held: Held) -> tuple[Minute, Minute]:
        return held.starts_at, held.starts_at + self.interviews[held.interview].minutes

    def _days(self) -> dict[date, list[tuple[Minute, Minute]]]:
        days: dict[date, list[tuple[Minute, Minute]]] = {}
        for held in sorted(self.plan.interviews, key=lambda each: each.starts_at):
            days.setdefault(local_day(held.starts_at, self.loop.zone), []).append(self._span(held))
        return days

    def _tentative(self) -> int:
        people = {person.id: person for person in self.case.interviewers}
        found = 0
        for held, seat in self._seats():
            if seat.interviewer is not None:
                start, end = self._span(held)
                spans = people[seat.interviewer].tentative
                found += bool(((spans[:, 0] < end) & (start < spans[:, 1])).any())
        return found

    def _changes(self) -> dict[str, int]:
        repair = self.case.repair
        before = repair.previous.get(self.loop.id) if repair else None
        if repair is None or before is None:
            return {}
        was = {each.interview: each for each in before.interviews}
        times = sum(held.starts_at != was[held.interview].starts_at for held in self._kept(was))
        seats = ((held, seat) for held in before.interviews for seat in held.assigned)
        people = {(held.interview, seat.assignment): seat.interviewer for held, seat in seats}
        gone = {person for loop, person in repair.declined if loop == self.loop.id}
        others = sum(
            people.get((held.interview, seat.assignment)) not in {None, seat.interviewer, *gone}
            for held, seat in self._seats()
        )
        return {"time_changed": repair.time_changed * times, "person_changed": repair.person_changed * others}

    def _kept(self, was: dict[str, Held]) -> list[Held]:
        return [held for held in self.plan.interviews if held.interview in was]


def _gaps(held: Sequence[tuple[Minute, Minute]]) -> Iterator[int]:
    for (_, ended), (start, _end) in pairwise(held):
        yield start - ended
