"""Where the interviewer community is thin: which competency hangs on one or two people."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.rules.words import counted, listed

# A pool that has as few members as this is thin, whoever holds its interviews.
THIN = 2
# So many people who hold so large a part of at least so many interviews carry a pool.
MOST_CARRIERS, CARRIED, FEWEST_INTERVIEWS = 2, 0.75, 4


@dataclass(frozen=True)
class Pool:
    """Those who may do one thing: evaluate a competency in one kind of interview, or raise the bar.

    ``members`` are names by the person's id; ``held`` counts the interviews of each, lately and to come.
    """

    name: str
    members: Mapping[int, str]
    held: Mapping[int, int] = field(default_factory=dict)

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
    def bottleneck(self) -> str | None:
        """One sentence for whoever can do something about it; None where the pool is well."""
        names = sorted(self.members.values())
        if not names:
            return f"Nobody is qualified for {self.name}."
        if len(names) == 1:
            return f"{names[0]} alone is qualified for {self.name}."
        if len(names) <= THIN:
            return f"Only {listed(names)} are qualified for {self.name}."
        if not self.carriers:
            return None
        who = listed([self.members[each] for each in self.carriers])
        of_them = sum(self.held.get(each, 0) for each in self.carriers)
        others = len(names) - len(self.carriers)
        verb = "carries" if len(self.carriers) == 1 else "carry"
        return (
            f"{who} {verb} {self.name}: {of_them} of {counted(self.total, 'interview')}, "
            f"though {counted(others, 'other')} could."
        )
