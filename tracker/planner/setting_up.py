"""A loop of a case into a problem: the calendars, the rules about people and the weights become costs."""

import numpy as np
from numpy.typing import NDArray

from tracker.planner.calendars import Calendars
from tracker.planner.candidate_days import candidate_days
from tracker.planner.case import Assignment, Case, Held, Interview, Loop, Role
from tracker.planner.problem import FORBIDDEN, NOBODY, Costs, InterviewOptions, Options, Problem
from tracker.planner.rooms import Rooms
from tracker.planner.terms import EXCEPTION, PLAIN, Terms


def set_up(case: Case, loop: Loop, calendars: Calendars, rooms: Rooms, terms: Terms = PLAIN) -> Problem:
    """Return the problem of planning one loop beside what the calendars and rooms hold already."""
    return _Setting(case, loop, calendars, rooms, terms).problem()


def floating_needs(loop: Loop) -> dict[str, int]:
    """Return how often each competency has to be dealt out, beyond the assignments that have it fixed (H10)."""
    leads = [each for interview in loop.interviews for each in interview.assignments if each.role is Role.LEAD]
    missing = {name: times - sum(name in lead.competencies for lead in leads) for name, times in loop.rubric.items()}
    return {name: times for name, times in sorted(missing.items()) if times > 0}


class _Setting:
    """One loop while its problem is being set up."""

    def __init__(self, case: Case, loop: Loop, calendars: Calendars, rooms: Rooms, terms: Terms) -> None:
        self.loop, self.weights, self.calendars, self.rooms, self.terms = loop, case.weights, calendars, rooms, terms
        self.days = candidate_days(case, loop, calendars.grid)
        self.floating = floating_needs(loop)
        self.allowed = ~calendars.community.named(loop.excluded | terms.declined)
        self.raises = calendars.community.raisers(loop)
        self.previous = {each.interview: each for each in terms.previous.interviews} if terms.previous else {}
        self._times: dict[int, tuple[NDArray[np.intp], NDArray[np.int64], Costs]] = {}

    def problem(self) -> Problem:
        return Problem(
            loop=self.loop,
            days=self.days,
            atom=self.calendars.grid.minutes,
            interviews=tuple(self.interview(interview) for interview in self.loop.interviews),
            floating=self.floating,
            people=len(self.calendars.community),
        )

    def interview(self, interview: Interview) -> InterviewOptions:
        length = interview.minutes // self.calendars.grid.minutes
        if length not in self._times:
            self._times[length] = self.times(interview.minutes, length)
        starts, atoms, present = self._times[length]
        held = self.previous.get(interview.id)
        return InterviewOptions(
            interview=interview,
            atoms=length,
            starts=starts,
            start_costs=self.start_costs(interview, atoms, length, held),
            options=tuple(self.options(each, present, held) for each in interview.assignments),
        )

    def times(self, minutes: int, length: int) -> tuple[NDArray[np.intp], NDArray[np.int64], Costs]:
        """Return where interviews of that length may begin, and what it costs that a person is there, if it can be."""
        starts = self.days.starts(minutes)
        atoms = (
            self.days.minutes(starts, self.calendars.grid) // self.calendars.grid.minutes - self.calendars.grid.first
        )
        present = np.where(self.calendars.calm[:, atoms] < length, np.int32(self.weights.tentative), np.int32(0))
        away = self.calendars.run[:, atoms] < length
        if self.terms.lifted:
            could = away & (self.calendars.run_without(self.terms.lifted)[:, atoms] >= length)
            present[could] += EXCEPTION
            away &= ~could
        present[away] = FORBIDDEN
        return starts, atoms, present

    def start_costs(self, interview: Interview, atoms: NDArray[np.int64], length: int, held: Held | None) -> Costs:
        costs = np.zeros(len(atoms), dtype=np.int32)
        if held is not None:
            same = atoms == self.calendars.grid.atom_of(held.starts_at)
            costs[~same] = self.terms.time_changed
            if interview.id in self.terms.moved:
                costs[same] = FORBIDDEN
        if self.loop.site is not None:
            costs[~self.rooms.any_free(self.loop.site, atoms, length)] = FORBIDDEN
        return costs

    def options(self, assignment: Assignment, present: Costs, held: Held | None) -> Options:
        lead = assignment.role is Role.LEAD
        fit, extra = self.fit(assignment, lead)
        rows = np.flatnonzero(fit)
        costs = present[rows] + extra[rows, np.newaxis]
        if not assignment.required:
            rows = np.append(rows, NOBODY)
            costs = np.vstack([costs, np.full(costs.shape[1:], self.weights.shadow, dtype=np.int32)])
        keeps = self.keeps(assignment, held)
        if keeps is not None:
            costs[rows != self.calendars.community.rows.get(keeps, len(rows))] += self.terms.person_changed
        return Options(
            assignment=assignment,
            likeness=(assignment.role, assignment.competencies, assignment.required, keeps),
            rows=rows,
            costs=costs,
            raises=self.raises[rows] & lead,
            brings=self.brings(assignment, lead)[rows],
            spare=self.loop.most_competencies - len(assignment.competencies) if lead else 0,
        )

    def fit(self, assignment: Assignment, lead: bool) -> tuple[NDArray[np.bool_], Costs]:
        """Return who may take the assignment, and what that costs whenever it is."""
        community = self.calendars.community
        load = self.weights.load * (2 * self.calendars.load + 1) if lead else np.zeros(len(community), dtype=np.int32)
        if lead and self.terms.anybody_evaluates:
            lacking = sum(~community.qualified(each) for each in assignment.competencies)
            return self.allowed, (load + EXCEPTION * lacking).astype(np.int32)
        return self.allowed & community.fit(assignment), load.astype(np.int32)

    def keeps(self, assignment: Assignment, held: Held | None) -> str | None:
        """Return whom the plan before had here, if he or she did not decline."""
        before = {each.assignment: each.interviewer for each in held.assigned} if held else {}
        person = before.get(assignment.id)
        return None if person in self.terms.declined else person

    def brings(self, assignment: Assignment, lead: bool) -> NDArray[np.bool_]:
        """Return who could be dealt which floating competency in this assignment, shape (people, floating)."""
        brings = np.zeros((len(self.calendars.community), len(self.floating)), dtype=np.bool_)
        for number, competency in enumerate(self.floating):
            if lead and competency not in assignment.competencies:
                brings[:, number] = self.terms.anybody_evaluates or self.calendars.community.qualified(competency)
        return brings
