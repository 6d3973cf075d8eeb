"""A loop as its page shows it: plain values for the coverage matrix, the schedule and what would go out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tracker.models.interview import Assignment, AssignmentRole, Interview, Loop, LoopState
from tracker.queries.loops import LoopStanding, has_begun, interviews_of
from tracker.rules.answers import Answer
from tracker.rules.coverage import CellState, CoverageRow, Problem, RowState, Seat
from tracker.rules.interviewers import own_time_words, week_words
from tracker.rules.loop_planning import why_not_first
from tracker.rules.odd_hours import is_long_gap
from tracker.rules.zones import day_words, hours_words, local_date


@dataclass(frozen=True)
class Column:
    """One interview of the matrix."""

    title: str
    detail: str
    url: str | None


@dataclass(frozen=True)
class Cell:
    """One competency in one interview; state and words are None where it is not evaluated there."""

    state: str | None
    words: str | None


@dataclass(frozen=True)
class Row:
    """One competency of the matrix."""

    name: str
    kind: str
    state: str
    words: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class SeatView:
    """One interview of the schedule.

    ``about`` says in a few words what counts about its interviewer, ``before`` names those who were asked first.
    ``learner`` sits in to learn, ``learns`` says how ("shadows"), ``against`` what stands against it; mostly nobody.
    ``left`` declined to sit in, and nobody else does; ``beside`` is the seat of the one or the other. ``stuck`` says
    why it cannot be cancelled alone, ``has_begun`` that nobody can step in any more.
    """

    interview: Interview
    seat: Seat
    focus: tuple[str, ...]
    about: tuple[str, ...] = ()
    learner: str = ""
    learns: str = ""
    against: str = ""
    left: str = ""
    before: tuple[str, ...] = ()
    lead: Assignment | None = None
    beside: Assignment | None = None
    stuck: str = ""
    has_begun: bool = False

    @property
    def answer(self) -> Answer | None:
        """What its interviewer answered to the invitation."""
        return self.lead.answer if self.lead else None


@dataclass(frozen=True)
class Pause:
    """The time between two interviews of a day; ``is_long`` where it is a gap, no break and no lunch."""

    starts_at: datetime
    ends_at: datetime
    is_long: bool = False

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)


@dataclass(frozen=True)
class DayView:
    """A day of the loop, by the office's clocks: its interviews in the order of their times, and the pauses between."""

    on: date
    lines: tuple[SeatView | Pause, ...]

    @property
    def is_open(self) -> bool:
        """Whether something of it is still to be held."""
        return any(isinstance(each, SeatView) and not each.seat.is_held for each in self.lines)


_ROWS = {RowState.COMPLETE: "covered", RowState.GAP: "gap", RowState.DOUBLE: "double"}
_CELLS = {CellState.COVERED: "covered", CellState.OPEN: "gap", CellState.UNQUALIFIED: "unqualified"}


def columns(standing: LoopStanding, urls: Sequence[str | None]) -> list[Column]:
    """Return the interviews of the matrix, each with the page where it is changed."""
    return [
        Column(seat.label, seat.person_name or "Nobody yet", url)
        for seat, url in zip(standing.seats, urls, strict=True)
    ]


def rows(standing: LoopStanding) -> list[Row]:
    """Return the competencies of the matrix."""
    kinds = {part.need.competency_id: part.kind.value.replace("_", " ").capitalize() for part in standing.parts}
    return [
        Row(
            name=row.name,
            kind=kinds[row.competency_id],
            state=_ROWS[row.state],
            words=f"{row.covered} of {row.times}",
            cells=tuple(_cell(row, state, seat) for state, seat in zip(row.cells, standing.seats, strict=True)),
        )
        for row in standing.coverage.rows
    ]


def seat_views(loop: Loop, standing: LoopStanding, against: Mapping[int, Problem], now: datetime) -> list[SeatView]:
    """Return the schedule: each interview with its seat and the names of what it evaluates; ``against`` holds what
    stands against those who learn there."""
    names = {need.competency_id: need.name for need in standing.needs}
    zone = loop.application.requisition.region.zone
    return [
        SeatView(
            interview,
            seat,
            tuple(names.get(each, "something the plan dropped") for each in seat.competency_ids),
            about=tuple(_about(standing, seat, zone)),
            **_learner(interview, against),
            before=tuple(
                each.person.name
                for each in interview.assignments
                if each.ended_at is not None and each.role is AssignmentRole.LEAD
            ),
            lead=interview.lead,
            stuck=stuck(loop, standing, interview.id),
            has_begun=has_begun(interview, now),
        )
        for interview, seat in zip(interviews_of(loop), standing.seats, strict=True)
    ]


