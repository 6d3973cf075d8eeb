"""Many loops together: one after the other at first, those with the least room first."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.planner.case import Loop, LoopPlan
from tracker.planner.desk import Desk
from tracker.planner.terms import repair_terms

# A loop of many is searched less thoroughly than one alone.
MOST_PARTS = 60


@dataclass
class Batch:
    """Loops that are being planned at one desk; ``plans`` are booked there, by loop."""

    desk: Desk
    loops: dict[str, Loop]
    plans: dict[str, LoopPlan] = field(default_factory=dict)

    def insert(self, name: str) -> bool:
        """Plan one loop beside the others and book it; return whether there was a way."""
        loop = self.loops[name]
        found = self.desk.plan(loop, repair_terms(self.desk.case, name), MOST_PARTS)
        if found is not None:
            self.desk.book(loop, found.plan)
            self.plans[name] = found.plan
        return found is not None

    def remove(self, name: str) -> LoopPlan:
        """Give back what a loop has booked; return its plan."""
        plan = self.plans.pop(name)
        self.desk.release(self.loops[name], plan)
        return plan

    def put_back(self, plans: Iterable[LoopPlan]) -> None:
        """Book plans again that were removed."""
        for plan in plans:
            self.desk.book(self.loops[plan.loop], plan)
            self.plans[plan.loop] = plan


def plan_all(desk: Desk) -> dict[str, LoopPlan]:
    """Return plans for as many loops of the desk's case as there is a way for, by loop."""
    batch = Batch(desk, {loop.id: loop for loop in desk.case.loops})
    for name in _order(desk):
        batch.insert(name)
    return batch.plans


def _order(desk: Desk) -> list[str]:
    """Return the loops in the order of insertion: what a repair need not touch, then who has the least time."""
    repair = desk.case.repair
    touched = {loop for loop, _ in repair.declined | repair.moved} if repair else set()
    kept = set(repair.previous) - touched if repair else set()
    room = {loop.id: int((loop.windows[:, 1] - loop.windows[:, 0]).sum()) for loop in desk.case.loops}
    return sorted(room, key=lambda name: (name not in kept, room[name], name))
