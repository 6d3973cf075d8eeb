"""Reminders of interviews: the day before and an hour before, to the interviewers and to the candidate (section 4).

An interviewer's day before is the last business day before, by the holidays of his or her own. Where that turns out
to be a holiday or a day away when it comes, it is put off to the last day before the interview that is neither: better
heard of on a Sunday than an hour before. A candidate with several interviews on one day gets one mail about that
day, before the first of them. After a standstill the day before is not made up for where the hour before follows soon.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_reminders, words_training
from tracker.mail.links import url_for_person
from tracker.mail.messages import Address, Mail
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.outbox import Reminder
from tracker.models.person import Person
from tracker.models.region import Region
from tracker.pipeline.candidate_links import linked
from tracker.pipeline.interview_mails import beside_words_of
from tracker.queries import leaves
from tracker.queries.calendars import calendar_of
from tracker.queries.organisation import organisation_name
from tracker.queries.told import true_reminders
from tracker.rules.deadlines import Calendar
from tracker.rules.nudges import DAY_BEFORE, reminders, says_nothing_new
from tracker.rules.training import TrainingRole
from tracker.rules.zones import local, local_date, moment_of


def plan(session: Session, interview: Interview, *, now: datetime) -> None:
    """Plan the reminders of an interview that went out or was changed; those planned before are void."""
    session.execute(delete(Reminder).where(Reminder.interview_id == interview.id, Reminder.done_at.is_(None)))
    if interview.state is not InterviewState.SENT or interview.starts_at is None:
        return
    candidate = interview.application.candidate
    _plan_for(session, interview, "candidate", candidate.zone, None, now)
    for assignment in interview.assignments:
        if assignment.ended_at is None:
            _plan_for(session, interview, f"person {assignment.person_id}", assignment.person.zone, assignment, now)
    session.flush()


def next_reminder(session: Session, now: datetime, without: Collection[int] = ()) -> int | None:
    """Return the id of the reminder that has been due the longest, None if none is."""
    due = select(Reminder.id).where(Reminder.done_at.is_(None), Reminder.at <= now)
    if without:
        due = due.where(Reminder.id.not_in(without))
    return session.scalar(due.order_by(Reminder.at, Reminder.id).limit(1))


def raise_one(session: Session, reminder_id: int, *, now: datetime) -> None:
    """Write the mail of a due reminder; what is no longer true, or came too late, is dropped."""
    waiting = select(Reminder).where(Reminder.id == reminder_id, Reminder.done_at.is_(None))
    reminder = session.scalar(waiting.with_for_update(skip_locked=True))
    if reminder is None:
        return
    interview = session.get_one(Interview, reminder.interview_id)
    if not true_reminders(session, [reminder.id]) or _start(interview) <= now:
        reminder.done_at = now
    elif reminder.person_id is None:
        rows = _of_that_day(session, reminder, interview)
        if says_nothing_new(reminder.step, min(_start(held) for _, held in rows), now):
            for row, _ in rows:
                row.done_at = now
        else:
            _remind_candidate(session, rows, interview.application, now)
    else:
        person = session.get_one(Person, reminder.person_id)
        is_day_before = reminder.step == DAY_BEFORE
        put_off_to = _put_off_to(session, interview, person, now) if is_day_before else None
        if put_off_to is not None:
            reminder.at = put_off_to
        elif _is_needless(session, reminder, interview, person, now):
            # The recruiter heard of it when the days away were entered, or was told that the person is busy then.
            reminder.done_at = now
        else:
            _remind_interviewer(session, reminder, interview, person, now)


def put_back(session: Session, ids: Iterable[int]) -> None:
    """Let reminders wait again whose mail was dropped because another interview in it was changed."""
    still = true_reminders(session, list(ids))
    session.execute(update(Reminder).where(Reminder.id.in_(still)).values(done_at=None))


def _put_off_to(session: Session, interview: Interview, person: Person, now: datetime) -> datetime | None:
    """Return when a day before that has come on a day off comes instead; None where today is none, or none is left."""
    closed, start = _calendar(session, interview, person).closed, local(_start(interview), person.zone)

    def is_off(on: date) -> bool:
        return on in closed or leaves.is_away(session, person, moment_of(on, start.time(), person.zone))

    today = local_date(now, person.zone)
    if is_off(today):
        for days in range(1, (start.date() - today).days):
            on = start.date() - timedelta(days=days)
            if not is_off(on):
                return moment_of(on, start.time(), person.zone)
    return None


def _is_needless(session: Session, reminder: Reminder, interview: Interview, person: Person, now: datetime) -> bool:
    """Whether an interviewer's reminder is left out: on a day off, or where another one says the same soon."""
    if leaves.is_away(session, person, now, _start(interview)):
        return True
    is_day_before = reminder.step == DAY_BEFORE
    is_holiday = is_day_before and local_date(now, person.zone) in _calendar(session, interview, person).closed
    return is_holiday or says_nothing_new(reminder.step, _start(interview), now)


