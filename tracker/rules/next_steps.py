"""The one thing to do next about an application, and whose turn it is: what the page's one button says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tracker.rules.qualifications import Verdict
from tracker.rules.stages import ApplicationState, DecisionKind, StageKind
from tracker.rules.words import Labelled, counted, listed


class Action(Labelled):
    """Where the button leads."""

    JUDGE = "judge"
    MOVE_ON = "move_on"
    ARRANGE_SCREEN = "arrange_screen"
    SEE_SCREEN = "see_screen"
    SCREEN_OUTCOME = "screen_outcome"
    PLAN_LOOP = "plan_loop"
    SEE_LOOP = "see_loop"
    LOOP_DONE = "loop_done"
    SCORECARDS = "scorecards"
    DEBRIEF = "debrief"
    DECISION = "decision"
    OUTCOME = "outcome"
    OFFER = "offer"
    CLOSED = "closed"


@dataclass(frozen=True)
class Waited:
    """A scorecard that is not in yet: whose, of which interview, when that ends, and how its deadline stands."""

    name: str
    ends_at: datetime
    due: str = ""


@dataclass(frozen=True)
class StepFacts:
    """What decides the next step. ``waited`` are the scorecards missing in the stage's own interviews.

    ``loop_sent`` None: there is no loop; False: a draft. ``loop_ends_at`` is the end of the loop that went out.
    ``is_choosing``: the candidate was asked to choose when it is held.
    """

    state: ApplicationState
    stage_kind: StageKind
    recruiter: str
    hiring_manager: str
    next_stage: str | None = None
    basic_judged: tuple[Verdict | None, ...] = ()
    screen_arranged: bool = False
    waited: tuple[Waited, ...] = ()
    loop_sent: bool | None = None
    is_choosing: bool = False
    loop_ends_at: datetime | None = None
    debrief_open: bool = False
    debrief_held: bool = False
    decision: DecisionKind | None = None
    outcome_released: bool = False
    outcome_delivered: bool = False


@dataclass(frozen=True)
class Step:
    """What to do next. ``who`` does it; ``waits``: nobody can do it now but the one (or the hour) waited for."""

    action: Action
    label: str
    who: str
    hint: str = ""
    waits: bool = False


def next_step(facts: StepFacts, now: datetime) -> Step:
    """Return the next step of the application, in the words of the button."""
    if facts.state is not ApplicationState.ACTIVE:
        return Step(Action.CLOSED, f"Closed: {facts.state.label.lower()}", "", waits=True)
    return _STEPS[facts.stage_kind](facts, now)


def _application(facts: StepFacts, _now: datetime) -> Step:
    missing = facts.basic_judged.count(None)
    if Verdict.NOT_MET in facts.basic_judged:
        return Step(
            Action.JUDGE, "Reject, or judge again", facts.recruiter, "A basic qualification is not met: one is enough."
        )
    if missing or Verdict.UNCLEAR in facts.basic_judged:
        hint = f"{counted(missing, 'is', 'are')} not judged yet." if missing else "One is unclear."
        return Step(Action.JUDGE, "Judge basic qualifications", facts.recruiter, hint)
    return _move_on(facts)


def _phone_screen(facts: StepFacts, now: datetime) -> Step:
    if facts.waited:
        return _wait(facts.waited, now, Action.SEE_SCREEN, "the phone screen")
    if facts.screen_arranged:
        return _move_on(facts)
    return Step(Action.ARRANGE_SCREEN, "Arrange the phone screen", facts.recruiter)


def _phone_screen_outcome(facts: StepFacts, _now: datetime) -> Step:
    return Step(Action.SCREEN_OUTCOME, "Decide on the phone screen", facts.hiring_manager)


def _loop(facts: StepFacts, now: datetime) -> Step:
    if facts.loop_sent is None:
        return Step(Action.PLAN_LOOP, "Plan the loop", facts.recruiter)
    if not facts.loop_sent and facts.is_choosing:
        return Step(Action.SEE_LOOP, "Waiting for the candidate to choose a time", "", waits=True)
    if not facts.loop_sent:
        return Step(Action.SEE_LOOP, "Send the loop", facts.recruiter, "The loop is being planned.")
    if facts.loop_ends_at is not None and facts.loop_ends_at <= now:
        return Step(Action.LOOP_DONE, "The loop is done", facts.recruiter, "The last interview is over.")
    return Step(Action.SEE_LOOP, "Waiting for the interviews", "", "The loop has gone out.", waits=True)


def _outcome(facts: StepFacts, now: datetime) -> Step:
    if facts.outcome_delivered:
        return _told(facts)
    if facts.outcome_released:
        return Step(Action.OUTCOME, "The outcome is on its way", "", "The e-mail waits to be sent.", waits=True)
    if facts.decision is not None:
        return Step(Action.OUTCOME, "Deliver the outcome", facts.recruiter)
    if facts.debrief_held:
        return Step(Action.DECISION, "Record the decision", facts.hiring_manager)
    if facts.waited:
        return _wait(facts.waited, now, Action.SCORECARDS, "the last interview")
    return Step(Action.DEBRIEF, "Open the debrief", facts.hiring_manager, "All scorecards are in, or waived.")


def _told(facts: StepFacts) -> Step:
    if facts.decision is DecisionKind.HIRE:
        return _move_on(facts)
    return Step(Action.OUTCOME, "The candidate was told", "", waits=True)


def _offer(facts: StepFacts, _now: datetime) -> Step:
    return Step(Action.OFFER, "Record the answer to the offer", facts.recruiter)


def _custom(facts: StepFacts, _now: datetime) -> Step:
    return _move_on(facts)


def _move_on(facts: StepFacts) -> Step:
    if facts.next_stage is None:
        return Step(Action.CLOSED, "This is the last stage", facts.recruiter, "Close the application.", waits=True)
    return Step(Action.MOVE_ON, f"Move to {facts.next_stage}", facts.recruiter)


def _wait(waited: tuple[Waited, ...], now: datetime, action: Action, what: str) -> Step:
    """Return what is waited for: interviews to come first, then scorecards, named where they are few."""
    if all(each.ends_at > now for each in waited):
        return Step(action, f"Waiting for {what}", "", listed([each.name for each in waited]), waits=True)
    late = [each for each in waited if each.ends_at <= now]
    names = listed([f"{each.name}’s" for each in late]) if len(late) <= 2 else str(len(late))
    noun = "scorecard" if len(late) == 1 else "scorecards"
    due = late[0].due if len(late) == 1 else ""
    label = f"Waiting for {names} {noun}{', ' + due if due else ''}"
    return Step(action, label, listed([each.name for each in late]), waits=True)


_STEPS: dict[StageKind, Callable[[StepFacts, datetime], Step]] = {
    StageKind.APPLICATION: _application,
    StageKind.PHONE_SCREEN: _phone_screen,
    StageKind.PHONE_SCREEN_OUTCOME: _phone_screen_outcome,
    StageKind.LOOP: _loop,
    StageKind.OUTCOME: _outcome,
    StageKind.OFFER: _offer,
    StageKind.CUSTOM: _custom,
}
