"""What was asked of a fact stays so until the mail is begun: who would change it waits."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.queries.facts import a_debrief, a_decision, a_nudge
from tracker.db import make_engine
from tracker.models.leave import Leave
from tracker.models.outbox import Reminder
from tracker.queries.truth import holds

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
