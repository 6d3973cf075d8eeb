"""Where an application may stand, and which moves between stages the process allows."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.rules.qualifications import Verdict
from tracker.rules.refused import Refused
from tracker.rules.words import Labelled, number, sentence

MOST_SCREENS = 2


class StageKind(Labelled):
    """What a stage is; people see its name, rules look at its kind."""

    APPLICATION = "application"
    PHONE_SCREEN = "phone_screen"
    PHONE_SCREEN_OUTCOME = "phone_screen_outcome"
    LOOP = "loop"
    OUTCOME = "outcome"
    OFFER = "offer"
    CUSTOM = "custom"


class ApplicationState(Labelled):
    """Active, or closed in one of three ways."""

    ACTIVE = "active"
    HIRED = "hired"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class ScreensMode(Labelled):
    """How many phone screens a plan asks for."""

    NONE = "none"
    ONE = "one"
    TWO = "two"
    SECOND_IF_INCONCLUSIVE = "second_if_inconclusive"


class ScreenChoice(Labelled):
    """What somebody entitled decides after a phone screen."""

    GO_ON = "go_on"
    SECOND_SCREEN = "second_screen"
    STOP = "stop"


class DecisionKind(Labelled):
    """The result of a debrief."""

    HIRE = "hire"
    NO_HIRE = "no_hire"


class Disposition(Labelled):
    """Why an application was closed."""

    NOT_QUALIFIED = "not_qualified"
    STOPPED_AFTER_SCREEN = "stopped_after_screen"
    NO_HIRE = "no_hire"
    OFFER_DECLINED = "offer_declined"
    CANDIDATE_WITHDREW = "candidate_withdrew"
    POSITION_FILLED = "position_filled"
    NO_RESPONSE = "no_response"
    ACCEPTED = "accepted"
    OTHER = "other"
    ERASED = "erased"

    @property
    def label(self) -> str:
        """The reason in words."""
        return _DISPOSITION_LABELS.get(self.value, super().label)


_DISPOSITION_LABELS = {
    "not_qualified": "Basic qualifications not met",
    "stopped_after_screen": "Stopped after the phone screen",
    "no_hire": "No hire after the loop",
    "accepted": "Offer accepted",
    "erased": "The candidate’s data was erased",
}


@dataclass(frozen=True)
class StageView:
    """One stage of the plan. Stages are ordered by ``position``."""

    id: int
    position: int
    kind: StageKind
    name: str


@dataclass(frozen=True)
class MoveFacts:
    """What the rules need to know of one application.

    ``basic_judged`` holds one verdict for each basic qualification, None where it is not judged yet.
    ``screens_submitted`` counts the phone screens whose scorecard is in; ``screen_outcome`` is the choice recorded
    last, whichever screen it was about. ``loop_held``: the last interview of the loop that was sent has ended.
    ``decision`` and ``outcome_delivered`` speak of the decision that stands now, not of superseded ones.
    """

    state: ApplicationState
    current: StageView
    stages: tuple[StageView, ...]
    basic_judged: tuple[Verdict | None, ...] = ()
    screens_submitted: int = 0
    screen_outcome: ScreenChoice | None = None
    screens_mode: ScreensMode = ScreensMode.ONE
    loop_sent: bool = False
    loop_held: bool = False
    decision: DecisionKind | None = None
    outcome_delivered: bool = False


class IllegalMove(Refused):
    """The application may not go to that stage now."""


def ordered(stages: tuple[StageView, ...]) -> list[StageView]:
    """Return the stages in the plan's order."""
    return sorted(stages, key=lambda stage: stage.position)


def next_stage(stages: tuple[StageView, ...], current: StageView) -> StageView | None:
    """Return the stage after ``current``, None after the last."""
    return next((stage for stage in ordered(stages) if stage.position > current.position), None)


def stage_of(stages: tuple[StageView, ...], kind: StageKind) -> StageView | None:
    """Return the plan's (first) stage of a kind, None where the plan leaves it out."""
    return next((stage for stage in ordered(stages) if stage.kind is kind), None)


def check_move(facts: MoveFacts, target: StageView) -> None:
    """Raise IllegalMove, with the reason in words, unless the application may go to ``target`` now.

    Forward: every stage that is left or passed over must have its leave condition met (the process, section 3).
    Backward: to the phone screen for a second one, or one stage where a custom stage is on either side.
    """
    reason = why_not(facts, target)
    if reason is not None:
        raise IllegalMove(reason, "stage")


def allowed_targets(facts: MoveFacts) -> tuple[tuple[StageView, str | None], ...]:
    """Return every other stage of the plan, each with None or the reason why it cannot be gone to now."""
    others = (stage for stage in ordered(facts.stages) if stage.id != facts.current.id)
    return tuple((stage, why_not(facts, stage)) for stage in others)


def why_not(facts: MoveFacts, target: StageView) -> str | None:
    """Return why the application cannot go to ``target`` now, None if it can."""
    if facts.state is not ApplicationState.ACTIVE:
        return f"The application is closed ({facts.state.label.lower()}): reopen it first."
    if target not in facts.stages:
        return "This stage is not part of the requisition's interview plan: reload the page."
    if target.id == facts.current.id:
        return f"The application is already in “{target.name}”."
    if target.position < facts.current.position:
        return _why_not_back(facts, target)
    return why_not_leave(facts, target)


