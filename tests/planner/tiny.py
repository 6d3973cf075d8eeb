"""Small cases of the exchange format, drawn by chance, in which every rule can bite."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Half past the hour, a quarter to it, and one that changes its clocks by half an hour in the week of the cases.
ZONES = ("UTC", "UTC", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York")
HOURS = 4 * [[["00:00", "24:00"]]] + 2 * [[["00:00", "12:10"], ["12:10", "24:00"]]] + [[["09:00", "17:00"]], []]
MONDAY = datetime(2026, 3, 30, tzinfo=UTC)


def instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def span(start: datetime, minutes: int) -> list[str]:
    return [instant(start), instant(start + timedelta(minutes=minutes))]


def tiny_case(seed: int, **changes: Any) -> Json:
    """Return a case with one loop of two or three interviews and up to five people; the same seed, the same case."""
    chance = random.Random(seed)
    days = chance.choice([1, 1, 2])
    people = [_person(chance, number, days) for number in range(chance.randint(3, 6))]
    case: Json = {
        "format": "loop-planner/1",
        "name": f"tiny {seed}",
        "grid_minutes": chance.choice([30, 30, 15]),
        "horizon": {"start": instant(MONDAY - timedelta(hours=12)), "end": instant(MONDAY + timedelta(days=8))},
        "weights": {"wait_day": chance.choice([10, 3]), "split": chance.choice([40, 4])},
        "interviewers": people,
        "rooms": [
            {"id": f"room {n}", "site": "hq", "busy": _busy(chance, days, 2)} for n in range(chance.randint(0, 2))
        ],
        "loops": [_loop(chance, days, [person["id"] for person in people])],
    }
    if not case["rooms"]:
        case["loops"][0]["site"] = None
    return case | changes


def _busy(chance: random.Random, days: int, most: int) -> list[list[str]]:
    """Spans around the noons (UTC) of the first days, also on odd minutes."""
    spans = []
    for _ in range(chance.randint(0, most)):
        start = MONDAY + timedelta(days=chance.randrange(days), minutes=chance.randrange(8 * 60, 16 * 60, 5))
        spans.append(span(start, chance.choice([25, 30, 60, 90])))
    return spans


def _person(chance: random.Random, number: int, days: int) -> Json:
    zone = chance.choice(ZONES)
    hours = chance.choice(HOURS)
    busy = _busy(chance, days, 2)
    return {
        "id": f"person {number}",
        "timezone": zone,
        "team": chance.choice(["red", "blue"]),
        "bar_raiser": chance.random() < 0.6,
        "qualified": [each for each in "abc" if chance.random() < 0.85],
        "training": [each for each in "ab" if chance.random() < 0.4],
        "working_hours": {day: hours for day in DAYS if hours},
        "busy": busy,
        "tentative": _busy(chance, days, 2),
        "booked": [busy[0][0]] if busy and chance.random() < 0.5 else [],
        "max_per_day": chance.choice([1, 2, 2]),
        "max_per_week": chance.choice([1, 3, 5]),
        "recent_load": chance.randrange(6),
    }


def _loop(chance: random.Random, days: int, people: list[str]) -> Json:
    windows = []
    for day in range(days):
        start = MONDAY + timedelta(days=day, minutes=chance.randrange(9 * 60, 12 * 60, 15))
        windows.append(span(start, chance.choice([150, 180, 225] if days == 1 else [120, 150])))
    sessions = [_session(chance, number) for number in range(chance.choice([1, 2, 2, 3]))]
    return {
        "id": "loop",
        "candidate": {"timezone": chance.choice(ZONES), "windows": windows},
        "hiring_team": chance.choice(["red", "green"]),
        "sessions": sessions,
        "rubric": [
            {"competency": each, "coverage": chance.choice([0, 1, 1, 2])} for each in "abc" if chance.random() < 0.4
        ],
        "max_competencies_per_seat": chance.choice([1, 2]),
        "order": chance.choice(["any", "any", "fixed"]),
        "days": {"max": days, "max_apart": 3, "min_sessions": 1},
        "breaks": {
            "max_consecutive": chance.choice([1, 2, 3]),
            "break_minutes": chance.choice([15, 30]),
            "max_gap_minutes": chance.choice([30, 60]),
        },
        "lunch": chance.choice([None, {"from": "11:30", "to": "14:00", "minutes": chance.choice([30, 45])}]),
        "bar_raiser": {"required": chance.random() < 0.6, "outside_team": chance.random() < 0.7},
        "phone_screened_by": [each for each in people if chance.random() < 0.1],
        "exclude_phone_screeners": chance.random() < 0.7,
        "conflicts": [each for each in people if chance.random() < 0.1],
        "site": chance.choice([None, None, "hq"]),
    }


def _session(chance: random.Random, number: int) -> Json:
    fixed = [each for each in "ab" if chance.random() < 0.25][:1]
    seats: list[Json] = [{"id": f"s{number}a", "role": "interviewer", "competencies": fixed}]
    if chance.random() < 0.3:
        required = chance.random() < 0.3
        seats.append({"id": f"s{number}b", "role": "shadow", "competency": chance.choice("ab"), "required": required})
    elif chance.random() < 0.15:
        seats.append({"id": f"s{number}b", "role": "interviewer", "competencies": []})
    return {"id": f"s{number}", "minutes": chance.choice([30, 45, 60]), "seats": seats}
