"""Whether the fact behind a mail still holds, for every shape of fact."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.db import make_engine
from tracker.models.application import Application
from tracker.models.candidate import CandidateLink, LinkPurpose
from tracker.models.deadline import Deadline, Nudge
from tracker.models.debrief import Debrief, Decision
from tracker.models.interview import InterviewState, Loop
from tracker.models.leave import Leave
from tracker.models.outbox import Reminder
from tracker.models.outcome import Outcome, OutcomeChannel
from tracker.models.person import InterviewKind, Person
from tracker.models.requisition import RequisitionMember
from tracker.queries.truth import holds
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.ladders import Role
from tracker.rules.stages import ApplicationState, DecisionKind


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


def test_nudges(session: Session, world: World) -> None:
    one, two = a_nudge(session, world.application()), a_nudge(session, world.application())
    fact = {"nudges": [one.id, two.id]}
    assert holds(session, fact)
    two.deadline.revision = 2
    assert not holds(session, fact)
    assert holds(session, {"nudges": [one.id]})
    one.deadline.state, one.deadline.closed_at = DeadlineState.MET, MONDAY
    assert not holds(session, {"nudges": [one.id]})


def test_a_nudge_of_somebody_who_left(session: Session, world: World) -> None:
    nudge = a_nudge(session, world.application())
    nudge.person.is_active = False
    assert not holds(session, {"nudges": [nudge.id]})


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


def test_a_nudge_of_who_has_no_part_in_it_any_more(session: Session, world: World) -> None:
    application = world.application()
    nudge = a_nudge(session, application)
    assert holds(session, {"nudges": [nudge.id]})
    nudge.deadline.owner = application.requisition.recruiter = world.recruiter()
    assert not holds(session, {"nudges": [nudge.id]})


def test_a_nudge_about_ones_own_application(session: Session, world: World) -> None:
    kim = world.recruiter("Kim Own", email="kim@own.example")
    own = world.application(candidate=world.candidate("Kim Own", email="kim@own.example"))
    assert not holds(session, {"nudges": [a_nudge(session, own, person=kim).id]})


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


# The statement that makes each fact untrue.
ENDS = {
    "interview": "UPDATE interview SET sequence = 1 WHERE id = {interview}",
    "interviews": "UPDATE application SET state = 'withdrawn' WHERE id = {application}",
    "interview_cancelled": "UPDATE interview SET sequence = 1 WHERE id = {interview}",
    "declined": "UPDATE assignment SET declined_at = NULL WHERE id = {assignment}",
    "nudges": "UPDATE deadline SET revision = 2 WHERE id = {deadline}",
    "reminders": "UPDATE assignment SET ended_at = '2026-11-02' WHERE id = {assignment}",
    "application": "UPDATE application SET state = 'withdrawn' WHERE id = {application}",
    "assignment": "UPDATE assignment SET ended_at = '2026-11-02' WHERE id = {assignment}",
    "debrief": "UPDATE debrief SET held_at = '2026-11-02' WHERE id = {debrief}",
    "debrief's application": "UPDATE application SET state = 'withdrawn' WHERE id = {application}",
    "decision": "UPDATE decision SET superseded_at = '2026-11-02' WHERE id = {decision}",
    "decision's application": "UPDATE application SET state = 'withdrawn' WHERE id = {application}",
    "nudge's requisition": "UPDATE requisition SET recruiter_id = {person} WHERE id = {requisition}",
    "requisition": "UPDATE requisition SET is_confidential = true WHERE id = {requisition}",
    "leave": "DELETE FROM leave WHERE id = {leave}",
    "person": "UPDATE person SET is_active = false WHERE id = {person}",
}


@pytest.mark.parametrize("question", ENDS)
def test_what_was_asked_stays_so_until_the_mail_is_begun(session: Session, world: World, question: str) -> None:
    """Who makes it untrue has to wait for the transaction in which it was asked; here nobody waits for long."""
    assignment = world.interview(world.application(), world.person())
    interview, application = assignment.interview, assignment.interview.application
    nudge, other = a_nudge(session, application), world.recruiter()
    debrief, decision = a_debrief(session, world, application), a_decision(session, application)
    nudge.deadline.owner = application.requisition.hiring_manager
    assignment.declined_at = None if question == "reminders" else MONDAY
    leave = Leave(person_id=other.id, first_on=MONDAY.date(), last_on=MONDAY.date())
    session.add(leave)
    reminder = Reminder(
        interview_id=interview.id,
        sequence=0,
        step="day-before",
        receiver="x",
        person_id=assignment.person_id,
        at=MONDAY,
    )
    session.add(reminder)
    session.flush()
    facts: dict[str, dict[str, Any]] = {
        "interview": {"interview": interview.id, "sequence": 0},
        "interviews": {"interviews": {str(interview.id): 0}},
        "interview_cancelled": {"interview_cancelled": interview.id, "sequence": 0},
        "declined": {"declined": assignment.id},
        "nudges": {"nudges": [nudge.id]},
        "reminders": {"reminders": [reminder.id]},
        "application": {"application": application.id, "state": "active"},
        "assignment": {"interview": interview.id, "sequence": 0, "person": assignment.person_id},
        "debrief": {"debrief": debrief.id},
        "debrief's application": {"debrief": debrief.id},
        "decision": {"decision": decision.id},
        "decision's application": {"decision": decision.id},
        "nudge's requisition": {"nudges": [nudge.id]},
        "requisition": {"person": other.id, "about": application.id},
        "leave": {"leave": leave.id, "last_on": "2026-11-02"},
        "person": {"person": assignment.person_id},
    }
    keys = {"interview": interview.id, "application": application.id, "deadline": nudge.deadline_id}
    keys |= {"assignment": assignment.id, "person": assignment.person_id}
    keys |= {"debrief": debrief.id, "decision": decision.id, "leave": leave.id}
    keys["requisition"] = application.requisition_id
    session.commit()
    assert holds(session, facts[question])
    end = text(ENDS[question].format(**keys))
    with pytest.raises(OperationalError), _impatient(session) as other:
        other.execute(end)
    session.rollback()
    with _impatient(session) as other:
        other.execute(end)
        other.commit()
    assert not holds(session, facts[question])


@pytest.mark.postgresql
@pytest.mark.parametrize("question", ["debrief", "decision", "nudges"])
def test_who_asks_waits_for_the_applications_turn_with_empty_hands(
    session: Session, world: World, question: str
) -> None:
    """A verb takes the application's turn, and then changes what hangs on it: nobody who waits for it may hold that."""
    application = world.application()
    recruiter = application.requisition.recruiter
    asked = {
        "debrief": {"debrief": a_debrief(session, world, application).id},
        "decision": {"decision": a_decision(session, application).id},
        "nudges": {"nudges": [a_nudge(session, application).id]},
    }
    keys = {"debrief": asked["debrief"]["debrief"], "decision": asked["decision"]["decision"], "deadline": 1}
    fact = asked[question] | {"person": recruiter.id, "about": application.id}
    application_id = application.id
    session.commit()
    with _impatient(session) as verb, ThreadPoolExecutor() as pool, Session(session.get_bind()) as sender:
        verb.execute(text(f"SELECT id FROM application WHERE id = {application_id} FOR NO KEY UPDATE"))
        answer = pool.submit(holds, sender, fact)
        while not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")) and not answer.done():
            session.rollback()
        try:
            verb.execute(text(ENDS[question].format(**keys)))
        finally:
            verb.commit()
        assert not answer.result(timeout=10)


@contextmanager
def _impatient(session: Session) -> Iterator[Connection]:
    """Yield a connection of somebody else, who does not wait for locks."""
    engine = make_engine(session.get_bind().engine.url.render_as_string(hide_password=False))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout = 0"))
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
            yield connection
    finally:
        engine.dispose()
