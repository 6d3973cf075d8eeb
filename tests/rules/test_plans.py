"""Which plans can be used, and how rows are put in order."""

import pytest

from tracker.rules.plans import PlanFacts, UnusablePlan, check_plan, reordered, why_unusable
from tracker.rules.stages import ScreensMode, StageKind

USUAL = (
    StageKind.APPLICATION,
    StageKind.PHONE_SCREEN,
    StageKind.PHONE_SCREEN_OUTCOME,
    StageKind.LOOP,
    StageKind.OUTCOME,
    StageKind.OFFER,
)
SHORT = (StageKind.APPLICATION, StageKind.LOOP, StageKind.OUTCOME)


def plan(
    kinds: tuple[StageKind, ...] = USUAL, mode: ScreensMode = ScreensMode.ONE, interviews: int = 5, **times: int
) -> PlanFacts:
    return PlanFacts(kinds, mode, interviews, times)


@pytest.mark.parametrize(
    "good",
    [
        plan(),
        plan(coding=5),
        plan(SHORT, ScreensMode.NONE),
        plan(USUAL, ScreensMode.NONE),
        plan((StageKind.APPLICATION, StageKind.CUSTOM, *USUAL[1:], StageKind.CUSTOM)),
        plan((StageKind.APPLICATION,), ScreensMode.NONE, interviews=0, coding=3),
    ],
)
def test_these_can_be_used(good: PlanFacts) -> None:
    assert why_unusable(good) == []
    check_plan(good)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (plan((), ScreensMode.NONE), "first stage has to be"),
        (plan((StageKind.CUSTOM, *USUAL)), "first stage has to be"),
        (plan(USUAL[:2] + USUAL[3:]), "“Phone screen” needs one of the kind “Phone screen outcome” after it"),
        (plan(USUAL[:1] + USUAL[2:], ScreensMode.NONE), "“Phone screen outcome” needs one of the kind “Phone screen”"),
        (plan(USUAL[:4]), "“Loop” needs one of the kind “Outcome” after it"),
        (plan(USUAL[:3] + USUAL[4:]), "“Outcome” needs one of the kind “Loop” before it"),
        (plan((StageKind.APPLICATION, StageKind.OUTCOME, StageKind.LOOP), ScreensMode.NONE), "comes before"),
        (plan((*USUAL[:5], StageKind.CUSTOM, StageKind.OUTCOME)), "one stage of the kind “Outcome” only"),
        (plan(SHORT), "asks for phone screens but has no stage"),
        (plan(interviews=0), "a loop without interviews"),
        (plan(interviews=2, coding=3), "“coding” is to be evaluated 3 times"),
    ],
)
def test_these_cannot(bad: PlanFacts, said: str) -> None:
    assert any(said in reason for reason in why_unusable(bad))
    with pytest.raises(UnusablePlan):
        check_plan(bad)


def test_a_plan_that_is_wrong_twice_is_mended_in_two_steps() -> None:
    broken = plan(SHORT, ScreensMode.ONE, interviews=0)
    better = plan(SHORT, ScreensMode.NONE, interviews=0)
    check_plan(better, broken)
    with pytest.raises(UnusablePlan, match="without interviews"):
        check_plan(plan(interviews=0), plan())


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([(1, 1), (2, 2), (3, 3)], [0, 1, 2]),
        ([(1, 1), (2, 4), (3, 3), (4, 4)], [0, 2, 3, 1]),
        ([(1, 1), (2, 2), (3, 3), (4, 2)], [0, 3, 1, 2]),
        ([(1, 1), (2, 3), (3, 2)], [0, 2, 1]),
        ([(1, 1), (2, 2), (None, 2)], [0, 2, 1]),
        ([(1, 1), (2, 2), (None, None)], [0, 1, 2]),
        ([(None, None), (1, 1)], [1, 0]),
        ([(2, 2), (3, 3), (1, 99)], [0, 1, 2]),
        ([], []),
    ],
)
def test_what_is_moved_stands_where_it_is_wanted(rows: list[tuple[int | None, int | None]], order: list[int]) -> None:
    assert reordered(rows) == order
