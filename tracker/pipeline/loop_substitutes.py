"""Who could take an interviewer's place in a loop, and the place given to one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.interview import Interview, Loop
from tracker.models.person import Person
from tracker.pipeline import loop_changes
from tracker.pipeline.interviews import Arrangement, arrangement_of
from tracker.pipeline.loop_cases import case_as_held, person_key, row_id
from tracker.pipeline.loop_plans import View
from tracker.planner.case import Loop as PlannedLoop
from tracker.planner.case import LoopPlan
from tracker.planner.desk import Desk
from tracker.planner.substitutes import substitutes
from tracker.queries import loop_cases
from tracker.queries.declined import who_declined
from tracker.rules.interviewers import PersonFacts


@dataclass(frozen=True)
class SubstituteLine:
    """Somebody who is free then and qualified for all that is evaluated there, and what speaks for him or her."""

    person_id: int
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """Who could hold an interview in the place of its interviewer; it asks no database any more.

    ``present`` is the interview as it is, ``people`` are those who could hold it, without those who declined it.
    """

    present: Arrangement
    people: Mapping[int, PersonFacts]
    loop: PlannedLoop
    plan: LoopPlan
    desk: Desk
    view: View


def question_of(session: Session, loop: Loop, interview: Interview, *, now: datetime) -> Question:
    """Read all that counts in finding a substitute."""
    facts = loop_cases.facts_of(session, loop, now=now)
    case, plan = case_as_held(facts, now)
    desk, declined = Desk(case), set(who_declined(session, interview))
    people = {each: person for each, person in facts.standing.people.planned.items() if each not in declined}
    return Question(arrangement_of(interview), people, case.loops[0], plan, desk, View(facts, desk))


def substitutes_for(question: Question) -> list[SubstituteLine]:
    """Return who could hold an interview in the place of its interviewer, with nothing else changed, the best first.

    None where it has no time or nobody yet.
    """
    present, found = question.present, []
    if present.person_id is None or present.starts_at is None:
        return []
    for each in substitutes(question.desk, question.loop, question.plan, person_key(present.person_id)):
        person = question.people.get(row_id(each.interviewer))
        if person is not None:
            reasons = tuple(question.view.reasons(person, present.starts_at, present.competency_ids))
            found.append(SubstituteLine(person.person_id, person.name, reasons))
    return found


def replace_lead(
    session: Session,
    loop: Loop,
    interview: Interview,
    person_id: int,
    *,
    by: Person | None,
    now: datetime,
    version: int | None = None,
) -> None:
    """Give an interview to come to somebody else, as it is; once the loop went out, everybody concerned is told.

    ``by`` None is the tracker itself. Raises what ``loop_changes.edit`` raises.
    """
    wanted = replace(arrangement_of(interview), person_id=person_id)
    loop_changes.edit(session, loop, interview, wanted, by=by, now=now, version=version)
