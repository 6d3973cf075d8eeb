"""A judge of plans who shares nothing with the planner: datetimes and intervals, one rule after the other.

It knows the exchange format, and every rule that the bench's cases can break: floating competencies, rooms and repairs
are not in them. The rules and the costs are numbered as in docs/loop-planner.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
Span = tuple[datetime, datetime]

WAIT_DAY, SPLIT, IDLE_QUARTER, LOAD, SHADOW, TENTATIVE, UNPLANNED = 10, 40, 2, 1, 10, 8, 100_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)


class Person:
    """One interviewer, with his or her calendar read."""

    def __init__(self, facts: Json) -> None:
        self.facts, self.zone = facts, ZoneInfo(facts["timezone"])
        self.busy, self.tentative = _spans(facts["busy"]), _spans(facts["tentative"])
        self.booked = [self.on(moment(each)) for each in facts["booked"]]

    def on(self, at: datetime) -> date:
        """Return the person's own date."""
        return at.astimezone(self.zone).date()

    def works(self, span: Span) -> bool:
        """Whether the span lies in his or her working hours."""
        day = self.on(span[0])
        hours = self.facts["working_hours"].get(WEEKDAYS[day.weekday()], [])
        return any(
            wall(day, first, self.zone) <= span[0] and span[1] <= wall(day, last, self.zone) for first, last in hours
        )

    def may(self, span: Span, planned: Sequence[date]) -> bool:
        """Whether he or she works then, is free, and is below the caps beside interviews planned on these dates."""
        day = self.on(span[0])
        days = Counter([*self.booked, *planned])
        week = sum(times for each, times in days.items() if each.isocalendar()[:2] == day.isocalendar()[:2])
        below = days[day] < self.facts["max_per_day"] and week < self.facts["max_per_week"]
        return below and self.works(span) and not meets(span, self.busy)


