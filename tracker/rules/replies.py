"""What to make of an answer to an invitation: RFC 5546 (iTIP), section 3.2.3 (REPLY) and 3.2.7 (COUNTER).

Nothing that arrives by e-mail is believed by itself: whether it counts is said here, of values, with the reason.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tracker.rules.answers import Answer

# A clock that runs so far ahead is wrong; what it says would make every later answer an older one.
_AHEAD = timedelta(minutes=10)
# Another time that somebody asks for is one to come, and not years ahead.
_BEFORE, _AFTER = timedelta(days=1), timedelta(days=731)
_ANSWERS = {"ACCEPTED": Answer.ACCEPTED, "TENTATIVE": Answer.TENTATIVE, "DECLINED": Answer.DECLINED}


class Verdict(StrEnum):
    """What became of an e-mail to a reply address."""

    TAKEN = "taken"
    NOTED = "noted"
    KNOWN = "known"
    STALE = "stale"
    LATE = "late"
    AUTOMATIC = "automatic"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"

    @property
    def is_bad(self) -> bool:
        """Whether its sender should hear that it came to nothing."""
        return self in (Verdict.REFUSED, Verdict.UNREADABLE, Verdict.UNKNOWN)

    @property
    def label(self) -> str:
        """The word that the operator's page shows."""
        return _LABELS[self]


_LABELS = {
    Verdict.TAKEN: "Taken in",
    Verdict.NOTED: "Shown to the recruiter",
    Verdict.KNOWN: "Came before",
    Verdict.STALE: "Out of date",
    Verdict.LATE: "Too late",
    Verdict.AUTOMATIC: "Automatic",
    Verdict.REFUSED: "Refused",
    Verdict.UNREADABLE: "Not readable",
    Verdict.UNKNOWN: "For no invitation",
}


@dataclass(frozen=True)
class Said:
    """What the calendar part of an answer says, as it was read. Moments are UTC, None where there is none to be read.

    ``events`` is how many events it is about, ``is_of_series`` that it names one date of a series. ``attendees`` are
    (address in lower case, PARTSTAT in upper case). ``starts_at`` and ``ends_at`` are those of the event in it.
    """

    method: str
    uid: str = ""
    sequence: int = 0
    stamp: datetime | None = None
    attendees: tuple[tuple[str, str], ...] = ()
    comment: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    events: int = 1
    is_of_series: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether it is something that an invited person says, and not an invitation that travels back."""
        return self.method in ("REPLY", "COUNTER")


@dataclass(frozen=True)
class Asked:
    """An invitation as it stands. ``addresses`` are the invited person's (lower case); ``answer`` and ``stamp`` are
    those of the last answer, None before there was one.

    ``stands`` is False once the interview was cancelled or given to somebody else, or the application was closed.
    """

    addresses: frozenset[str]
    uid: str
    sequence: int
    stands: bool
    has_begun: bool
    answer: Answer | None
    stamp: datetime | None


@dataclass(frozen=True)
class Judgement:
    """The verdict, why in a sentence, and, where it is TAKEN, the answer and its moment.

    ``proposed_at`` is the other time that is asked for, None where none is or it cannot be meant.
    """

    verdict: Verdict
    why: str
    answer: Answer | None = None
    stamp: datetime | None = None
    proposed_at: datetime | None = None


def judge(said: Said, asked: Asked, sender: str, now: datetime) -> Judgement:
    """Return what to make of a calendar answer that came to the address of an invitation.

    ``sender`` is the address in From, lower case. What is wrong is told before what is merely late.
    """
    wrong = _form(said) or _forgery(said, asked, sender)
    if wrong is not None:
        return wrong
    stamp = _stamp(said, now)
    if said.sequence < asked.sequence:
        return Judgement(Verdict.STALE, "It answers an older invitation: the interview was changed since.")
    if asked.stamp is not None and stamp < asked.stamp:
        return Judgement(Verdict.STALE, "It is older than the answer that is known.")
    if not asked.stands:
        return Judgement(Verdict.LATE, "The interview was cancelled, or somebody else holds it now.")
    if asked.has_begun:
        return Judgement(Verdict.LATE, "The interview had begun.")
    answer = Answer.OTHER_TIME if said.method == "COUNTER" else _ANSWERS[_partstat(said, asked)]
    if (asked.stamp, asked.answer) == (stamp, answer):
        return Judgement(Verdict.KNOWN, "The same answer came before.")
    return Judgement(Verdict.TAKEN, "", answer, stamp, _proposed(said, now) if answer is Answer.OTHER_TIME else None)


def _form(said: Said) -> Judgement | None:
    if said.events != 1:
        return Judgement(Verdict.UNREADABLE, f"It is about {said.events} events, and an answer is about one.")
    if said.is_of_series:
        return Judgement(Verdict.UNREADABLE, "It is about one date of a series, and no interview is a series.")
    return None


def _forgery(said: Said, asked: Asked, sender: str) -> Judgement | None:
    if said.uid != asked.uid:
        return Judgement(Verdict.REFUSED, "It answers another event than the address it was sent to.")
    if said.sequence > asked.sequence:
        return Judgement(Verdict.REFUSED, "It answers a change of the interview that was never made.")
    if sender not in asked.addresses:
        return Judgement(Verdict.REFUSED, "It does not come from the person who was invited.")
    named = {address for address, _ in said.attendees}
    if not named & asked.addresses or (said.method == "REPLY" and not named <= asked.addresses):
        return Judgement(Verdict.REFUSED, "It answers for somebody else than the person who was invited.")
    if said.method == "REPLY" and _partstat(said, asked) not in _ANSWERS:
        return Judgement(Verdict.UNREADABLE, "It says neither yes nor no nor perhaps.")
    return None


def _partstat(said: Said, asked: Asked) -> str:
    return next((partstat for address, partstat in said.attendees if address in asked.addresses), "")


def _stamp(said: Said, now: datetime) -> datetime:
    """Return when the answer was given: as it says (RFC 5545, section 3.8.7.2), or now where that cannot be."""
    return said.stamp if said.stamp is not None and said.stamp <= now + _AHEAD else now


def _proposed(said: Said, now: datetime) -> datetime | None:
    at = said.starts_at
    return at if at is not None and now - _BEFORE <= at <= now + _AFTER else None
