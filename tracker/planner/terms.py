"""What is different this time: bars that are lifted at a price, and a plan that is to be kept as far as it can be."""

from dataclasses import dataclass

from tracker.planner.calendars import Bar
from tracker.planner.case import Case, LoopPlan

# What one exception for one person costs: more than plans differ otherwise, so that the fewest are found.
EXCEPTION = 1_000_000


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms on which one loop is planned; by default, those of the case and nothing else.

    ``lifted``: bars that a person may be asked to disregard, each time at the price EXCEPTION; ``anybody_evaluates``
    does the same for qualifications. ``previous`` is the plan to be kept, where each changed time and person has its
    cost. Who ``declined`` is out, and interviews that ``moved`` begin at another time than before.
    """

    lifted: frozenset[Bar] = frozenset()
    anybody_evaluates: bool = False
    previous: LoopPlan | None = None
    declined: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
    time_changed: int = 0
    person_changed: int = 0


PLAIN = Terms()


def repair_terms(case: Case, loop_id: str) -> Terms:
    """Return the terms on which a loop of the case is planned: those of its repair, where it has one."""
    repair = case.repair
    if repair is None or loop_id not in repair.previous:
        return PLAIN
    return Terms(
        previous=repair.previous[loop_id],
        declined=frozenset(person for loop, person in repair.declined if loop == loop_id),
        moved=frozenset(interview for loop, interview in repair.moved if loop == loop_id),
        time_changed=repair.time_changed,
        person_changed=repair.person_changed,
    )
