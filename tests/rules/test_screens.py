"""What may be chosen after a phone screen."""

import pytest

from tracker.rules.screens import IllegalScreenChoice, check_screen_choice, screen_choices
from tracker.rules.stages import ScreenChoice, ScreensMode

GO_ON, SECOND, STOP = ScreenChoice.GO_ON, ScreenChoice.SECOND_SCREEN, ScreenChoice.STOP


@pytest.mark.parametrize(
    ("mode", "submitted", "choices"),
    [
        (ScreensMode.ONE, 1, {GO_ON, STOP}),
        (ScreensMode.TWO, 1, {SECOND, STOP}),
        (ScreensMode.TWO, 2, {GO_ON, STOP}),
        (ScreensMode.SECOND_IF_INCONCLUSIVE, 1, {GO_ON, SECOND, STOP}),
        (ScreensMode.SECOND_IF_INCONCLUSIVE, 2, {GO_ON, STOP}),
    ],
)
def test_choices(mode, submitted, choices):
    assert set(screen_choices(mode, submitted)) == choices
    for choice in ScreenChoice:
        if choice in choices:
            check_screen_choice(mode, submitted, choice, "the answers did not settle it")
        else:
            with pytest.raises(IllegalScreenChoice, match="the plan allows") as refused:
                check_screen_choice(mode, submitted, choice, "the answers did not settle it")
            assert refused.value.field == "choice"


def test_a_second_screen_needs_its_reason():
    with pytest.raises(IllegalScreenChoice, match="Say why") as refused:
        check_screen_choice(ScreensMode.SECOND_IF_INCONCLUSIVE, 1, SECOND, " ")
    assert refused.value.field == "reason"
    check_screen_choice(ScreensMode.SECOND_IF_INCONCLUSIVE, 1, GO_ON, "")


def test_nothing_is_chosen_before_a_scorecard_is_in():
    with pytest.raises(IllegalScreenChoice, match="wait for the scorecard"):
        check_screen_choice(ScreensMode.ONE, 0, GO_ON, "")
