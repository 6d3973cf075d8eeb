"""The kinds of e-mails whose words are merged: who gets one, when, and which fields its words may have.

A candidate's e-mails offer only what the candidate may know. A fact (a time, a link, a promise) stays a field where a
person edits the words of one e-mail, so that what goes out is what holds in that moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass

APPLIED = "You get this e-mail because you applied to {{ organisation }}."
APPLICATION = "You get this e-mail because of an application at {{ organisation }}."


@dataclass(frozen=True)
class Field:
    """One merge field: what it stands for, with an example. A ``fact`` cannot be edited away."""

    name: str
    meaning: str
    example: str
    is_fact: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of e-mail, the folder of its standard words; ``why`` stands at its foot and is never edited."""

    name: str
    label: str
    fields: tuple[Field, ...]
    why: str
    is_to_candidate: bool = True

    @property
    def names(self) -> frozenset[str]:
        """The names of its fields."""
        return frozenset(field.name for field in self.fields)

    @property
    def facts(self) -> frozenset[str]:
        """The names of those fields that are facts."""
        return frozenset(field.name for field in self.fields if field.is_fact)


CANDIDATE = Field("candidate", "the candidate’s name", "Ada Lovelace")
REQUISITION = Field("requisition", "the title of the requisition", "Security Engineer")
ORGANISATION = Field("organisation", "the organisation’s name", "Example Works")
RECRUITER = Field("recruiter", "the recruiter’s name", "Rita Recruiter")
RECRUITER_EMAIL = Field("recruiter_email", "the recruiter’s e-mail address", "rita@example.org")
WHEN = Field("when", "day, time and zone", "Fri 27 Nov 2026, 10:00–11:00 (Europe/Berlin)", is_fact=True)
PLACE = Field("place", "where it is held, if that is known", "https://meet.example/room", is_fact=True)
OWN_PAGE = Field("link", "the link to the candidate’s own page", "https://hiring.example/my/…", is_fact=True)
SCHEDULE = Field(
    "schedule",
    "all interviews with their times, people and places",
    "1. Technical depth\n   Fri 27 Nov 2026, 10:00–11:00 (Europe/Berlin)\n   With Ian Interviewer\n"
    "   https://meet.example/room",
    is_fact=True,
)
PROMISE = Field(
    "promise", "when the outcome is due; empty while its clock stands", "Fri 4 Dec 2026, 23:59", is_fact=True
)

_BASICS = (CANDIDATE, REQUISITION, ORGANISATION)
_WITH_RECRUITER = (*_BASICS, RECRUITER, RECRUITER_EMAIL)
_SCREEN = (
    *_WITH_RECRUITER,
    WHEN,
    Field("minutes", "how long it lasts, in minutes", "60", is_fact=True),
    Field("interviewer", "who holds it", "Ian Interviewer", is_fact=True),
    PLACE,
)
_LOOP = (
    *_WITH_RECRUITER,
    SCHEDULE,
    PROMISE,
    Field("preparation", "how to prepare, as the interview plan says it", "Read our principles."),
)
_CANCELLED = (
    *_WITH_RECRUITER,
    Field("interviews", "what is cancelled, with the times", "- Technical depth, Fri 27 Nov 2026, 10:00", is_fact=True),
)

_ALL = (
    Kind(
        "application_received",
        "Application received",
        (*_BASICS, Field("requisition_with_team", "title and team", "Security Engineer (Platform)"), OWN_PAGE),
        APPLIED,
    ),
    Kind("application_known", "Applied again", (*_BASICS, OWN_PAGE), APPLIED),
    Kind("status_link", "New link to the own page", (*_BASICS, OWN_PAGE), APPLIED),
    Kind("closed", "Application goes no further", (*_BASICS, RECRUITER), APPLIED),
    Kind("withdrawn", "Withdrawal confirmed", _BASICS, APPLIED),
    Kind("screen_invitation", "Phone screen: invitation", _SCREEN, APPLICATION),
    Kind("screen_changed", "Phone screen: changed", _SCREEN, APPLICATION),
    Kind("screen_cancelled", "Phone screen: cancelled", (*_WITH_RECRUITER, WHEN), APPLICATION),
    Kind("loop_schedule", "Loop: schedule", _LOOP, APPLICATION),
    Kind("loop_changed", "Loop: schedule changed", _LOOP, APPLICATION),
    Kind("interviews_cancelled", "Loop: interviews cancelled", _CANCELLED, APPLICATION),
    Kind("outcome_hire", "Outcome: hire", (*_BASICS, RECRUITER), APPLIED),
    Kind("outcome_no_hire", "Outcome: no hire", (*_BASICS, RECRUITER), APPLIED),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}


def is_to_candidate(name: str) -> bool:
    """Whether e-mails of this kind go to candidates; "outcome" is what the recruiter made of one of the two drafts."""
    return name == "outcome" or (name in KINDS and KINDS[name].is_to_candidate)