def stuck(loop: Loop, standing: LoopStanding, interview_id: int) -> str:
    """Return why one interview cannot be cancelled alone: the first of what the loop would lack; nothing if it can."""
    lacks = standing.against_leaving(interview_id) if loop.state is LoopState.SENT else []
    return f"It cannot be cancelled alone. Without it: {lacks[0].text}" if lacks else ""


def _learner(interview: Interview, against: Mapping[int, Problem]) -> dict[str, Any]:
    if not interview.trainees:
        declined = [each for each in interview.assignments if each.role is not AssignmentRole.LEAD and each.declined_at]
        return {"left": declined[-1].person.name, "beside": declined[-1]} if declined else {}
    seat = interview.trainees[0]
    how = "shadows" if seat.role is AssignmentRole.SHADOW else "asks (reverse shadow)"
    problem = against.get(interview.id)
    return {"learner": seat.person.name, "learns": how, "against": problem.text if problem else "", "beside": seat}


def _about(standing: LoopStanding, seat: Seat, zone: str) -> Iterator[str]:
    person = standing.people.planned.get(seat.person_id or 0)
    if person is None or seat.starts_at is None:
        return
    if person.raises_the_bar:
        yield "bar raiser"
    if not seat.is_held:
        yield f"{week_words(person, seat.starts_at)} besides"
    own_time = own_time_words(person, seat.starts_at, zone)
    if own_time:
        yield own_time


def days(views: Sequence[SeatView], zone: str) -> list[DayView]:
    """Return the interviews that have a time, day by day; ``zone`` is the office's."""
    held = ((view.interview.starts_at, view.interview.ends_at, view) for view in views)
    timed = [(starts_at, ends_at, view) for starts_at, ends_at, view in held if starts_at and ends_at]
    found: dict[date, list[SeatView | Pause]] = {}
    ended: dict[date, datetime] = {}
    for starts_at, ends_at, view in sorted(timed, key=lambda each: each[:2]):
        on = local_date(starts_at, zone)
        lines = found.setdefault(on, [])
        if lines and starts_at > ended[on]:
            lines.append(Pause(ended[on], starts_at, is_long_gap(ended[on], starts_at, zone)))
        lines.append(view)
        ended[on] = max(ends_at, ended.get(on, ends_at))
    return [DayView(on, tuple(lines)) for on, lines in found.items()]


def letters(views: Sequence[SeatView]) -> int:
    """Return how many e-mails go out with a draft: to everybody who is seated where nothing was held, and to the
    candidate."""
    return 1 + sum((view.seat.person_id is not None) + bool(view.learner) for view in views if not view.seat.is_held)


def when(interview: Interview, zone: str) -> str:
    """Return "Mon 30 Nov 2026, 14:00–15:00" by the clocks of a zone, or that there is no time yet."""
    if interview.starts_at is None or interview.ends_at is None:
        return "no time yet"
    hours = hours_words(interview.starts_at, interview.ends_at, zone)
    return f"{day_words(local_date(interview.starts_at, zone))}, {hours}"


def last_end(standing: LoopStanding) -> datetime | None:
    """Return the end of the last interview, None while one has no time."""
    ends = [seat.ends_at for seat in standing.seats]
    known = [each for each in ends if each is not None]
    return max(known) if known and len(known) == len(ends) else None


def person_choices(standing: LoopStanding, seat: Seat) -> dict[str, dict[int, str]]:
    """Return who might hold an interview: suggestions with their reasons first, then everybody else and why not."""
    suggested = standing.suggestions(seat.interview_id)
    best = {each.person_id for each in suggested}
    taken = {each.person_id for each in standing.seats if each.person_id and each.interview_id != seat.interview_id}
    others = [person for person in standing.people.planned.values() if person.person_id not in best]
    return {
        "Open": {0: "Nobody yet"},
        "Suggested, the best first": {each.person_id: f"{each.name}: {each.reason}" for each in suggested},
        "Others": {each.person_id: f"{each.name} ({why_not_first(each, seat, taken)})" for each in others},
    }


def _cell(row: CoverageRow, state: CellState, seat: Seat) -> Cell:
    if state is CellState.EMPTY:
        return Cell(None, None)
    if state is CellState.COVERED and row.state is RowState.DOUBLE:
        return Cell("double", seat.person_name)
    return Cell(_CELLS[state], seat.person_name or None)
