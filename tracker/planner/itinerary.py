"""Reads the cheapest times of a loop out of its timetables: on which day or two, then step by step backwards."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker.planner.problem import FORBIDDEN, Costs, is_possible
from tracker.planner.timetable import Slot, Timetables


@dataclass(frozen=True, slots=True)
class Part:
    """What one day holds of a loop: how many interviews, in which state; ``raised`` is -1 with a bar raiser, else 0."""

    count: int
    state: int
    raised: int
    day: int


@dataclass(frozen=True, slots=True)
class Place:
    """An element of the timetables' array of a count."""

    state: int
    run: int
    lunch: int
    raised: int
    day: int
    column: int

    def cost(self, costs: Costs) -> int:
        """Return the element of an array."""
        return int(costs[self.state, self.run, self.lunch, self.raised, self.day, self.column])


def cost_by_day(tables: Timetables) -> Costs:
    """Return what the whole loop costs on each single day."""
    costs: Costs = tables.evenings(len(tables.orders.steps))[0, -1] + tables.rules.waits
    return costs


def cheapest(tables: Timetables) -> tuple[int, tuple[Slot, ...]] | None:
    """Return the lowest cost and the times, in their order; None where there are none."""
    cost, parts = min([_on_one_day(tables), *_on_two_days(tables)], key=lambda option: option[0])
    if not is_possible(cost):
        return None
    return cost, tuple(slot for part in parts for slot in reversed(list(_backwards(tables, part))))


def _on_one_day(tables: Timetables) -> tuple[int, tuple[Part, ...]]:
    costs = cost_by_day(tables)
    day = int(costs.argmin())
    return int(costs[day]), (Part(len(tables.orders.steps), 0, -1, day),)


def _on_two_days(tables: Timetables) -> Iterator[tuple[int, tuple[Part, ...]]]:
    """Yield the best for each way to part the loop, the bar raiser being seen on the one day or on the other."""
    rules, total = tables.rules, len(tables.orders.steps)
    if rules.splits is None:
        return
    beside = rules.splits + rules.waits
    for count, state, other in tables.orders.splits:
        if rules.fewest <= count <= total - rules.fewest:
            first, second = tables.evenings(count)[state], tables.evenings(total - count)[other]
            for raised, later in ((-1, 0), (0, -1)):
                costs = first[raised][:, np.newaxis] + second[later] + beside
                day, other_day = divmod(int(costs.argmin()), costs.shape[1])
                parts = (Part(count, state, raised, day), Part(total - count, other, later, other_day))
                yield int(costs[day, other_day]), parts


def _backwards(tables: Timetables, part: Part) -> Iterator[Slot]:
    """Yield the slots of a day, the last one first."""
    place = _ending(tables, part)
    for count in range(part.count, 0, -1):
        slot, place = _held(tables, count, place)
        yield slot
        if count > 1:
            place = _waited(tables, count - 1, place)


def _ending(tables: Timetables, part: Part) -> Place:
    """Return where the day's part is cheapest."""
    raised = part.raised % (1 + tables.rules.needs_bar_raiser)
    held = tables.held[part.count][part.state, :, :, raised, part.day].copy()
    if tables.rules.needs_lunch:
        held[:, 0, ~tables.rules.evening[part.day]] = FORBIDDEN
    run, lunch, column = np.unravel_index(int(held.argmin()), held.shape)
    return Place(part.state, int(run), int(lunch), raised, part.day, int(column))


def _held(tables: Timetables, count: int, end: Place) -> tuple[Slot, Place]:
    """Return the interview that ended there, and the place in ``arrived`` from which it started."""
    cost = end.cost(tables.held[count])
    for step in tables.orders.steps[count - 1]:
        kind = tables.kinds[step.kind]
        start = end.column - kind.length
        for state in step.before[step.after == end.state].tolist() if start >= 0 else ():
            for raising in range(end.raised + 1):
                place = Place(state, end.run, end.lunch, end.raised - raising, end.day, start)
                price = int((kind.raising if raising else kind.plain)[end.day, start])
                if place.cost(tables.arrived[count - 1]) + price == cost:
                    return Slot(step.kind, end.day, start, bool(raising)), place
    raise AssertionError("a cost in a timetable comes from somewhere")


def _waited(tables: Timetables, count: int, start: Place) -> Place:
    """Return the place in ``held`` after which the wait for a start began."""
    cost = start.cost(tables.arrived[count])
    for gap in tables.rules.gaps:
        runs = range(tables.rules.runs) if gap.is_break else range(start.run - 1, start.run)
        end = start.column - gap.columns
        if end < 0 or (gap.is_break and start.run) or not (gap.is_break or start.run):
            continue
        for run in runs:
            for lunch in range(start.lunch + 1):
                fed = lunch == start.lunch or (gap.lunch is not None and not gap.lunch[start.day, start.column])
                place = Place(start.state, run, lunch, start.raised, start.day, end)
                if fed and place.cost(tables.held[count]) + gap.cost == cost:
                    return place
    raise AssertionError("a cost in a timetable comes from somewhere")
