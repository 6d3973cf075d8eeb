"""What a candidate reads of where the application stands."""

import itertools

import pytest

from tracker.rules.progress import process_steps, progress, visible_kind
from tracker.rules.stages import ApplicationState, ScreensMode, StageKind

KINDS = [
    StageKind.APPLICATION,
    StageKind.CUSTOM,
    StageKind.PHONE_SCREEN,
    StageKind.PHONE_SCREEN_OUTCOME,
    StageKind.LOOP,
    StageKind.OUTCOME,
    StageKind.OFFER,
]
ACTIVE = ApplicationState.ACTIVE


def test_every_stage_is_one_of_the_candidates_steps() -> None:
    seen = [progress(KINDS, n, ACTIVE, to_come=False, held=False).current for n in range(len(KINDS))]
    assert seen == [0, 0, 1, 1, 2, 3, 4]
    assert progress(KINDS, 0, ACTIVE, to_come=False, held=False).steps == (
        "Application",
        "Phone screen",
        "Interviews",
        "Outcome",
        "Offer",
    )


def test_our_decision_after_a_phone_screen_looks_like_the_phone_screen() -> None:
    for to_come, held in itertools.product((True, False), repeat=2):
        screen = progress(KINDS, 2, ACTIVE, to_come=to_come, held=held)
        assert progress(KINDS, 3, ACTIVE, to_come=to_come, held=held) == screen


def test_the_words_follow_the_interviews() -> None:
    said = {
        (to_come, held): progress(KINDS, 4, ACTIVE, to_come=to_come, held=held).headline
        for to_come, held in itertools.product((True, False), repeat=2)
    }
    assert said == {
        (False, False): "Next are your interviews.",
        (True, False): "Your interviews are arranged.",
        (True, True): "Your interviews are under way.",
        (False, True): "Your interviews are done.",
    }


def test_nothing_internal_is_said_whatever_the_facts() -> None:
    internal = ("scorecard", "debrief", "vote", "decision", "hire", "reject", "competenc", "stage")
    for n, state, to_come, held in itertools.product(range(len(KINDS)), ApplicationState, (True, False), (True, False)):
        found = progress(KINDS, n, state, to_come=to_come, held=held)
        words = " ".join((found.headline, found.following, *found.steps)).lower()
        assert not [word for word in internal if word in words]


@pytest.mark.parametrize(
    ("state", "current"),
    [(ApplicationState.HIRED, 5), (ApplicationState.REJECTED, None), (ApplicationState.WITHDRAWN, None)],
)
def test_how_it_ends(state: ApplicationState, current: int | None) -> None:
    assert progress(KINDS, 2, state, to_come=True, held=False).current == current


def test_a_plan_that_begins_with_a_custom_stage_still_has_a_step() -> None:
    kinds = [StageKind.CUSTOM, StageKind.LOOP]
    assert visible_kind(kinds, 0) is StageKind.APPLICATION
    assert progress(kinds, 0, ACTIVE, to_come=False, held=False).current == 0


def test_the_process_is_told_from_the_plan() -> None:
    steps = dict(process_steps(KINDS, ScreensMode.SECOND_IF_INCONCLUSIVE, 60, [60] * 5, 5))
    assert list(steps) == ["Application", "Phone screen", "Interviews", "Outcome", "Offer"]
    assert steps["Phone screen"].startswith("One conversation, sometimes two, of 60 minutes")
    assert steps["Interviews"].startswith("Five interviews, 60 minutes each")
    assert "within five business days" in steps["Outcome"]
    assert "105 minutes together" in dict(process_steps(KINDS, ScreensMode.ONE, 30, [45, 60], 1))["Interviews"]
    assert "within one business day " in dict(process_steps(KINDS, ScreensMode.ONE, 30, [45], 1))["Outcome"]
