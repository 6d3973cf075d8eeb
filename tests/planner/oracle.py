"""A second opinion on small cases: every time and everybody is tried.

It knows the exchange format and nothing of the planner: moments and intervals, one rule after the other. All its
times are multiples of five minutes.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise, product
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
WEIGHTS = {"wait_day": 10, "split": 40, "idle_quarter": 2, "load": 1, "shadow": 10, "tentative": 8}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


class Oracle:
    """The best plan of a case's only loop."""

    def __init__(self, case: Json) -> None:
        self.case, self.loop = case, case["loops"][0]
        self.weights = WEIGHTS | case.get("weights", {})
        self.zone = ZoneInfo(self.loop["candidate"]["timezone"])
        self.lengths = [session["minutes"] * MINUTE for session in self.loop["sessions"]]
        self.seats = [(number, seat) for number, each in enumerate(self.loop["sessions"]) for seat in each["seats"]]
        self.options: dict[tuple[int, datetime], list[tuple[str | None, int]]] = {}

    def cheapest(self) -> int | None:
        """Return what the best plan costs; None where there is none."""
        best: int | None = None
        for starts in self.times():
            cost = self.cost_of_times(starts)
            people = self.people(starts, 0, {}, cost, best)
            best = people if people is not None else best
        return best

    def cost_of(self, plan: Json) -> int | None:
        """Return what a plan of the loop costs; None where it breaks a rule."""
        sessions = {each["session"]: each for each in plan["sessions"]}
        held = [sessions[each["id"]] for each in self.loop["sessions"]]
        starts = tuple(moment(each["start"]) for each in held)
        taken = [seat for each in held for seat in each["seats"]]
        people = [each["interviewer"] for each in taken if each["interviewer"] is not None]
        prices = [
            dict(self.options_of(number, starts[session])).get(each["interviewer"])
            for number, ((session, _), each) in enumerate(zip(self.seats, taken, strict=True))
        ]
        kept = (
            starts in self.times_among([{start} for start in starts])
            and len(people) == len(set(people))
            and [each["seat"] for each in taken] == [seat["id"] for _, seat in self.seats]
            and self.has_bar_raiser({number: each["interviewer"] for number, each in enumerate(taken)})
            and self.is_dealt(taken)
            and all(self.room_is_free(each, length) for each, length in zip(held, self.lengths, strict=True))
        )
        if not kept or None in prices:
            return None
        return self.cost_of_times(starts) + sum(price for price in prices if price is not None)

    # --- Times (H1 to H6, H16)

    def times(self) -> Iterator[tuple[datetime, ...]]:
        return self.times_among([set(self.instants()) for _ in self.lengths])

    def times_among(self, asked: Sequence[set[datetime]]) -> Iterator[tuple[datetime, ...]]:
        choices = [
            sorted(start for start in starts if self.on_grid(start) and self.may_start(start, length))
            for starts, length in zip(asked, self.lengths, strict=True)
        ]
        for starts in product(*choices):
            days = self.by_day(starts)
            if self.in_order(starts) and self.fit_days(days) and all(map(self.is_a_fine_day, days.values())):
                yield starts

    def instants(self) -> Iterator[datetime]:
        at, end = moment(self.case["horizon"]["start"]), moment(self.case["horizon"]["end"])
        while at < end:
            yield at
            at += 5 * MINUTE

    def on_grid(self, at: datetime) -> bool:
        shown = at.astimezone(self.zone)
        return (shown.hour * 60 + shown.minute) % int(self.case["grid_minutes"]) == 0

    def may_start(self, start: datetime, length: timedelta) -> bool:
        end = start + length
        if not inside(start, end, intervals(self.loop["candidate"]["windows"])):
            return False
        same_date = start.astimezone(self.zone).date() == (end - MINUTE).astimezone(self.zone).date()
        in_horizon = end <= moment(self.case["horizon"]["end"])
        return same_date and in_horizon and (self.loop["site"] is None or bool(self.free_rooms(start, end)))

    def free_rooms(self, start: datetime, end: datetime) -> list[str]:
        return [
            room["id"]
            for room in self.case["rooms"]
            if room["site"] == self.loop["site"] and not overlapped(start, end, intervals(room["busy"]))
        ]

    def room_is_free(self, held: Json, length: timedelta) -> bool:
        start = moment(held["start"])
        return self.loop["site"] is None or held["room"] in self.free_rooms(start, start + length)

    def by_day(self, starts: Sequence[datetime]) -> dict[date, list[tuple[datetime, datetime]]]:
        days: dict[date, list[tuple[datetime, datetime]]] = defaultdict(list)
        for start, length in zip(starts, self.lengths, strict=True):
            days[start.astimezone(self.zone).date()].append((start, start + length))
        return {on: sorted(held) for on, held in sorted(days.items())}

    def in_order(self, starts: Sequence[datetime]) -> bool:
        return self.loop["order"] == "any" or all(first < second for first, second in pairwise(starts))

    def fit_days(self, days: dict[date, list[Any]]) -> bool:
        rule = self.loop["days"]
        if len(days) == 1:
            return True
        apart = (max(days) - min(days)).days
        fewest = min(map(len, days.values()))
        return len(days) <= rule["max"] and apart <= rule["max_apart"] and fewest >= rule["min_sessions"]

    def is_a_fine_day(self, held: list[tuple[datetime, datetime]]) -> bool:
        rule, in_a_row = self.loop["breaks"], 1
        for (_, ended), (start, _) in pairwise(held):
            gap = (start - ended) / MINUTE
            in_a_row = in_a_row + 1 if gap < rule["break_minutes"] else 1
            if not 0 <= gap <= rule["max_gap_minutes"] or in_a_row > rule["max_consecutive"]:
                return False
        return in_a_row <= rule["max_consecutive"] and self.has_lunch(held)

    def has_lunch(self, held: list[tuple[datetime, datetime]]) -> bool:
        lunch = self.loop["lunch"]
        if lunch is None:
            return True
        on = held[0][0].astimezone(self.zone).date()
        at, latest = wall(on, lunch["from"], self.zone), wall(on, lunch["to"], self.zone) - lunch["minutes"] * MINUTE
        while at <= latest:
            if not overlapped(at, at + lunch["minutes"] * MINUTE, held):
                return True
            at += 5 * MINUTE
        return False

    def cost_of_times(self, starts: Sequence[datetime]) -> int:
        days = self.by_day(starts)
        first = moment(self.case["horizon"]["start"]).astimezone(self.zone).date()
        gaps = [start - ended for held in days.values() for (_, ended), (start, _) in pairwise(held)]
        return int(
            self.weights["wait_day"] * (max(days) - first).days
            + self.weights["split"] * (len(days) - 1)
            + self.weights["idle_quarter"] * sum(gap // (15 * MINUTE) for gap in gaps)
            + sum(self.moved(number, start) for number, start in enumerate(starts))
        )

    # --- People (H8 to H15)

    def people(
        self, starts: Sequence[datetime], number: int, chosen: dict[int, str | None], cost: int, best: int | None
    ) -> int | None:
        """Return the cost of the best people from this seat on, if it is better than the best; else nothing."""
        if best is not None and cost >= best:
            return None
        if number == len(self.seats):
            return cost if self.has_bar_raiser(chosen) and self.can_be_dealt(chosen) else None
        found: int | None = None
        for person, price in self.options_of(number, starts[self.seats[number][0]]):
            if person is None or person not in chosen.values():
                better = self.people(starts, number + 1, chosen | {number: person}, cost + price, best)
                if better is not None:
                    best = found = better
        return found

    def options_of(self, number: int, start: datetime) -> list[tuple[str | None, int]]:
        key = (number, start)
        if key not in self.options:
            session, seat = self.seats[number]
            end = start + self.lengths[session]
            self.options[key] = [
                (person["id"], self.price(person, seat, start, end) + self.replaced(session, seat, person["id"]))
                for person in self.case["interviewers"]
                if self.can(person, seat, start, end)
            ]
            if seat["role"] == "shadow" and not seat["required"]:
                self.options[key].append((None, self.weights["shadow"] + self.replaced(session, seat, None)))
        return self.options[key]

    def can(self, person: Json, seat: Json, start: datetime, end: datetime) -> bool:
        loop, who = self.loop, person["id"]
        if who in loop["conflicts"] or (loop["exclude_phone_screeners"] and who in loop["phone_screened_by"]):
            return False
        if {"loop": loop["id"], "interviewer": who} in self.repair.get("declined", []):
            return False
        if seat["role"] == "shadow" and seat["competency"] not in person["training"]:
            return False
        if not set(seat.get("competencies", [])) <= set(person["qualified"]):
            return False
        works, is_busy = working_hours(person, start), overlapped(start, end, intervals(person["busy"]))
        return inside(start, end, works) and not is_busy and below_caps(person, start)

    def price(self, person: Json, seat: Json, start: datetime, end: datetime) -> int:
        load = self.weights["load"] * ((person["recent_load"] + 1) ** 2 - person["recent_load"] ** 2)
        tentative = self.weights["tentative"] * overlapped(start, end, intervals(person["tentative"]))
        return int(tentative + (load if seat["role"] == "interviewer" else 0))

    def has_bar_raiser(self, chosen: dict[int, str | None]) -> bool:
        rule = self.loop["bar_raiser"]
        leads = {who for number, who in chosen.items() if self.seats[number][1]["role"] == "interviewer"}
        return not rule["required"] or any(
            person["bar_raiser"] and (not rule["outside_team"] or person["team"] != self.loop["hiring_team"])
            for person in self.case["interviewers"]
            if person["id"] in leads
        )

    def can_be_dealt(self, chosen: dict[int, str | None]) -> bool:
        """Whether the rubric can be covered: each lead takes any set that holds the fixed ones, is small enough, and of
        which he or she is capable."""
        qualified = {person["id"]: set(person["qualified"]) for person in self.case["interviewers"]}
        wanted = {each["competency"]: each["coverage"] for each in self.loop["rubric"]}
        most = self.loop["max_competencies_per_seat"]
        hands = []
        for number, who in chosen.items():
            seat = self.seats[number][1]
            if seat["role"] == "interviewer" and who is not None:
                fixed = frozenset(seat["competencies"])
                more = sorted((qualified[who] & set(wanted)) - fixed)
                hands.append([hand for hand in subsets(more, fixed) if len(hand) <= most])
        return any(
            all(sum(name in hand for hand in dealt) >= times for name, times in wanted.items())
            for dealt in product(*hands)
        )

    def is_dealt(self, taken: Sequence[Json]) -> bool:
        """Whether what a plan deals keeps to the seats, the rubric and what the people are qualified for."""
        qualified = {person["id"]: set(person["qualified"]) for person in self.case["interviewers"]}
        wanted = {each["competency"]: each["coverage"] for each in self.loop["rubric"]}
        dealt = []
        for (_, seat), each in zip(self.seats, taken, strict=True):
            if seat["role"] == "interviewer":
                hand, fixed = set(each["competencies"]), set(seat["competencies"])
                dealt.append(hand)
                if not fixed <= hand <= qualified[each["interviewer"]] & (set(wanted) | fixed):
                    return False
        covered = all(sum(name in hand for hand in dealt) >= times for name, times in wanted.items())
        return covered and all(len(hand) <= self.loop["max_competencies_per_seat"] for hand in dealt)

    # --- Repair

    @property
    def repair(self) -> Json:
        found: Json = self.case.get("repair") or {}
        return found

    def held_before(self, session: int) -> Json | None:
        plans = self.repair.get("previous", {}).get("loops", [])
        sessions = [each for plan in plans if plan["loop"] == self.loop["id"] for each in plan["sessions"]]
        return next((each for each in sessions if each["session"] == self.loop["sessions"][session]["id"]), None)

    def moved(self, session: int, start: datetime) -> int:
        before = self.held_before(session)
        return 1000 if before and moment(before["start"]) != start else 0

    def replaced(self, session: int, seat: Json, who: str | None) -> int:
        before = self.held_before(session) or {"seats": []}
        was = next((each["interviewer"] for each in before["seats"] if each["seat"] == seat["id"]), None)
        declined = {"loop": self.loop["id"], "interviewer": was} in self.repair.get("declined", [])
        return 0 if was in (None, who) or declined else 300


def subsets(more: Sequence[str], fixed: frozenset[str]) -> Iterator[frozenset[str]]:
    for taken in product([False, True], repeat=len(more)):
        yield fixed | {name for name, is_taken in zip(more, taken, strict=True) if is_taken}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def intervals(pairs: Sequence[Sequence[str]]) -> list[tuple[datetime, datetime]]:
    return [(moment(first), moment(last)) for first, last in pairs]


def overlapped(start: datetime, end: datetime, others: Sequence[tuple[datetime, datetime]]) -> bool:
    return any(first < end and start < last for first, last in others)


def inside(start: datetime, end: datetime, others: Sequence[tuple[datetime, datetime]]) -> bool:
    """Whether each five minutes lie in one of the others."""
    pieces = [start + number * 5 * MINUTE for number in range((end - start) // (5 * MINUTE))]
    return all(any(first <= piece and piece + 5 * MINUTE <= last for first, last in others) for piece in pieces)


def wall(on: date, clock: str, zone: ZoneInfo) -> datetime:
    hour, minute = map(int, clock.split(":"))
    on, hour = (on + DAY, 0) if hour == 24 else (on, hour)
    return datetime.combine(on, time(hour, minute), zone).astimezone(ZoneInfo("UTC"))


def working_hours(person: Json, start: datetime) -> list[tuple[datetime, datetime]]:
    zone = ZoneInfo(person["timezone"])
    dates = [start.astimezone(zone).date() + number * DAY for number in (-1, 0, 1)]
    return [
        (wall(on, first, zone), wall(on, last, zone))
        for on in dates
        for first, last in person["working_hours"].get(DAYS[on.weekday()], [])
    ]


def below_caps(person: Json, start: datetime) -> bool:
    zone = ZoneInfo(person["timezone"])
    on = start.astimezone(zone).date()
    booked = [moment(each).astimezone(zone).date() for each in person["booked"]]
    week = [each for each in booked if each.isocalendar()[:2] == on.isocalendar()[:2]]
    return booked.count(on) < person["max_per_day"] and len(week) < person["max_per_week"]
