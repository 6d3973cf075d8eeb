"""Reminders of interviews, in words of their own for an interviewer and for a candidate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.mail.messages import Address, Mail, merged, merged_for_candidate
from tracker.mail.plain import listed
from tracker.rules.zones import day_words, local


@dataclass(frozen=True)
class Reminded:
    """An interview that a receiver is reminded of. Moments are aware; ``zone`` is the receiver's."""

    name: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str

    @property
    def day(self) -> str:
        """The receiver's date of it: "Fri 27 Nov 2026"."""
        return day_words(local(self.starts_at, self.zone).date())

    @property
    def time(self) -> str:
        """The receiver's time of day: "10:00–11:00 (Europe/Berlin)"."""
        start, end = local(self.starts_at, self.zone), local(self.ends_at, self.zone)
        return f"{start:%H:%M}–{end:%H:%M} ({self.zone})"

    @property
    def when(self) -> str:
        """Both: "Fri 27 Nov 2026, 10:00–11:00 (Europe/Berlin)"."""
        return f"{self.day}, {self.time}"

    @property
    def begins(self) -> str:
        """Its beginning, where others follow: "Fri 27 Nov 2026, from 10:00 (Europe/Berlin)"."""
        return f"{self.day}, from {local(self.starts_at, self.zone):%H:%M} ({self.zone})"

    @property
    def entry(self) -> str:
        """Its line in a candidate's list of a day: time and place, without the name that the tracker has for it."""
        return f"{self.time}{f', {self.place}' if self.place else ''}"


@dataclass(frozen=True)
class Held:
    """An interview that somebody was to hold, as the recruiter is told of it."""

    interview: Reminded
    candidate: str
    title: str
    url: str

    @property
    def entry(self) -> str:
        """Its lines in the list: what, with whom, when, and the link."""
        return f"- {self.interview.name} with {self.candidate} ({self.title}), {self.interview.when}\n  {self.url}"


def for_interviewer(
    interview: Reminded,
    *,
    receiver: Address,
    organisation: str,
    candidate: str,
    title: str,
    kit_url: str,
    trainee: str = "",
) -> Mail:
    """Remind an interviewer of one interview, with the way to the kit; ``trainee`` says who sits in."""
    return merged(
        "reminder_interviewer",
        receiver=receiver,
        organisation=organisation,
        interview=interview.name,
        when=interview.when,
        place=interview.place,
        candidate=candidate,
        requisition=title,
        link=kit_url,
        trainee=trainee,
    )


def for_candidate(
    interviews: Sequence[Reminded], *, receiver: Address, organisation: str, title: str, recruiter: Address
) -> Mail:
    """Remind a candidate of all interviews of one day, in their order."""
    return merged_for_candidate(
        "reminder_candidate",
        receiver=receiver,
        organisation=organisation,
        title=title,
        recruiter=recruiter,
        your_interviews="your interview" if len(interviews) == 1 else "your interviews",
        when=interviews[0].when if len(interviews) == 1 else interviews[0].begins,
        day=interviews[0].day,
        interviews=listed(each.entry for each in interviews),
    )


def interviewer_away(
    *, receiver: Address, organisation: str, interviewer: str, days: str, interviews: Sequence[Held]
) -> Mail:
    """Tell a recruiter which interviews need somebody else, because their interviewer is away then."""
    return merged(
        "interviewer_away",
        receiver=receiver,
        organisation=organisation,
        interviewer=interviewer,
        days=days,
        interviews="\n\n".join(each.entry for each in interviews),
    )
