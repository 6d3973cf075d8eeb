"""A loop of the database as a case of the planner. Ids of people and competencies are told apart by a letter."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np

from tracker.planner.case import (
    Assigned,
    Assignment,
    BarRaiser,
    Breaks,
    Case,
    Days,
    Held,
    Interview,
    Interviewer,
    Loop,
    LoopPlan,
    Lunch,
    Role,
    Spans,
    Weights,
)
from tracker.planner.grid import dates_between, wall_minute
from tracker.planner.instants import EPOCH
from tracker.queries.loop_cases import LoopFacts
from tracker.rules.business_days import add_business_days, is_business_day
from tracker.rules.busy_times import Span
from tracker.rules.candidate_windows import NOTICE_DAYS
from tracker.rules.coverage import Seat
from tracker.rules.deadlines import Calendar
from tracker.rules.interviewers import PersonFacts

GRID_MINUTES = 15
# Business days that the candidate is taken to have, and further ones that a way out may add.
WINDOW_DAYS, FURTHER_DAYS = 10, 5
# By the clocks of everybody's own zone, as minutes of the day.
NINE, FIVE, NOON = 9 * 60, 17 * 60, 12 * 60
_DAY = timedelta(days=1)


def person_key(person_id: int) -> str:
    """Return the planner's id of a person."""
    return f"p{person_id}"


def competency_key(competency_id: int) -> str:
    """Return the planner's id of a competency."""
    return f"c{competency_id}"


def row_id(key: str) -> int:
    """Return the id of the row that the planner knows by that id."""
    return int(key[1:])


def open_seats(facts: LoopFacts) -> list[Seat]:
    """Return the interviews that are to be planned: all but those that were held."""
    return [seat for seat in facts.standing.seats if not seat.is_held]


def case_of(facts: LoopFacts, now: datetime, *, notice: bool | None = None) -> Case:
    """Return the question of planning this loop: on one of ten business days, nine to five for everybody.

    The first of them comes after a notice of two business days, which a loop that went out already does not need anew.
    Where the candidate said when he or she can come, these times count instead, and no notice is needed. With
    ``notice`` it is needed, or not, whatever else holds.
    """
    if notice is None:
        notice = facts.loop.sent_at is None and not facts.windows
    candidate = facts.loop.application.candidate
    first = min(facts.calendar.today(now), now.astimezone(EPOCH.tzinfo).date()) + _DAY
    if notice:
        first = _business_day(facts.calendar, first, NOTICE_DAYS) + _DAY
    last = _business_day(facts.calendar, first, WINDOW_DAYS + FURTHER_DAYS)
    starts_at, ends_at = wall_minute(first, 0, candidate.zone), wall_minute(last, 1440, candidate.zone)
    dates = [first - _DAY + number * _DAY for number in range((last - first).days + 3)]
    return Case(
        name=f"loop {facts.loop.id}",
        grid_minutes=GRID_MINUTES,
        starts_at=max(starts_at, _minute(now) + 1),
        ends_at=ends_at,
        interviewers=tuple(interviewer_of(facts, person, dates) for person in facts.standing.people.planned.values()),
        loops=(_loop(facts, now, first),),
        weights=Weights(),
    )


def case_as_held(facts: LoopFacts, now: datetime) -> tuple[Case, LoopPlan]:
    """Return the question with each interview's competencies fixed, and the loop's plan as it stands.

    Only interviews with a time, a person and something to evaluate, or a loop that evaluates nothing, are in it.
    """
    case = case_of(facts, now)
    loop, seats = case.loops[0], {str(seat.interview_id): seat for seat in open_seats(facts)}
    held = {each.id: each for each in loop.interviews if seats[each.id].starts_at and seats[each.id].person_id}
    plan = LoopPlan(loop.id, tuple(_held(seats[name]) for name in held))
    spans = [(each.starts_at, each.starts_at + held[each.interview].minutes) for each in plan.interviews]
    fixed = replace(
        loop,
        interviews=tuple(replace(each, assignments=(_fixed(seats[name]),)) for name, each in held.items()),
        rubric={},
        most_competencies=max((len(seat.competency_ids) for seat in seats.values()), default=0),
        windows=_spans(iter([*map(tuple, loop.windows.tolist()), *spans])),
    )
    ends_at = max([case.ends_at, *(end for _, end in spans)])
    # Interviews set by hand lie on no grid of quarters.
    return replace(case, grid_minutes=5, loops=(fixed,), ends_at=ends_at), plan


def plan_as_held(facts: LoopFacts) -> LoopPlan:
    """Return the loop's plan as it stands; an interview that its person declined has nobody to be kept."""
    kept = (seat for seat in open_seats(facts) if seat.starts_at and seat.person_id and not seat.has_declined)
    return LoopPlan(str(facts.loop.id), tuple(_held(seat) for seat in kept))


def _fixed(seat: Seat) -> Assignment:
    return Assignment("lead", Role.LEAD, frozenset(competency_key(each) for each in seat.competency_ids))


def _held(seat: Seat) -> Held:
    who = person_key(seat.person_id) if seat.person_id is not None else None
    at = _minute(seat.starts_at) if seat.starts_at is not None else 0
    competencies = tuple(sorted(competency_key(each) for each in seat.competency_ids))
    return Held(str(seat.interview_id), at, (Assigned("lead", who, competencies),))


def _business_day(calendar: Calendar, first: date, count: int) -> date:
    return add_business_days(first - _DAY, count, calendar.closed, calendar.weekend)


