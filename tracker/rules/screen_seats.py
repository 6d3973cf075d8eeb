"""Who may hold a phone screen: a senior leader of the team, qualified for what it evaluates, and free then."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.rules.coverage import PlanNeed, Seat
from tracker.rules.interviewers import PersonFacts, cap_words, clash, elsewhere
from tracker.rules.refused import Refused
from tracker.rules.suggestions import suggest
from tracker.rules.words import listed
from tracker.rules.zones import local_date


class CannotHoldScreen(Refused):
    """This person may not hold this phone screen."""


@dataclass(frozen=True)
class Choice:
    """Somebody who might hold a phone screen. ``why_not`` is None for those who may; the best stand first."""

    person_id: int
    name: str
    reason: str
    why_not: str | None = None


def check_screener(
    person: PersonFacts | None, senior_leaders: Collection[int], needs: Sequence[PlanNeed], seat: Seat
) -> None:
    """Raise CannotHoldScreen, with the reason, unless the person may hold the screen (the process, section 1)."""
    if person is None:
        raise CannotHoldScreen(
            "Nobody active of this name is qualified for phone screens: choose another.", "person_id"
        )
    reason = why_not_hold(person, senior_leaders, needs, seat)
    if reason is not None:
        raise CannotHoldScreen(reason, "person_id")


def why_not_hold(
    person: PersonFacts, senior_leaders: Collection[int], needs: Sequence[PlanNeed], seat: Seat
) -> str | None:
    """Return why the person may not hold the screen, None if he or she may. Caps only advise: see ``ranked``."""
    if person.is_candidate:
        return f"{person.name} is the candidate."
    if person.reads_others:
        return f"{person.name} may have read what others wrote already."
    if person.person_id not in senior_leaders:
        return f"{person.name} is not a senior leader: phone screens are held by one."
    missing = [need.name for need in needs if need.competency_id not in person.qualified]
    if missing:
        return f"{person.name} is not qualified to evaluate {listed(missing)} in a phone screen."
    what = clash(person, seat.starts_at, seat.ends_at)
    return f"{person.name} is busy at that time: {what}." if what else None


def ranked(
    people: Mapping[int, PersonFacts], senior_leaders: Collection[int], needs: Sequence[PlanNeed], seat: Seat
) -> list[Choice]:
    """Return everybody of the community: who may hold the screen, the best first, then who may not and why."""
    # A phone screen needs no bar raiser: nobody is preferred for being one.
    plain = {each: replace(person, is_bar_raiser=False) for each, person in people.items()}
    refused = {each: why_not_hold(person, senior_leaders, needs, seat) for each, person in plain.items()}
    fitting = {each: person for each, person in plain.items() if refused[each] is None}
    best = suggest(needs, [replace(seat, person_id=None)], fitting, seat.interview_id)
    first = [Choice(each.person_id, each.name, each.reason) for each in best]
    suggested = {each.person_id for each in best}
    beyond = [_beyond_cap(person, seat) for each, person in fitting.items() if each not in suggested]
    others = [Choice(each, plain[each].name, "", why) for each, why in refused.items() if why is not None]
    return [*first, *beyond, *others]


def _beyond_cap(person: PersonFacts, seat: Seat) -> Choice:
    days = [local_date(seat.starts_at, person.zone)] if seat.starts_at else []
    words = list(cap_words(person, days))
    if elsewhere(person, seat.starts_at, seat.ends_at) is not None:
        words.append("Busy then with another meeting, by the own calendar.")
    return Choice(person.person_id, person.name, " ".join(words) or "possible")
