"""E-mails about learning to interview. None of them holds anything that was found about a candidate."""

from collections.abc import Sequence
from datetime import datetime

from tracker.mail import invitations
from tracker.mail.invitations import Event
from tracker.mail.meetings import StaffNotice
from tracker.mail.messages import Address, Mail, merged
from tracker.mail.plain import listed
from tracker.mail.words_reminders import Reminded
from tracker.rules.training import TrainingRole, task_words


def told(kind: str, *, receiver: Address, organisation: str, interviews: str, by: str, **values: str) -> Mail:
    """Tell somebody what became of the own training; ``interviews`` are what he or she learns to hold.

    ``values`` are those of the e-mail's other fields: competencies, path, note, reason and the link.
    """
    return merged(kind, receiver=receiver, organisation=organisation, interviews=interviews, by=by, **values)


def invitation(
    notice: StaffNotice,
    *,
    part: TrainingRole,
    lead: str,
    competencies: Sequence[str],
    kit_url: str,
    link: str,
    is_change: bool,
    now: datetime,
) -> Mail:
    """Invite somebody to sit in an interview beside its lead, or tell him or her that it changed.

    ``link`` leads to the page at ``kit_url``, where it is declined; the calendar file has the bare address.
    """
    mail = notice.mail(
        "trainee_changed" if is_change else "trainee_invitation",
        place=notice.meeting.place,
        role=part.label,
        task=task_words(part, lead),
        lead=lead,
        competencies=listed(competencies),
        link=link,
        recruiter=notice.recruiter.name,
        recruiter_email=notice.recruiter.email,
    )
    return invitations.request(mail, _of_trainee(notice, part, kit_url), organizer=notice.recruiter.name, now=now)


def withdrawn(notice: StaffNotice, *, part: TrainingRole, now: datetime) -> Mail:
    """Tell somebody that he or she does not sit in an interview any more: it was called off, or the seat taken back."""
    mail = notice.mail("trainee_withdrawn")
    return invitations.cancel(mail, _of_trainee(notice, part), organizer=notice.recruiter.name, now=now)


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


def declined(notice: StaffNotice, *, trainee: str, kit_url: str) -> Mail:
    """Tell an interviewer that who was to learn beside him or her does not come."""
    return notice.mail("trainee_declined", trainee=trainee, link=kit_url)


def _of_trainee(notice: StaffNotice, part: TrainingRole, kit_url: str = "") -> Event:
    summary = f"{part.label}: {notice.meeting.name}, {notice.candidate} ({notice.title})"
    return notice.meeting.event(summary, page=kit_url)
