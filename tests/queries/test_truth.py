"""Whether the fact behind a mail still holds, for every shape of fact."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.queries.facts import a_debrief, a_decision, a_nudge
from tracker.models.candidate import CandidateLink, LinkPurpose
from tracker.models.interview import InterviewState, Loop
from tracker.models.leave import Leave
from tracker.models.outcome import Outcome, OutcomeChannel
from tracker.models.person import InterviewKind
from tracker.models.requisition import RequisitionMember
from tracker.queries.truth import holds
from tracker.rules.ladders import Role
from tracker.rules.stages import ApplicationState


def test_no_fact_always_holds(session: Session) -> None:
    assert holds(session, {})


def test_an_unknown_question_is_an_error(session: Session) -> None:
    with pytest.raises(KeyError):
        holds(session, {"weather": 1})


def test_until(session: Session) -> None:
    fact = {"until": MONDAY.isoformat()}
    assert holds(session, fact)
    assert holds(session, fact, now=MONDAY - timedelta(seconds=1))
    assert not holds(session, fact, now=MONDAY)


def test_interviews(session: Session, world: World) -> None:
    interview = world.interview(world.application(), world.person()).interview
    fact = {"interview": interview.id, "sequence": 0}
    assert holds(session, fact)
    assert not holds(session, {"interview": interview.id, "sequence": 1})
    assert not holds(session, {"interview": 10**6, "sequence": 0})
    interview.state = InterviewState.CANCELLED
    assert not holds(session, fact)
    assert holds(session, {"interview_cancelled": interview.id, "sequence": 0})
    interview.sequence = 1
    assert not holds(session, {"interview_cancelled": interview.id, "sequence": 0})


def test_nobody_is_told_of_the_interviews_of_a_closed_application(session: Session, world: World) -> None:
    interview = world.interview(world.application(), world.person()).interview
    facts = ({"interview": interview.id, "sequence": 0}, {"interviews": {str(interview.id): 0}})
    assert all(holds(session, fact) for fact in facts)
    interview.application.state = ApplicationState.WITHDRAWN
    assert not any(holds(session, fact) for fact in facts)


def test_who_left_is_told_no_more(session: Session, world: World) -> None:
    """Whatever else the mail's fact asks."""
    person = world.person()
    interview = world.interview(world.application(), person).interview
    fact = {"interview": interview.id, "sequence": 0, "person": person.id}
    assert holds(session, fact)
    person.is_active = False
    assert not holds(session, fact)
    assert not holds(session, {"person": 10**6})


def test_nobody_is_told_of_an_application_of_his_or_her_own(session: Session, world: World) -> None:
    kim, other = world.recruiter("Kim Own", email="kim@own.example"), world.recruiter()
    own = world.application(candidate=world.candidate("Kim Own", email=kim.email))
    assert not holds(session, {"application": own.id, "state": "active", "person": kim.id, "about": own.id})
    assert holds(session, {"application": own.id, "state": "active", "person": other.id, "about": own.id})
    assert holds(session, {"person": kim.id, "about": world.application().id})


@pytest.mark.parametrize("change", ["told", "superseded", "withdrawn", "other recruiter", "none"])
def test_a_decision_that_waits_to_be_told(session: Session, world: World, change: str) -> None:
    application = world.application()
    decision, requisition = a_decision(session, application), application.requisition
    if change == "told":
        told = {"channel": OutcomeChannel.CALL, "text": "said", "released_at": MONDAY, "delivered_at": MONDAY}
        by = requisition.hiring_manager_id
        session.add(Outcome(application_id=application.id, decision_id=decision.id, released_by_id=by, **told))
    if change == "superseded":
        decision.superseded_at = MONDAY
    if change == "withdrawn":
        application.state = ApplicationState.WITHDRAWN
    fact = {"decision": decision.id, "person": requisition.recruiter_id, "about": application.id}
    if change == "other recruiter":
        requisition.recruiter, requisition.is_confidential = world.recruiter(), True
    assert holds(session, fact) is (change == "none")


@pytest.mark.parametrize("change", ["held", "withdrawn", "one more interview", "none"])
def test_a_debrief_that_is_open(session: Session, world: World, change: str) -> None:
    application = world.application()
    debrief = a_debrief(session, world, application)
    if change == "held":
        debrief.held_at = MONDAY
    if change == "withdrawn":
        application.state = ApplicationState.WITHDRAWN
    if change == "one more interview":
        loop = session.get_one(Loop, debrief.loop_id)
        world.interview(application, world.person(), kind=InterviewKind.LOOP, loop=loop, position=2)
    assert holds(session, {"debrief": debrief.id}) is (change == "none")


def test_who_is_not_on_a_confidential_requisition_is_told_no_more(session: Session, world: World) -> None:
    application, lead = world.application(), world.person(is_recruiting_lead=True)
    nudge = a_nudge(session, application, person=lead, role=Role.RECRUITING_LEAD)
    facts = ({"nudges": [nudge.id]}, {"person": lead.id, "about": application.id})
    assert all(holds(session, fact) for fact in facts)
    application.requisition.is_confidential = True
    assert not any(holds(session, fact) for fact in facts)
    application.requisition.members = [RequisitionMember(person=lead)]
    assert all(holds(session, fact) for fact in facts)


def test_who_is_here_again_is_not_said_to_be_away(session: Session, world: World) -> None:
    leave = Leave(person_id=world.person().id, first_on=MONDAY.date(), last_on=MONDAY.date() + timedelta(days=4))
    world.keep(leave)
    fact = {"leave": leave.id, "last_on": "2026-11-06"}
    assert holds(session, fact)
    leave.last_on = MONDAY.date()
    assert not holds(session, fact)
    session.delete(leave)
    assert not holds(session, fact)


def test_who_is_not_in_the_interview_any_more_is_not_invited(session: Session, world: World) -> None:
    assignment = world.interview(world.application(), world.person())
    about = {"person": assignment.person_id, "about": assignment.interview.application_id}
    fact = {"interview": assignment.interview_id, "sequence": 0} | about
    assert holds(session, fact)
    assert not holds(session, fact | {"person": world.recruiter().id})
    assignment.ended_at = MONDAY
    assert not holds(session, fact)
    assert holds(session, about), "who was in it may be told that it was taken back"


@pytest.mark.parametrize("change", ["delivered", "superseded", "withdrawn", "none"])
def test_outcomes(session: Session, world: World, change: str) -> None:
    application = world.application()
    by = application.requisition.hiring_manager
    decision = a_decision(session, application)
    outcome = Outcome(
        application_id=application.id,
        decision_id=decision.id,
        channel=OutcomeChannel.EMAIL,
        text="Yes",
        released_at=MONDAY,
        released_by_id=by.id,
    )
    session.add(outcome)
    session.flush()
    if change == "delivered":
        outcome.delivered_at = MONDAY
    if change == "superseded":
        decision.superseded_at = MONDAY
    if change == "withdrawn":
        application.state = ApplicationState.WITHDRAWN
    assert holds(session, {"outcome": outcome.id}) is (change == "none")


def test_applications(session: Session, world: World) -> None:
    application = world.application()
    assert holds(session, {"application": application.id, "state": "active"})
    assert not holds(session, {"application": application.id, "state": "rejected"})


def test_links(session: Session, world: World) -> None:
    link = CandidateLink(
        token_digest="x",
        application_id=world.application().id,
        purpose=LinkPurpose.STATUS,
        created_at=MONDAY,
        expires_at=MONDAY,
    )
    session.add(link)
    session.flush()
    assert holds(session, {"link": link.id})
    link.revoked_at = MONDAY
    assert not holds(session, {"link": link.id})
