"""How interviewers judge, write and share the work, in numbers that say nothing where they rest on too few."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tracker.rules.scorecards import Recommendation

# A number that rests on fewer says more of chance than of a person.
FEWEST = 5
# What is looked back upon: long enough for five loops of most people, short enough to be about them as they are.
PERIOD = timedelta(days=365)
# Each sees the own numbers for a month before a lead does.
PRIVATELY = timedelta(days=30)
WEEKS = 12

STEPS = {each: number for number, each in enumerate(Recommendation, 1)}


@dataclass(frozen=True)
class Gap:
    """How far somebody's votes lie from those of the rest of the panel, in steps of the four recommendations.

    ``mean`` above 0: severer than the panel. ``margin`` is twice the standard error: what lies within it may be chance.
    """

    loops: int
    mean: float
    margin: float

    @property
    def words(self) -> str:
        """What it says, as carefully as it must be said."""
        if abs(self.mean) <= self.margin:
            return "no clear difference"
        return "severer than the panel" if self.mean > 0 else "milder than the panel"


@dataclass(frozen=True)
class Written:
    """One scorecard that was handed in: hours after its interview, whether after it was due, characters written."""

    person_id: int
    hours: float
    is_late: bool
    characters: int


@dataclass(frozen=True)
class Habits:
    """How somebody hands in: None where too few were handed in. ``late_percent`` is of all ``count``."""

    count: int
    hours: float
    late_percent: int
    characters: int


def gaps(votes: Iterable[tuple[int, int, Recommendation]]) -> dict[int, list[float]]:
    """Return by person how many steps the mean of the others lies above the own vote, for each loop.

    ``votes`` are (loop, person, first vote); who voted alone in a loop has nobody to be held against.
    """
    panels: dict[int, dict[int, int]] = defaultdict(dict)
    for loop, person, vote in votes:
        panels[loop][person] = STEPS[vote]
    found: dict[int, list[float]] = defaultdict(list)
    for panel in panels.values():
        total, others = sum(panel.values()), len(panel) - 1
        for person, own in panel.items() if others else ():
            found[person].append((total - own) / others - own)
    return dict(found)


def severity(of_loops: Sequence[float]) -> Gap | None:
    """Return what somebody's gaps say together; None where there are fewer than ``FEWEST``."""
    if len(of_loops) < FEWEST:
        return None
    margin = 2 * statistics.stdev(of_loops) / math.sqrt(len(of_loops))
    return Gap(len(of_loops), statistics.fmean(of_loops), margin)


def habits(written: Sequence[Written]) -> Habits | None:
    """Return how somebody (or everybody) hands in; None where fewer than ``FEWEST`` were handed in."""
    if len(written) < FEWEST:
        return None
    return Habits(
        count=len(written),
        hours=statistics.median(each.hours for each in written),
        late_percent=sum(each.is_late for each in written) * 100 // len(written),
        characters=round(statistics.median(each.characters for each in written)),
    )


def by_week(weeks_ago: Iterable[int]) -> tuple[int, ...]:
    """Return how many interviews were held in each of the last ``WEEKS`` weeks, the earliest first."""
    counts = Counter(weeks_ago)
    return tuple(counts[each] for each in range(WEEKS - 1, -1, -1))


def usual_load(loads: Mapping[int, int]) -> float | None:
    """Return the median load of the people of the community; None for fewer than ``FEWEST`` people."""
    return statistics.median(loads.values()) if len(loads) >= FEWEST else None


@dataclass(frozen=True)
class Evenness:
    """How the work is shared by ``people``: the busiest quarter of them (rounded up) did ``percent`` of it.

    ``even_percent`` is what they would have done, were all alike.
    """

    people: int
    interviews: int
    busiest: int
    percent: int
    even_percent: int


def evenness(loads: Mapping[int, int]) -> Evenness | None:
    """Return how even the load is over the people of the community, those with none among them; ``loads`` by person.

    None for fewer than ``FEWEST`` people or interviews.
    """
    total, busiest = sum(loads.values()), math.ceil(len(loads) / 4)
    if min(len(loads), total) < FEWEST:
        return None
    top = sum(sorted(loads.values(), reverse=True)[:busiest])
    return Evenness(len(loads), total, busiest, round(top * 100 / total), round(busiest * 100 / len(loads)))


@dataclass(frozen=True)
class Calibration:
    """How well the ratings of a competency foretold the decision: of a pair of one who was decided hire and one who
    was not, how often (in per cent) the first had the higher rating. 50 is chance; equal ratings count half."""

    hired: int
    not_hired: int
    percent: int

    @property
    def words(self) -> str:
        """What it says."""
        if self.percent >= 70:
            return "foretells it"
        return "foretells it a little" if self.percent > 55 else "hardly tells the two apart"


def calibration(hired: Counter[int], not_hired: Counter[int]) -> Calibration | None:
    """Return how well a competency foretold; None where either side has fewer than ``FEWEST``. Keys are ratings.

    It is the area under the ROC curve (Mann and Whitney's U over the number of pairs).
    """
    pairs = hired.total() * not_hired.total()
    if min(hired.total(), not_hired.total()) < FEWEST:
        return None
    right = sum(
        count * other * (1.0 if rating > against else 0.5 if rating == against else 0.0)
        for rating, count in hired.items()
        for against, other in not_hired.items()
    )
    return Calibration(hired.total(), not_hired.total(), round(100 * right / pairs))