class Judge:
    """Judges the plans of one case."""

    def __init__(self, case: Json) -> None:
        self.case = case
        self.people = {each["id"]: each for each in case["interviewers"]}
        self.loops = {each["id"]: each for each in case["loops"]}
        self.person = cache(lambda name: Person(self.people[name]))

    def cost(self, plans: Sequence[Json]) -> int:
        """Return what plans of the case's loops cost together. Raises AssertionError, which names the rule broken."""
        planned = [plan for plan in plans if plan["status"] == "planned"]
        assert {plan["loop"] for plan in plans} <= self.loops.keys()
        cost = UNPLANNED * (len(self.loops) - len(planned))
        held: dict[str, list[Span]] = defaultdict(list)
        leads: Counter[str] = Counter()
        for plan in planned:
            cost += self._one(plan, held, leads)
        loads: dict[str, int] = {name: self.people[name]["recent_load"] for name in leads}
        return cost + LOAD * sum((loads[name] + times) ** 2 - loads[name] ** 2 for name, times in leads.items())

    def _one(self, plan: Json, held: dict[str, list[Span]], leads: Counter[str]) -> int:
        loop = self.loops[plan["loop"]]
        assert [each["session"] for each in plan["sessions"]] == [each["id"] for each in loop["sessions"]], "H1"
        spans = [self._span(loop, *pair) for pair in zip(plan["sessions"], loop["sessions"], strict=True)]
        cost = self._times(loop, spans)
        for span, session, wanted in zip(spans, plan["sessions"], loop["sessions"], strict=True):
            for seat, asked in zip(session["seats"], wanted["seats"], strict=True):
                cost += self._seat(seat, asked, span, held, leads)
        self._together(loop, plan)
        return cost

    def _span(self, loop: Json, session: Json, wanted: Json) -> Span:
        zone = ZoneInfo(loop["candidate"]["timezone"])
        start = moment(session["start"])
        end, shown = start + wanted["minutes"] * MINUTE, start.astimezone(zone)
        assert not (shown.hour * 60 + shown.minute) % self.case["grid_minutes"], "H1"
        assert any(first <= start and end <= last for first, last in _spans(loop["candidate"]["windows"])), "H2"
        assert shown.date() == (end - MINUTE).astimezone(zone).date(), "H4"
        return start, end

    def _times(self, loop: Json, spans: Sequence[Span]) -> int:
        zone = ZoneInfo(loop["candidate"]["timezone"])
        days: dict[date, list[Span]] = defaultdict(list)
        for span in sorted(spans):
            days[span[0].astimezone(zone).date()].append(span)
        assert len(days) <= loop["days"]["max"] == 1, "H4"
        gaps = list(_gaps(next(iter(days.values()))))
        self._breaks(loop, gaps)
        for on, held in days.items():
            assert has_lunch(loop["lunch"], on, held, zone), "H6"
        waited = (max(days) - moment(self.case["horizon"]["start"]).astimezone(zone).date()).days
        return WAIT_DAY * waited + SPLIT * (len(days) - 1) + IDLE_QUARTER * sum(gap // (15 * MINUTE) for gap in gaps)

    def _breaks(self, loop: Json, gaps: Sequence[timedelta]) -> None:
        rule, in_a_row = loop["breaks"], 1
        for gap in gaps:
            assert timedelta() <= gap, "H3"
            assert gap <= rule["max_gap_minutes"] * MINUTE, "H5"
            in_a_row = in_a_row + 1 if gap < rule["break_minutes"] * MINUTE else 1
            assert in_a_row <= rule["max_consecutive"], "H5"

    def _seat(self, seat: Json, asked: Json, span: Span, held: dict[str, list[Span]], leads: Counter[str]) -> int:
        assert seat["seat"] == asked["id"], "H1"
        leading, name = asked["role"] == "interviewer", seat["interviewer"]
        if name is None:
            assert not leading, "H8"
            return SHADOW
        person = self.person(name)
        if leading:
            assert set(asked["competencies"]) <= set(seat["competencies"]), "H10"
            assert set(seat["competencies"]) <= set(person.facts["qualified"]), "H9"
        else:
            assert asked["competency"] in person.facts["training"], "H9"
        assert person.may(span, [person.on(each[0]) for each in held[name]]), "H13, H15"
        assert not meets(span, held[name]), "H14"
        held[name].append(span)
        leads[name] += leading
        return TENTATIVE * meets(span, person.tentative)

    def _together(self, loop: Json, plan: Json) -> None:
        """Hold what the people of a loop have to keep together."""
        seats = [seat for session in plan["sessions"] for seat in session["seats"] if seat["interviewer"]]
        names = [seat["interviewer"] for seat in seats]
        assert len(names) == len(set(names)), "H8"
        assert not set(names) & {*loop["conflicts"], *loop["phone_screened_by"]}, "H12"
        leading = [seat for seat in seats if seat["competencies"]]
        given = Counter(each for seat in leading for each in seat["competencies"])
        assert all(given[each["competency"]] >= each["coverage"] for each in loop["rubric"]), "H10"
        assert all(len(seat["competencies"]) <= loop["max_competencies_per_seat"] for seat in leading), "H10"
        assert any(may_raise(self.people[seat["interviewer"]], loop) for seat in leading), "H11"


def may_raise(person: Json, loop: Json) -> bool:
    """Whether a person counts as the loop's bar raiser: one from outside of the hiring team."""
    return bool(person["bar_raiser"] and person["team"] != loop["hiring_team"])


def moment(text: str) -> datetime:
    """Return an instant of the exchange format."""
    return datetime.fromisoformat(text)


def _spans(pairs: Sequence[Sequence[str]]) -> list[Span]:
    return [(moment(first), moment(last)) for first, last in pairs]


def meets(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span overlaps any of the others."""
    return any(first < span[1] and span[0] < last for first, last in others)


def wall(on: date, clock: str, zone: ZoneInfo) -> datetime:
    """Return the moment of a clock on the wall."""
    return datetime.combine(on, time.fromisoformat(clock), zone)


def _gaps(held: Sequence[Span]) -> Iterator[timedelta]:
    for (_, ended), (start, _end) in pairwise(held):
        yield start - ended


def has_lunch(lunch: Json, on: date, held: Sequence[Span], zone: ZoneInfo) -> bool:
    """Whether a day's interviews leave time for lunch (H6)."""
    first, last = (wall(on, lunch[side], zone).astimezone(ZoneInfo("UTC")) for side in ("from", "to"))
    ends = [first, *(end for _, end in held if first <= end)]
    return any(
        start + lunch["minutes"] * MINUTE <= last and not meets((start, start + lunch["minutes"] * MINUTE), held)
        for start in ends
    )
