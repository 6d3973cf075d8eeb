"""Who learns beside the interviewers of a loop, as the planner finds it once the interviewers stand."""

from dataclasses import replace
from datetime import datetime, timedelta

from tracker.pipeline.loop_cases import GRID_MINUTES, case_as_held, interviewer_of, person_key
from tracker.planner.case import Case, LoopPlan, Minute
from tracker.planner.grid import moment
from tracker.planner.trainees import seat_trainees
from tracker.queries import loops
from tracker.queries.loop_cases import LoopFacts
from tracker.rules.training import Trainee, TrainingRole, is_wanted, part_at

_DAY = timedelta(days=1)


def beside(facts: LoopFacts, case: Case, plan: LoopPlan) -> dict[int, tuple[Trainee, TrainingRole]]:
    """Return who learns in which interview (its id) of a plan, and what he or she does there.

    A few at most, as the loop's plan says, with those who sat in an interview that was held; see ``seat_trainees``.
    Nobody where the requisition is confidential (the process, section 5): there people are put in by hand alone.
    """
    if facts.loop.application.requisition.is_confidential:
        return {}
    sat = {seat.person_id for each in loops.interviews_of(facts.loop) if loops.is_held(each) for seat in each.trainees}
    most = facts.loop.application.requisition.plan.most_trainees - len(sat)
    learning = {
        person_key(each.person.person_id): each
        for each in facts.trainees
        if each.may_join and each.person.person_id not in sat
    }
    if most <= 0 or not learning:
        return {}

    def wanted(who: str, starts_at: Minute) -> bool:
        return is_wanted(learning[who].path, learning[who].sat, moment(starts_at))

    starts = {int(each.interview): moment(each.starts_at) for each in plan.interviews}
    found = seat_trainees(_case(facts, case, list(learning.values())), case.loops[0], plan, most, wanted)
    return {int(each.interview): _seat(learning[each.interviewer], starts[int(each.interview)]) for each in found}


def as_it_stands(facts: LoopFacts, now: datetime) -> dict[int, tuple[Trainee, TrainingRole]]:
    """Return the same for a draft as it is."""
    case, plan = case_as_held(facts, now)
    # By the planner's own grid, so that what it shows and what is kept are one.
    return beside(facts, replace(case, grid_minutes=GRID_MINUTES), plan)


def _seat(trainee: Trainee, starts_at: datetime) -> tuple[Trainee, TrainingRole]:
    return trainee, part_at(trainee.path, trainee.sat, starts_at)


def _case(facts: LoopFacts, case: Case, learning: list[Trainee]) -> Case:
    first, last = moment(case.starts_at).date() - _DAY, moment(case.ends_at).date() + _DAY
    dates = [first + number * _DAY for number in range((last - first).days + 1)]
    people = (interviewer_of(facts, each.person, dates, each.competency_ids) for each in learning)
    return replace(case, interviewers=tuple(people))
