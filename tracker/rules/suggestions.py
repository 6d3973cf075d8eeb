"""Help for the person who plans a loop by hand: how to divide the competencies, and whom to ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.rules.coverage import PlanNeed, Seat
from tracker.rules.interviewers import PersonFacts, cap_words, clash, elsewhere, week_of
from tracker.rules.odd_hours import is_odd
from tracker.rules.refused import Refused
from tracker.rules.words import counted
from tracker.rules.zones import local, local_date


class Indivisible(Refused):
    """A competency is asked for more often than the loop has interviews."""


@dataclass(frozen=True)
class Suggestion:
    """Somebody who could hold an interview, and why he or she is a good choice, in words."""

    person_id: int
    name: str
    reason: str


def divide_competencies(needs: Sequence[PlanNeed], interviews: int) -> tuple[tuple[int, ...], ...]:
    """Return the competency ids of each interview: each as often as the plan says, spread evenly, never twice in one.

    Raises Indivisible where that cannot be done.
    """
    for need in needs:
        if need.times > interviews:
            raise Indivisible(
                f"{need.name} is to be evaluated {need.times} times, but the loop has "
                f"{counted(interviews, 'interview')}: change the plan."
            )
    # Dealt like cards: as no need is larger than the round, no interview gets the same one twice.
    cards = [need.competency_id for need in needs for _ in range(need.times)]
    return tuple(tuple(cards[first::interviews]) for first in range(interviews))


def suggest(
    needs: Sequence[PlanNeed], seats: Sequence[Seat], people: Mapping[int, PersonFacts], interview_id: int
) -> list[Suggestion]:
    """Return who could hold the interview, the best first.

    Only people who are free then, within their caps, not in this loop already and qualified for at least one
    competency that the interview evaluates (for an open gap, where it evaluates none yet). First those for whom it is
    day then and who are surely free, of these who is qualified for most of it, then a bar raiser while the loop has
    none, then who has the fewest interviews in that week.
    """
    seat = next(each for each in seats if each.interview_id == interview_id)
    others = [each for each in seats if each.interview_id != interview_id]
    wanted = seat.competency_ids or _open_gaps(needs, others, people)
    taken = {each.person_id for each in others if each.person_id is not None}
    bar_raiser_wanted = not any(people[each].raises_the_bar for each in taken if each in people)
    fitting = [person for person in people.values() if person.person_id not in taken and _can(person, seat, wanted)]

    def rank(person: PersonFacts) -> tuple[bool, bool, int, bool, int, str, int]:
        lifts, load = bar_raiser_wanted and person.raises_the_bar, _load(person, seat)
        doubtful = (_is_odd(person, seat), _may_be_busy(person, seat))
        return (*doubtful, -_matches(person, wanted), not lifts, load, person.name, person.person_id)

    return [
        Suggestion(person.person_id, person.name, _reason(person, seat, wanted, bar_raiser_wanted))
        for person in sorted(fitting, key=rank)
    ]


def _open_gaps(needs: Sequence[PlanNeed], seats: Sequence[Seat], people: Mapping[int, PersonFacts]) -> tuple[int, ...]:
    """Return the competencies that the other interviews do not evaluate often enough."""
    return tuple(
        need.competency_id
        for need in needs
        if need.times > sum(need.competency_id in _covers(seat, people) for seat in seats)
    )


def _covers(seat: Seat, people: Mapping[int, PersonFacts]) -> frozenset[int]:
    person = people.get(seat.person_id) if seat.person_id is not None else None
    return person.qualified & frozenset(seat.competency_ids) if person else frozenset()


def _can(person: PersonFacts, seat: Seat, wanted: Sequence[int]) -> bool:
    if person.is_kept_out or not _matches(person, wanted):
        return False
    if clash(person, seat.starts_at, seat.ends_at) is not None:
        return False
    meeting = elsewhere(person, seat.starts_at, seat.ends_at)
    if meeting is not None and not meeting.is_tentative:
        return False
    days = [local_date(seat.starts_at, person.zone)] if seat.starts_at is not None else []
    return not any(cap_words(person, days))


def _matches(person: PersonFacts, wanted: Sequence[int]) -> int:
    return sum(each in person.qualified for each in wanted)


def _is_odd(person: PersonFacts, seat: Seat) -> bool:
    if seat.starts_at is None or seat.ends_at is None:
        return False
    return is_odd(seat.starts_at, seat.ends_at, person.zone, person.hours)


def _may_be_busy(person: PersonFacts, seat: Seat) -> bool:
    return elsewhere(person, seat.starts_at, seat.ends_at) is not None


def _load(person: PersonFacts, seat: Seat) -> int:
    """Return the interviews of the person in the week of this one; in all known weeks while it has no time."""
    if seat.starts_at is None:
        return sum(person.week_load.values())
    return person.week_load.get(week_of(local_date(seat.starts_at, person.zone)), 0)


def _reason(person: PersonFacts, seat: Seat, wanted: Sequence[int], bar_raiser_wanted: bool) -> str:
    matches = _matches(person, wanted)
    words = ["qualified for all of it" if matches == len(wanted) else f"qualified for {matches} of {len(wanted)}"]
    if bar_raiser_wanted and person.raises_the_bar:
        words.append("bar raiser")
    if seat.starts_at is not None:
        words.append("perhaps in another meeting then" if _may_be_busy(person, seat) else "free then")
        if _is_odd(person, seat):
            words.append(f"but at {local(seat.starts_at, person.zone):%H:%M} in {person.zone}")
    load = _load(person, seat)
    when = "that week" if seat.starts_at is not None else "ahead"
    words.append(f"{counted(load, 'other interview')} {when}" if load else f"no other interview {when}")
    return ", ".join(words)
