"""The ladders of nudges: which steps each kind of deadline has and who hears of it, as a value that a plan may change.

The defaults are those of the process, section 4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.rules.deadlines import HANGS_ON_INTERVIEW, DeadlineKind
from tracker.rules.refused import Refused
from tracker.rules.words import Labelled, counted, listed

Data = dict[str, Any]
MOST_HOURS_AFTER = 24
MOST_MORNINGS_BEFORE = 5
MOST_OVERDUE_FROM = 20
MOST_OVERDUE = 60


class Role(Labelled):
    """Why somebody is nudged."""

    OWNER = "owner"
    INTERVIEWER = "interviewer"
    RECRUITER = "recruiter"
    HIRING_MANAGER = "hiring_manager"
    RECRUITING_LEAD = "recruiting_lead"


_HIRING_SIDE = (Role.RECRUITER, Role.HIRING_MANAGER, Role.RECRUITING_LEAD)
# The owner of a scorecard is its interviewer, that of a promise the recruiter: neither has two names.
_ROLES = {
    DeadlineKind.SCORECARD: (Role.INTERVIEWER, *_HIRING_SIDE),
    DeadlineKind.PROMISE: _HIRING_SIDE,
}
_NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Ladder:
    """All steps of one kind of deadline; a role that a step does not name hears nothing of it.

    ``after`` are told ``hours_after`` the end of the interview (scorecards only); ``before`` says who is told how many
    business mornings before the due moment, 0 being the morning it is due; ``at_once`` are told when it is overdue, at
    whatever hour. ``overdue_from`` says from which overdue business morning on (1 is the first) a role is told. After
    morning ``last`` it stops, and on the next one ``gave_up_to`` is told so; None goes on until it is done.
    """

    before: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    overdue_from: Mapping[Role, int] = field(default_factory=dict)
    after: frozenset[Role] = _NOBODY
    hours_after: int = 1
    at_once: frozenset[Role] = _NOBODY
    last: int | None = None
    gave_up_to: Role | None = None


class BadLadder(Refused):
    """The ladder would not reach whom it has to, or never end."""


_SCORECARD = Ladder(
    after=frozenset({Role.INTERVIEWER}),
    before={0: frozenset({Role.INTERVIEWER})},
    overdue_from={Role.INTERVIEWER: 1, Role.RECRUITER: 2, Role.HIRING_MANAGER: 3},
    last=10,
    gave_up_to=Role.RECRUITER,
)
_PROMISE = Ladder(
    before={
        2: frozenset({Role.RECRUITER}),
        1: frozenset({Role.RECRUITER, Role.HIRING_MANAGER}),
        0: frozenset({Role.RECRUITER, Role.HIRING_MANAGER}),
    },
    at_once=frozenset(_HIRING_SIDE),
    overdue_from=dict.fromkeys(_HIRING_SIDE, 1),
)
_OTHERS = Ladder(before={0: frozenset({Role.OWNER})}, overdue_from={Role.OWNER: 1, Role.RECRUITER: 2})
DEFAULT_LADDERS: dict[DeadlineKind, Ladder] = dict.fromkeys(DeadlineKind, _OTHERS) | {
    DeadlineKind.SCORECARD: _SCORECARD,
    DeadlineKind.PROMISE: _PROMISE,
}


def roles_of(kind: DeadlineKind) -> tuple[Role, ...]:
    """Return the roles that a ladder of this kind may name, the one nearest to the work first."""
    return _ROLES.get(kind, (Role.OWNER, *_HIRING_SIDE))


def check_ladder(kind: DeadlineKind, ladder: Ladder) -> None:
    """Raise BadLadder, naming the form's field, unless the ladder can be climbed and ends with somebody who knows."""
    strangers = _named(ladder) - set(roles_of(kind))
    if strangers:
        who = listed(sorted(role_words(role) for role in strangers))
        raise BadLadder(f"This kind of deadline is never told to: {who}. Reload the page.")
    if ladder.after and kind not in HANGS_ON_INTERVIEW:
        raise BadLadder("Only a scorecard follows an interview: leave that step out.", "after")
    _check_number(ladder.hours_after, MOST_HOURS_AFTER, "Hours after the interview", "hours_after")
    if not set(ladder.before) <= set(range(MOST_MORNINGS_BEFORE + 1)):
        raise BadLadder(f"The first step is at most {MOST_MORNINGS_BEFORE} business mornings before it is due.")
    for role, first in ladder.overdue_from.items():
        _check_number(first, MOST_OVERDUE_FROM, "The first overdue morning", f"overdue_{role.value}")
    _check_end(ladder)


