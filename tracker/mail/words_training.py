"""E-mails about learning to interview. None of them holds anything that was found about a candidate."""

from collections.abc import Sequence
from datetime import datetime

from tracker.mail import invitations
from tracker.mail.invitations import Event
from tracker.mail.messages import Address, Mail, merged
from tracker.mail.words_interviews import Meeting
from tracker.mail.words_reminders import Reminded
from tracker.rules.training import TrainingRole, task_words


def told(
    kind: str, *, receiver: Address, organisation: str, interviews: str, by: str, **values: str
) -> Mail:
    """Tell somebody what became of the own training; ``interviews`` are what he or she learns to hold.

    ``values`` are those of the e-mail's other fields: competencies, path, note, reason and the link.
    """
    return merged(kind, receiver=receiver, organisation=organisation, interviews=interviews, by=by, **values)


def invitation(
    *,
    receiver: Address,
    organisation: str,
    candidate: str,
    title: str,
    meeting: Meeting,
    part: TrainingRole,
    lead: str,
    competencies: Sequence[str],
    kit_url: str,
    recruiter: Address,
    is_change: bool,
    now: datetime,
) -> Mail:
    """Invite somebody to sit in an interview beside its lead, or tell him or her that it changed."""
    mail = merged(
        "trainee_changed" if is_change else "trainee_invitation",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=title,
        interview=meeting.name,
        when=meeting.when,
        place=meeting.place,
        role=part.label,
        task=task_words(part, lead),
        lead=lead,
        competencies=listed_lines(competencies),
        link=kit_url,
        recruiter=recruiter.name,
        recruiter_email=recruiter.email,
    )
    event = _event(meeting, f"{part.label}: {meeting.name}, {candidate} ({title})", kit_url)
    return invitations.request(mail, event, organizer=recruiter.name, now=now)


def withdrawn(
    *,
    receiver: Address,
    organisation: str,
    candidate: str,
    title: str,
    meeting: Meeting,
    part: TrainingRole,
    recruiter: Address,
    now: datetime,
) -> Mail:
    """Tell somebody that he or she does not sit in an interview any more: it was called off, or the seat taken back."""
    mail = merged(
        "trainee_withdrawn",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=title,
        interview=meeting.name,
        when=meeting.when,
    )
    event = _event(meeting, f"{part.label}: {meeting.name}, {candidate} ({title})", "")
    return invitations.cancel(mail, event, organizer=recruiter.name, now=now)


def reminder(
    interview: Reminded,
    *,
    receiver: Address,
    organisation: str,
    candidate: str,
    title: str,
    part: TrainingRole,
    lead: str,
    kit_url: str,
) -> Mail:
    """Remind somebody of an interview that he or she sits in."""
    return merged(
        "reminder_trainee",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=title,
        interview=interview.name,
        when=interview.when,
        place=interview.place,
        role=part.label,
        task=task_words(part, lead),
        link=kit_url,
    )


def declined(
    *, receiver: Address, organisation: str, trainee: str, candidate: str, title: str, meeting: Meeting, kit_url: str
) -> Mail:
    """Tell an interviewer that who was to learn beside him or her does not come."""
    return merged(
        "trainee_declined",
        receiver=receiver,
        organisation=organisation,
        trainee=trainee,
        candidate=candidate,
        requisition=title,
        interview=meeting.name,
        when=meeting.when,
        link=kit_url,
    )


def listed_lines(names: Sequence[str]) -> str:
    """Return names as the lines of a list."""
    return "\n".join(f"- {name}" for name in names)


def _event(meeting: Meeting, summary: str, page: str) -> Event:
    return Event(
        uid=meeting.uid,
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=summary,
        place=meeting.place,
        url=page,
        answers_to=meeting.answers_to,
    )
