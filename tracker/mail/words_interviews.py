"""E-mails about interviews: one set of words for interviewers, another for candidates, never shared."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count

from tracker.mail import invitations
from tracker.mail.invitations import Event
from tracker.mail.kinds_candidates import HOW_ASKED
from tracker.mail.meetings import Meeting, StaffNotice
from tracker.mail.messages import Address, Mail, merged_for_candidate
from tracker.mail.plain import listed
from tracker.mail.unmarked import unmarked


def interview_invitation(
    notice: StaffNotice,
    *,
    competencies: Sequence[str],
    kit_url: str,
    link: str,
    now: datetime,
    is_change: bool = False,
    instead_of: str = "",
    trainee: str = "",
) -> Mail:
    """Ask an interviewer to hold an interview, or tell him or her that it changed; ``trainee`` says who sits in.

    ``link`` leads to the page at ``kit_url``, where it is accepted or declined; the calendar file has the bare address.
    ``instead_of`` is whose place who is asked takes; why is not told. A new attendee gets a REQUEST too, with the
    sequence that the interview has by then: what a calendar has not seen it takes as it comes (RFC 5546, 3.2.2).
    """
    mail = notice.mail(
        "interview_changed" if is_change else "interview_invitation",
        place=notice.meeting.place,
        competencies=listed(competencies),
        link=link,
        recruiter=notice.recruiter.name,
        recruiter_email=notice.recruiter.email,
        trainee=trainee,
        **({} if is_change else {"instead_of": instead_of}),
    )
    return invitations.request(mail, _of_interviewer(notice, kit_url), organizer=notice.recruiter.name, now=now)


def interview_withdrawn(notice: StaffNotice, *, now: datetime) -> Mail:
    """Tell an interviewer that an interview is no longer his or hers: cancelled, or given to somebody else."""
    mail = notice.mail("interview_withdrawn")
    return invitations.cancel(mail, _of_interviewer(notice), organizer=notice.recruiter.name, now=now)


def declined(kind: str, notice: StaffNotice, *, interviewer: str, link: str) -> Mail:
    """Tell a recruiter that an interviewer cannot hold an interview ("interview_declined"), or write its scorecard
    ("scorecard_declined"), with the way to do something about it."""
    return notice.mail(kind, interviewer=interviewer, link=link)


def screen_invitation(
    *, receiver: Address, organisation: str, title: str, meeting: Meeting, recruiter: Address, now: datetime
) -> Mail:
    """Invite a candidate to a phone screen, or tell him or her that it changed."""
    before = {"when_before": meeting.when_before} if meeting.sequence else {}
    mail = merged_for_candidate(
        "screen_changed" if meeting.sequence else "screen_invitation",
        receiver=receiver,
        organisation=organisation,
        title=title,
        recruiter=recruiter,
        **before,
        when=meeting.when,
        minutes=str(int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60),
        interviewer=meeting.with_whom,
        place=meeting.place,
    )
    event = meeting.event(f"Phone screen: {organisation}, {title}", description=f"With {meeting.with_whom}")
    return invitations.request(mail, event, organizer=recruiter.name, now=now)


def screen_cancelled(
    *,
    receiver: Address,
    organisation: str,
    title: str,
    meeting: Meeting,
    recruiter: Address,
    goes_on: bool,
    now: datetime,
) -> Mail:
    """Tell a candidate that a phone screen will not take place, and where the application ``goes_on``, that it does."""
    mail = merged_for_candidate(
        "screen_cancelled",
        receiver=receiver,
        organisation=organisation,
        title=title,
        recruiter=recruiter,
        in_touch=recruiter.name if goes_on else "",
        when=meeting.when,
    )
    event = meeting.event(f"Phone screen: {organisation}, {title}")
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

    They are numbered by their times, as on the own page: what the tracker calls them is nothing to the candidate.
    ``promise`` is empty while its clock stands; ``preparation`` is Markdown;
    where there is some, it alone says how the interviews are held.
    """
    mail = merged_for_candidate(
        "loop_changed" if is_change else "loop_schedule",
        receiver=receiver,
        organisation=organisation,
        title=title,
        recruiter=recruiter,
        schedule="\n\n".join(_entries(meetings)),
        promise=promise,
        how_asked="" if preparation else HOW_ASKED,
        preparation=unmarked(preparation),
    )
    return _published(mail, organisation, title, meetings, recruiter, now)


def loop_cancelled(
    *,
    receiver: Address,
    organisation: str,
    title: str,
    meetings: Sequence[Meeting],
    recruiter: Address,
    goes_on: bool,
    now: datetime,
) -> Mail:
    """Tell a candidate that the interviews will not take place, and where the application ``goes_on``, that it does.

    ``meetings`` are cancelled ones.
    """
    mail = merged_for_candidate(
        "interviews_cancelled",
        receiver=receiver,
        organisation=organisation,
        title=title,
        recruiter=recruiter,
        interviews=listed(each.when for each in _by_time(meetings)),
        in_touch=recruiter.name if goes_on else "",
    )
    return _published(mail, organisation, title, meetings, recruiter, now)


def _entries(meetings: Sequence[Meeting]) -> Iterator[str]:
    """Yield what a schedule says of each interview, by time: those that stand are numbered."""
    number = count(1)
    for each in _by_time(meetings):
        yield f"Cancelled: {each.when}" if each.is_cancelled else _entry(next(number), each)


def _by_time(meetings: Sequence[Meeting]) -> list[Meeting]:
    return sorted(meetings, key=lambda each: each.starts_at)


def _entry(number: int, meeting: Meeting) -> str:
    """Return one interview of a schedule: its time, and below it the people and the place."""
    before = f"Before: {meeting.when_before}" if meeting.when_before else ""
    lines = [f"{number}. {meeting.when}", before, f"With {meeting.with_whom}", meeting.place]
    return "\n   ".join(line for line in lines if line)


def _of_interviewer(notice: StaffNotice, kit_url: str = "") -> Event:
    return notice.meeting.event(f"{notice.meeting.name}: {notice.candidate} ({notice.title})", page=kit_url)


def _published(
    mail: Mail, organisation: str, title: str, meetings: Sequence[Meeting], recruiter: Address, now: datetime
) -> Mail:
    events = [
        each.event(f"Interview: {organisation}, {title}", description=f"With {each.with_whom}")
        for each in _by_time(meetings)
    ]
    return invitations.publish(mail, events, organizer=recruiter.name, now=now)
