"""Who could take one person's place in a plan without anything else being changed, the best first."""

from dataclasses import dataclass

from tracker.planner.branching import shortage
from tracker.planner.case import Loop, LoopPlan
from tracker.planner.desk import Desk
from tracker.planner.problem import NOBODY, Problem, is_possible
from tracker.planner.setting_up import set_up
from tracker.planner.terms import Terms


@dataclass(frozen=True, slots=True)
class Substitute:
    """Somebody who could take the place, and what that costs."""

    interviewer: str
    cost: int


def substitutes(desk: Desk, loop: Loop, plan: LoopPlan, gone: str) -> list[Substitute]:
    """Return who could sit where ``gone`` does, at the same time, beside the same others, with all rules kept.

    Ranked by cost, then by recent load and id. None where ``gone`` has no seat in the plan.
    """
    problem = set_up(desk.case, loop, desk.calendars, desk.rooms, Terms(declined=frozenset({gone})))
    seats = [(number, seat) for number, held in enumerate(plan.interviews) for seat in held.assigned]
    place = next((place for place, (_, seat) in enumerate(seats) if seat.interviewer == gone), None)
    starts = _starts(desk, problem, plan)
    if place is None or starts[seats[place][0]] is None:
        return []
    rows = [desk.calendars.community.rows.get(seat.interviewer or "", NOBODY) for _, seat in seats]
    chosen = [_option(problem, number, row) for number, row in enumerate(rows)]
    options, start = problem.assignments[place][1], starts[seats[place][0]]
    found = []
    for option, row in enumerate(options.rows.tolist()):
        cost = int(options.costs[option, start])
        if row == NOBODY or row in rows or not is_possible(cost):
            continue
        if _keeps_rules(problem, [*chosen[:place], option, *chosen[place + 1 :]]):
            found.append(Substitute(desk.calendars.community.people[row].id, cost))
    # Rows are in the order in which ties are broken.
    return sorted(found, key=lambda each: each.cost)


def _starts(desk: Desk, problem: Problem, plan: LoopPlan) -> list[int | None]:
    """Return for each interview the number of its start in the plan; None where the problem has no such start."""
    found: list[int | None] = []
    for interview, held in zip(problem.interviews, plan.interviews, strict=True):
        minutes = problem.days.minutes(interview.starts, desk.grid).tolist()
        found.append(minutes.index(held.starts_at) if held.starts_at in minutes else None)
    return found


def _option(problem: Problem, place: int, row: int) -> int | None:
    """Return the option by which a person sits there; None: he or she is no option, and is taken as he or she sits."""
    rows = problem.assignments[place][1].rows.tolist()
    return rows.index(row) if row in rows else None


def _keeps_rules(problem: Problem, chosen: list[int | None]) -> bool:
    known = [(options, option) for (_, options), option in zip(problem.assignments, chosen, strict=True)]
    raised = any(option is not None and bool(options.raises[option]) for options, option in known)
    if problem.loop.bar_raiser.is_required and not raised:
        return False
    complete = [option for option in chosen if option is not None]
    return not problem.floating or (len(complete) == len(chosen) and not shortage(problem, complete))
