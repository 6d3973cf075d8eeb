"""What e-mails tell of one interview, to whomever they go.

All times in them are the receiver's own, with the zone's name; the calendar files hold moments in UTC.
"""

from dataclasses import dataclass
from datetime import datetime

from tracker.mail.invitations import Event
from tracker.mail.messages import Address, Mail, merged
from tracker.rules.zones import day_words, hours_words, local_date


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

    def event(self, summary: str, *, description: str = "", page: str = "") -> Event:
        """Return it as the receiver's calendar shows it; ``page`` is one that he or she may open."""
        return Event(
            uid=self.uid,
            sequence=self.sequence,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            summary=summary,
            description=description,
            place=self.place,
            url=page,
            is_cancelled=self.is_cancelled,
            answers_to=self.answers_to,
        )


@dataclass(frozen=True)
class StaffNotice:
    """What every e-mail to somebody of the staff about an interview tells: which meeting, with whom, for what."""

    receiver: Address
    organisation: str
    candidate: str
    title: str
    meeting: Meeting
    recruiter: Address

    def mail(self, kind: str, **values: str) -> Mail:
        """Return the mail of a kind that says this; ``values`` are those of the kind's other fields."""
        return merged(
            kind,
            receiver=self.receiver,
            organisation=self.organisation,
            candidate=self.candidate,
            requisition=self.title,
            interview=self.meeting.name,
            when=self.meeting.when,
            **values,
        )


def _when(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    return f"{day_words(local_date(starts_at, zone))}, {hours_words(starts_at, ends_at, zone)} ({zone})"
