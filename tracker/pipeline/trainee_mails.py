"""Which e-mails the seats of those in training cause: to them one by one, and to the interviewer beside whom they sit.

As with interviewers, each mail's fact names the sequence that it tells of.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_training
from tracker.mail.links import url, url_for_person
from tracker.models.interview import Assignment, Interview
from tracker.models.person import Person
from tracker.pipeline.interview_mails import competency_names, notice_of, post_invitation
from tracker.pipeline.invited_before import TO_LEARN, was_invited
from tracker.rules.training import TrainingRole


def invite_all(session: Session, interview: Interview, *, now: datetime) -> None:
    """Invite who sits in, or send an update where the sequence has risen since he or she was invited."""
    for seat in interview.trainees:
        _invite(session, interview, seat, now)


def _invite(session: Session, interview: Interview, seat: Assignment, now: datetime) -> None:
    person, lead, page = session.get_one(Person, seat.person_id), interview.lead, f"/interviews/{seat.id}"
    if lead is None:
        return
    mail = words_training.invitation(
        notice_of(session, interview, person, seat),
        part=TrainingRole(seat.role.value),
        lead=session.get_one(Person, lead.person_id).name,
        competencies=competency_names(session, lead),
        kit_url=url(page),
        link=url_for_person(f"{page}#when", person.id, now=now),
        is_change=was_invited(session, interview, person, TO_LEARN),
        now=now,
    )
    post_invitation(session, mail, interview, person, now=now)


def uninvite(session: Session, interview: Interview, seat: Assignment, *, now: datetime) -> None:
    """Take the interview out of the calendar of who sat in: it was called off, or the seat taken back."""
    person = session.get_one(Person, seat.person_id)
    notice = notice_of(session, interview, person, seat)
    mail = words_training.withdrawn(notice, part=TrainingRole(seat.role.value), now=now)
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"uninvite:{interview.id}:s{interview.sequence}:{person.id}:{seat.id}",
        order_key=interview.uid,
        person=person,
        application=interview.application,
    )


def tell_lead(session: Session, interview: Interview, seat: Assignment, *, now: datetime) -> None:
    """Tell the interviewer that nobody sits in beside him or her any more: who was to learn there does not come."""
    lead = interview.lead
    if lead is None or interview.starts_at is None:
        return
    person = session.get_one(Person, lead.person_id)
    mail = words_training.declined(
        notice_of(session, interview, person),
        trainee=session.get_one(Person, seat.person_id).name,
        kit_url=url_for_person(f"/interviews/{lead.id}", person.id, now=now),
    )
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"trainee_declined:{seat.id}:{now.isoformat()}",
        fact={
            "interview": interview.id,
            "sequence": interview.sequence,
            "until": interview.starts_at.isoformat(),
        },
        person=person,
        application=interview.application,
    )
