"""Who in training could sit beside the leads of a plan: at most one in an interview, and few in a loop.

The leads' plan is made before and stays as it is: it costs what it would cost without anybody in training.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from tracker.planner.calendars import Calendars
from tracker.planner.case import Case, Held, Interviewer, Loop, LoopPlan, Minute, Role


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody in training who sits in an interview, for these competencies of those that its lead evaluates."""

    interview: str
    interviewer: str
    competencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Possible:
    """One who could sit in an interview; the smaller its ``rank``, the better it suits him or her."""

    sitting: Sitting
    rank: tuple[bool, int, Minute, str]


def seat_trainees(
    case: Case,
    loop: Loop,
    plan: LoopPlan,
    most: int,
    is_wanted: Callable[[str, Minute], bool] = lambda _who, _starts_at: True,
) -> list[Sitting]:
    """Return who sits where in a plan whose leads stand.

    ``case`` has those in training alone, in the order in which they come first. H8, H9 and H12 to H15 hold for them as
    for leads: nobody sits twice in a loop, and a seat counts for the caps. ``is_wanted`` says of a person and a start
    whether another seat is wanted then. As many as can sit do, up to ``most``; of two who could, the one who comes
    first; and for each, where no tentative event is, then where most is to be learnt, then the earliest.
    """
    leads = {seat.interviewer for held in plan.interviews for seat in held.assigned}
    barred = loop.excluded | {each for each in leads if each is not None}
    desk = _Desk(case, loop)
    found = [
        [each for held in plan.interviews if (each := desk.possible(person, held, is_wanted)) is not None]
        for person in case.interviewers
        if person.id not in barred
    ]
    open_to = [seats for seats in found if seats]
    for count in range(min(most, len(open_to), len(plan.interviews)), 0, -1):
        for chosen in combinations(open_to, count):
            together = _best_together(chosen)
            if together is not None:
                return together
    return []


class _Desk:
    """The calendars of those in training, and what each interview of the loop evaluates."""

    def __init__(self, case: Case, loop: Loop) -> None:
        self.calendars = Calendars(case)
        self.minutes = {each.id: each.minutes for each in loop.interviews}
        self.roles = {(each.id, seat.id): seat.role for each in loop.interviews for seat in each.assignments}

    def possible(self, person: Interviewer, held: Held, is_wanted: Callable[[str, Minute], bool]) -> _Possible | None:
        evaluated = {
            name
            for seat in held.assigned
            if seat.interviewer is not None and self.roles[held.interview, seat.assignment] is Role.LEAD
            for name in seat.competencies
        }
        learns = tuple(sorted(person.training & evaluated))
        if not learns or not is_wanted(person.id, held.starts_at):
            return None
        row, grid = self.calendars.community.rows[person.id], self.calendars.grid
        atom, atoms = grid.atom_of(held.starts_at), self.minutes[held.interview] // grid.minutes
        if self.calendars.run[row, atom] < atoms:
            return None
        is_doubtful = bool(self.calendars.calm[row, atom] < atoms)
        rank = (is_doubtful, -len(learns), held.starts_at, held.interview)
        return _Possible(Sitting(held.interview, person.id, learns), rank)


def _best_together(chosen: Sequence[Sequence[_Possible]]) -> list[Sitting] | None:
    """Return a seat for each of these people, each in another interview; None where that cannot be."""
    interviews = sorted({each.sitting.interview for seats in chosen for each in seats})
    by_interview = [{each.sitting.interview: each for each in seats} for seats in chosen]
    best: list[_Possible] | None = None
    for places in permutations(interviews, len(chosen)):
        if all(place in seats for place, seats in zip(places, by_interview, strict=True)):
            found = [seats[place] for place, seats in zip(places, by_interview, strict=True)]
            if best is None or [each.rank for each in found] < [each.rank for each in best]:
                best = found
    return [each.sitting for each in best] if best is not None else None
