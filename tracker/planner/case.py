"""What the planner is asked: who can interview when, which loops are to be planned, and by which rules.

Moments are whole minutes of UTC since 1970. Aware datetimes would not do inside: adding to one moves the clock on the
wall, not the time that passes. H1 to H16 and R1 number the hard rules, see docs/loop-planner.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Minute = int
# Shape (spans, 2): from the first minute to before the second one.
Spans = NDArray[np.int64]
# On each weekday (0 is Monday) from one minute to before another of the person's own wall clock; 1440 is midnight.
WorkingHours = Mapping[int, tuple[tuple[int, int], ...]]


@dataclass(frozen=True, slots=True)
class Interviewer:
    """A member of the interviewer community, with the calendar and the caps of his or her own zone.

    Interviews in ``booked`` (their starts) are in ``busy`` too. ``recent_load`` counts the interviews of the trailing
    window: what fairness begins with.
    """

    id: str
    zone: str
    team: str
    is_bar_raiser: bool
    qualified: frozenset[str]
    training: frozenset[str]
    working_hours: WorkingHours
    busy: Spans
    tentative: Spans
    booked: tuple[Minute, ...]
    daily_cap: int
    weekly_cap: int
    recent_load: int


@dataclass(frozen=True, slots=True)
class Room:
    """A room of a site, and when others have it."""

    id: str
    site: str
    busy: Spans


class Role(StrEnum):
    """What somebody does in an interview; a reverse shadow is a shadow here: in training, and beside the lead."""

    LEAD = "lead"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A place in an interview that somebody is wanted for.

    A lead evaluates ``competencies`` and whatever else of the rubric he or she is dealt; a shadow is in training for
    the one that it names. Leads are always required.
    """

    id: str
    role: Role
    competencies: frozenset[str]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Interview:
    """One meeting of the loop."""

    id: str
    minutes: int
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True)
class Days:
    """On how many dates the loop may be held; the rest counts where it is two: how far apart, how many on each."""

    most: int = 1
    most_apart: int = 3
    fewest_interviews: int = 2


@dataclass(frozen=True)
class Breaks:
    """How many interviews in a row without a break, what is long enough for one, and how long the longest gap is."""

    most_in_a_row: int = 3
    minutes: int = 15
    longest_gap: int = 60


@dataclass(frozen=True, slots=True)
class Lunch:
    """So many minutes without an interview, between two minutes of the candidate's wall clock."""

    earliest: int
    latest: int
    minutes: int


@dataclass(frozen=True, slots=True)
class BarRaiser:
    """Whether one has to be among the leads, and has to be from outside of the hiring team."""

    is_required: bool = True
    from_outside: bool = True


@dataclass(frozen=True, slots=True)
class Loop:
    """The interviews of one application, to be planned together.

    ``rubric`` says of each competency how many interviewers have to evaluate it. What no assignment has fixed is dealt
    to those whose person is qualified, up to ``most_competencies`` for each.
    """

    id: str
    zone: str
    windows: Spans
    hiring_team: str
    interviews: tuple[Interview, ...]
    rubric: Mapping[str, int]
    most_competencies: int
    in_order: bool
    days: Days
    breaks: Breaks
    lunch: Lunch | None
    bar_raiser: BarRaiser
    phone_screened_by: frozenset[str]
    excludes_phone_screeners: bool
    conflicts: frozenset[str]
    site: str | None

    @property
    def excluded(self) -> frozenset[str]:
        """The people who may not sit in this loop (H12)."""
        return self.conflicts | self.phone_screened_by if self.excludes_phone_screeners else self.conflicts


@dataclass(frozen=True)
class Weights:
    """What a plan costs, in whole points: for each day of waiting, each gap's quarter of an hour, and so on."""

    wait_day: int = 10
    split: int = 40
    idle_quarter: int = 2
    load: int = 1
    shadow: int = 10
    tentative: int = 8
    unplanned: int = 100_000


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who takes an assignment (nobody: a shadow's that stays empty) and what he or she evaluates."""

    assignment: str
    interviewer: str | None
    competencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """When and where an interview is held, and by whom."""

    interview: str
    starts_at: Minute
    assigned: tuple[Assigned, ...]
    room: str | None = None


@dataclass(frozen=True, slots=True)
class LoopPlan:
    """A whole loop, planned."""

    loop: str
    interviews: tuple[Held, ...]


@dataclass(frozen=True)
class Repair:
    """A plan that no longer stands: who declined which loop, which interviews have to move, what a change costs."""

    previous: Mapping[str, LoopPlan]
    declined: frozenset[tuple[str, str]] = frozenset()
    moved: frozenset[tuple[str, str]] = frozenset()
    time_changed: int = 1000
    person_changed: int = 300


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that the planner is asked and may know."""

    name: str
    grid_minutes: int
    starts_at: Minute
    ends_at: Minute
    interviewers: tuple[Interviewer, ...]
    loops: tuple[Loop, ...]
    rooms: tuple[Room, ...] = ()
    weights: Weights = field(default_factory=Weights)
    repair: Repair | None = None
