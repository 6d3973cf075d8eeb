"""E-mails about interviews: one set of words for interviewers, another for candidates, never shared.

All times in them are the receiver's own, with the zone's name; the calendar files hold moments in UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.mail import invitations
from tracker.mail.invitations import Event
from tracker.mail.messages import Address, Mail, merged
from tracker.mail.unmarked import unmarked
from tracker.rules.zones import day_words, local


@dataclass(frozen=True)
class Meeting:
    """One interview as a mail tells it; ``zone`` is the receiver's, ``with_whom`` is for candidates.

    ``before`` are start and end (UTC) as the receiver knows them, where the interview was moved.
    ``answers_to`` is where the receiver's calendar sends the answer, empty: to the sender of the mail.
    """

    uid: str
    sequence: int
    name: str
    starts_at: datetime
    ends_at: datetime
    place: str
    zone: str
    with_whom: str = ""
    is_cancelled: bool = False
    before: tuple[datetime, datetime] | None = None
    answers_to: str = ""

    @property
    def when(self) -> str:
        """The time in words, such as "Fri 27 Nov 2026, 10:00–11:00 (Europe/Berlin)"."""
        return _when(self.starts_at, self.ends_at, self.zone)

    @property
    def when_before(self) -> str:
        """The time before, in the same words; empty where it is none, or the same."""
        moved = self.before not in (None, (self.starts_at, self.ends_at))
        return _when(*self.before, self.zone) if self.before is not None and moved else ""


def _when(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    start, end = local(starts_at, zone), local(ends_at, zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{day_words(end.date())}, {end:%H:%M}"
    return f"{day_words(start.date())}, {start:%H:%M}–{until} ({zone})"


def interview_invitation(
    *,
    receiver: Address,
    organisation: str,
    candidate: str,
    title: str,
    meeting: Meeting,
    competencies: Sequence[str],
    kit_url: str,
    recruiter: Address,
    now: datetime,
    trainee: str = "",
) -> Mail:
    """Ask an interviewer to hold an interview, or tell him or her that it changed; ``trainee`` says who sits in."""
    mail = merged(
        "interview_changed" if meeting.sequence else "interview_invitation",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=title,
        interview=meeting.name,
        when=meeting.when,
        place=meeting.place,
        competencies="\n".join(f"- {name}" for name in competencies),
        link=kit_url,
        recruiter=recruiter.name,
        recruiter_email=recruiter.email,
        trainee=trainee,
    )
    event = _event(meeting, f"{meeting.name}: {candidate} ({title})", page=kit_url)
    return invitations.request(mail, event, organizer=recruiter.name, now=now)


def interview_withdrawn(
    *,
    receiver: Address,
    organisation: str,
    candidate: str,
    title: str,
    meeting: Meeting,
    recruiter: Address,
    now: datetime,
) -> Mail:
    """Tell an interviewer that an interview is no longer his or hers: cancelled, or given to somebody else."""
    mail = merged(
        "interview_withdrawn",
        receiver=receiver,
        organisation=organisation,
        candidate=candidate,
        requisition=title,
        interview=meeting.name,
        when=meeting.when,
    )
    event = _event(meeting, f"{meeting.name}: {candidate} ({title})")
    return invitations.cancel(mail, event, organizer=recruiter.name, now=now)


def declined(
    kind: str,
    *,
    receiver: Address,
    organisation: str,
    interviewer: str,
    candidate: str,
    title: str,
    meeting: Meeting,
    link: str,
) -> Mail:
    """Tell a recruiter that an interviewer cannot hold an interview ("interview_declined"), or write its scorecard
    ("scorecard_declined"), with the way to do something about it."""
    return merged(
        kind,
        receiver=receiver,
        organisation=organisation,
        interviewer=interviewer,
        candidate=candidate,
        requisition=title,
        interview=meeting.name,
        when=meeting.when,
        link=link,
    )


def screen_invitation(
    *, receiver: Address, organisation: str, title: str, meeting: Meeting, recruiter: Address, now: datetime
) -> Mail:
    """Invite a candidate to a phone screen, or tell him or her that it changed."""
    before = {"when_before": meeting.when_before} if meeting.sequence else {}
    mail = _to_candidate(
        "screen_changed" if meeting.sequence else "screen_invitation",
        receiver,
        organisation,
        title,
        recruiter,
        **before,
        when=meeting.when,
        minutes=str(int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60),
        interviewer=meeting.with_whom,
        place=meeting.place,
    )
    event = _event(meeting, f"Phone screen: {organisation}, {title}", f"With {meeting.with_whom}")
    return invitations.request(mail, event, organizer=recruiter.name, now=now)


def screen_cancelled(
    *, receiver: Address, organisation: str, title: str, meeting: Meeting, recruiter: Address, now: datetime
) -> Mail:
    """Tell a candidate that a phone screen will not take place."""
    mail = _to_candidate("screen_cancelled", receiver, organisation, title, recruiter, when=meeting.when)
    event = _event(meeting, f"Phone screen: {organisation}, {title}")
    return invitations.cancel(mail, event, organizer=recruiter.name, now=now)


def loop_schedule(
    *,
    receiver: Address,
    organisation: str,
    title: str,
    meetings: Sequence[Meeting],
    promise: str,
    preparation: str,
    recruiter: Address,
    is_change: bool,
    now: datetime,
) -> Mail:
    """Give a candidate the schedule of all interviews, and the day by which the outcome is promised.

    ``promise`` is empty while its clock stands; ``preparation`` is Markdown.
    """
    mail = _to_candidate(
        "loop_changed" if is_change else "loop_schedule",
        receiver,
        organisation,
        title,
        recruiter,
        schedule="\n\n".join(_entry(number, each) for number, each in enumerate(meetings, 1)),
        promise=promise,
        preparation=unmarked(preparation),
    )
    return _published(mail, organisation, title, meetings, recruiter, now)


def loop_cancelled(
    *, receiver: Address, organisation: str, title: str, meetings: Sequence[Meeting], recruiter: Address, now: datetime
) -> Mail:
    """Tell a candidate that the interviews will not take place; ``meetings`` are cancelled ones."""
    listed = "\n".join(f"- {each.name}, {each.when}" for each in meetings)
    mail = _to_candidate("interviews_cancelled", receiver, organisation, title, recruiter, interviews=listed)
    return _published(mail, organisation, title, meetings, recruiter, now)


def _to_candidate(
    kind: str, receiver: Address, organisation: str, title: str, recruiter: Address, **values: str
) -> Mail:
    return merged(
        kind,
        receiver=receiver,
        organisation=organisation,
        candidate=receiver.name,
        requisition=title,
        recruiter=recruiter.name,
        recruiter_email=recruiter.email,
        **values,
    )


def _entry(number: int, meeting: Meeting) -> str:
    """Return one interview of a schedule: its name, and below it the time, the people and the place."""
    if meeting.is_cancelled:
        return f"{number}. {meeting.name} (cancelled)\n   {meeting.when}"
    before = f"Before: {meeting.when_before}" if meeting.when_before else ""
    lines = [f"{number}. {meeting.name}", meeting.when, before, f"With {meeting.with_whom}", meeting.place]
    return "\n   ".join(line for line in lines if line)


def _event(meeting: Meeting, summary: str, description: str = "", page: str = "") -> Event:
    return Event(
        uid=meeting.uid,
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=summary,
        description=description,
        place=meeting.place,
        url=page,
        is_cancelled=meeting.is_cancelled,
        answers_to=meeting.answers_to,
    )


def _published(
    mail: Mail, organisation: str, title: str, meetings: Sequence[Meeting], recruiter: Address, now: datetime
) -> Mail:
    events = [_event(each, f"{organisation}: {each.name} ({title})", f"With {each.with_whom}") for each in meetings]
    return invitations.publish(mail, events, organizer=recruiter.name, now=now)
