"""Which e-mails the changes of interviews cause: to interviewers one by one, to the candidate in words of their own.

Each mail's fact names the sequence that it tells of, so that one which waited too long is dropped, not sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.mail import outbox, reply_addresses, words_interviews
from tracker.mail.links import url, url_for_person
from tracker.mail.meetings import Meeting, StaffNotice
from tracker.mail.messages import Address, Mail
from tracker.models.application import Application
from tracker.models.competency import Competency
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState, Loop
from tracker.models.person import InterviewKind, Person
from tracker.pipeline.candidate_links import linked
from tracker.pipeline.invited_before import TO_HOLD, was_invited
from tracker.pipeline.told_promises import promising
from tracker.pipeline.told_times import telling, told_before
from tracker.queries import loops
from tracker.queries.organisation import organisation_name
from tracker.queries.truth import holds
from tracker.rules.stages import ApplicationState
from tracker.rules.training import TrainingRole, beside_words, company
from tracker.rules.zones import moment_words


def invite(session: Session, interview: Interview, lead: Assignment, *, now: datetime) -> None:
    """Invite the interviewer; send an update where he or she was invited before (see ``invited_before``)."""
    person = session.get_one(Person, lead.person_id)
    is_change, page = was_invited(session, interview, person, TO_HOLD), f"/interviews/{lead.id}"
    mail = words_interviews.interview_invitation(
        notice_of(session, interview, person, lead),
        competencies=competency_names(session, lead),
        kit_url=url(page),
        link=url_for_person(f"{page}#when", person.id, now=now),
        trainee=beside_words_of(session, interview),
        is_change=is_change,
        instead_of=_held_before(session, interview, lead),
        now=now,
    )
    post_invitation(session, mail, interview, person, now=now)


def post_invitation(session: Session, mail: Mail, interview: Interview, person: Person, *, now: datetime) -> None:
    """Post what invites somebody, as interviewer or to learn, to an interview as it stands; once for each version."""
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"invite:{interview.id}:s{interview.sequence}:{person.id}",
        fact={"interview": interview.id, "sequence": interview.sequence},
        order_key=interview.uid,
        person=person,
        application=interview.application,
    )


def uninvite(session: Session, interview: Interview, lead: Assignment, *, now: datetime) -> None:
    """Take the interview out of an interviewer's calendar: it was called off, or somebody else holds it now.

    True for ever: whatever happens to the interview later comes after it, in the order of the interview's mails.
    """
    person = session.get_one(Person, lead.person_id)
    mail = words_interviews.interview_withdrawn(notice_of(session, interview, person, lead), now=now)
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"uninvite:{interview.id}:s{interview.sequence}:{person.id}",
        order_key=interview.uid,
        person=person,
        application=interview.application,
    )


def tell_screen(session: Session, screen: Interview, *, now: datetime) -> None:
    """Invite the candidate to a phone screen, or tell what changed."""
    application, before = screen.application, told_before(session, screen.uid)
    mail = words_interviews.screen_invitation(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        meeting=replace(_for_candidate(session, screen), before=before.get(screen.id)),
        recruiter=Address.of(application.requisition.recruiter),
        now=now,
    )
    outbox.post(
        session,
        linked(session, application, mail, now=now),
        now=now,
        dedupe_key=f"invite:{screen.id}:s{screen.sequence}:candidate",
        fact={"interview": screen.id, "sequence": screen.sequence} | telling([screen]),
        order_key=screen.uid,
        application=application,
    )


def tell_loop(session: Session, loop: Loop, *, now: datetime) -> None:
    """Send the candidate the whole schedule as it stands, with the promise; the first time or after a change.

    One mail for all interviews: one that waits still is dropped by the next change, which tells everything again; so
    it is where the promise moves or is paused meanwhile (see ``tell_loop_again``).
    """
    application = loop.application
    shown = [each for each in loop.interviews if each.state is InterviewState.SENT or each.sequence > 0]
    shown.sort(key=lambda each: (each.starts_at or now, each.id))
    before, zone = told_before(session, f"loop:{loop.id}"), application.candidate.zone
    promise = loops.promise_of(session, application)
    promised = promising(promise, now)
    mail = words_interviews.loop_schedule(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        meetings=[replace(_meeting_of(session, each, zone), before=before.get(each.id)) for each in shown],
        promise=moment_words(promise.due_at, promise.zone) if promise and promised.get("due_at") else "",
        preparation=application.requisition.plan.preparation.strip(),
        recruiter=Address.of(application.requisition.recruiter),
        is_change=any(each.sequence for each in shown),
        now=now,
    )
    standing = {str(each.id): each.sequence for each in shown if each.state is InterviewState.SENT}
    dropped = outbox.times_dropped(session, mail.kind, None, application)
    again = f":again {dropped}" if dropped else ""
    outbox.post(
        session,
        linked(session, application, mail, now=now),
        now=now,
        dedupe_key=f"schedule:{loop.id}:{'-'.join(f'{each.id}.{each.sequence}' for each in shown)}{again}",
        fact={"interviews": standing} | promised | telling(shown),
        order_key=f"loop:{loop.id}",
        application=application,
    )


def tell_loop_again(session: Session, fact: Mapping[str, Any], *, now: datetime) -> None:
    """Write a schedule anew whose mail was dropped because of the promise alone; nothing once all of it is over.

    ``fact`` is that of the mail that was dropped, of whatever kind.
    """
    if not fact.get("interviews") or not holds(session, {"interviews": fact["interviews"]}):
        return
    interviews = [session.get_one(Interview, int(each)) for each in fact["interviews"]]
    loop = interviews[0].loop
    if loop is not None and any(each.ends_at is not None and each.ends_at > now for each in interviews):
        tell_loop(session, loop, now=now)


def tell_cancelled(
    session: Session, application: Application, called_off: Sequence[Interview], *, now: datetime
) -> None:
    """Tell the candidate what was called off: a phone screen, and interviews of a loop in one mail."""
    for screen in called_off:
        if screen.kind is InterviewKind.PHONE_SCREEN:
            _tell_screen_cancelled(session, screen, now)
    of_loop = [each for each in called_off if each.kind is InterviewKind.LOOP]
    if not of_loop:
        return
    mail = words_interviews.loop_cancelled(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        meetings=[_meeting_of(session, each, application.candidate.zone) for each in of_loop],
        recruiter=Address.of(application.requisition.recruiter),
        goes_on=application.state is ApplicationState.ACTIVE,
        now=now,
    )
    first = of_loop[0]
    outbox.post(
        session,
        linked(session, application, mail, now=now),
        now=now,
        dedupe_key=f"cancel-loop:{first.loop_id}:{'-'.join(f'{each.id}.{each.sequence}' for each in of_loop)}",
        fact={"interview_cancelled": first.id, "sequence": first.sequence},
        order_key=f"loop:{first.loop_id}",
        application=application,
    )


def _tell_screen_cancelled(session: Session, screen: Interview, now: datetime) -> None:
    application = screen.application
    mail = words_interviews.screen_cancelled(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        meeting=_for_candidate(session, screen),
        recruiter=Address.of(application.requisition.recruiter),
        goes_on=application.state is ApplicationState.ACTIVE,
        now=now,
    )
    outbox.post(
        session,
        linked(session, application, mail, now=now),
        now=now,
        dedupe_key=f"cancel:{screen.id}:s{screen.sequence}:candidate",
        fact={"interview_cancelled": screen.id, "sequence": screen.sequence},
        order_key=screen.uid,
        application=application,
    )


def _meeting_of(session: Session, interview: Interview, zone: str) -> Meeting:
    assert interview.starts_at is not None  # noqa: S101 - what went out has its time, or it would not have gone out
    assert interview.ends_at is not None  # noqa: S101
    return Meeting(
        uid=interview.uid,
        sequence=interview.sequence,
        name=interview.name,
        starts_at=interview.starts_at,
        ends_at=interview.ends_at,
        place=interview.place,
        zone=zone,
        with_whom=_people(session, interview),
        is_cancelled=interview.state is InterviewState.CANCELLED,
    )


def notice_of(session: Session, interview: Interview, receiver: Person, seat: Assignment | None = None) -> StaffNotice:
    """Return what somebody of the staff is told of an interview; ``seat`` is the own one, which the answer goes to."""
    application = interview.application
    meeting = _meeting_of(session, interview, receiver.zone)
    return StaffNotice(
        receiver=Address.of(receiver),
        organisation=organisation_name(session),
        candidate=application.candidate.name,
        title=application.requisition.title,
        meeting=replace(meeting, answers_to=reply_addresses.for_interviewer(seat)) if seat else meeting,
        recruiter=Address.of(application.requisition.recruiter),
    )


def _for_candidate(session: Session, screen: Interview) -> Meeting:
    meeting = _meeting_of(session, screen, screen.application.candidate.zone)
    return replace(meeting, answers_to=reply_addresses.for_candidate(screen))


def _held_before(session: Session, interview: Interview, lead: Assignment) -> str:
    """Return the name of whom the interview was taken from last, before it came to this lead; mostly nobody."""
    ended = [
        (each.ended_at, each.id, each.person_id)
        for each in interview.assignments
        if each.role is AssignmentRole.LEAD and each.ended_at is not None and each.person_id != lead.person_id
    ]
    return session.get_one(Person, max(ended)[-1]).name if ended else ""


# Where who led it declined, until somebody else does.
SOMEBODY = "somebody who is still to be named"


def _people(session: Session, interview: Interview) -> str:
    standing = [each for each in interview.assignments if each.ended_at is None and each.declined_at is None]
    named = [(each.role, session.get_one(Person, each.person_id).name) for each in standing]
    leads = [name for role, name in named if role is AssignmentRole.LEAD] or [SOMEBODY]
    return company(leads, [name for role, name in named if role is not AssignmentRole.LEAD])


def beside_words_of(session: Session, interview: Interview) -> str:
    """Return what an interviewer is told of who sits in; nothing where nobody does."""
    return " ".join(
        beside_words(TrainingRole(each.role.value), session.get_one(Person, each.person_id).name)
        for each in interview.trainees
    )


def competency_names(session: Session, lead: Assignment) -> list[str]:
    """Return what an interviewer evaluates in an interview."""
    return [session.get_one(Competency, each.competency_id).name for each in lead.competencies]
