"""How loops are planned without a planner: the first hour at which everybody needed is free, and the first such people.

Three habits: the list as it hangs on the wall (first free), anybody by chance, and what scheduling products do, the
least loaded first.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from bench.planner.judge import MINUTE, Judge, Span, has_lunch, may_raise, meets, moment

Json = dict[str, Any]

# After how many interviews there is a pause, and of how many minutes: a break, or a break that serves for lunch.
PAUSES = tuple((after, minutes) for minutes in (15, 45, 60) for after in (3, 2))


class Order(StrEnum):
    """In which order people are asked."""

    LIST = "first free"
    CHANCE = "anybody free"
    LOAD = "least loaded free"


class Habit:
    """Somebody who arranges one loop after the other, and takes back none."""

    def __init__(self, case: Json, order: Order) -> None:
        self.judge, self.by = Judge(case), order
        self.chance = random.Random(case["name"])
        self.order = [person["id"] for person in case["interviewers"]]
        self.load = Counter({person["id"]: person["recent_load"] for person in case["interviewers"]})
        self.held: dict[str, list[Span]] = defaultdict(list)

    def plan_all(self) -> list[Json]:
        """Return the plans of the case's loops, in their order."""
        return [self._plan(loop) for loop in self.judge.loops.values()]

    def _plan(self, loop: Json) -> Json:
        excluded = {*loop["conflicts"], *loop["phone_screened_by"]}
        people = [name for name in self.order if name not in excluded]
        if self.by is Order.CHANCE:
            self.chance.shuffle(people)
        elif self.by is Order.LOAD:
            people.sort(key=lambda name: self.load[name])
        for spans in self._times(loop):
            plan = self._seated(loop, spans, people)
            if plan is not None:
                return plan
        return {"loop": loop["id"], "status": "unplanned"}

    def _times(self, loop: Json) -> Iterator[list[Span]]:
        """Yield the times of five interviews in a row with one pause, the earliest first."""
        zone = ZoneInfo(loop["candidate"]["timezone"])
        for first, last in loop["candidate"]["windows"]:
            at, end = moment(first), moment(last)
            while at < end:
                for after, minutes in PAUSES:
                    spans = _in_a_row(at, [each["minutes"] for each in loop["sessions"]], after, minutes)
                    if spans[-1][1] <= end and has_lunch(loop["lunch"], at.astimezone(zone).date(), spans, zone):
                        yield spans
                at += self.judge.case["grid_minutes"] * MINUTE

    def _seated(self, loop: Json, spans: Sequence[Span], people: Sequence[str]) -> Json | None:
        """Return the plan with the first people who are free; where no bar raiser is among them, with one in a seat."""
        leads = [(span, session["seats"][0]) for span, session in zip(spans, loop["sessions"], strict=True)]
        raisers = [name for name in people if may_raise(self.judge.people[name], loop)]
        chosen = self._first_free(leads, [people] * len(leads))
        if chosen and not set(chosen) & set(raisers):
            ways = (
                [raisers if number == seat else people for number in range(len(leads))] for seat in range(len(leads))
            )
            chosen = next(filter(None, (self._first_free(leads, way) for way in ways)), None)
        return self._noted(loop, spans, people, chosen) if chosen else None

    def _first_free(self, seats: Sequence[tuple[Span, Json]], lists: Sequence[Sequence[str]]) -> list[str] | None:
        # A list of bar raisers is gone through first: they are few.
        chosen: dict[int, str] = {}
        for number in sorted(range(len(seats)), key=lambda each: len(lists[each])):
            span, seat = seats[number]
            found = next(
                (name for name in lists[number] if name not in chosen.values() and self._can(name, span, seat)), None
            )
            if found is None:
                return None
            chosen[number] = found
        return [chosen[number] for number in range(len(seats))]

    def _can(self, name: str, span: Span, seat: Json) -> bool:
        person = self.judge.person(name)
        if seat["role"] == "interviewer":
            fits = set(seat["competencies"]) <= set(person.facts["qualified"])
        else:
            fits = seat["competency"] in person.facts["training"]
        held = self.held[name]
        return fits and not meets(span, held) and person.may(span, [person.on(each[0]) for each in held])

    def _noted(self, loop: Json, spans: Sequence[Span], people: Sequence[str], chosen: Sequence[str]) -> Json:
        sessions, taken = [], set(chosen)
        for span, session, lead in zip(spans, loop["sessions"], chosen, strict=True):
            seats: list[tuple[Json, str | None]] = [(session["seats"][0], lead)]
            for seat in session["seats"][1:]:
                free = (name for name in people if name not in taken and self._can(name, span, seat))
                seats.append((seat, next(free, None)))
            taken |= {name for _, name in seats if name is not None}
            self._book(seats, span)
            given = [
                {"seat": seat["id"], "interviewer": name, "competencies": seat.get("competencies", [])}
                for seat, name in seats
            ]
            sessions.append({"session": session["id"], "start": f"{span[0]:%Y-%m-%dT%H:%M:%SZ}", "seats": given})
        return {"loop": loop["id"], "status": "planned", "sessions": sessions}

    def _book(self, seats: Sequence[tuple[Json, str | None]], span: Span) -> None:
        for seat, name in seats:
            if name is not None:
                self.held[name].append(span)
                self.load[name] += seat["role"] == "interviewer"


def _in_a_row(start: datetime, lengths: Sequence[int], after: int, pause: int) -> list[Span]:
    begins = accumulate(lengths[:-1], initial=0)
    starts = [start + (begin + pause * (number >= after)) * MINUTE for number, begin in enumerate(begins)]
    return [(each, each + length * MINUTE) for each, length in zip(starts, lengths, strict=True)]
