"""What may be told of how candidates identified themselves: counts of so many people that nobody is found among them.

The process, section 5: self-identification is stored apart and is seen only as aggregates.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from tracker.rules.words import Labelled

# No number speaks of fewer people. Ten is the usual least of published tables about people (census and health offices
# take 5 to 11): one who knows nine of them, and that is more than anybody should, still cannot tell the tenth's answer.
LEAST = 10
# The month of the next year in which a year is counted: until then most of those who applied in December have heard.
COUNTED_IN = 4
RATHER_NOT_SAY = "I’d rather not say"

# What an admin may begin with; nothing of it is asked before he or she adds it.
STARTS = {
    "Gender": ("Which gender do you identify with?", ("Woman", "Man", "Non-binary", "Another")),
    "Age": ("How old are you?", ("Under 30", "30 to 39", "40 to 49", "50 or over")),
    "Disability": ("Do you have a disability or a long-term illness?", ("Yes", "No")),
}


class Reached(Labelled):
    """How far an application came, at least; in the order of the process."""

    APPLIED = "applied"
    PHONE_SCREEN = "phone_screen"
    LOOP = "interview_loop"
    OFFER = "offer_or_hired"


def last_counted(now: datetime) -> int:
    """Return the last calendar year (UTC) that may be counted at ``now``: it is over, and so is the time after it."""
    at = now.astimezone(UTC)
    return at.year - 1 if at.month >= COUNTED_IN else at.year - 2


def tellable(people: Sequence[Sequence[int]], least: int = LEAST) -> list[list[int | None]]:
    """Return what may be told of a table: for each answer (row) and step (column) the number of people, or None.

    The rows are all there are: one for each choice, for those who would rather not say, and last for those who gave
    no answer; so whoever knows how many applied knows their sum. Each row tells how many came so far *at least*, and
    never rises. A number is told where it is at least ``least``, and those who stopped there since the step before
    are, too. A row that is hidden at a step stays hidden at the later ones. Where one is hidden the last is as well,
    whatever its number; and all who are hidden, and those of them who stopped there, are at least ``least`` together:
    else further rows are hidden, from the last on, at worst all. None of that is chosen by the numbers of the rows it
    hides, so that it tells nothing of them.

    **Prevented:** from all that is told, the totals of each step and this very rule nobody can work out a number of
    people that is not told, or of people who stopped at a step, or a sum of such, that is below ``least``, but for what
    the totals say alone. Zero is below it, too: that all of a group stopped would be told of each of them.

    **Prevented by when it is counted** (``last_counted``, and that a year is counted once and kept): comparing
    two moments, one before and one after somebody applied, moved on, answered, took it back or was erased; and
    comparing two periods, since years do not overlap and nothing is told of parts of a year, nor of one requisition.

    **Not prevented:** that people who tell each other their own answers subtract them; that somebody applies under nine
    made-up names to find the tenth; that two questions which
    ask the same are solved together; that a backup from before a count is restored and counted anew; guessing from
    what is known of somebody otherwise; and whoever can read the database. A hidden number can be told to lie within
    bounds.
    """
    told: list[list[int | None]] = [[] for _ in people]
    hidden: set[int] = set()
    for step in range(len(people[0]) if people else 0):
        here = [row[step] for row in people]
        stopped = [row[step - 1] - row[step] for row in people] if step else None
        hidden |= {n for n, count in enumerate(here) if count < least or (stopped and stopped[n] < least)}
        if hidden:
            hidden.add(len(people) - 1)
        while hidden and not _is_crowd(hidden, here, stopped, least):
            shown = [n for n in range(len(people)) if n not in hidden]
            if not shown:
                break
            hidden.add(shown[-1])
        for n, count in enumerate(here):
            told[n].append(None if n in hidden else count)
    return told


def _is_crowd(hidden: set[int], here: Sequence[int], stopped: Sequence[int] | None, least: int) -> bool:
    """Whether those who are hidden hide each other."""
    sums = [sum(each[n] for n in hidden) for each in (here, stopped) if each is not None]
    return len(hidden) > 1 and min(sums) >= least
