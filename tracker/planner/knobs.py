"""What may be relaxed where a loop has no plan: each rule's name, how much it is to ask, and the loop without it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np

from tracker.planner.calendars import Bar
from tracker.planner.case import Case, Loop, Minute, Spans
from tracker.planner.grid import A_DAY, dates_between, moment, wall_minute
from tracker.planner.spans import merged
from tracker.planner.terms import Terms
from tracker.rules.zones import zone_named


class Knob(StrEnum):
    """One thing that can be relaxed, the least to ask first."""

    GAP = "gap"
    CONSECUTIVE = "consecutive"
    ORDER = "order"
    WINDOWS = "windows"
    MORE_DAYS = "more-days"
    TWO_DAYS = "two-days"
    LUNCH = "lunch"
    CAPS = "caps"
    HOURS = "hours"
    BUSY = "busy"
    PHONE_SCREEN = "phone-screen"
    BAR_RAISER_TEAM = "bar-raiser-team"
    QUALIFICATION = "qualification"
    BAR_RAISER = "bar-raiser"


# How much each is to ask, in points that only rank them; of people it is asked once for each exception.
ASKED = {
    Knob.GAP: 10,
    Knob.CONSECUTIVE: 15,
    Knob.ORDER: 15,
    Knob.WINDOWS: 20,
    Knob.MORE_DAYS: 25,
    Knob.TWO_DAYS: 30,
    Knob.LUNCH: 35,
    Knob.CAPS: 40,
    Knob.HOURS: 45,
    Knob.BUSY: 50,
    Knob.PHONE_SCREEN: 60,
    Knob.BAR_RAISER_TEAM: 70,
    Knob.QUALIFICATION: 80,
    Knob.BAR_RAISER: 100,
}
BARS: tuple[Bar, ...] = ("busy", "hours", "caps")
LONGEST_GAP, WIDER_BY = 120, 120
NINE, FIVE = 9 * 60, 17 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A loop with some rules relaxed, and the terms that go with it."""

    loop: Loop
    terms: Terms


def applicable(loop: Loop) -> list[Knob]:
    """Return what could make a difference to a loop, the least to ask first."""
    many, raiser = len(loop.interviews) > 1, loop.bar_raiser
    idle = {
        Knob.GAP: not many or loop.breaks.longest_gap >= LONGEST_GAP,
        Knob.CONSECUTIVE: loop.breaks.most_in_a_row >= len(loop.interviews),
        Knob.ORDER: not (many and loop.in_order),
        Knob.TWO_DAYS: not many or loop.days.most > 1,
        Knob.LUNCH: loop.lunch is None,
        Knob.PHONE_SCREEN: not (loop.excludes_phone_screeners and loop.phone_screened_by - loop.conflicts),
        Knob.BAR_RAISER_TEAM: not (raiser.is_required and raiser.from_outside),
        Knob.BAR_RAISER: not raiser.is_required,
    }
    return [knob for knob in Knob if not idle.get(knob, False)]


def relaxed(case: Case, loop: Loop, terms: Terms, knobs: Collection[Knob]) -> Asked:
    """Return the loop and terms with all of these relaxed."""
    for knob in sorted(knobs, key=list(Knob).index):
        loop = _without(case, loop, knob)
    lifted = frozenset(bar for bar in BARS if Knob(bar) in knobs)
    return Asked(loop, replace(terms, lifted=lifted, anybody_evaluates=Knob.QUALIFICATION in knobs))


def _without(case: Case, loop: Loop, knob: Knob) -> Loop:
    raiser = loop.bar_raiser
    changed: dict[Knob, dict[str, Any]] = {
        Knob.GAP: {"breaks": replace(loop.breaks, longest_gap=LONGEST_GAP)},
        Knob.CONSECUTIVE: {"breaks": replace(loop.breaks, most_in_a_row=len(loop.interviews))},
        Knob.ORDER: {"in_order": False},
        Knob.TWO_DAYS: {"days": replace(loop.days, most=2)},
        Knob.LUNCH: {"lunch": None},
        Knob.PHONE_SCREEN: {"excludes_phone_screeners": False},
        Knob.BAR_RAISER_TEAM: {"bar_raiser": replace(raiser, from_outside=False)},
        Knob.BAR_RAISER: {"bar_raiser": replace(raiser, is_required=False)},
    }
    if knob is Knob.WINDOWS:
        return replace(loop, windows=merged(loop.windows + np.array([-WIDER_BY, WIDER_BY])))
    if knob is Knob.MORE_DAYS:
        return replace(loop, windows=_every_day(case, loop))
    return replace(loop, **changed.get(knob, {}))


def _every_day(case: Case, loop: Loop) -> Spans:
    """Return the windows with the same hours on every date of the horizon that is of a weekday for interviews.

    The hours are from the earliest to the latest that the candidate has on any day; without any, from nine to five.
    """
    given = [(start, end) for start, end in merged(loop.windows).tolist() if end - start <= 24 * 60]
    first = min((_clock(start, loop.zone) for start, _ in given), default=NINE)
    last = max((_clock(end, loop.zone) or 24 * 60 for _, end in given), default=FIVE)
    first, last = (first, last) if first < last else (NINE, FIVE)
    weekdays = set(range(5)) | {moment(start).astimezone(zone_named(loop.zone)).weekday() for start, _ in given}
    days = [on for on in dates_between(case.starts_at, case.ends_at - 1, loop.zone) if on.weekday() in weekdays]
    more = [_day(on, first, last, loop.zone) for on in days]
    return merged(np.concatenate([loop.windows.reshape(-1, 2), np.array(more, dtype=np.int64).reshape(-1, 2)]))


def _day(on: date, first: int, last: int, zone: str) -> tuple[Minute, Minute]:
    start = wall_minute(on, first, zone)
    return start, max(start + 1, min(wall_minute(on, last, zone), wall_minute(on + A_DAY, 0, zone)))


def _clock(minute: Minute, zone: str) -> int:
    shown = moment(minute).astimezone(zone_named(zone))
    return shown.hour * 60 + shown.minute
