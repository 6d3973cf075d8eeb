"""Being away: entered, ended early or taken back. Nobody is nudged meanwhile, and somebody else knows."""

from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_reminders
from tracker.mail.links import url_for_person
from tracker.mail.messages import Address
from tracker.models.interview import Assignment
from tracker.models.leave import Leave
from tracker.models.person import Person
from tracker.pipeline import nudges
from tracker.pipeline.record import note_change
from tracker.queries import leaves
from tracker.queries.organisation import organisation_name
from tracker.queries.visibility import themselves
from tracker.rules.leaves import check_leave
from tracker.rules.zones import day_words, local_date


def add(session: Session, person: Person, first_on: date, last_on: date, *, by: Person, now: datetime) -> Leave:
    """Enter that somebody is away through ``last_on``.

    The nudges of these days are planned anew, and the recruiters of interviews that the person holds in them are told.
    Raises BadLeave.
    """
    there = session.execute(select(Leave.first_on, Leave.last_on).where(Leave.person_id == person.id))
    others = [(row.first_on, row.last_on) for row in there]
    check_leave(first_on, last_on, today=local_date(now, person.zone), others=others)
    leave = Leave(person_id=person.id, first_on=first_on, last_on=last_on)
    session.add(leave)
    session.flush()
    nudges.plan_person(session, person, now=now)
    _tell_recruiters(session, person, leave, now)
    note_change(session, "leaves.add", f"{person.name} is away {_words(leave)}", by=by, now=now)
    return leave


def end(session: Session, person: Person, leave: Leave, *, by: Person, now: datetime) -> None:
    """Say that somebody is here from today on; what is over of the stretch stays, what lies ahead is taken back."""
    today = local_date(now, person.zone)
    said = _words(leave)
    if leave.first_on < today:
        leave.last_on = today - timedelta(days=1)
    else:
        session.delete(leave)
    session.flush()
    nudges.plan_person(session, person, now=now)
    note_change(session, "leaves.end", f"{person.name} is here again; entered was {said}", by=by, now=now)


def _tell_recruiters(session: Session, person: Person, leave: Leave, now: datetime) -> None:
    by_receiver: dict[int, list[Assignment]] = {}
    for assignment in leaves.held(session, person, leave):
        requisition = assignment.interview.application.requisition
        recruiter_id, manager_id = requisition.recruiter_id, requisition.hiring_manager_id
        by_receiver.setdefault(manager_id if recruiter_id == person.id else recruiter_id, []).append(assignment)
    own = themselves(session, {each.interview.application_id for held in by_receiver.values() for each in held})
    for receiver_id, theirs in by_receiver.items():
        held = [each for each in theirs if (each.interview.application_id, receiver_id) not in own]
        receiver = session.get_one(Person, receiver_id)
        if not held or receiver_id == person.id:
            continue
        mail = words_reminders.interviewer_away(
            receiver=Address.of(receiver),
            organisation=organisation_name(session),
            interviewer=person.name,
            days=_words(leave),
            interviews=[_held(assignment, receiver, now) for assignment in held],
        )
        key = f"leave:{leave.id}:person {receiver.id}"
        fact = {"leave": leave.id, "last_on": leave.last_on.isoformat()}
        about = [each.interview.application_id for each in held]
        outbox.post(session, mail, now=now, dedupe_key=key, fact=fact, person=receiver, about=about)


def _held(assignment: Assignment, receiver: Person, now: datetime) -> words_reminders.Held:
    interview = assignment.interview
    starts_at, ends_at = cast(datetime, interview.starts_at), cast(datetime, interview.ends_at)
    return words_reminders.Held(
        interview=words_reminders.Reminded(interview.name, starts_at, ends_at, receiver.zone, interview.place),
        candidate=interview.application.candidate.name,
        title=interview.application.requisition.title,
        url=url_for_person(f"/applications/{interview.application_id}", receiver.id, now=now),
    )


def _words(leave: Leave) -> str:
    return f"{day_words(leave.first_on)} to {day_words(leave.last_on)}"