def _check_end(ladder: Ladder) -> None:
    if not ladder.overdue_from:
        raise BadLadder("Somebody has to hear when it is overdue: give one role the overdue morning from which on.")
    if ladder.last is None:
        if ladder.gave_up_to is not None:
            raise BadLadder("Say after how many overdue mornings it stops, or that nobody is told.", "last")
        return
    _check_number(ladder.last, MOST_OVERDUE, "The last overdue morning", "last")
    if ladder.gave_up_to is None:
        raise BadLadder("Say who is told when it stops, so that nothing waits silently.", "gave_up_to")
    for role, first in ladder.overdue_from.items():
        if first > ladder.last:
            text = f"It stops after {counted(ladder.last, 'morning')}, so the {role_words(role)} would never be told."
            raise BadLadder(text, f"overdue_{role.value}")


def _check_number(value: int, most: int, words: str, name: str) -> None:
    if not 1 <= value <= most:
        raise BadLadder(f"{words}: please give a number from 1 to {most}.", name)


def _named(ladder: Ladder) -> set[Role]:
    steps = (ladder.after, ladder.at_once, *ladder.before.values())
    named = {role for step in steps for role in step} | set(ladder.overdue_from)
    return named | {ladder.gave_up_to} if ladder.gave_up_to else named


def role_words(role: Role) -> str:
    """Return the role as a part of a sentence: "hiring manager"."""
    return role.label.lower()


def describe(kind: DeadlineKind, ladder: Ladder) -> list[str]:
    """Return the ladder in plain words, one sentence for each step, in the order of time."""
    order = roles_of(kind)
    said = []
    if ladder.after:
        said.append(f"{counted(ladder.hours_after, 'hour')} after the interview ends: {_who(ladder.after, order)}.")
    for mornings in sorted(ladder.before, reverse=True):
        if ladder.before[mornings]:
            said.append(f"{step_words(mornings)}: {_who(ladder.before[mornings], order)}.")
    if ladder.at_once:
        said.append(f"At once when it is overdue: {_who(ladder.at_once, order)}.")
    said.append(f"Every overdue business morning: {_overdue_words(ladder, order)}.")
    if ladder.last is not None and ladder.gave_up_to is not None:
        end = f"After {counted(ladder.last, 'overdue morning')} it stops"
        said.append(f"{end}, and the {role_words(ladder.gave_up_to)} is told.")
    return said


def step_words(mornings: int) -> str:
    """Return "The morning it is due" or "2 business mornings before it is due"."""
    return f"{counted(mornings, 'business morning')} before it is due" if mornings else "The morning it is due"


def _who(roles: frozenset[Role], order: Sequence[Role]) -> str:
    return listed([role_words(role) for role in order if role in roles])


def _overdue_words(ladder: Ladder, order: Sequence[Role]) -> str:
    parts: list[str] = []
    for first in sorted(set(ladder.overdue_from.values())):
        told = _who(frozenset(role for role, at in ladder.overdue_from.items() if at == first), order)
        since = "" if first == 1 else f"from the {ordinal(first)} {'also ' if parts else ''}"
        parts.append(f"{since}{told}")
    return "; ".join(parts)


def ordinal(number: int) -> str:
    """Return "1st", "2nd", "3rd", "11th"."""
    teen = 10 < number % 100 < 14
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def to_data(ladder: Ladder) -> Data:
    """Return the ladder as JSON keeps it."""
    return {
        "after": _values(ladder.after),
        "hours_after": ladder.hours_after,
        "before": {str(mornings): _values(roles) for mornings, roles in sorted(ladder.before.items()) if roles},
        "at_once": _values(ladder.at_once),
        "overdue_from": {role.value: first for role, first in ladder.overdue_from.items()},
        "last": ladder.last,
        "gave_up_to": ladder.gave_up_to.value if ladder.gave_up_to else None,
    }


def from_data(data: Data) -> Ladder:
    """Return the ladder that ``to_data`` made this of."""
    return Ladder(
        after=_roles(data["after"]),
        hours_after=data["hours_after"],
        before={int(mornings): _roles(roles) for mornings, roles in data["before"].items()},
        at_once=_roles(data["at_once"]),
        overdue_from={Role(role): first for role, first in data["overdue_from"].items()},
        last=data["last"],
        gave_up_to=Role(data["gave_up_to"]) if data["gave_up_to"] else None,
    )


def _values(roles: frozenset[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def _roles(values: Sequence[str]) -> frozenset[Role]:
    return frozenset(Role(value) for value in values)