def _plan_for(
    session: Session, interview: Interview, receiver: str, zone: str, assignment: Assignment | None, now: datetime
) -> None:
    done = select(Reminder.step).where(
        Reminder.interview_id == interview.id,
        Reminder.sequence == interview.sequence,
        Reminder.receiver == receiver,
        Reminder.done_at.is_not(None),
    )
    already = set(session.scalars(done))
    calendar = _calendar(session, interview, assignment.person) if assignment else None
    for step, at in reminders(_start(interview), now, zone, calendar):
        if step not in already:
            session.add(
                Reminder(
                    interview_id=interview.id,
                    sequence=interview.sequence,
                    step=step,
                    receiver=receiver,
                    person_id=assignment.person_id if assignment else None,
                    at=at,
                )
            )


def _calendar(session: Session, interview: Interview, person: Person) -> Calendar:
    """Return the calendar whose holidays are a person's own."""
    region = session.get(Region, person.region_id) if person.region_id else None
    return calendar_of(session, region or interview.application.requisition.region)


def _of_that_day(session: Session, reminder: Reminder, interview: Interview) -> list[tuple[Reminder, Interview]]:
    """Return the candidate's waiting reminders of the same step for interviews on the same day, the earliest first."""
    rows = session.execute(
        select(Reminder, Interview)
        .join(Interview, Reminder.interview_id == Interview.id)
        .where(
            Interview.application_id == interview.application_id,
            Interview.state == InterviewState.SENT,
            Interview.sequence == Reminder.sequence,
            Reminder.step == reminder.step,
            Reminder.person_id.is_(None),
            Reminder.done_at.is_(None),
        )
        .order_by(Interview.starts_at, Interview.id)
        .with_for_update(of=Reminder)
    )
    zone = interview.application.candidate.zone
    day = local_date(_start(interview), zone)
    return [(row, held) for row, held in rows if local_date(_start(held), zone) == day]


def _remind_candidate(
    session: Session, rows: Sequence[tuple[Reminder, Interview]], application: Application, now: datetime
) -> None:
    candidate, recruiter = application.candidate, application.requisition.recruiter
    mail = words_reminders.for_candidate(
        [_reminded(interview, candidate) for _, interview in rows],
        receiver=Address.of(candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        recruiter=Address.of(recruiter),
    )
    _post(session, linked(session, application, mail, now=now), rows, now, None, application)


def _remind_interviewer(
    session: Session, reminder: Reminder, interview: Interview, person: Person, now: datetime
) -> None:
    application = interview.application
    standing = [each for each in interview.assignments if each.ended_at is None]
    held = next(each for each in standing if each.person_id == person.id)
    said: dict[str, Any] = {
        "receiver": Address.of(person),
        "organisation": organisation_name(session),
        "candidate": application.candidate.name,
        "title": application.requisition.title,
        "kit_url": url_for_person(f"/interviews/{held.id}", person.id, now=now),
    }
    if held.role is AssignmentRole.LEAD:
        trainee = beside_words_of(session, interview)
        mail = words_reminders.for_interviewer(_reminded(interview, person), trainee=trainee, **said)
    else:
        lead = ", ".join(each.person.name for each in standing if each.role is AssignmentRole.LEAD)
        part = TrainingRole(held.role.value)
        mail = words_training.reminder(_reminded(interview, person), part=part, lead=lead, **said)
    _post(session, mail, [(reminder, interview)], now, person, application)


def _post(
    session: Session,
    mail: Mail,
    rows: Sequence[tuple[Reminder, Interview]],
    now: datetime,
    person: Person | None,
    application: Application,
) -> None:
    for reminder, _ in rows:
        reminder.done_at = now
    named = " ".join(f"{reminder.interview_id}:s{reminder.sequence}" for reminder, _ in rows)
    first = rows[0][0]
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"reminder:{first.step}:{first.receiver}:{named}",
        fact={
            "reminders": [reminder.id for reminder, _ in rows],
            "until": min(_start(each) for _, each in rows).isoformat(),
        },
        person=person,
        application=application,
    )


def _reminded(interview: Interview, receiver: Person | Candidate) -> words_reminders.Reminded:
    starts_at = _start(interview)
    return words_reminders.Reminded(
        name=interview.name,
        starts_at=starts_at,
        ends_at=interview.ends_at or starts_at,
        zone=receiver.zone,
        place=interview.place,
    )


def _start(interview: Interview) -> datetime:
    if interview.starts_at is None:
        raise ValueError(f"interview {interview.id} went out without a time")
    return interview.starts_at