def _minute(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(minutes=1)


def _spans(pairs: Iterator[tuple[int, int]]) -> Spans:
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def interviewer_of(
    facts: LoopFacts, person: PersonFacts, dates: Sequence[date], learns: frozenset[int] = frozenset()
) -> Interviewer:
    """Return a person as the planner sees him or her; on these dates the own holidays are looked for."""
    home = facts.homes[person.person_id]
    usual = {weekday: (NINE, FIVE) for weekday in range(7) if weekday not in home.weekend}
    working = {weekday: (both,) for weekday, both in (person.hours or usual).items()}
    return Interviewer(
        id=person_key(person.person_id),
        zone=person.zone,
        team="",
        is_bar_raiser=person.raises_the_bar,
        qualified=frozenset(competency_key(each) for each in person.qualified),
        training=frozenset(competency_key(each) for each in learns),
        working_hours=working,
        busy=_spans(_busy(person, home, dates)),
        tentative=_spans(_outward(each) for each in person.meetings if each.is_tentative),
        # Only the dates of these are known, which is all that caps ask.
        booked=tuple(wall_minute(on, NOON, person.zone) for on, count in person.day_load.items() for _ in range(count)),
        daily_cap=person.daily_cap,
        weekly_cap=person.weekly_cap,
        recent_load=facts.loads.get(person.person_id, 0),
    )


def _busy(person: PersonFacts, home: Calendar, dates: Sequence[date]) -> Iterator[tuple[int, int]]:
    for start, end, _what in person.busy:
        yield _outward(Span(start, end))
    for meeting in person.meetings:
        if not meeting.is_tentative:
            yield _outward(meeting)
    for on in dates:
        if on in home.closed:
            yield wall_minute(on, 0, person.zone), wall_minute(on, 1440, person.zone)


def _outward(span: Span) -> tuple[int, int]:
    """Return the span in whole minutes, rounded to the side of being busy."""
    return _minute(span.starts_at), -(-(span.ends_at - EPOCH) // timedelta(minutes=1))


def _loop(facts: LoopFacts, now: datetime, first: date) -> Loop:
    seats, standing = open_seats(facts), facts.standing
    held = [seat for seat in standing.seats if seat.is_held]
    rubric = {
        competency_key(need.competency_id): need.times - sum(need.competency_id in seat.competency_ids for seat in held)
        for need in standing.needs
    }
    total = sum(times for times in rubric.values() if times > 0)
    people = standing.people.planned
    raised = any(people[each.person_id].raises_the_bar for each in held if each.person_id in people)
    out = {each.person_id for each in people.values() if each.is_kept_out}
    out |= {seat.person_id for seat in held if seat.person_id is not None}
    minutes = {each.id: each.minutes for each in facts.loop.interviews}
    return Loop(
        id=str(facts.loop.id),
        zone=facts.loop.application.candidate.zone,
        windows=_spans(_windows(facts, now, first)),
        hiring_team="",
        interviews=tuple(_interview(seat, minutes[seat.interview_id]) for seat in seats),
        rubric={name: times for name, times in rubric.items() if times > 0},
        # One more than an even share, so that who is qualified for little finds a place.
        most_competencies=-(-total // max(1, len(seats))) + 1,
        in_order=False,
        days=Days(most=1),
        breaks=Breaks(most_in_a_row=3, minutes=15, longest_gap=60),
        lunch=Lunch(earliest=11 * 60 + 30, latest=14 * 60, minutes=45),
        bar_raiser=BarRaiser(is_required=not raised, from_outside=False),
        phone_screened_by=frozenset(person_key(each) for each in facts.screened_by),
        excludes_phone_screeners=True,
        conflicts=frozenset(person_key(each) for each in out),
        site=None,
    )


def _interview(seat: Seat, minutes: int) -> Interview:
    return Interview(str(seat.interview_id), minutes, (Assignment("lead", Role.LEAD, frozenset()),))


def _windows(facts: LoopFacts, now: datetime, first: date) -> Iterator[tuple[int, int]]:
    """Yield when the candidate can come from that day on, less his or her other interviews."""
    busy = sorted((_minute(start), _minute(end)) for start, end in facts.standing.people.candidate_busy)
    for start, end in _given(facts, first) if facts.windows else _usual(facts, first):
        start = max(start, _minute(now) + 1)
        for begins, ends in busy:
            if start < begins < end:
                yield start, begins
            if begins < end and ends > start:
                start = min(end, ends)
        if start < end:
            yield start, end


def _given(facts: LoopFacts, first: date) -> Iterator[tuple[int, int]]:
    """Yield the times that the candidate gave, in whole minutes within them."""
    earliest = wall_minute(first, 0, facts.loop.application.candidate.zone)
    for window in facts.windows:
        start, end = -(-(window.starts_at - EPOCH) // timedelta(minutes=1)), _minute(window.ends_at)
        if end > earliest:
            yield max(start, earliest), end


def _usual(facts: LoopFacts, first: date) -> Iterator[tuple[int, int]]:
    """Yield nine to five, by the candidate's clocks, of the next business days."""
    zone = facts.loop.application.candidate.zone
    last = _business_day(facts.calendar, first, WINDOW_DAYS)
    for on in dates_between(wall_minute(first, NOON, zone), wall_minute(last, NOON, zone), zone):
        if is_business_day(on, facts.calendar.closed, facts.calendar.weekend):
            yield wall_minute(on, NINE, zone), wall_minute(on, FIVE, zone)
