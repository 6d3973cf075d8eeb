"""The same question put to a general solver (CP-SAT of OR-Tools, where it is installed), as a second opinion.

One day, five interviews at five places in a row with gaps between them, a person for each assignment at each start.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from bench.planner import judge
from bench.planner.judge import MINUTE, Judge, may_raise, moment

try:
    from ortools.sat.python import cp_model
except ImportError:
    cp_model = None

Json = dict[str, Any]
A_QUARTER = 15 * MINUTE


@dataclass(frozen=True)
class Opinion:
    """What the solver found: the cost of its best plan, whether it proved it, its processor seconds."""

    cost: int | None
    is_proven: bool
    seconds: float


def is_installed() -> bool:
    """Whether there is a solver to ask."""
    return cp_model is not None


def solve(case: Json, most_seconds: float) -> Opinion:
    """Return the solver's plan for the case's only loop; making the model is not counted, solving is."""
    question = _Question(case)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = most_seconds
    began = time.process_time()
    status = solver.solve(question.model)
    seconds = time.process_time() - began
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Opinion(round(solver.objective_value) if found else None, status == cp_model.OPTIMAL, seconds)


class _Question:
    """The model of one loop."""

    def __init__(self, case: Json) -> None:
        self.model = cp_model.CpModel()
        self.judge, self.loop = Judge(case), case["loops"][0]
        self.zone = ZoneInfo(self.loop["candidate"]["timezone"])
        self.origin = moment(case["horizon"]["start"])
        self.times = self._starts()
        self.costs: list[Any] = []
        self.numbers = range(len(self.loop["sessions"]))
        self.at = [self._at() for _ in self.numbers]
        self._people()
        self._times()
        self.model.minimize(sum(self.costs))

    def _starts(self) -> list[datetime]:
        found = []
        for first, last in self.loop["candidate"]["windows"]:
            at = moment(first)
            while at + 60 * MINUTE <= moment(last):
                found.append(at)
                at += A_QUARTER
        return found

    def _quarter(self, at: datetime) -> int:
        return (at - self.origin) // A_QUARTER

    def _at(self) -> dict[datetime, Any]:
        literals = {at: self.model.new_bool_var("") for at in self.times}
        self.model.add_exactly_one(literals.values())
        return literals

    def _people(self) -> None:
        excluded = {*self.loop["conflicts"], *self.loop["phone_screened_by"]}
        people = [self.judge.person(name) for name in self.judge.people if name not in excluded]
        there = {
            (person.facts["id"], at): judge.TENTATIVE * judge.meets((at, at + 60 * MINUTE), person.tentative)
            for person in people
            for at in self.times
            if person.may((at, at + 60 * MINUTE), [])
        }
        taken: dict[str, list[Any]] = {person.facts["id"]: [] for person in people}
        raising = []
        for number, session in enumerate(self.loop["sessions"]):
            for seat in session["seats"]:
                raising += self._seat(number, seat, there, taken)
        for literals in taken.values():
            self.model.add_at_most_one(literals)
        self.model.add_bool_or(raising)

    def _seat(self, number: int, seat: Json, there: dict[Any, int], taken: dict[str, list[Any]]) -> list[Any]:
        """Add who can take a seat at each start; return the choices that bring a bar raiser."""
        leading = seat["role"] == "interviewer"
        at: dict[datetime, list[Any]] = {each: [] for each in self.times}
        raising = []
        for (name, start), tentative in there.items():
            facts = self.judge.people[name]
            knows = facts["qualified"] if leading else facts["training"]
            if set(seat["competencies"] if leading else [seat["competency"]]) <= set(knows):
                literal = self.model.new_bool_var("")
                at[start].append(literal)
                taken[name].append(literal)
                load = judge.LOAD * (2 * facts["recent_load"] + 1) if leading else -judge.SHADOW
                self.costs.append((load + tentative) * literal)
                raising += [literal] if leading and may_raise(facts, self.loop) else []
        for start, literals in at.items():
            if leading:
                self.model.add(sum(literals) == self.at[number][start])
            else:
                self.model.add(sum(literals) <= self.at[number][start])
        self.costs.append(0 if leading else judge.SHADOW)
        return raising

    def _times(self) -> None:
        """Add the five places of the day, and who stands at which."""
        last = self._quarter(self.times[-1])
        places = [self.model.new_int_var(0, last, "") for _ in self.numbers]
        stands = [[self.model.new_bool_var("") for _ in self.numbers] for _ in places]
        for number in self.numbers:
            start = sum(self._quarter(at) * literal for at, literal in self.at[number].items())
            self.model.add_exactly_one(row[number] for row in stands)
            for place, row in zip(places, stands, strict=True):
                self.model.add(place == start).only_enforce_if(row[number])
        for row in stands:
            self.model.add_exactly_one(row)
        gaps = [self.model.new_int_var(0, 4, "") for _ in places[1:]]
        breaks = [self.model.new_bool_var("") for _ in gaps]
        for gap, is_break, (before, after) in zip(gaps, breaks, pairwise(places), strict=True):
            self.model.add(after - before - 4 == gap)
            self.model.add(gap >= 1).only_enforce_if(is_break)
        for first in range(len(breaks) - 2):
            self.model.add_bool_or(breaks[first : first + 3])
        self.costs += [judge.IDLE_QUARTER * gap for gap in gaps]
        self._days(places, gaps)

    def _days(self, places: list[Any], gaps: list[Any]) -> None:
        days = sorted({at.astimezone(self.zone).date() for at in self.times})
        chosen = {on: self.model.new_bool_var("") for on in days}
        self.model.add_exactly_one(chosen.values())
        first = self.origin.astimezone(self.zone).date()
        for on, literal in chosen.items():
            for starts in self.at:
                elsewhere = [each for at, each in starts.items() if at.astimezone(self.zone).date() != on]
                self.model.add(sum(elsewhere) == 0).only_enforce_if(literal)
            self.costs.append(judge.WAIT_DAY * (on - first).days * literal)
            self._lunch(on, literal, places, gaps)

    def _lunch(self, on: Any, is_on: Any, places: list[Any], gaps: list[Any]) -> None:
        noon = [
            judge.wall(on, self.loop["lunch"][side], self.zone).astimezone(self.origin.tzinfo)
            for side in ("from", "to")
        ]
        earliest, latest = (self._quarter(each) for each in noon)
        minutes = self.loop["lunch"]["minutes"] * MINUTE // A_QUARTER
        ways = [self.model.new_bool_var("") for _ in range(len(places) + 1)]
        self.model.add_bool_or([*ways, is_on.negated()])
        self.model.add(places[0] >= earliest + minutes).only_enforce_if(ways[0], is_on)
        self.model.add(places[-1] + 4 + minutes <= latest).only_enforce_if(ways[-1], is_on)
        for way, gap, (before, after) in zip(ways[1:-1], gaps, pairwise(places), strict=True):
            self.model.add(gap >= minutes).only_enforce_if(way, is_on)
            self.model.add(after >= earliest + minutes).only_enforce_if(way, is_on)
            self.model.add(before + 4 + minutes <= latest).only_enforce_if(way, is_on)
