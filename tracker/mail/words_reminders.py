"""Reminders of an interview, in words of their own for its interviewer and for the candidate."""

from dataclasses import dataclass
from datetime import datetime

from tracker.mail.messages import Address, Mail, render
from tracker.rules.zones import day_words, local


@dataclass(frozen=True)
class Reminded:
    """The interview that a receiver is reminded of. Moments are aware; ``zone`` is the receiver's."""

    receiver: Address
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str
    name: str
    title: str

    @property
    def when(self) -> str:
        """Day and time in the receiver's zone: "Fri 27 Nov 2026, 10:00–11:00 (Europe/Berlin)"."""
        start, end = local(self.starts_at, self.zone), local(self.ends_at, self.zone)
        return f"{day_words(start.date())}, {start:%H:%M}–{end:%H:%M} ({self.zone})"


def for_interviewer(reminded: Reminded, *, organisation: str, candidate: str, kit_url: str) -> Mail:
    """Remind an interviewer, with the way to the kit."""
    return render(
        "reminder_interviewer",
        receiver=reminded.receiver,
        organisation=organisation,
        interview=reminded,
        candidate=candidate,
        kit_url=kit_url,
    )


def for_candidate(reminded: Reminded, *, organisation: str, recruiter: str) -> Mail:
    """Remind the candidate, with whom to ask."""
    return render(
        "reminder_candidate",
        receiver=reminded.receiver,
        organisation=organisation,
        interview=reminded,
        recruiter=recruiter,
    )
