"""Plans for a draft loop: the best and others, why there is none, and the draft filled with one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker.models.interview import Loop
from tracker.pipeline import interviews, loop_trainees, trainee_seats
from tracker.pipeline.interviews import Arrangement
from tracker.pipeline.loop_cases import case_of, open_seats, row_id
from tracker.pipeline.loop_checks import check_draft
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.planner.alternatives import alternatives
from tracker.planner.case import Case
from tracker.planner.case import Loop as PlannedLoop
from tracker.planner.costs import cost_parts
from tracker.planner.desk import Desk, Planned
from tracker.planner.explained import said
from tracker.planner.explaining import Way, explain
from tracker.planner.grid import moment
from tracker.planner.knobs import Knob
from tracker.planner.lacking import what_lacks
from tracker.planner.search import MOST_PARTS
from tracker.planner.terms import PLAIN, Terms
from tracker.queries import loop_cases, loops
from tracker.queries.loop_cases import LoopFacts
from tracker.queries.loops import PlanPart
from tracker.rules.interviewers import PersonFacts, own_time_words, week_words
from tracker.rules.refused import Refused
from tracker.rules.training import Trainee, TrainingRole
from tracker.rules.words import counted, listed
from tracker.rules.zones import day_words, local_date

# What may be relaxed here; who evaluates and who raises the bar always holds (README, "What always holds").
RELAXED = frozenset(Knob) - {Knob.BAR_RAISER, Knob.BAR_RAISER_TEAM, Knob.ORDER}
# A draft with these would not go out: people have to be free and qualified first.
ONLY_ADVICE = frozenset({Knob.BUSY, Knob.QUALIFICATION})
A_MINUTE = timedelta(minutes=1)


class PlanDoesNotFit(Refused):
    """A plan was chosen that is not one of this loop as it is now."""


@dataclass(frozen=True)
class Pick:
    """One interview of a proposal: when (UTC), who, what he or she evaluates, and why it is this person.

    ``learner`` is who sits in to learn, ``learns`` the part that he or she has ("shadow"); mostly there is nobody.
    """

    interview_id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    person_id: int
    person: str
    competency_ids: tuple[int, ...]
    competencies: tuple[str, ...]
    reasons: tuple[str, ...]
    load_before: int
    learner: str = ""
    learns: str = ""


@dataclass(frozen=True)
class Proposal:
    """A plan of the whole loop.

    ``days`` are its dates in words, ``parts`` its points by what they are for, ``say`` is what it would ask for.
    """

    days: str
    picks: tuple[Pick, ...]
    cost: int
    parts: Mapping[str, int]
    is_proven: bool
    is_in_draft: bool
    say: str = ""
    can_be_taken: bool = True


@dataclass(frozen=True)
class Proposals:
    """The best plans, the best first; where there are none, what lacks, and ways out, the least to ask first.

    ``coverage`` is what the loop has to cover.
    """

    coverage: Sequence[PlanPart]
    plans: list[Proposal]
    because: list[str]
    ways: list[Proposal]


@dataclass(frozen=True)
class Question:
    """What the planner is asked of a draft loop, with the words for its answers.

    It asks no database any more: a search takes seconds, in which nobody else shall have to wait for this one's end.
    ``is_of_windows``: within the times that the candidate gave.
    """

    coverage: Sequence[PlanPart]
    loop: PlannedLoop
    desk: Desk
    view: "View"
    is_of_windows: bool


def question_of(session: Session, loop: Loop, *, now: datetime, version: int | None = None) -> Question:
    """Read all that counts in planning a draft loop. Raises Stale, WrongStage, NotADraft."""
    expect(loop, version)
    check_draft(loop)
    facts = loop_cases.facts_of(session, loop, now=now)
    return asked(facts, case_of(facts, now))


def asked(facts: LoopFacts, case: Case) -> Question:
    """Return the question that a case made of these facts asks."""
    desk = Desk(case)
    return Question(facts.standing.parts, case.loops[0], desk, View(facts, desk), bool(facts.windows))


def propose(question: Question) -> Proposals:
    """Return plans for a draft loop, or why there are none."""
    desk, loop, view, parts = question.desk, question.loop, question.view, question.coverage
    if not loop.interviews:
        return Proposals(parts, [], ["All interviews of this loop were held."], [])
    found = alternatives(desk, loop)
    if found:
        return Proposals(parts, [view.proposal(each) for each in found], [], [])
    because = what_lacks(desk, loop, view.name_of)
    ways = explain(desk, loop, knobs=RELAXED)
    return Proposals(parts, [], because, [view.way(each) for each in ways])


def best(question: Question, terms: Terms = PLAIN, most_parts: int = MOST_PARTS) -> dict[int, Arrangement] | None:
    """Return the best plan, for ``fill``, or the best within a limit of the search; None where there is none."""
    planned = question.desk.plan(question.loop, terms, most_parts) if question.loop.interviews else None
    if planned is None:
        return None
    picks = question.view.proposal(planned).picks
    return {
        pick.interview_id: Arrangement(pick.person_id, pick.starts_at, competency_ids=pick.competency_ids)
        for pick in picks
    }


def fill(
    session: Session, loop: Loop, wanted: Mapping[int, Arrangement], *, now: datetime, version: int | None = None
) -> None:
    """Fill a draft with a chosen plan: times, people and what they evaluate, by interview; places stay as they are.
    Who learns sits in where the plan's interviewers leave room for it.

    Raises Stale, WrongStage, NotADraft, PlanDoesNotFit, BadInterviewTime.
    """
    take_turn(session, loop.application)
    expect(loop, version)
    check_draft(loop)
    standing = loops.standing(session, loop, now=now)
    ids = {seat.interview_id for seat in standing.seats if not seat.is_held}
    known = {need.competency_id for need in standing.needs}
    asked = {each for arrangement in wanted.values() for each in arrangement.competency_ids}
    people = {arrangement.person_id for arrangement in wanted.values()}
    if set(wanted) != ids or not asked <= known or not people <= set(standing.people.planned):
        raise PlanDoesNotFit("The loop has changed since this plan was made: plan it again.")
    for interview in loops.interviews_of(loop):
        if interview.id in wanted:
            new = wanted[interview.id]
            arrangement = replace(new, minutes=interview.minutes, place=interview.place)
            interviews.arrange(session, interview, arrangement, now=now)
    trainee_seats.seat_all(session, loop, now=now)
    interviews.touch(loop)
    session.flush()


def _learner(beside: Mapping[int, tuple[Trainee, TrainingRole]], interview_id: int) -> dict[str, str]:
    if interview_id not in beside:
        return {}
    trainee, part = beside[interview_id]
    return {"learner": trainee.person.name, "learns": part.label.lower()}


class View:
    """The planner's answers in the words and rows of the tracker. Made, it asks no database any more."""

    def __init__(self, facts: LoopFacts, desk: Desk) -> None:
        self.facts, self.desk = facts, desk
        self.people = facts.standing.people.planned
        self.needs = {need.competency_id: need.name for need in facts.standing.needs}
        self.labels = {seat.interview_id: seat.label for seat in facts.standing.seats}
        self.minutes = {each.id: each.minutes for each in facts.loop.interviews}
        self.now = {(s.interview_id, s.person_id, s.starts_at) for s in open_seats(facts)}
        self.zone = facts.loop.application.requisition.region.zone

    def name_of(self, key: str) -> str:
        """Return the name of a person or a competency that the planner knows by this id."""
        return self.people[row_id(key)].name if key.startswith("p") else self.needs[row_id(key)]

    def proposal(self, planned: Planned) -> Proposal:
        """Return a plan in words, in the order of its times."""
        picks = sorted(self._picks(planned), key=lambda pick: (pick.starts_at, pick.interview_id))
        parts = cost_parts(self.desk.case, [planned.plan])
        is_now = {(pick.interview_id, pick.person_id, pick.starts_at) for pick in picks} == self.now
        days = listed(list(dict.fromkeys(day_words(local_date(pick.starts_at, self.zone)) for pick in picks)))
        return Proposal(days, tuple(picks), sum(parts.values()), parts, planned.is_proven, is_now)

    def way(self, way: Way) -> Proposal:
        """Return the plan of a way out, and what it would ask for."""
        say = said(way, self.desk.case.loops[0], self.name_of)
        return replace(self.proposal(way.planned), say=say, can_be_taken=not ONLY_ADVICE & set(way.knobs))

    def _picks(self, planned: Planned) -> list[Pick]:
        found, beside = [], loop_trainees.beside(self.facts, self.desk.case, planned.plan)
        for held in planned.plan.interviews:
            for seat in held.assigned:
                if seat.interviewer is not None:
                    person, number = self.people[row_id(seat.interviewer)], int(held.interview)
                    starts_at = moment(held.starts_at)
                    ids = tuple(row_id(each) for each in seat.competencies)
                    found.append(
                        Pick(
                            interview_id=number,
                            name=self.labels[number],
                            starts_at=starts_at,
                            ends_at=starts_at + self.minutes[number] * A_MINUTE,
                            person_id=person.person_id,
                            person=person.name,
                            competency_ids=ids,
                            competencies=tuple(self.needs[each] for each in ids),
                            reasons=tuple(self.reasons(person, starts_at, ids)),
                            load_before=self.facts.loads[person.person_id],
                            **_learner(beside, number),
                        )
                    )
        return found

    def reasons(self, person: PersonFacts, starts_at: datetime, competency_ids: tuple[int, ...]) -> list[str]:
        """Return in a few words what speaks for a person in an interview."""
        reasons = []
        if person.raises_the_bar:
            reasons.append("bar raiser")
        rare = [each for each in competency_ids if self._qualified(each) <= 3]
        if rare:
            fewest = min(map(self._qualified, rare))
            names = listed([self.needs[each] for each in rare])
            reasons.append(
                f"one of the {fewest} qualified for {names}" if fewest > 1 else f"alone qualified for {names}"
            )
        load = self.facts.loads[person.person_id]
        reasons.append(f"{counted(load, 'interview') if load else 'no interview'} in four weeks")
        reasons.append(week_words(person, starts_at))
        own_time = own_time_words(person, starts_at, self.facts.loop.application.requisition.region.zone)
        return [*reasons, own_time] if own_time else reasons

    def _qualified(self, competency_id: int) -> int:
        return sum(competency_id in each.qualified for each in self.people.values())
