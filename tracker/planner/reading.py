"""A case of the exchange format into the planner's own types; what is wrong is refused with its place."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracker.planner.case import Case, Interviewer, Repair, Room, Spans, Weights, WorkingHours
from tracker.planner.fields import Field
from tracker.planner.instants import A_MINUTE, many_microseconds
from tracker.planner.reading_loops import read_loop, read_plan
from tracker.rules.refused import Refused
from tracker.rules.zones import zone_named

FORMAT = "loop-planner/1"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Costs are added up in 32 bits.
MOST_WEIGHT, MOST_LOAD_WEIGHT, MOST_LOAD = 100_000, 1_000, 1_000
LONGEST_HORIZON_DAYS = 200


def read_case(document: Any) -> Case:
    """Return the case of a parsed JSON document. Raises BadCase."""
    case = Field(document)
    case["format"].one_of(FORMAT)
    grid = case["grid_minutes"].whole(5, 60)
    if 60 % grid:
        raise case["grid_minutes"].bad("does not divide an hour")
    starts_at, ends_at = case["horizon"]["start"].minute(up=True), case["horizon"]["end"].minute()
    if not 0 < ends_at - starts_at <= LONGEST_HORIZON_DAYS * 24 * 60:
        raise case["horizon"].bad(f"does not last from some minutes to {LONGEST_HORIZON_DAYS} days")
    loops = list(case["loops"].items())
    return Case(
        name=case["name"].text(),
        grid_minutes=grid,
        starts_at=starts_at,
        ends_at=ends_at,
        interviewers=_interviewers(case["interviewers"]),
        rooms=_rooms(case.get("rooms", [])),
        loops=tuple(_unique(loops, [read_loop(loop, _windows(loop["candidate"]), zone_of) for loop in loops])),
        weights=_weights(case.get("weights", {})),
        repair=_repair(case.get("repair")),
    )


def zone_of(field: Field) -> str:
    """Return the name of a time zone that exists."""
    try:
        zone_named(field.text())
    except Refused:
        raise field.bad("is not a time zone such as Europe/Berlin") from None
    return field.text()


def _unique(given: Sequence[Field], read: list[Any]) -> list[Any]:
    seen: set[str] = set()
    for field, each in zip(given, read, strict=True):
        if each.id in seen:
            raise field["id"].bad("is there twice")
        seen.add(each.id)
    return read


def _weights(given: Field) -> Weights:
    def weight(name: str, default: int) -> int:
        return given.get(name, default).whole(0, MOST_LOAD_WEIGHT if name == "load" else MOST_WEIGHT)

    return Weights(**{name: weight(name, default) for name, default in asdict(Weights()).items()})


def _interviewers(given: Field) -> tuple[Interviewer, ...]:
    people = list(given.items())
    busy, tentative = _spans_of(people, "busy"), _spans_of(people, "tentative")
    read = [
        Interviewer(
            id=person["id"].text(),
            zone=zone_of(person["timezone"]),
            team=person["team"].text(),
            is_bar_raiser=person.get("bar_raiser", False).flag(),
            qualified=person["qualified"].texts(),
            training=person.get("training", []).texts(),
            working_hours=_working_hours(person["working_hours"]),
            busy=busy[number],
            tentative=tentative[number],
            booked=tuple(moment.minute() for moment in person.get("booked", []).items()),
            daily_cap=person["max_per_day"].whole(0, 100),
            weekly_cap=person["max_per_week"].whole(0, 100),
            recent_load=person.get("recent_load", 0).whole(0, MOST_LOAD),
        )
        for number, person in enumerate(people)
    ]
    return tuple(_unique(people, read))


def _working_hours(given: Field) -> WorkingHours:
    if not isinstance(given.value, dict):
        raise given.bad("is not an object")
    for name in given.value:
        if name not in WEEKDAYS:
            raise given.get(name).bad(f"is not one of: {', '.join(WEEKDAYS)}")
    return {number: given[name].hours() for number, name in enumerate(WEEKDAYS) if name in given.value}


def _rooms(given: Field) -> tuple[Room, ...]:
    rooms = list(given.items())
    read = [
        Room(room["id"].text(), room["site"].text(), busy)
        for room, busy in zip(rooms, _spans_of(rooms, "busy"), strict=True)
    ]
    return tuple(_unique(rooms, read))


def _repair(given: Field) -> Repair | None:
    if given.value is None:
        return None
    costs = given.get("weights", {})
    plans = [read_plan(plan) for plan in given["previous"]["loops"].items()]
    return Repair(
        previous={plan.loop: plan for plan in plans if plan is not None},
        declined=frozenset((each["loop"].text(), each["interviewer"].text()) for each in given["declined"].items()),
        moved=frozenset((each["loop"].text(), each["session"].text()) for each in given.get("moved", []).items()),
        time_changed=costs.get("time_changed", Repair.time_changed).whole(0, MOST_WEIGHT),
        person_changed=costs.get("person_changed", Repair.person_changed).whole(0, MOST_WEIGHT),
    )


def _spans_of(owners: Sequence[Field], name: str) -> list[Spans]:
    """Return the spans that each owner has under that name, in minutes, rounded outward; all are read at once."""
    lists = [owner.get(name, []) for owner in owners]
    moments = _moments(lists)
    spans = np.column_stack([moments[:, 0] // A_MINUTE, -(-moments[:, 1] // A_MINUTE)])
    _refuse_backward(lists, moments)
    counts = [len(each.list()) for each in lists]
    return np.split(spans, np.cumsum(counts)[:-1]) if counts else []


def _windows(candidate: Field) -> Spans:
    """Return the candidate's windows in minutes, rounded inward."""
    moments = _moments([candidate["windows"]])
    _refuse_backward([candidate["windows"]], moments)
    return np.column_stack([-(-moments[:, 0] // A_MINUTE), moments[:, 1] // A_MINUTE])


def _moments(lists: Sequence[Field]) -> NDArray[np.int64]:
    """Return the microseconds of all pairs of instants in these lists, shape (pairs, 2)."""
    try:
        pairs = list(chain.from_iterable(each.list() for each in lists))
        if set(map(len, pairs)) <= {2}:
            return many_microseconds(list(chain.from_iterable(pairs))).reshape(-1, 2)
    except (TypeError, ValueError):
        pass
    # Once more, one by one, to name the one that is wrong.
    fields = [span.pair() for each in lists for span in each.items()]
    return np.array([[first.instant(), last.instant()] for first, last in fields], dtype=np.int64).reshape(-1, 2)


def _refuse_backward(lists: Sequence[Field], moments: NDArray[np.int64]) -> None:
    wrong = np.flatnonzero(moments[:, 0] >= moments[:, 1])
    if len(wrong):
        spans = [span for each in lists for span in each.items()]
        raise spans[int(wrong[0])].bad("does not end after it starts")
