"""Many loops together: one after the other at first, then a few at a time are taken out and planned anew.

Each insertion is exact beside the others. Ruin and recreate after Schrimpf, Schneider, Stamm-Wilbrandt and Dueck,
"Record breaking optimization results using the ruin and recreate principle" (Journal of Computational Physics 159,
2000); a round that makes the batch dearer is undone.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.planner.case import Loop, LoopPlan
from tracker.planner.desk import Desk
from tracker.planner.terms import repair_terms

# A loop of many is searched less thoroughly than one alone.
MOST_PARTS = 60
# Work is counted and never timed: so many rounds for each loop, and far fewer where there are very many.
ROUNDS_FOR_EACH, MOST_WORK = 32, 240_000_000
MOST_TAKEN_OUT = 4
A_DAY = 24 * 60


@dataclass
class Batch:
    """Loops that are being planned at one desk; ``plans`` are booked there, by loop."""

    desk: Desk
    loops: dict[str, Loop]
    plans: dict[str, LoopPlan] = field(default_factory=dict)
    # What each plan costs beside its people's load, which all loops have together.
    alone: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.load_before = self._squares()

    def insert(self, name: str) -> bool:
        """Plan one loop beside the others and book it; return whether there was a way."""
        loop = self.loops[name]
        found = self.desk.plan(loop, repair_terms(self.desk.case, name), MOST_PARTS)
        if found is not None:
            before = self._squares()
            self.desk.book(loop, found.plan)
            self.plans[name] = found.plan
            self.alone[name] = found.cost - self.desk.case.weights.load * (self._squares() - before)
        return found is not None

    def remove(self, name: str) -> tuple[LoopPlan, int]:
        """Give back what a loop has booked; return its plan and what it costs alone."""
        plan = self.plans.pop(name)
        self.desk.release(self.loops[name], plan)
        return plan, self.alone.pop(name)

    def cost(self) -> int:
        """Return what the whole batch costs."""
        weights = self.desk.case.weights
        missing = weights.unplanned * (len(self.loops) - len(self.plans))
        load = weights.load * (self._squares() - self.load_before)
        return missing + load + sum(self.alone.values())

    def _squares(self) -> int:
        return int((self.desk.calendars.load.astype(int) ** 2).sum())

    def people(self, name: str) -> set[str]:
        """Return who sits in a loop."""
        held = self.plans[name].interviews if name in self.plans else ()
        return {seat.interviewer for each in held for seat in each.assigned if seat.interviewer is not None}

    def days(self, name: str) -> set[int]:
        """Return the days, counted in UTC, on which a loop is held."""
        return {each.starts_at // A_DAY for each in self.plans[name].interviews} if name in self.plans else set()

    def put_back(self, removed: Iterable[tuple[LoopPlan, int]]) -> None:
        """Book plans again that were removed."""
        for plan, alone in removed:
            self.desk.book(self.loops[plan.loop], plan)
            self.plans[plan.loop], self.alone[plan.loop] = plan, alone


def plan_all(desk: Desk) -> dict[str, LoopPlan]:
    """Return plans for as many loops of the desk's case as there is a way for, by loop."""
    batch = Batch(desk, {loop.id: loop for loop in desk.case.loops})
    for name in _order(desk):
        batch.insert(name)
    count = len(desk.case.loops)
    # A batch of one is best already, and a repair is to change little.
    if count > 1 and desk.case.repair is None:
        improve(batch, min(ROUNDS_FOR_EACH * count, MOST_WORK // count**3))
    return batch.plans


def improve(batch: Batch, rounds: int) -> None:
    """Take a few loops out and plan them anew, so many times, and keep what is not dearer."""
    # The same case has the same answer everywhere.
    chance = random.Random(batch.desk.case.name)  # noqa: S311 - nothing secret
    cost = batch.cost()
    for _ in range(rounds):
        taken = _related(batch, chance)
        before = [batch.remove(name) for name in taken if name in batch.plans]
        chance.shuffle(taken)
        for name in taken:
            batch.insert(name)
        now = batch.cost()
        if now > cost:
            for name in [name for name in taken if name in batch.plans]:
                batch.remove(name)
            batch.put_back(before)
        cost = min(cost, now)


def _related(batch: Batch, chance: random.Random) -> list[str]:
    """Return a loop, one without a plan above all, and some others that share people with it or are held then."""
    names = sorted(batch.loops)
    missing = [name for name in names if name not in batch.plans]
    first = chance.choice(missing if missing and chance.random() < 1 / 2 else names)
    could = batch.days(first)
    people = batch.people(first)
    others = [name for name in names if name != first and name in batch.plans]
    near = [name for name in others if batch.people(name) & people or batch.days(name) & could] or others
    return [first, *chance.sample(near, min(len(near), chance.randint(1, MOST_TAKEN_OUT - 1)))]


def _order(desk: Desk) -> list[str]:
    """Return the loops in the order of insertion: what a repair need not touch, then who has the least time."""
    repair = desk.case.repair
    touched = {loop for loop, _ in repair.declined | repair.moved} if repair else set()
    kept = set(repair.previous) - touched if repair else set()
    room = {loop.id: int((loop.windows[:, 1] - loop.windows[:, 0]).sum()) for loop in desk.case.loops}
    return sorted(room, key=lambda name: (name not in kept, room[name], name))
