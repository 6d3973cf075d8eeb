"""Why a loop has no plan: the smallest sets of rules to relax so that it has one, ranked, each with its best plan.

What is forbidden to people becomes an exception with a price, so that the fewest are asked for; whether a set is
enough is one search of the planner. What no set can do without is found first, then what is enough beside it; a set of
which a part is enough is never shown (minimal sets by deletion: Chinneck and Dravnieks, "Locating minimal infeasible
constraint sets in linear programs", ORSA Journal on Computing 3, 1991).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from tracker.planner.case import Held, Loop, LoopPlan, Role
from tracker.planner.desk import Desk, Planned
from tracker.planner.knobs import ASKED, Knob, applicable, relaxed
from tracker.planner.terms import EXCEPTION, PLAIN, Terms

# So many parts are searched for each set, and so many sets beyond single ones.
MOST_PARTS, MOST_SETS = 30, 24


@dataclass(frozen=True, slots=True)
class Favour:
    """What one person would be asked for in one interview: to be free then, to stay longer, to hold one more."""

    interviewer: str
    held: Held
    knob: Knob
    competencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A set of things to relax, and the best plan that results."""

    knobs: tuple[Knob, ...]
    loop: Loop
    planned: Planned
    favours: tuple[Favour, ...]

    @property
    def asked(self) -> int:
        """How much it is to ask, to rank ways."""
        people = [each.knob for each in self.favours]
        return sum(ASKED[knob] * max(1, people.count(knob)) for knob in self.knobs)

    @property
    def cost(self) -> int:
        """What the plan costs beside its exceptions."""
        return self.planned.cost % EXCEPTION


def explain(desk: Desk, loop: Loop, terms: Terms = PLAIN, knobs: Collection[Knob] = tuple(Knob)) -> list[Way]:
    """Return the ways to a plan for a loop that has none, the least to ask first; none where nothing helps."""
    explainer = _Explainer(desk, loop, terms)
    ways = explainer.ways([knob for knob in applicable(loop) if knob in knobs])
    return sorted(ways, key=lambda way: (len(way.knobs), way.asked, way.cost, way.knobs))


class _Explainer:
    def __init__(self, desk: Desk, loop: Loop, terms: Terms) -> None:
        self.desk, self.loop, self.terms = desk, loop, terms
        self.known: dict[frozenset[Knob], bool] = {}

    def ways(self, knobs: Sequence[Knob]) -> list[Way]:
        alone = self._enough([knob] for knob in knobs)
        if alone or not self.is_enough(knobs):
            return alone
        needed = [knob for knob in knobs if not self.is_enough([each for each in knobs if each is not knob])]
        others = [knob for knob in knobs if knob not in needed]
        return self._enough([needed] if len(needed) > 1 else []) or self._beside(needed, others)

    def _beside(self, needed: Sequence[Knob], others: Sequence[Knob]) -> list[Way]:
        """Return ways with what none can do without and one or two more; else one way, by deletion."""
        found = self._enough([*needed, each] for each in others) if needed else []
        if not found:
            pairs = sorted(combinations(others, 2), key=lambda pair: sum(ASKED[each] for each in pair))
            found = self._enough([*needed, *pair] for pair in pairs[:MOST_SETS])
        if found:
            return found
        kept = [*others]
        for knob in sorted(others, key=lambda each: -ASKED[each]):
            rest = [each for each in kept if each is not knob]
            if self.is_enough([*needed, *rest]):
                kept = rest
        return self._enough([[*needed, *kept]])

    def _enough(self, sets: Iterable[Sequence[Knob]]) -> list[Way]:
        return [way for knobs in sets if self.is_enough(knobs) and (way := self.way(knobs)) is not None]

    def is_enough(self, knobs: Collection[Knob]) -> bool:
        """Return whether there is any plan with these relaxed."""
        key = frozenset(knobs)
        if key not in self.known:
            asked = relaxed(self.desk.case, self.loop, self.terms, key)
            self.known[key] = self.desk.can_plan(asked.loop, asked.terms, MOST_PARTS)
        return self.known[key]

    def way(self, knobs: Collection[Knob]) -> Way | None:
        """Return the best plan with these relaxed, if there is one."""
        ordered = tuple(sorted(set(knobs), key=list(Knob).index))
        asked = relaxed(self.desk.case, self.loop, self.terms, ordered)
        planned = self.desk.plan(asked.loop, asked.terms, MOST_PARTS)
        if planned is None:
            return None
        return Way(ordered, asked.loop, planned, favours_of(self.desk, asked.loop, planned.plan, ordered))


def favours_of(desk: Desk, loop: Loop, plan: LoopPlan, knobs: Collection[Knob]) -> tuple[Favour, ...]:
    """Return what a plan asks of people beyond their calendars, caps and qualifications."""
    found = []
    interviews = {each.id: each for each in loop.interviews}
    people = desk.calendars.community
    for held in plan.interviews:
        interview = interviews[held.interview]
        atom, atoms = desk.grid.atom_of(held.starts_at), interview.minutes // desk.grid.minutes
        roles = {each.id: each.role for each in interview.assignments}
        for seat in held.assigned:
            row = people.rows.get(seat.interviewer or "")
            if row is None or seat.interviewer is None:
                continue
            bars = desk.calendars.bars(row, atom, atoms)
            found += [Favour(seat.interviewer, held, Knob(bar)) for bar in bars if Knob(bar) in knobs]
            lacking = tuple(each for each in seat.competencies if each not in people.people[row].qualified)
            if lacking and roles[seat.assignment] is Role.LEAD:
                found.append(Favour(seat.interviewer, held, Knob.QUALIFICATION, lacking))
    return tuple(found)
