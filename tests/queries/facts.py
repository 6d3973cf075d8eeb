"""Facts that mails hang on: a nudge, a decision, a debrief."""

from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.deadline import Deadline, Nudge
from tracker.models.debrief import Debrief, Decision
from tracker.models.person import Person
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import Role
from tracker.rules.stages import DecisionKind


def a_nudge(
    session: Session, application: Application, person: Person | None = None, role: Role = Role.RECRUITER
) -> Nudge:
    recruiter = application.requisition.recruiter
    person = person or recruiter
    deadline = Deadline(
        application_id=application.id,
        requisition_id=application.requisition_id,
        kind=DeadlineKind.PROMISE,
        owner_id=recruiter.id,
        day0_at=MONDAY,
        business_days=5,
        zone="Europe/Berlin",
        due_at=MONDAY,
        opened_at=MONDAY,
        revision=1,
    )
    session.add(deadline)
    session.flush()
    nudge = Nudge(deadline_id=deadline.id, revision=1, person_id=person.id, role=role, step="day", at=MONDAY)
    session.add(nudge)
    session.flush()
    return nudge


def a_decision(session: Session, application: Application) -> Decision:
    by = application.requisition.hiring_manager
    row = Decision(
        application_id=application.id, kind=DecisionKind.HIRE, owner_id=by.id, rationale="Good", decided_at=MONDAY
    )
    session.add(row)
    session.flush()
    return row


def a_debrief(session: Session, world: World, application: Application) -> Debrief:
    assignment = world.loop(application, (world.person(),))[0]
    world.scorecard(assignment)
    loop_id = assignment.interview.loop_id
    assert loop_id is not None
    row = Debrief(loop_id=loop_id, application_id=application.id, opened_at=MONDAY)
    session.add(row)
    session.flush()
    return row
