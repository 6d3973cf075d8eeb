"""What may be chosen after a phone screen."""

from tracker.rules.refused import Refused
from tracker.rules.stages import MOST_SCREENS, ScreenChoice, ScreensMode


def screen_choices(mode: ScreensMode, screens_submitted: int) -> tuple[ScreenChoice, ...]:
    """Return what can be chosen after so many phone screens (the process, section 3)."""
    if mode is ScreensMode.TWO and screens_submitted < MOST_SCREENS:
        return (ScreenChoice.SECOND_SCREEN, ScreenChoice.STOP)
    if mode is ScreensMode.SECOND_IF_INCONCLUSIVE and screens_submitted < MOST_SCREENS:
        return (ScreenChoice.GO_ON, ScreenChoice.SECOND_SCREEN, ScreenChoice.STOP)
    return (ScreenChoice.GO_ON, ScreenChoice.STOP)


class IllegalScreenChoice(Refused):
    """The plan does not allow this choice after this phone screen, or its reason is missing."""


def check_screen_choice(mode: ScreensMode, screens_submitted: int, choice: ScreenChoice, reason: str) -> None:
    """Raise IllegalScreenChoice unless the plan allows the choice. The reason for a second screen is demanded."""
    if screens_submitted < 1:
        raise IllegalScreenChoice("No phone screen has its scorecard yet: wait for the scorecard.", "choice")
    if choice not in screen_choices(mode, screens_submitted):
        allowed = " or ".join(f"“{each.label}”" for each in screen_choices(mode, screens_submitted))
        raise IllegalScreenChoice(f"After this phone screen the plan allows {allowed}.", "choice")
    if choice is ScreenChoice.SECOND_SCREEN and not reason.strip():
        raise IllegalScreenChoice("Say why a second phone screen is needed.", "reason")
