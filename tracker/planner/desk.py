"""Where loops are planned, one after the other: a case with its calendars and rooms in memory."""

from dataclasses import dataclass

from tracker.planner.branching import hands_of
from tracker.planner.calendars import Calendars
from tracker.planner.case import Assigned, Case, Held, Loop, LoopPlan, Role
from tracker.planner.dealing import deal
from tracker.planner.problem import NOBODY, InterviewOptions, Options, Problem
from tracker.planner.rooms import Rooms
from tracker.planner.search import MOST_PARTS, Found, Search
from tracker.planner.setting_up import set_up
from tracker.planner.terms import PLAIN, Terms


@dataclass(frozen=True, slots=True)
class Planned:
    """The best plan of a loop, what it costs on the terms that were asked, and what none costs less than."""

    plan: LoopPlan
    cost: int
    bound: int

    @property
    def is_proven(self) -> bool:
        """Whether no plan costs less."""
        return self.cost == self.bound


class Desk:
    """Plans loops beside what is in the calendars, and books them there."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.calendars = Calendars(case)
        self.grid = self.calendars.grid
        self.rooms = Rooms(case.rooms, self.grid)

    def plan(self, loop: Loop, terms: Terms = PLAIN, most_parts: int = MOST_PARTS) -> Planned | None:
        """Return the best plan of a loop beside what is booked; None where there is none, or none was found."""
        problem = set_up(self.case, loop, self.calendars, self.rooms, terms)
        answer = Search(problem, self.case.weights, most_parts).run()
        if answer.found is None or answer.bound is None:
            return None
        return Planned(self._written(problem, answer.found), answer.found.cost, answer.bound)

    def any_plan(self, loop: Loop, terms: Terms = PLAIN, most_parts: int = MOST_PARTS) -> LoopPlan | None:
        """Return the first plan of a loop that is found: a good one, and mostly sooner than the best is proven."""
        problem = set_up(self.case, loop, self.calendars, self.rooms, terms)
        found = Search(problem, self.case.weights, most_parts).run(any_will_do=True).found
        return self._written(problem, found) if found is not None else None

    def can_plan(self, loop: Loop, terms: Terms = PLAIN, most_parts: int = MOST_PARTS) -> bool:
        """Return whether a loop has any plan beside what is booked."""
        return self.any_plan(loop, terms, most_parts) is not None

    def book(self, loop: Loop, plan: LoopPlan) -> None:
        """Note a plan of a loop in the calendars and rooms, so that what is planned next keeps clear of it."""
        self._note(loop, plan, booked=True)

    def release(self, loop: Loop, plan: LoopPlan) -> None:
        """Take a plan that was booked here out again."""
        self._note(loop, plan, booked=False)

    def _note(self, loop: Loop, plan: LoopPlan, *, booked: bool) -> None:
        calendars = self.calendars
        note = calendars.book if booked else calendars.release
        interviews = {each.id: each for each in loop.interviews}
        for held in plan.interviews:
            interview = interviews[held.interview]
            atom, atoms = self.grid.atom_of(held.starts_at), interview.minutes // self.grid.minutes
            roles = {each.id: each.role for each in interview.assignments}
            for seat in held.assigned:
                row = calendars.community.rows.get(seat.interviewer or "")
                if row is not None:
                    note(row, atom, atoms, leads=roles[seat.assignment] is Role.LEAD)
            if held.room is not None:
                (self.rooms.book if booked else self.rooms.release)(held.room, atom, atoms)

    def _written(self, problem: Problem, found: Found) -> LoopPlan:
        hands = hands_of(problem, found.chosen)
        deal(list(problem.floating.values()), hands)
        names = list(problem.floating)
        dealt = iter([[names[number] for number in hand.dealt] for hand in hands])
        chosen = iter(found.chosen)
        pairs = zip(problem.interviews, found.starts, strict=True)
        held = [
            self._held(
                problem,
                interview,
                start,
                [self._assigned(each, next(chosen), next(dealt)) for each in interview.options],
            )
            for interview, start in pairs
        ]
        return LoopPlan(problem.loop.id, tuple(held))

    def _held(self, problem: Problem, interview: InterviewOptions, start: int, assigned: list[Assigned]) -> Held:
        minute = int(problem.days.minutes(interview.starts[start : start + 1], self.grid)[0])
        site, room = problem.loop.site, None
        if site is not None:
            room = self.rooms.take(site, self.grid.atom_of(minute), interview.atoms, None)
        return Held(interview.interview.id, minute, tuple(assigned), room)

    def _assigned(self, options: Options, option: int, dealt: list[str]) -> Assigned:
        assignment, row = options.assignment, int(options.rows[option])
        person = None if row == NOBODY else self.calendars.community.people[row].id
        competencies = sorted({*assignment.competencies, *dealt}) if assignment.role is Role.LEAD else ()
        return Assigned(assignment.id, person, tuple(competencies))
