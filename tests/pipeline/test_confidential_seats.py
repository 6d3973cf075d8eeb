"""Of a confidential requisition only its hiring team learns: who learns from outside leaves when it becomes so."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.learners import in_training
from tests.pipeline.mails import events_of, of_kind
from tracker.models.application import Application
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState, LoopState
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind, Person
from tracker.models.record import RecordEntry
from tracker.models.requisition import Requisition
from tracker.pipeline import requisitions
from tracker.pipeline.requisitions import Details
from tracker.queries import trainees
from tracker.queries.visibility import viewer_of
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

SOON = MONDAY + timedelta(days=3)


@pytest.fixture
def requisition(world: World) -> Requisition:
    return world.requisition()


@pytest.fixture
def application(world: World, requisition: Requisition) -> Application:
    return world.application(requisition, stage=StageKind.LOOP)


@pytest.fixture
def nora(world: World, requisition: Requisition) -> Person:
    person = world.person("Nora Newcomer")
    in_training(world, person, requisition.plan)
    return person


def sits(world: World, person: Person, application: Application, starts_at: datetime = SOON) -> Assignment:
    """Somebody sits in a loop that went out."""
    [lead] = world.loop(application, (world.person("Ina Interviewer"),), starts_at=starts_at)
    row = Assignment(interview=lead.interview, person=person, role=AssignmentRole.SHADOW)
    world.keep(row)
    return row


def edit(session: Session, requisition: Requisition, **changes: object) -> None:
    given = Details(
        title=requisition.title,
        team=requisition.team,
        location=requisition.location,
        description=requisition.description,
        region_id=requisition.region_id,
        hiring_manager_id=requisition.hiring_manager_id,
        recruiter_id=requisition.recruiter_id,
        openings=requisition.openings,
        is_confidential=requisition.is_confidential,
        member_ids=frozenset(each.person_id for each in requisition.members),
    )
    wanted, by = replace(given, **changes), requisition.recruiter  # type: ignore[arg-type]
    requisitions.edit(session, requisition, wanted, [], by=by, now=MONDAY, version=requisition.version)


def texts(session: Session, verb: str) -> list[str]:
    return list(session.scalars(select(RecordEntry.text).where(RecordEntry.verb == verb).order_by(RecordEntry.id)))


def test_who_learns_from_outside_leaves_and_is_told_as_the_interviewer_is(
    session: Session, world: World, requisition: Requisition, application: Application, nora: Person
) -> None:
    seat = sits(world, nora, application)
    interview = seat.interview
    lead = next(each for each in interview.assignments if each.role is AssignmentRole.LEAD)
    edit(session, requisition, is_confidential=True)
    assert seat.ended_at == MONDAY
    assert lead.ended_at is None
    [gone], [told] = of_kind(session, "trainee_withdrawn"), of_kind(session, "trainee_declined")
    assert (gone.person_id, told.person_id) == (nora.id, lead.person_id)
    assert [state for state, _ in events_of(gone)] == ["CANCELLED"]
    why = f"Nora Newcomer does not sit in {interview.name} any more: the requisition is confidential"
    assert texts(session, "trainee_seats.leave") == [why]
    [said] = texts(session, "requisitions.edit")
    assert "Made confidential." in said
    assert "No longer learning in its interviews: Nora Newcomer." in said
    session.rollback()
    assert seat.ended_at is None, "all of it is one transaction"
    assert not requisition.is_confidential
    assert session.scalars(select(OutboxMail)).all() == []


def test_without_being_made_confidential_everybody_stays(
    session: Session, world: World, requisition: Requisition, application: Application, nora: Person
) -> None:
    seat = sits(world, nora, application)
    edit(session, requisition, title="Another title")
    assert seat.ended_at is None


def test_the_hiring_team_stays_and_who_joins_it_at_once(
    session: Session, world: World, requisition: Requisition, application: Application, nora: Person
) -> None:
    seat = sits(world, nora, application)
    edit(session, requisition, is_confidential=True, member_ids=frozenset({nora.id}))
    assert seat.ended_at is None
    edit(session, requisition, member_ids=frozenset())
    assert seat.ended_at == MONDAY, "who is taken from the team leaves, too"


def test_the_hiring_manager_is_on_the_team(
    session: Session, world: World, requisition: Requisition, application: Application
) -> None:
    seat = sits(world, requisition.hiring_manager, application)
    edit(session, requisition, is_confidential=True)
    assert seat.ended_at is None


def test_only_seats_to_come_of_this_requisition_are_emptied(
    session: Session, world: World, requisition: Requisition, application: Application, nora: Person
) -> None:
    held = sits(world, nora, application, MONDAY - timedelta(days=1, minutes=60))
    begun = sits(world, nora, world.application(requisition, stage=StageKind.LOOP), MONDAY)
    begun.interview.starts_at = MONDAY
    elsewhere = sits(world, nora, world.application(world.requisition("Another"), stage=StageKind.LOOP))
    coming = sits(world, nora, world.application(requisition, stage=StageKind.LOOP))
    session.commit()
    edit(session, requisition, is_confidential=True)
    assert [each.ended_at for each in (held, begun, elsewhere, coming)] == [None, None, None, MONDAY]


def test_of_a_phone_screen_too(session: Session, world: World, requisition: Requisition, nora: Person) -> None:
    screen = world.interview(world.application(requisition, stage=StageKind.PHONE_SCREEN), world.person("Lena Lead"))
    seat = Assignment(interview=screen.interview, person=nora, role=AssignmentRole.SHADOW)
    world.keep(seat)
    assert screen.interview.kind is InterviewKind.PHONE_SCREEN
    edit(session, requisition, is_confidential=True)
    assert seat.ended_at == MONDAY
    assert len(of_kind(session, "trainee_withdrawn")) == 1


def test_of_a_draft_nobody_is_told_and_no_seat_remains(
    session: Session, world: World, requisition: Requisition, application: Application, nora: Person
) -> None:
    seat = sits(world, nora, application)
    seat.interview.state = InterviewState.PLANNED
    assert seat.interview.loop is not None
    seat.interview.loop.state = LoopState.DRAFT
    session.commit()
    interview = session.get_one(Interview, seat.interview_id)
    edit(session, requisition, is_confidential=True)
    assert interview.trainees == []
    assert session.scalars(select(OutboxMail)).all() == []
    assert "No longer learning in its interviews: Nora Newcomer." in texts(session, "requisitions.edit")[0]


def test_who_would_leave_is_named_beforehand_but_not_of_ones_own_application(
    session: Session, world: World, requisition: Requisition, application: Application, nora: Person
) -> None:
    sits(world, nora, application)
    sits(world, nora, world.application(requisition, stage=StageKind.LOOP))
    recruiter = requisition.recruiter
    own = world.candidate("Rita Recruiter", email=recruiter.email)
    sits(world, world.person("Otto Other"), world.application(requisition, stage=StageKind.LOOP, candidate=own))
    assert trainees.names_outside(session, viewer_of(session, recruiter), requisition, now=MONDAY) == [
        "Nora Newcomer"
    ], "each once"
    anybody = viewer_of(session, world.recruiter("Rory Other"))
    assert trainees.names_outside(session, anybody, requisition, now=MONDAY) == ["Nora Newcomer", "Otto Other"]
    assert trainees.names_outside(session, anybody, requisition, now=SOON + timedelta(days=1)) == []
