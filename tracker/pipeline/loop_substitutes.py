"""Who could take an interviewer's place in a loop, and the place given to one of them."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.interview import Interview, Loop
from tracker.models.person import Person
from tracker.pipeline import loop_changes
from tracker.pipeline.interviews import arrangement_of
from tracker.pipeline.loop_cases import case_as_held, person_key, row_id
from tracker.pipeline.loop_plans import View
from tracker.planner.desk import Desk
from tracker.planner.substitutes import substitutes
from tracker.queries import loop_cases
from tracker.queries.declined import who_declined


@dataclass(frozen=True)
class SubstituteLine:
    """Somebody who is free then and qualified for all that is evaluated there, and what speaks for him or her."""

    person_id: int
    name: str
    reasons: tuple[str, ...]


def substitutes_for(session: Session, loop: Loop, interview: Interview, *, now: datetime) -> list[SubstituteLine]:
    """Return who could hold an interview in the place of its interviewer, with nothing else changed, the best first.

    Nobody who declined it before. None where it has no time or nobody yet. Writes nothing.
    """
    present = arrangement_of(interview)
    if present.person_id is None or present.starts_at is None:
        return []
    facts = loop_cases.facts_of(session, loop, now=now)
    case, plan = case_as_held(facts, now)
    desk = Desk(case)
    view, found, declined = View(facts, desk), [], set(who_declined(session, interview))
    for each in substitutes(desk, case.loops[0], plan, person_key(present.person_id)):
        person = facts.standing.people.planned[row_id(each.interviewer)]
        if person.person_id in declined:
            continue
        reasons = tuple(view.reasons(person, present.starts_at, present.competency_ids))
        found.append(SubstituteLine(person.person_id, person.name, reasons))
    return found


def replace_lead(
    session: Session,
    loop: Loop,
    interview: Interview,
    person_id: int,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Give an interview to somebody else, as it is; once the loop went out, everybody concerned is told.

    Raises what ``loop_changes.edit`` raises.
    """
    wanted = replace(arrangement_of(interview), person_id=person_id)
    loop_changes.edit(session, loop, interview, wanted, by=by, now=now, version=version)
