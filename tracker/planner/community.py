"""Who of the interviewer community may take what, answered for everybody at once."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Assignment, Interviewer, Loop, Role

People = NDArray[np.bool_]


class Community:
    """The interviewers in the order in which ties are broken, by recent load and then by id; one row for each."""

    def __init__(self, interviewers: Iterable[Interviewer]) -> None:
        self.people = sorted(interviewers, key=lambda person: (person.recent_load, person.id))
        self.rows = {person.id: row for row, person in enumerate(self.people)}
        self._qualified = _by_name([person.qualified for person in self.people])
        self._training = _by_name([person.training for person in self.people])
        self._raisers = np.array([person.is_bar_raiser for person in self.people], dtype=np.bool_)
        self._teams = np.array([person.team for person in self.people])

    def __len__(self) -> int:
        return len(self.people)

    def named(self, ids: Iterable[str]) -> People:
        """Return which rows have one of these ids."""
        found = np.zeros(len(self), dtype=np.bool_)
        found[[self.rows[each] for each in ids if each in self.rows]] = True
        return found

    def qualified(self, competency: str) -> People:
        """Return who is qualified for a competency."""
        return self._qualified.get(competency, np.zeros(len(self), dtype=np.bool_))

    def fit(self, assignment: Assignment) -> People:
        """Return who is qualified for all that a lead's assignment asks for, or in training for a shadow's (H9)."""
        fit = np.ones(len(self), dtype=np.bool_)
        of = self._qualified if assignment.role is Role.LEAD else self._training
        for competency in assignment.competencies:
            fit &= of.get(competency, False)
        return fit

    def raisers(self, loop: Loop) -> People:
        """Return who counts as this loop's bar raiser (H11)."""
        return self._raisers & (self._teams != loop.hiring_team) if loop.bar_raiser.from_outside else self._raisers


def _by_name(sets: Sequence[frozenset[str]]) -> dict[str, People]:
    found: dict[str, People] = {}
    for row, names in enumerate(sets):
        for name in names:
            if name not in found:
                found[name] = np.zeros(len(sets), dtype=np.bool_)
            found[name][row] = True
    return found
