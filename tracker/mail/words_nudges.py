"""Nudges: what is wanted, for whom, by when, and why its reader gets it. Several in one morning are one digest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.mail.messages import Address, Mail, merged_with_html
from tracker.rules.deadlines import DeadlineKind, urgency
from tracker.rules.ladders import Role
from tracker.rules.words import counted, listed
from tracker.rules.zones import day_words, local_date, moment_words

# Said to whoever has to do it.
WANTED = {
    DeadlineKind.APPLICATION_REVIEW: "Judge the application of {candidate}",
    DeadlineKind.PHONE_SCREEN_OUTCOME: "Decide what follows the phone screen of {candidate}",
    DeadlineKind.LOOP_INVITED: "Plan and send the interview loop for {candidate}",
    DeadlineKind.SCORECARD: "Write your scorecard for {candidate}",
    DeadlineKind.DEBRIEF: "Hold the debrief about {candidate}",
    DeadlineKind.DECISION: "Record the decision about {candidate}",
    DeadlineKind.PROMISE: "Tell {candidate} the outcome",
}
# Said to those who are told that somebody else has not.
MISSING = {
    DeadlineKind.APPLICATION_REVIEW: "{owner} has not judged the application of {candidate}",
    DeadlineKind.PHONE_SCREEN_OUTCOME: "{owner} has not decided what follows the phone screen of {candidate}",
    DeadlineKind.LOOP_INVITED: "{owner} has not sent the interview loop for {candidate}",
    DeadlineKind.SCORECARD: "{owner} has not written the scorecard for {candidate}",
    DeadlineKind.DEBRIEF: "{owner} has not held the debrief about {candidate}",
    DeadlineKind.DECISION: "{owner} has not recorded the decision about {candidate}",
    DeadlineKind.PROMISE: "{candidate} has not been told the outcome by {owner}",
}
# Said where somebody who has a part in it is away.
WAITS = {
    DeadlineKind.APPLICATION_REVIEW: "the application of {candidate} waits to be judged",
    DeadlineKind.PHONE_SCREEN_OUTCOME: "the outcome of the phone screen of {candidate} waits",
    DeadlineKind.LOOP_INVITED: "the interview loop for {candidate} waits",
    DeadlineKind.SCORECARD: "the scorecard for {candidate} waits",
    DeadlineKind.DEBRIEF: "the debrief about {candidate} waits",
    DeadlineKind.DECISION: "the decision about {candidate} waits",
    DeadlineKind.PROMISE: "{candidate} waits to hear the outcome",
}
WHY = {
    Role.OWNER: "this is yours to do",
    Role.INTERVIEWER: "you held the interview",
    Role.RECRUITER: "you are the recruiter of the requisition",
    Role.HIRING_MANAGER: "you are the hiring manager of the requisition",
    Role.RECRUITING_LEAD: "you lead recruiting, and a promise to a candidate is at stake",
}


@dataclass(frozen=True)
class Away:
    """Somebody who has a part in a deadline, and the last day on which he or she is away."""

    name: str
    last_on: date


@dataclass(frozen=True)
class NudgeItem:
    """One deadline that a nudge is about, and nothing of any scorecard. ``due_at`` is UTC, ``zone`` the receiver's.

    ``url`` leads the receiver to the page of the task. ``away`` are those who would have been told if they were here;
    ``is_about_absence`` where the nudge comes only because of them.
    """

    kind: DeadlineKind
    role: Role
    due_at: datetime
    zone: str
    is_overdue: bool
    candidate: str
    title: str
    owner: str
    is_owner: bool
    url: str
    # The last day on which it can be met, in the zone of the requisition or on the receiver's own mornings.
    is_due_today: bool = False
    # After so many overdue mornings it stopped, and this is the last that is said of it.
    stopped_after: int | None = None
    is_about_absence: bool = False
    away: tuple[Away, ...] = ()


@dataclass(frozen=True)
class _Line:
    """What the templates say of one item."""

    headline: str
    sentence: str
    notes: list[str]
    is_overdue: bool
    why: str
    url: str

    @property
    def whole(self) -> str:
        """The sentence, and why its reader is told."""
        return f"{self.sentence} {self.why[0].upper()}{self.why[1:]}."


def nudges(*, receiver: Address, organisation: str, items: Sequence[NudgeItem], asked_by: str = "") -> Mail:
    """Return the nudge about one deadline, or the digest of several, the most urgent first; ``asked_by`` reminds of one
    by hand.

    All due moments are in words that stay true however long the mail is on its way.
    """
    urgent = sorted(items, key=_urgency)
    lines = [_line(item) for item in urgent]
    why = "; ".join(dict.fromkeys(line.why for line in lines))
    overdue = sum(line.is_overdue for line in lines)
    because, first = f"You get this e-mail because {why}.", lines[0]
    if len(lines) == 1:
        asked = [f"{asked_by} asked the tracker to remind you now."] if asked_by else []
        first = replace(first, notes=[*first.notes, *asked])
        return merged_with_html(
            "nudge",
            {"line": first},
            receiver=receiver,
            organisation=organisation,
            because=because,
            headline=first.headline,
            sentence=first.whole,
            notes="\n".join(first.notes),
            link=first.url,
        )
    how_many = f"{len(lines)} deadlines{f', {overdue} overdue' if overdue else ''}"
    return merged_with_html(
        "digest",
        {"lines": lines, "how_many": how_many},
        receiver=receiver,
        organisation=organisation,
        because=because,
        headline=first.headline,
        count=str(len(lines)),
        how_many=how_many,
        first=first.whole,
        deadlines="\n\n".join(_entry(number, line) for number, line in enumerate(lines, 1)),
    )


def _urgency(item: NudgeItem) -> tuple[int, datetime]:
    return urgency(item.kind, item.due_at, is_overdue=item.is_overdue, is_due_today=item.is_due_today)


def _entry(number: int, line: _Line) -> str:
    return "\n   ".join((f"{number}. {line.sentence}", *line.notes, line.url))


def _line(item: NudgeItem) -> _Line:
    words = _words(item)
    due = moment_words(item.due_at, item.zone)
    return _Line(
        headline=_headline(item, words),
        sentence=f"{words} ({item.title}): it {'was' if item.is_overdue else 'is'} due {due}.",
        notes=_notes(item),
        is_overdue=item.is_overdue,
        why=WHY[item.role],
        url=item.url,
    )


def _words(item: NudgeItem) -> str:
    names = {"candidate": item.candidate, "owner": item.owner}
    if item.is_about_absence and item.away:
        return f"{_away(item.away)}; {WAITS[item.kind].format(**names)}"
    return (WANTED if item.is_owner else MISSING)[item.kind].format(**names)


def _notes(item: NudgeItem) -> list[str]:
    said = []
    if item.away and not item.is_about_absence:
        said.append(f"{_away(item.away)}.")
    if item.stopped_after is not None:
        stop = counted(item.stopped_after, "overdue morning")
        said.append(f"The reminders stop after {stop}: nobody is reminded of this any more.")
    return said


def _away(people: Sequence[Away]) -> str:
    return listed([f"{each.name} is away until {day_words(each.last_on)}" for each in people])


def _headline(item: NudgeItem, words: str) -> str:
    if item.is_overdue:
        label = "Overdue promise" if item.kind is DeadlineKind.PROMISE else "Overdue"
        return f"{label}: {words[0].lower() + words[1:] if item.is_owner else words}"
    return f"{words}, due {day_words(local_date(item.due_at, item.zone))}"
