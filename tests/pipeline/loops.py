"""Loops for the tests of verbs: put together, sent, changed the way a recruiter does it."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.interview import Interview, Loop
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import Person
from tracker.pipeline import interviews, loop, loop_changes
from tracker.pipeline.interviews import Arrangement
from tracker.queries import loops

# Five interviews of an hour from here on, half an hour between them.
START = datetime(2026, 11, 10, 9, 0, tzinfo=MONDAY.tzinfo)


def community(world: World, plan: InterviewPlan) -> list[Person]:
    """Six interviewers who can evaluate everything; the first raises the bar."""
    found = [world.person(f"Ina{n} Interviewer", is_bar_raiser=n == 0) for n in range(6)]
    return [world.qualify(person, plan) for person in found]


def planned(session: Session, application: Application, people: list[Person]) -> Loop:
    """A draft that is ready to go out."""
    by = application.requisition.recruiter
    row = loop.plan(session, application, by=by, now=MONDAY)
    loop_changes.set_times(session, row, START, 30, by=by, now=MONDAY)
    assert loop_changes.suggest_people(session, row, now=MONDAY) == 5
    session.commit()
    return row


def sent(session: Session, application: Application, people: list[Person]) -> Loop:
    row = planned(session, application, people)
    loop.send(session, row, by=application.requisition.recruiter, now=MONDAY)
    session.commit()
    return row


def wish(interview: Interview, **changes: Any) -> Arrangement:
    return Arrangement(**(vars(interviews.arrangement_of(interview)) | changes))


def seat(session: Session, row: Loop, n: int, by: Person, **changes: Any) -> None:
    interview = loops.interviews_of(row)[n]
    loop_changes.edit(session, row, interview, wish(interview, **changes), by=by, now=MONDAY)
