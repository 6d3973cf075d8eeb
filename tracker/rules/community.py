"""Where the interviewer community is thin: which competency hangs on one or two people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.rules.words import listed, number

# A pool that has as few members as this is thin, whoever holds its interviews.
THIN = 2
# So many people who hold so large a part of at least so many interviews carry a pool.
MOST_CARRIERS, CARRIED, FEWEST_INTERVIEWS = 2, 0.75, 4


@dataclass(frozen=True)
class Pool:
    """Those who may do one thing: evaluate a competency in one kind of interview, or raise the bar.

    ``members`` are names by the person's id; ``held`` counts the interviews of each, lately and to come;
    ``learning`` are in training for it.
    """

    name: str
    members: Mapping[int, str]
    held: Mapping[int, int] = field(default_factory=dict)
    learning: int = 0

    @property
    def total(self) -> int:
        """How many interviews its members hold together."""
        return sum(self.held.get(each, 0) for each in self.members)

    @property
    def busiest(self) -> list[int]:
        """The members' ids, who holds most first."""
        return sorted(self.members, key=lambda each: (-self.held.get(each, 0), self.members[each], each))

    @property
    def carriers(self) -> list[int]:
        """The one or two people who hold nearly all of the pool's interviews; none where it is spread well."""
        if len(self.members) <= THIN or self.total < FEWEST_INTERVIEWS:
            return []
        for count in range(1, MOST_CARRIERS + 1):
            first = self.busiest[:count]
            if sum(self.held.get(each, 0) for each in first) >= CARRIED * self.total:
                return first
        return []

    @property
    def is_thin(self) -> bool:
        """Whether hardly anybody could hold its interviews."""
        return len(self.members) <= THIN


def eased_load(held: int, median: int, share_here: float) -> int:
    """Return the load to plan somebody by who was here for a part of the window in which load is counted.

    For the rest of it he or she is taken to have interviewed like the median, so that a newcomer is neither flooded
    nor left out, and comes to the own load step by step.
    """
    return held + round(median * (1 - min(1.0, max(0.0, share_here))))


def bottlenecks(pools: Sequence[Pool]) -> list[str]:
    """Return what hangs on one or two people, in sentences: where nobody else could, then where nobody does."""
    carried: dict[tuple[int, ...], list[Pool]] = {}
    for pool in pools:
        if pool.carriers:
            carried.setdefault(tuple(sorted(pool.carriers)), []).append(pool)
    return [*(_thin(pool) for pool in pools if pool.is_thin), *map(_carried, carried.values())]


def _thin(pool: Pool) -> str:
    names = sorted(pool.members.values())
    if len(names) == 1:
        return f"{names[0]} alone is qualified for {pool.name}{_on_the_way(pool.learning)}."
    who = "Only " + listed(names) + " are" if names else "Nobody is"
    return f"{who} qualified for {pool.name}{_on_the_way(pool.learning)}."


def _on_the_way(learning: int) -> str:
    return f"; {number(learning)} in training" if learning else ""


def _carried(pools: Sequence[Pool]) -> str:
    carriers, members = pools[0].carriers, pools[0].members
    theirs = sum(pool.held.get(each, 0) for pool in pools for each in carriers)
    total = sum(pool.total for pool in pools)
    verb = "carries" if len(carriers) == 1 else "carry"
    what = listed([pool.name for pool in pools])
    learning = _on_the_way(max(pool.learning for pool in pools))
    who = listed([members[each] for each in carriers])
    return f"{who} {verb} {what}: {theirs} of {total}, though others could{learning}."
