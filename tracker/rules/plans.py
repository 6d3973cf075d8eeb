"""Whether an interview plan can be used: its stages in order, its interviews enough for what they evaluate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.rules.refused import Refused
from tracker.rules.stages import ScreensMode, StageKind
from tracker.rules.words import counted

MOST_LOOP_TIMES = 10
_ORDER = tuple(kind for kind in StageKind if kind is not StageKind.CUSTOM)
# Each of these means nothing without the other.
_PAIRS = (
    (StageKind.PHONE_SCREEN, StageKind.PHONE_SCREEN_OUTCOME),
    (StageKind.LOOP, StageKind.OUTCOME),
)


class UnusablePlan(Refused):
    """No application could be led through the plan."""


@dataclass(frozen=True)
class PlanFacts:
    """What the rules need to know of a plan; ``loop_times`` says by competency how many interviews evaluate it."""

    kinds: tuple[StageKind, ...]
    screens_mode: ScreensMode
    interviews: int
    loop_times: Mapping[str, int] = field(default_factory=dict)


def why_unusable(facts: PlanFacts) -> list[str]:
    """Return every reason why the plan cannot be used, each a sentence; empty where it can."""
    return [*_stages_first(facts.kinds), *_stages_fit(facts.kinds), *_screens(facts), *_loop(facts)]


def check_plan(after: PlanFacts, before: PlanFacts | None = None) -> None:
    """Raise UnusablePlan, with the first reason, unless the plan can be used.

    Reasons that stood ``before`` are borne: a plan that is wrong in two places is mended in two steps.
    """
    known = why_unusable(before) if before else []
    for reason in why_unusable(after):
        if reason not in known:
            raise UnusablePlan(reason)


def reordered(rows: Sequence[tuple[int | None, int | None]]) -> list[int]:
    """Return the order of rows, as indexes, in which each stands where its owner wants it.

    ``rows`` says of each the place (1, 2, ...) that it had, None for a new one, and the place that is wanted, None for
    the end. What was moved goes to its wanted place; what was not closes ranks around it.
    """
    still = [index for index, (had, wanted) in enumerate(rows) if had is not None and had == wanted]
    order = sorted(still, key=lambda index: rows[index][0] or 0)
    moved = [index for index in range(len(rows)) if index not in still]
    for index in sorted(moved, key=lambda index: (_place(rows[index][1], len(rows)), index)):
        order.insert(_place(rows[index][1], len(rows)) - 1, index)
    return order


def _place(wanted: int | None, last: int) -> int:
    return max(wanted, 1) if wanted is not None else last + 1


def _stages_first(kinds: Sequence[StageKind]) -> list[str]:
    if kinds and kinds[0] is StageKind.APPLICATION:
        return []
    return ["The first stage has to be of the kind “Application”: that is where candidates come in."]


def _stages_fit(kinds: Sequence[StageKind]) -> list[str]:
    said = [f"There can be one stage of the kind “{kind.label}” only." for kind in _ORDER if kinds.count(kind) > 1]
    for first, second in _PAIRS:
        if first in kinds and second not in kinds:
            said.append(f"A stage of the kind “{first.label}” needs one of the kind “{second.label}” after it.")
        if second in kinds and first not in kinds:
            said.append(f"A stage of the kind “{second.label}” needs one of the kind “{first.label}” before it.")
    places = [_ORDER.index(kind) for kind in kinds if kind is not StageKind.CUSTOM]
    for one, other in zip(places, places[1:], strict=False):
        if one > other:
            said.append(f"“{_ORDER[other].label}” comes before “{_ORDER[one].label}”: change the order of the stages.")
    return said


def _screens(facts: PlanFacts) -> list[str]:
    if facts.screens_mode is ScreensMode.NONE or StageKind.PHONE_SCREEN in facts.kinds:
        return []
    return ["The plan asks for phone screens but has no stage for them: add the stage, or ask for none."]


def _loop(facts: PlanFacts) -> list[str]:
    if StageKind.LOOP not in facts.kinds:
        return []
    if not facts.interviews:
        return ["The plan has a loop without interviews: add at least one, or remove the stage."]
    return [
        f"“{name}” is to be evaluated {counted(times, 'time')}, once in an interview at most, but the loop has "
        f"{counted(facts.interviews, 'interview')}."
        for name, times in facts.loop_times.items()
        if times > facts.interviews
    ]
