"""Reminders of interviews: the day before and an hour before, to the interviewers and to the candidate."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_reminders
from tracker.mail.links import url
from tracker.mail.messages import Address
from tracker.models.candidate import Candidate
from tracker.models.interview import Interview, InterviewState
from tracker.models.outbox import Reminder
from tracker.models.person import Person
from tracker.queries.organisation import organisation_name
from tracker.rules.nudges import reminders


def plan(session: Session, interview: Interview, *, now: datetime) -> None:
    """Plan the reminders of an interview that went out or was moved; those planned before are void."""
    session.execute(delete(Reminder).where(Reminder.interview_id == interview.id, Reminder.done_at.is_(None)))
    if interview.state is not InterviewState.SENT or interview.starts_at is None:
        return
    candidate = interview.application.candidate
    _plan_for(session, interview, candidate.email, candidate.zone, None, now)
    for assignment in interview.assignments:
        if assignment.ended_at is None:
            person = assignment.person
            _plan_for(session, interview, person.email, person.zone, person, now)
    session.flush()


def raise_next(session: Session, *, now: datetime) -> bool:
    """Write the mail of the reminder that has waited longest. Return whether there was one."""
    reminder = session.scalar(
        select(Reminder)
        .where(Reminder.done_at.is_(None), Reminder.at <= now)
        .order_by(Reminder.at, Reminder.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if reminder is None:
        return False
    reminder.done_at = now
    interview = session.get_one(Interview, reminder.interview_id)
    if _still_true(interview, reminder, now):
        _write(session, interview, reminder, now)
    return True


def _plan_for(
    session: Session, interview: Interview, email: str, zone: str, person: Person | None, now: datetime
) -> None:
    assert interview.starts_at is not None  # noqa: S101 - its caller saw to it
    for step, at in reminders(interview.starts_at, now, zone):
        session.add(
            Reminder(
                interview_id=interview.id,
                sequence=interview.sequence,
                step=step,
                receiver=email,
                person_id=person.id if person else None,
                at=at,
            )
        )


def _still_true(interview: Interview, reminder: Reminder, now: datetime) -> bool:
    if interview.state is not InterviewState.SENT or interview.sequence != reminder.sequence:
        return False
    if interview.starts_at is None or interview.starts_at <= now:
        return False
    people = {a.person_id for a in interview.assignments if a.ended_at is None}
    return reminder.person_id is None or reminder.person_id in people


def _write(session: Session, interview: Interview, reminder: Reminder, now: datetime) -> None:
    application = interview.application
    person = session.get(Person, reminder.person_id) if reminder.person_id else None
    if person is None:
        mail = words_reminders.for_candidate(
            _meeting(interview, application.candidate),
            organisation=organisation_name(session),
            recruiter=application.requisition.recruiter.name,
        )
    else:
        held = next(a for a in interview.assignments if a.person_id == person.id and a.ended_at is None)
        mail = words_reminders.for_interviewer(
            _meeting(interview, person),
            organisation=organisation_name(session),
            candidate=application.candidate.name,
            kit_url=url(f"/interviews/{held.id}"),
        )
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"reminder:{interview.id}:s{interview.sequence}:{reminder.step}:{reminder.receiver}",
        fact={"interview": interview.id, "sequence": interview.sequence},
        person=person,
        application=application,
    )


def _meeting(interview: Interview, receiver: Person | Candidate) -> words_reminders.Reminded:
    assert interview.starts_at is not None  # noqa: S101 - _still_true saw to it
    assert interview.ends_at is not None  # noqa: S101 - both or none, says the row
    return words_reminders.Reminded(
        receiver=Address(name=receiver.name, email=receiver.email),
        starts_at=interview.starts_at,
        ends_at=interview.ends_at,
        zone=receiver.zone,
        place=interview.place,
        name=interview.name,
        title=interview.application.requisition.title,
    )
