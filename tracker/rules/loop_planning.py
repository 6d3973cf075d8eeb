"""Steps in planning a loop by hand: what empty seats evaluate, a day's times, whom to ask, what a change breaks."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tracker.rules.coverage import Coverage, PlanNeed, Problem, ProblemCode, Seat
from tracker.rules.interviewers import PersonFacts, clash, elsewhere
from tracker.rules.refused import Refused
from tracker.rules.suggestions import divide_competencies, suggest

LONGEST_BREAK_MINUTES = 240


class BadBreak(Refused):
    """The break between two interviews makes no sense."""


def with_focus(needs: Sequence[PlanNeed], seats: Sequence[Seat]) -> list[Seat]:
    """Return the seats; those without an interviewer get what the others leave open, divided evenly."""
    empty = [seat for seat in seats if seat.person_id is None]
    if not empty:
        return list(seats)
    held = [seat for seat in seats if seat.person_id is not None]
    left = [replace(need, times=min(_missing(need, held), len(empty))) for need in needs]
    shares = iter(divide_competencies([need for need in left if need.times], len(empty)))
    return [replace(seat, competency_ids=next(shares)) if seat.person_id is None else seat for seat in seats]


def _missing(need: PlanNeed, held: Sequence[Seat]) -> int:
    return max(0, need.times - sum(need.competency_id in seat.competency_ids for seat in held))


def fill_seats(needs: Sequence[PlanNeed], seats: Sequence[Seat], people: Mapping[int, PersonFacts]) -> list[Seat]:
    """Return the seats with the best suggestion in each empty one, one after the other.

    Who is qualified for a part of a seat's competencies takes that part; the rest goes to the seats that are still
    empty. A seat for which nobody is found stays empty. Who was chosen by hand and evaluates nothing yet takes a share
    before the others.
    """
    filled = _all_with_a_share(needs, seats, people)
    for seat in [each for each in seats if each.person_id is None]:
        focused = with_focus(needs, filled)
        place = next(n for n, each in enumerate(focused) if each.interview_id == seat.interview_id)
        person = _best(needs, focused, people, place)
        if person is not None:
            taken = tuple(each for each in focused[place].competency_ids if each in person.qualified)
            filled[place] = replace(
                focused[place], person_id=person.person_id, person_name=person.name, competency_ids=taken
            )
    return filled


def _all_with_a_share(
    needs: Sequence[PlanNeed], seats: Sequence[Seat], people: Mapping[int, PersonFacts]
) -> list[Seat]:
    shared = list(seats)
    for place, seat in enumerate(seats):
        person = people.get(seat.person_id) if seat.person_id is not None and _is_idle(seat) else None
        if person is not None:
            left = with_focus(needs, [replace(each, person_id=None) if _is_idle(each) else each for each in shared])
            theirs = tuple(each for each in left[place].competency_ids if each in person.qualified)
            shared[place] = replace(seat, competency_ids=theirs)
    return shared


def idle_words(seats: Sequence[Seat]) -> list[str]:
    """Return cautions about who evaluates nothing in an hour, while another has several competencies."""
    if all(len(seat.competency_ids) < 2 for seat in seats):
        return []
    return [
        f"{seat.person_name} evaluates nothing in {seat.label}: give it a competency of another interview."
        for seat in seats
        if _is_idle(seat)
    ]


def _is_idle(seat: Seat) -> bool:
    return seat.person_id is not None and not (seat.competency_ids or seat.is_held or seat.has_declined)


def _best(
    needs: Sequence[PlanNeed], seats: Sequence[Seat], people: Mapping[int, PersonFacts], place: int
) -> PersonFacts | None:
    found = [people[each.person_id] for each in suggest(needs, seats, people, seats[place].interview_id)]
    holders = [people[seat.person_id] for seat in seats if seat.person_id is not None and seat.person_id in people]
    is_last = sum(seat.person_id is None for seat in seats) == 1
    if is_last and not any(person.raises_the_bar for person in holders):
        # The last chance: rather a bar raiser who is qualified for less than a loop that cannot go out.
        found.sort(key=lambda person: not person.raises_the_bar)
    return found[0] if found else None


def why_not_first(person: PersonFacts, seat: Seat, taken: Collection[int]) -> str:
    """Return in a few words why somebody is not among the suggestions for a seat."""
    if person.is_candidate:
        return "the candidate"
    if person.reads_others:
        return "may have read what others wrote already"
    if person.has_sat_in or person.person_id in taken:
        return "in this loop already"
    what = clash(person, seat.starts_at, seat.ends_at)
    if what is not None:
        return f"busy then: {what}"
    if elsewhere(person, seat.starts_at, seat.ends_at) is not None:
        return "busy then: another meeting, by the own calendar"
    matches = sum(each in person.qualified for each in seat.competency_ids)
    if matches < max(1, len(seat.competency_ids)):
        return f"qualified for {matches} of {len(seat.competency_ids)}"
    return "beyond the cap then"


def day_times(starts_at: datetime, minutes: Sequence[int], break_minutes: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield (start, end) of interviews that follow each other with a break between. Raises BadBreak."""
    if not 0 <= break_minutes <= LONGEST_BREAK_MINUTES:
        raise BadBreak(f"A break lasts 0 to {LONGEST_BREAK_MINUTES} minutes.", "break_minutes")
    for length in minutes:
        ends_at = starts_at + timedelta(minutes=length)
        yield starts_at, ends_at
        starts_at = ends_at + timedelta(minutes=break_minutes)


def swapped(
    starts_at: datetime, minutes: int, other_starts_at: datetime, other_minutes: int
) -> tuple[datetime, datetime]:
    """Return the starts of two interviews that change places: where one was longer, the gap between them moves."""
    if other_starts_at < starts_at:
        other, one = swapped(other_starts_at, other_minutes, starts_at, minutes)
        return one, other
    ends_at = other_starts_at + timedelta(minutes=other_minutes)
    return ends_at - timedelta(minutes=minutes), starts_at


def broken_by(before: Coverage, after: Coverage) -> list[Problem]:
    """Return what a change of a loop that went out would break; what was wrong before can be mended step by step.

    It must not get worse: a competency with less interviewers than it had, a loop that was too small for a plan which
    has grown since with still less interviews, somebody who was busy then and would be with something else too, are
    broken by the change.
    """
    known: defaultdict[tuple[object, ...], set[object]] = defaultdict(set)
    for problem in before.problems:
        known[_key(problem)] |= problem.causes
    counts = {row.competency_id: row.covered for row in before.rows}
    less = {row.competency_id for row in after.rows if row.covered < counts.get(row.competency_id, 0)}

    def is_worse(problem: Problem) -> bool:
        if problem.code is ProblemCode.TOO_FEW_INTERVIEWS:
            return after.size < before.size
        if problem.code is ProblemCode.GAP:
            return problem.competency_id in less
        return not problem.causes <= known[_key(problem)]

    return [
        problem
        for problem in after.problems
        if problem.code is not ProblemCode.IN_THE_PAST and (_key(problem) not in known or is_worse(problem))
    ]


def _key(problem: Problem) -> tuple[object, ...]:
    return (problem.code, problem.person_id, problem.interview_id, problem.competency_id)