def why_not_leave(facts: MoveFacts, target: StageView) -> str | None:
    """Return the first unmet leave condition on the way forward to ``target``, None if there is none."""
    for stage in ordered(facts.stages):
        if facts.current.position <= stage.position < target.position:
            reason = _LEAVE[stage.kind](facts)
            if reason is not None:
                return reason
    return None


def _why_not_back(facts: MoveFacts, target: StageView) -> str | None:
    current = facts.current
    if current.kind is StageKind.PHONE_SCREEN_OUTCOME and target.kind is StageKind.PHONE_SCREEN:
        return _why_no_second_screen(facts)
    if StageKind.CUSTOM not in (current.kind, target.kind) or next_stage(facts.stages, target) != current:
        return f"There is no way back from “{current.name}” to “{target.name}”; if it was a slip, undo the move."
    if current.kind is StageKind.LOOP and facts.loop_sent:
        return "The loop has gone out: cancel it before the application goes back."
    if current.kind is StageKind.OUTCOME and facts.outcome_delivered:
        return "The candidate was told the outcome: the application cannot go back."
    return None


def _why_no_second_screen(facts: MoveFacts) -> str | None:
    if facts.screens_mode is not ScreensMode.NONE and facts.screens_submitted < 1:
        # Nothing could be decided here: the scorecard of the only one was waived before that ceased to be enough.
        return None
    if facts.screens_mode not in (ScreensMode.TWO, ScreensMode.SECOND_IF_INCONCLUSIVE):
        return "The plan has one phone screen only: go on or stop."
    if facts.screens_submitted >= MOST_SCREENS:
        return "Both phone screens were held: go on or stop."
    if facts.screen_outcome is not ScreenChoice.SECOND_SCREEN:
        return "No second phone screen was asked for: record that choice first."
    return None


def _leave_application(facts: MoveFacts) -> str | None:
    missing = facts.basic_judged.count(None)
    if Verdict.NOT_MET in facts.basic_judged:
        return "A basic qualification is not met: reject the application, or judge again."
    if missing:
        verb, what = ("is", "it") if missing == 1 else ("are", "them")
        noun = "qualification" if missing == 1 else "qualifications"
        return f"{sentence(number(missing))} basic {noun} {verb} not judged yet: judge {what} first."
    if Verdict.UNCLEAR in facts.basic_judged:
        return "A basic qualification is unclear: find out, and judge it met or not met."
    return None


def _leave_phone_screen(facts: MoveFacts) -> str | None:
    if facts.screens_mode is ScreensMode.NONE:
        return None
    needed = MOST_SCREENS if facts.screen_outcome is ScreenChoice.SECOND_SCREEN else 1
    if facts.screens_submitted >= needed:
        return None
    which = "second phone screen" if needed == MOST_SCREENS else "phone screen"
    return f"The scorecard of the {which} is missing: it has to be submitted first."


def _leave_phone_screen_outcome(facts: MoveFacts) -> str | None:
    if facts.screens_mode is ScreensMode.NONE:
        return None
    if facts.screens_mode is ScreensMode.TWO and facts.screens_submitted < MOST_SCREENS:
        return "The plan asks for two phone screens: hold the second one first."
    if facts.screen_outcome is ScreenChoice.STOP:
        return "It was decided to stop after the phone screen: reject the application, or decide again."
    if facts.screen_outcome is not ScreenChoice.GO_ON:
        return "Nobody has decided to go on after the phone screen yet: record that choice first."
    if facts.screens_submitted < 1:
        return "No phone screen has its scorecard: go back and hold it anew."
    return None


def _leave_loop(facts: MoveFacts) -> str | None:
    if not facts.loop_sent:
        return "The loop has not gone out yet: plan it and send it first."
    return None if facts.loop_held else "The last interview of the loop is not over yet."


def _leave_outcome(facts: MoveFacts) -> str | None:
    if facts.decision is None:
        return "There is no decision yet: hold the debrief and record the decision first."
    if not facts.outcome_delivered:
        # What was decided is not for everybody who reads this, until the candidate knows.
        return "The candidate has not been told yet: deliver the outcome first."
    return "The candidate was told no hire: reject the application." if facts.decision is DecisionKind.NO_HIRE else None


def _leave_offer(_facts: MoveFacts) -> str | None:
    return "An offer ends with its answer: close the application as hired or withdrawn."


def _leave_custom(_facts: MoveFacts) -> str | None:
    return None


_LEAVE: dict[StageKind, Callable[[MoveFacts], str | None]] = {
    StageKind.APPLICATION: _leave_application,
    StageKind.PHONE_SCREEN: _leave_phone_screen,
    StageKind.PHONE_SCREEN_OUTCOME: _leave_phone_screen_outcome,
    StageKind.LOOP: _leave_loop,
    StageKind.OUTCOME: _leave_outcome,
    StageKind.OFFER: _leave_offer,
    StageKind.CUSTOM: _leave_custom,
}
