"""The next step of an application, from its first day to its last, in the words of the button."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tracker.rules.next_steps import Action, StepFacts, Waited, next_step
from tracker.rules.qualifications import Verdict
from tracker.rules.stages import ApplicationState, DecisionKind, StageKind

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
OVER, COMING = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
ANA = Waited("Ana", OVER, "due today")
MET = Verdict.MET

CASES: list[tuple[StageKind, dict[str, Any], Action, str]] = [
    (StageKind.APPLICATION, {"basic_judged": (None, MET)}, Action.JUDGE, "Judge basic qualifications"),
    (StageKind.APPLICATION, {"basic_judged": (Verdict.UNCLEAR,)}, Action.JUDGE, "Judge basic qualifications"),
    (StageKind.APPLICATION, {"basic_judged": (Verdict.NOT_MET,)}, Action.JUDGE, "Reject, or judge again"),
    (StageKind.APPLICATION, {"basic_judged": (None, Verdict.NOT_MET)}, Action.JUDGE, "Reject, or judge again"),
    (StageKind.APPLICATION, {"basic_judged": (MET, MET)}, Action.MOVE_ON, "Move to Next stage"),
    (StageKind.APPLICATION, {}, Action.MOVE_ON, "Move to Next stage"),
    (StageKind.PHONE_SCREEN, {}, Action.ARRANGE_SCREEN, "Arrange the phone screen"),
    (StageKind.PHONE_SCREEN, {"waited": (Waited("Ana", COMING),)}, Action.SEE_SCREEN, "Waiting for the phone screen"),
    (StageKind.PHONE_SCREEN, {"waited": (ANA,)}, Action.SEE_SCREEN, "Waiting for Ana’s scorecard, due today"),
    (StageKind.PHONE_SCREEN_OUTCOME, {}, Action.SCREEN_OUTCOME, "Decide on the phone screen"),
    (StageKind.LOOP, {}, Action.PLAN_LOOP, "Plan the loop"),
    (StageKind.LOOP, {"loop_sent": False}, Action.SEE_LOOP, "Send the loop"),
    (
        StageKind.LOOP,
        {"loop_sent": False, "is_choosing": True},
        Action.SEE_LOOP,
        "Waiting for the candidate to choose a time",
    ),
    (StageKind.LOOP, {"loop_sent": True, "loop_ends_at": COMING}, Action.SEE_LOOP, "Waiting for the interviews"),
    (StageKind.LOOP, {"loop_sent": True, "loop_ends_at": OVER}, Action.LOOP_DONE, "The loop is done"),
    (StageKind.OUTCOME, {"waited": (ANA,)}, Action.SCORECARDS, "Waiting for Ana’s scorecard, due today"),
    (
        StageKind.OUTCOME,
        {"waited": (ANA, Waited("Bo", OVER))},
        Action.SCORECARDS,
        "Waiting for Ana’s and Bo’s scorecards",
    ),
    (StageKind.OUTCOME, {"waited": (ANA,) * 4}, Action.SCORECARDS, "Waiting for 4 scorecards"),
    (StageKind.OUTCOME, {"debrief_open": True}, Action.DEBRIEF, "Open the debrief"),
    (StageKind.OUTCOME, {"debrief_held": True}, Action.DECISION, "Record the decision"),
    (StageKind.OUTCOME, {"debrief_held": True, "decision": DecisionKind.HIRE}, Action.OUTCOME, "Deliver the outcome"),
    (
        StageKind.OUTCOME,
        {"decision": DecisionKind.HIRE, "outcome_released": True},
        Action.OUTCOME,
        "The outcome is on its way",
    ),
    (StageKind.OFFER, {}, Action.OFFER, "Record the answer to the offer"),
    (StageKind.CUSTOM, {}, Action.MOVE_ON, "Move to Next stage"),
]


def facts(kind: StageKind, **more: Any) -> StepFacts:
    return StepFacts(ApplicationState.ACTIVE, kind, "Rita", "Hana", next_stage="Next stage", **more)


@pytest.mark.parametrize(("kind", "more", "action", "label"), CASES)
def test_the_step(kind: StageKind, more: dict[str, Any], action: Action, label: str) -> None:
    step = next_step(facts(kind, **more), NOW)
    assert (step.action, step.label) == (action, label)


def test_every_stage_has_a_step_and_somebody_or_something_to_wait_for() -> None:
    for kind in StageKind:
        step = next_step(facts(kind), NOW)
        assert step.who or step.waits


def test_a_closed_application_has_nothing_to_do() -> None:
    for state in set(ApplicationState) - {ApplicationState.ACTIVE}:
        closed = StepFacts(state, StageKind.LOOP, "Rita", "Hana")
        assert next_step(closed, NOW).action is Action.CLOSED


def test_the_turns_are_told_apart() -> None:
    assert next_step(facts(StageKind.PHONE_SCREEN_OUTCOME), NOW).who == "Hana"
    assert next_step(facts(StageKind.PHONE_SCREEN), NOW).who == "Rita"
    assert next_step(facts(StageKind.OUTCOME, waited=(ANA,)), NOW).who == "Ana"
