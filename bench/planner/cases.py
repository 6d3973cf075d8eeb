"""Cases of the exchange format, drawn by chance: an organisation's calendars, and loops to be planned."""

import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]

FIRST_MONDAY = date(2026, 3, 2)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
TECHNICAL = ("threat modelling", "incident response", "cryptography", "secure coding")
PRINCIPLES = ("ownership", "dive deep", "earn trust", "bias for action", "deliver results", "high standards")
ZONES = ("America/Los_Angeles", "America/Los_Angeles", "America/Chicago", "America/New_York")
DAYS_OF_WORK = ((540, 1050), (540, 1080), (480, 990), (600, 1110))
WINDOWS = ((480, 1080), (540, 1080), (540, 1020), (600, 1140))


def draw_case(seed: int, people: int, days: int, loops: int = 1, busy: float = 0.65) -> Json:
    """Return a case over so many business days on a grid of 15 minutes; the same arguments give the same case.

    ``busy``: the share of their working hours in which people are not free, on average.
    """
    chance = random.Random(f"{seed} {people} {days} {loops}")
    dates = _business_days(days)
    community = [_person(chance, number, dates, busy, teams=max(2, people // 12)) for number in range(people)]
    community[0]["bar_raiser"] = True
    return {
        "format": "loop-planner/1",
        "name": f"{people} people, {days} days, {loops} loops, seed {seed}",
        "grid_minutes": 15,
        "horizon": {"start": _instant(dates[0], 0, "UTC"), "end": _instant(dates[-1], 1440 + 12 * 60, "UTC")},
        "interviewers": community,
        "rooms": [],
        "loops": [_loop(chance, number, dates, community) for number in range(loops)],
    }


def _business_days(count: int) -> list[date]:
    return [FIRST_MONDAY + timedelta(days=number // 5 * 7 + number % 5) for number in range(count)]


@cache
def _instant(on: date, minute: int, zone: str) -> str:
    midnight = datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(zone)) + timedelta(minutes=minute)
    return f"{midnight.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _person(chance: random.Random, number: int, dates: list[date], busy: float, teams: int) -> Json:
    zone, (begins, ends) = chance.choice(ZONES), chance.choice(DAYS_OF_WORK)
    share = min(0.97, max(0.05, chance.gauss(busy, 0.1)))
    meetings = [(on, span) for on in dates for span in _meetings(chance, begins, ends, share)]
    spans = [([_instant(on, first, zone), _instant(on, last, zone)], last - first) for on, (first, last) in meetings]
    tentative = [chance.random() < 0.08 for _ in spans]
    hard = [each for each, is_tentative in zip(spans, tentative, strict=True) if not is_tentative]
    knows = set(chance.sample(TECHNICAL, chance.choices([0, 1, 2, 3], [10, 45, 35, 10])[0]))
    learns = sorted(set(TECHNICAL) - knows)
    return {
        "id": f"person {number:04}",
        "timezone": zone,
        "team": f"team {chance.randrange(teams)}",
        "bar_raiser": chance.random() < 0.1,
        "qualified": sorted(knows | {each for each in PRINCIPLES if chance.random() < 0.85}),
        "training": [chance.choice(learns)] if learns and chance.random() < 0.18 else [],
        "working_hours": {day: [[_clock(begins), _clock(ends)]] for day in WEEKDAYS if chance.random() > 0.06},
        "busy": [span for span, _ in hard],
        "tentative": [span for (span, _), is_tentative in zip(spans, tentative, strict=True) if is_tentative],
        "booked": [span[0] for span, minutes in hard if minutes == 60 and chance.random() < 0.04],
        "max_per_day": chance.choice([1, 1, 2, 2, 3]),
        "max_per_week": chance.choice([2, 3, 3, 4, 5]),
        "recent_load": min(14, int(chance.expovariate(1 / 4))),
    }


def _meetings(chance: random.Random, begins: int, ends: int, share: float) -> list[tuple[int, int]]:
    """Return a day's meetings until so much of the day is taken; now and then a whole day off."""
    if chance.random() < 0.03:
        return [(0, 1440)]
    taken: list[tuple[int, int]] = []
    wanted = share * (ends - begins)
    for _ in range(30):
        if wanted <= 0:
            break
        first = chance.randrange(begins, ends - 15, 30) + chance.choice([0, 0, 0, 0, 0, 5])
        last = min(ends, first + chance.choice([25, 30, 30, 50, 60, 60, 90]))
        if not any(start < last and first < end for start, end in taken):
            taken.append((first, last))
            wanted -= last - first
    return sorted(taken)


def _loop(chance: random.Random, number: int, dates: list[date], community: list[Json]) -> Json:
    zone = chance.choice(ZONES)
    windows = [(on, chance.choice(WINDOWS)) for on in sorted(chance.sample(dates, min(5, len(dates))))]
    technical = chance.sample(TECHNICAL, 3)
    wanted = [*technical, *PRINCIPLES, *PRINCIPLES[:2]]
    fixed = [sorted(set(wanted[interview::5])) for interview in range(5)]
    people = [person["id"] for person in community]
    return {
        "id": f"loop {number:03}",
        "candidate": {
            "timezone": zone,
            "windows": [[_instant(on, first, zone), _instant(on, last, zone)] for on, (first, last) in windows],
        },
        "hiring_team": chance.choice(community)["team"],
        "sessions": [_session(interview, each) for interview, each in enumerate(fixed)],
        "rubric": [
            {"competency": each, "coverage": sum(each in hand for hand in fixed)} for each in dict.fromkeys(wanted)
        ],
        "max_competencies_per_seat": 3,
        "order": "any",
        "days": {"max": 1, "max_apart": 3, "min_sessions": 2},
        "breaks": {"max_consecutive": 3, "break_minutes": 15, "max_gap_minutes": 60},
        "lunch": {"from": "11:30", "to": "14:00", "minutes": 45},
        "bar_raiser": {"required": True, "outside_team": True},
        "phone_screened_by": [chance.choice(people)],
        "exclude_phone_screeners": True,
        "conflicts": chance.sample(people, chance.randrange(3)),
        "site": None,
    }


def _session(number: int, competencies: list[str]) -> Json:
    seats: list[Json] = [{"id": f"lead {number}", "role": "interviewer", "competencies": competencies}]
    if number == 0:
        shadowed = next(each for each in competencies if each in TECHNICAL)
        seats.append({"id": f"shadow {number}", "role": "shadow", "competency": shadowed, "required": False})
    return {"id": f"interview {number}", "minutes": 60, "seats": seats}
