"""Whether a loop may go out: who evaluates what in which interview, and all that stands against it.

The rule is the second of the README's "What always holds".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from tracker.rules.interviewers import PersonFacts, caps_exceeded, clashes, elsewhere, kept_out_words, named, overlap
from tracker.rules.words import Labelled, counted, listed
from tracker.rules.zones import local_date


@dataclass(frozen=True)
class PlanNeed:
    """A competency of the plan and how many interviewers have to evaluate it."""

    competency_id: int
    name: str
    times: int


@dataclass(frozen=True)
class Seat:
    """One interview of the loop with its (leading) interviewer and the competencies that he or she evaluates.

    ``is_held``: it is over, and counts for what it evaluated; the rest of the loop is planned around it.
    ``has_declined``: its interviewer said beforehand that he or she cannot hold it, and counts for nothing.
    """

    interview_id: int
    label: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    person_id: int | None = None
    person_name: str = ""
    competency_ids: tuple[int, ...] = ()
    is_held: bool = False
    has_declined: bool = False


class ProblemCode(Labelled):
    """What can stand against a loop."""

    GAP = "gap"
    DOUBLE = "double"
    UNQUALIFIED = "unqualified"
    REPEATED_INTERVIEWER = "repeated_interviewer"
    NO_BAR_RAISER = "no_bar_raiser"
    DOUBLE_BOOKED = "double_booked"
    OVER_CAP = "over_cap"
    NO_INTERVIEWER = "no_interviewer"
    DECLINED = "declined"
    NO_TIME = "no_time"
    TOO_FEW_INTERVIEWS = "too_few_interviews"
    IN_THE_PAST = "in_the_past"
    CONFLICT = "conflict"
    TRAINEE = "trainee"
    # Never more than a warning.
    BUSY_ELSEWHERE = "busy_elsewhere"


@dataclass(frozen=True)
class Problem:
    """One thing that stands against the loop, in words; ``overridable`` with a recorded reason (caps only)."""

    code: ProblemCode
    text: str
    overridable: bool = False
    person_id: int | None = None
    interview_id: int | None = None
    competency_id: int | None = None
    # The busy times, other interviews, day or week of a cap that it comes from.
    causes: frozenset[object] = frozenset()


class CellState(Labelled):
    """What one interview does for one competency."""

    EMPTY = "empty"
    # Asked for in that interview, but nobody holds it yet.
    OPEN = "open"
    COVERED = "covered"
    UNQUALIFIED = "unqualified"


class RowState(Labelled):
    """Whether a competency is evaluated as often as the plan says."""

    COMPLETE = "complete"
    GAP = "gap"
    DOUBLE = "double"


@dataclass(frozen=True)
class CoverageRow:
    """One competency of the plan against all interviews; ``cells`` are in the order of the seats."""

    competency_id: int
    name: str
    times: int
    covered: int
    state: RowState
    cells: tuple[CellState, ...]


@dataclass(frozen=True)
class Coverage:
    """The matrix, what stands against the loop, and what is only worth a look; ``size`` is its number of interviews."""

    rows: tuple[CoverageRow, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    size: int

    @property
    def ready(self) -> bool:
        """Whether the loop may go out."""
        return not self.problems


def check_loop(
    needs: Sequence[PlanNeed],
    seats: Sequence[Seat],
    people: Mapping[int, PersonFacts],
    overrides: frozenset[int],
    loop_size: int,
    now: datetime,
    candidate_busy: Sequence[tuple[datetime, datetime]] = (),
) -> Coverage:
    """Return the coverage of a loop that is being planned.

    ``people`` are those who may interview, by id; who is assigned but not among them can no longer do it.
    ``overrides`` are the people whose caps somebody overrode for this loop, with a reason. ``candidate_busy`` are the
    (start, end) of other interviews of the candidate.
    """
    rows = tuple(_row(need, seats, people) for need in needs)
    names = {need.competency_id: need.name for need in needs}
    over = list(_over_caps(seats, people))
    problems = [
        *_too_few(seats, loop_size),
        *(problem for seat in seats if not seat.is_held for problem in _of_seat(seat, people, names, now)),
        *_gaps(rows),
        *_repeated(seats),
        *_bar_raiser(seats, people),
        *_overlaps(seats),
        *_candidate_away(seats, candidate_busy),
        *(problem for problem in over if problem.person_id not in overrides),
    ]
    warnings = [
        *_doubles(rows),
        *(problem for problem in over if problem.person_id in overrides),
        *_busy_elsewhere(seats, people),
    ]
    return Coverage(rows, tuple(problems), tuple(warnings), len(seats))


def _row(need: PlanNeed, seats: Sequence[Seat], people: Mapping[int, PersonFacts]) -> CoverageRow:
    cells = tuple(_cell(need.competency_id, seat, people) for seat in seats)
    covered = cells.count(CellState.COVERED)
    state = RowState.COMPLETE if covered == need.times else RowState.GAP if covered < need.times else RowState.DOUBLE
    return CoverageRow(need.competency_id, need.name, need.times, covered, state, cells)


def _cell(competency_id: int, seat: Seat, people: Mapping[int, PersonFacts]) -> CellState:
    if competency_id not in seat.competency_ids:
        return CellState.EMPTY
    if seat.is_held:
        return CellState.COVERED
    if seat.person_id is None or seat.has_declined:
        return CellState.OPEN
    person = people.get(seat.person_id)
    return CellState.COVERED if person and competency_id in person.qualified else CellState.UNQUALIFIED


def _gaps(rows: Sequence[CoverageRow]) -> Iterator[Problem]:
    for row in rows:
        if row.state is RowState.GAP:
            has = counted(row.covered, "qualified interviewer") if row.covered else "nobody qualified"
            text = f"{row.name} has {has}; the plan asks for {row.times}."
            if all(cell is CellState.EMPTY for cell in row.cells):
                text = f"Nobody in this loop evaluates {row.name}; the plan asks for {row.times}."
            yield Problem(ProblemCode.GAP, text, competency_id=row.competency_id)


def _doubles(rows: Sequence[CoverageRow]) -> Iterator[Problem]:
    for row in rows:
        if row.state is RowState.DOUBLE:
            text = f"{row.name} has {counted(row.covered, 'interviewer')}; the plan asks for {row.times}."
            yield Problem(ProblemCode.DOUBLE, text, competency_id=row.competency_id)


def _too_few(seats: Sequence[Seat], loop_size: int) -> Iterator[Problem]:
    if len(seats) < loop_size:
        text = f"The loop has {counted(len(seats), 'interview')}; the plan asks for {loop_size}."
        yield Problem(ProblemCode.TOO_FEW_INTERVIEWS, text)


def _of_seat(
    seat: Seat, people: Mapping[int, PersonFacts], names: Mapping[int, str], now: datetime
) -> Iterator[Problem]:
    if seat.starts_at is None or seat.ends_at is None:
        yield Problem(ProblemCode.NO_TIME, f"{seat.label} has no time yet.", interview_id=seat.interview_id)
    elif seat.starts_at <= now:
        yield Problem(ProblemCode.IN_THE_PAST, f"{seat.label} lies in the past.", interview_id=seat.interview_id)
    if seat.person_id is None:
        yield Problem(
            ProblemCode.NO_INTERVIEWER, f"{seat.label} has no interviewer yet.", interview_id=seat.interview_id
        )
    elif seat.person_id not in people:
        text = f"{seat.person_name or 'The interviewer'} can no longer hold {seat.label}: choose somebody else."
        yield Problem(ProblemCode.NO_INTERVIEWER, text, False, seat.person_id, seat.interview_id)
    elif seat.has_declined:
        text = f"{seat.person_name} declined {seat.label}: choose somebody else."
        yield Problem(ProblemCode.DECLINED, text, False, seat.person_id, seat.interview_id)
    else:
        yield from _of_person(seat, people[seat.person_id], names)


def _of_person(seat: Seat, person: PersonFacts, names: Mapping[int, str]) -> Iterator[Problem]:
    where = (False, person.person_id, seat.interview_id)
    yield from (Problem(ProblemCode.CONFLICT, text, *where) for text in kept_out_words(person))
    for each in seat.competency_ids:
        if each not in person.qualified:
            text = f"{person.name} ({seat.label}) is not qualified for {names.get(each, 'one competency asked there')}."
            yield Problem(ProblemCode.UNQUALIFIED, text, *where, each)
    found = clashes(person, seat.starts_at, seat.ends_at)
    if found:
        text = f"{person.name} is busy during {seat.label}: {named(found)}."
        yield Problem(ProblemCode.DOUBLE_BOOKED, text, *where, causes=frozenset(found))


def _by_person(seats: Sequence[Seat]) -> dict[int, list[Seat]]:
    found: dict[int, list[Seat]] = {}
    for seat in seats:
        if seat.person_id is not None:
            found.setdefault(seat.person_id, []).append(seat)
    return found


def _repeated(seats: Sequence[Seat]) -> Iterator[Problem]:
    for person_id, held in _by_person(seats).items():
        if len(held) > 1:
            name = held[0].person_name or "One interviewer"
            text = f"{name} holds {listed([seat.label for seat in held])}: nobody interviews twice in a loop."
            causes = frozenset(seat.interview_id for seat in held)
            yield Problem(ProblemCode.REPEATED_INTERVIEWER, text, person_id=person_id, causes=causes)


def _bar_raiser(seats: Sequence[Seat], people: Mapping[int, PersonFacts]) -> Iterator[Problem]:
    holding = _by_person([seat for seat in seats if not seat.has_declined])
    if not any(people[each].raises_the_bar for each in holding if each in people):
        yield Problem(ProblemCode.NO_BAR_RAISER, "No bar raiser from outside the hiring team is in the loop.")


def _overlaps(seats: Sequence[Seat]) -> Iterator[Problem]:
    for one, other in combinations(seats, 2):
        if one.starts_at is None or one.ends_at is None or other.starts_at is None or other.ends_at is None:
            continue
        if overlap(one.starts_at, one.ends_at, other.starts_at, other.ends_at):
            text = f"{one.label} and {other.label} overlap: the candidate cannot be in both."
            causes = frozenset({one.interview_id})
            yield Problem(ProblemCode.DOUBLE_BOOKED, text, interview_id=other.interview_id, causes=causes)


def _candidate_away(seats: Sequence[Seat], busy: Sequence[tuple[datetime, datetime]]) -> Iterator[Problem]:
    for seat in seats:
        if seat.starts_at is None or seat.ends_at is None or seat.is_held:
            continue
        causes = frozenset(each for each in busy if overlap(seat.starts_at, seat.ends_at, *each))
        if causes:
            # With whom else the candidate speaks may be confidential.
            text = f"The candidate is not free during {seat.label}: choose another time."
            yield Problem(ProblemCode.DOUBLE_BOOKED, text, interview_id=seat.interview_id, causes=causes)


def _busy_elsewhere(seats: Sequence[Seat], people: Mapping[int, PersonFacts]) -> Iterator[Problem]:
    """Yield what the people's own calendars say against it; with what they are busy there, nobody knows."""
    for seat in seats:
        person = people.get(seat.person_id) if seat.person_id is not None and not seat.is_held else None
        meeting = elsewhere(person, seat.starts_at, seat.ends_at) if person is not None else None
        if person is not None and meeting is not None:
            has = "perhaps has" if meeting.is_tentative else "has"
            text = f"{person.name} {has} another meeting during {seat.label}, by the own calendar."
            yield Problem(ProblemCode.BUSY_ELSEWHERE, text, False, person.person_id, seat.interview_id)


def _over_caps(seats: Sequence[Seat], people: Mapping[int, PersonFacts]) -> Iterator[Problem]:
    for person_id, held in _by_person(seats).items():
        person = people.get(person_id)
        if person is not None:
            days = [local_date(seat.starts_at, person.zone) for seat in held if seat.starts_at is not None]
            for when, text in caps_exceeded(person, days):
                where = (person_id, held[0].interview_id)
                yield Problem(ProblemCode.OVER_CAP, text, True, *where, causes=frozenset({when}))
