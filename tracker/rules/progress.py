"""Where an application stands in words for its candidate: nothing internal, nothing of what anybody judged."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.rules.stages import ApplicationState, ScreensMode, StageKind
from tracker.rules.words import number, sentence

# The decision after a phone screen is ours, not a step of the candidate's; custom stages may bear internal names.
_STEPS = {
    StageKind.APPLICATION: "Application",
    StageKind.PHONE_SCREEN: "Phone screen",
    StageKind.LOOP: "Interviews",
    StageKind.OUTCOME: "Outcome",
    StageKind.OFFER: "Offer",
}


@dataclass(frozen=True)
class Progress:
    """``current`` is the index of the present step, ``len(steps)`` when all are done, None when it ended early."""

    steps: tuple[str, ...]
    current: int | None
    headline: str
    following: str


def progress(
    kinds: Sequence[StageKind], position: int, state: ApplicationState, *, to_come: bool, held: bool
) -> Progress:
    """Return what the candidate reads.

    ``kinds`` are the plan's stages in their order, ``position`` the index of the present one; ``to_come`` and ``held``
    say whether an interview of the present step is arranged, and whether one is over.
    """
    steps = tuple(dict.fromkeys(_STEPS[kind] for kind in kinds if kind in _STEPS))
    kind = visible_kind(kinds, position)
    if state is not ApplicationState.ACTIVE:
        headline, following = _ENDS[state]
        return Progress(steps, len(steps) if state is ApplicationState.HIRED else None, headline, following)
    headline, following = _words(kind, to_come=to_come, held=held)
    return Progress(steps, steps.index(_STEPS[kind]) if _STEPS[kind] in steps else 0, headline, following)


def visible_kind(kinds: Sequence[StageKind], position: int) -> StageKind:
    """Return the kind of the step that the candidate sees: an internal stage belongs to the step before it."""
    seen = (kind for kind in reversed(kinds[: position + 1]) if kind in _STEPS)
    return next(seen, StageKind.APPLICATION)


def _words(kind: StageKind, *, to_come: bool, held: bool) -> tuple[str, str]:
    if kind is StageKind.PHONE_SCREEN:
        return _PHONE_SCREEN[(to_come, held)]
    if kind is StageKind.LOOP:
        return _LOOP[(to_come, held)]
    return _OTHERS[kind]


_SCREEN_TO_COME = ("Your phone screen is arranged.", "The time is below. Then we write to you about the next step.")
_PHONE_SCREEN = {
    (False, False): ("Next is a phone screen.", "We write to you to arrange a time that suits you."),
    (True, False): _SCREEN_TO_COME,
    (True, True): _SCREEN_TO_COME,
    (False, True): ("Your phone screen is done.", "Thank you. We write to you about the next step."),
}
_LOOP = {
    (False, False): ("Next are your interviews.", "We write to you to arrange times that suit you."),
    (True, False): ("Your interviews are arranged.", "The times are below. Then we tell you the outcome."),
    (True, True): ("Your interviews are under way.", "The times are below. Then we tell you the outcome."),
    (False, True): ("Your interviews are done.", "Thank you for your time. We tell you the outcome next."),
}
_OTHERS = {
    StageKind.APPLICATION: (
        "We are reading your application.",
        "We compare it with the qualifications of the role, one by one, and write to you whatever we find.",
    ),
    StageKind.OUTCOME: _LOOP[(False, True)],
    StageKind.OFFER: ("There is an offer for you.", "Your recruiter is in touch with you about it."),
}
_ENDS = {
    ApplicationState.HIRED: ("Welcome.", "You accepted our offer. We look forward to working with you."),
    ApplicationState.REJECTED: (
        "This application is closed.",
        "Thank you for your interest and your time. You are welcome to apply for another position.",
    ),
    ApplicationState.WITHDRAWN: (
        "This application was withdrawn.",
        "Nothing more happens with it. If you change your mind, write to us.",
    ),
}


def process_steps(
    kinds: Sequence[StageKind],
    screens: ScreensMode,
    screen_minutes: int,
    loop_minutes: Sequence[int],
    promise_days: int,
) -> list[tuple[str, str]]:
    """Return (step, what happens in it) of a plan, for those who think of applying. Durations are in minutes."""
    texts = {
        StageKind.APPLICATION: "We compare it with the basic qualifications, one by one, and write to you either way.",
        StageKind.PHONE_SCREEN: f"{_SCREENS[screens]} of {screen_minutes} minutes with a senior leader of the team.",
        StageKind.LOOP: _loop_words(loop_minutes),
        StageKind.OUTCOME: f"You hear from us within {business_days(promise_days)} after your last interview.",
        StageKind.OFFER: "Where both sides want it, we make you an offer.",
    }
    shown = (kind for kind in dict.fromkeys(kinds) if kind in texts)
    return [(_STEPS[kind], texts[kind]) for kind in shown]


def business_days(count: int) -> str:
    """Return "five business days", in words as far as they go."""
    return f"{number(count)} business {'day' if count == 1 else 'days'}"


_SCREENS = {
    ScreensMode.NONE: "A conversation",
    ScreensMode.ONE: "One conversation",
    ScreensMode.TWO: "Two conversations",
    ScreensMode.SECOND_IF_INCONCLUSIVE: "One conversation, sometimes two,",
}


def _loop_words(minutes: Sequence[int]) -> str:
    if not minutes:
        return "You meet people of the team."
    long = f"{minutes[0]} minutes each" if len(set(minutes)) == 1 else f"{sum(minutes)} minutes together"
    what = "One interview" if len(minutes) == 1 else f"{sentence(number(len(minutes)))} interviews"
    return f"{what}, {long}, every interviewer asking about something different. No brain teasers."
