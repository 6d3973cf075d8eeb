"""Seats of people in training in a loop: filled by a plan, found, put in by hand."""

from sqlalchemy.orm import Session

from tests.factories import MONDAY
from tracker.models.interview import AssignmentRole, Interview, Loop
from tracker.models.person import Person
from tracker.pipeline import (
    loop_plans,
    trainee_seats,
)
from tracker.queries import loops


def fill(session: Session, loop: Loop) -> None:
    wanted = loop_plans.best(loop_plans.question_of(session, loop, now=MONDAY))
    assert wanted is not None
    loop_plans.fill(session, loop, wanted, now=MONDAY)


def sitting(loop: Loop) -> dict[str, tuple[str, AssignmentRole]]:
    return {each.name: (seat.person.name, seat.role) for each in loops.interviews_of(loop) for seat in each.trainees}


def where(loop: Loop, person: Person) -> Interview:
    return next(
        each for each in loops.interviews_of(loop) if any(seat.person_id == person.id for seat in each.trainees)
    )


def put_in(session: Session, interview: Interview, person: Person, **facts: object) -> None:
    by = interview.application.requisition.recruiter
    trainee_seats.put_in(session, interview, person.id, by=by, now=MONDAY, **facts)
