"""One loop as arrays: who can take which assignment at which start, and what that costs.

Whatever the planner does with a loop (planning, repairing, explaining, inserting into a batch) is one search over such
a problem; only the costs differ. What is forbidden costs FORBIDDEN, what is only unwelcome costs less.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tracker.planner.candidate_days import CandidateDays
from tracker.planner.case import Assignment, Interview, Loop

Costs = NDArray[np.int32]

# Far above what any plan costs, and far enough below 2**31 that some twenty may be added up.
FORBIDDEN = 1 << 26
# The row of nobody: an optional shadow's assignment that stays empty.
NOBODY = -1


def is_possible(cost: int) -> bool:
    """Whether a sum of costs holds nothing that is forbidden."""
    return cost < FORBIDDEN // 2


@dataclass(frozen=True, slots=True)
class Options:
    """Who can take one assignment: ``costs[option, start]`` for each person (a row of the community, or NOBODY).

    ``raises``: who would count as the bar raiser. ``brings[option, floating]``: which of the problem's floating
    competencies he or she could be dealt beside what the assignment fixes, of which ``spare`` at most. Assignments with
    the same ``likeness`` have the same options at the same costs.
    """

    assignment: Assignment
    likeness: Hashable
    rows: NDArray[np.intp]
    costs: Costs
    raises: NDArray[np.bool_]
    brings: NDArray[np.bool_]
    spare: int


@dataclass(frozen=True, slots=True)
class InterviewOptions:
    """One interview: where it may begin (positions, see CandidateDays), what a start alone costs, who can take part."""

    interview: Interview
    atoms: int
    starts: NDArray[np.intp]
    start_costs: Costs
    options: tuple[Options, ...]


@dataclass(frozen=True)
class Problem:
    """One loop to be planned.

    ``floating`` says how often each competency has to be dealt out beyond what assignments fix (H10); the columns of
    ``brings`` are in its order.
    """

    loop: Loop
    days: CandidateDays
    atom: int
    interviews: tuple[InterviewOptions, ...]
    floating: Mapping[str, int]
    people: int

    @cached_property
    def assignments(self) -> tuple[tuple[int, Options], ...]:
        """All assignments of the loop in their order, each with the number of its interview."""
        return tuple((number, each) for number, interview in enumerate(self.interviews) for each in interview.options)
