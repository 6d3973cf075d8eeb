"""Which moves are allowed: the table of the process, and what must hold for every set of facts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.qualifications import Verdict
from tracker.rules.stages import (
    ApplicationState,
    DecisionKind,
    Disposition,
    IllegalMove,
    MoveFacts,
    ScreenChoice,
    ScreensMode,
    StageKind,
    StageView,
    allowed_targets,
    check_move,
    next_stage,
    stage_of,
)

K = StageKind


def plan(*kinds):
    return tuple(StageView(100 + n, n, kind, f"{kind.label} {n}") for n, kind in enumerate(kinds))


SEED = plan(K.APPLICATION, K.PHONE_SCREEN, K.PHONE_SCREEN_OUTCOME, K.LOOP, K.OUTCOME, K.OFFER)
APPLICATION, SCREEN, SCREEN_OUTCOME, LOOP, OUTCOME, OFFER = SEED
MET = (Verdict.MET, Verdict.MET)


def facts(current, stages=SEED, **more):
    return MoveFacts(ApplicationState.ACTIVE, current, stages, **more)


def refusal(given_facts, target):
    with pytest.raises(IllegalMove) as refused:
        check_move(given_facts, target)
    assert refused.value.field == "stage"
    return refused.value.message


# The next stage, and the facts that open the way: each row is one of the process's table.
OPENED = [
    (APPLICATION, SCREEN, {"basic_judged": MET}),
    (APPLICATION, SCREEN, {"basic_judged": ()}),
    (SCREEN, SCREEN_OUTCOME, {"screens_submitted": 1}),
    (SCREEN, SCREEN_OUTCOME, {"screens_submitted": 2, "screen_outcome": ScreenChoice.SECOND_SCREEN}),
    (SCREEN_OUTCOME, LOOP, {"screens_submitted": 1, "screen_outcome": ScreenChoice.GO_ON}),
    (
        SCREEN_OUTCOME,
        LOOP,
        {"screens_submitted": 2, "screen_outcome": ScreenChoice.GO_ON, "screens_mode": ScreensMode.TWO},
    ),
    (LOOP, OUTCOME, {"loop_sent": True, "loop_held": True}),
    (OUTCOME, OFFER, {"decision": DecisionKind.HIRE, "outcome_delivered": True}),
]


@pytest.mark.parametrize(("current", "target", "given_facts"), OPENED)
def test_the_way_forward_is_open(current, target, given_facts):
    check_move(facts(current, **given_facts), target)


@pytest.mark.parametrize(
    ("current", "target", "given_facts", "words"),
    [
        (
            APPLICATION,
            SCREEN,
            {"basic_judged": (None, None)},
            "Two basic qualifications are not judged yet: judge them",
        ),
        (
            APPLICATION,
            SCREEN,
            {"basic_judged": (Verdict.MET, None)},
            "One basic qualification is not judged yet: judge it",
        ),
        (APPLICATION, SCREEN, {"basic_judged": (Verdict.NOT_MET, None)}, "is not met: reject"),
        (APPLICATION, SCREEN, {"basic_judged": (Verdict.UNCLEAR, Verdict.MET)}, "unclear"),
        (APPLICATION, LOOP, {"basic_judged": MET}, "scorecard of the phone screen is missing"),
        (SCREEN, SCREEN_OUTCOME, {}, "scorecard of the phone screen is missing"),
        (
            SCREEN,
            SCREEN_OUTCOME,
            {"screens_submitted": 1, "screen_outcome": ScreenChoice.SECOND_SCREEN},
            "scorecard of the second phone screen is missing",
        ),
        (SCREEN_OUTCOME, LOOP, {"screens_submitted": 1}, "Nobody has decided to go on"),
        (SCREEN_OUTCOME, LOOP, {"screen_outcome": ScreenChoice.SECOND_SCREEN}, "Nobody has decided to go on"),
        (SCREEN_OUTCOME, LOOP, {"screen_outcome": ScreenChoice.STOP}, "decided to stop"),
        (SCREEN_OUTCOME, LOOP, {"screen_outcome": ScreenChoice.GO_ON}, "hold it anew"),
        (
            SCREEN_OUTCOME,
            LOOP,
            {"screen_outcome": ScreenChoice.GO_ON, "screens_submitted": 1, "screens_mode": ScreensMode.TWO},
            "asks for two phone screens",
        ),
        (LOOP, OUTCOME, {}, "has not gone out"),
        (LOOP, OUTCOME, {"loop_sent": True}, "not over yet"),
        (OUTCOME, OFFER, {}, "no decision yet"),
        (OUTCOME, OFFER, {"decision": DecisionKind.HIRE}, "has not been told"),
        (OUTCOME, OFFER, {"decision": DecisionKind.NO_HIRE, "outcome_delivered": True}, "no hire"),
        (SCREEN, SCREEN, {}, "already in “Phone screen 1”"),
        (LOOP, APPLICATION, {}, "no way back from “Loop 3” to “Application 0”"),
        (SCREEN, APPLICATION, {}, "no way back"),
    ],
)
def test_a_refusal_gives_its_reason(current, target, given_facts, words):
    assert words in refusal(facts(current, **given_facts), target)


@pytest.mark.parametrize("state", sorted(set(ApplicationState) - {ApplicationState.ACTIVE}))
def test_a_closed_application_does_not_move(state):
    closed = replace(facts(APPLICATION, basic_judged=MET), state=state)
    assert refusal(closed, SCREEN) == f"The application is closed ({state.value}): reopen it first."
    assert all(reason for _, reason in allowed_targets(closed))


def test_a_stage_of_another_plan_is_refused():
    assert "not part of" in refusal(facts(APPLICATION, basic_judged=MET), StageView(999, 1, K.PHONE_SCREEN, "Other"))


@pytest.mark.parametrize("mode", list(ScreensMode))
@pytest.mark.parametrize("choice", [None, *ScreenChoice])
@pytest.mark.parametrize("submitted", [0, 1, 2])
def test_back_for_a_second_screen(mode, choice, submitted):
    given_facts = facts(SCREEN_OUTCOME, screens_mode=mode, screen_outcome=choice, screens_submitted=submitted)
    allowed = dict(allowed_targets(given_facts))[SCREEN] is None
    has_second = mode in (ScreensMode.TWO, ScreensMode.SECOND_IF_INCONCLUSIVE)
    # Without any scorecard the first one is held anew.
    is_anew = mode is not ScreensMode.NONE and submitted == 0
    assert allowed == (is_anew or (has_second and choice is ScreenChoice.SECOND_SCREEN and submitted == 1))


def test_plans_without_screens_or_offer():
    short = plan(K.APPLICATION, K.LOOP, K.OUTCOME)
    check_move(facts(short[0], short, basic_judged=MET, screens_mode=ScreensMode.NONE), short[1])
    assert next_stage(short, short[2]) is None
    # Screens switched off although the stages are there: nothing is asked for in them.
    skipped = facts(APPLICATION, basic_judged=MET, screens_mode=ScreensMode.NONE)
    check_move(skipped, LOOP)
    assert "has not gone out" in refusal(skipped, OUTCOME)


CHAT_FIRST = plan(K.APPLICATION, K.CUSTOM, K.CUSTOM, K.LOOP, K.CUSTOM, K.OUTCOME, K.CUSTOM)


@pytest.mark.parametrize(
    ("current", "target", "given_facts", "allowed"),
    [
        (0, 1, {"basic_judged": MET}, True),
        (0, 1, {"basic_judged": (None,)}, False),  # leaving the guarded stage is what is guarded
        (0, 3, {"basic_judged": MET}, True),  # a custom stage may be passed over
        (1, 2, {}, True),
        (1, 3, {}, True),
        (1, 4, {}, False),  # the loop may not
        (1, 4, {"loop_sent": True, "loop_held": True}, True),
        (2, 1, {}, True),
        (1, 0, {}, True),
        (2, 0, {}, False),  # backward only to a neighbour
        (3, 2, {}, True),
        (3, 1, {}, False),
        (3, 2, {"loop_sent": True}, False),
        (4, 3, {"loop_sent": True, "loop_held": True}, True),
        (5, 4, {}, True),
        (5, 4, {"outcome_delivered": True}, False),
        (5, 6, {}, False),
        (5, 6, {"decision": DecisionKind.HIRE, "outcome_delivered": True}, True),
    ],
)
def test_custom_stages_are_left_by_hand(current, target, given_facts, allowed):
    found = facts(CHAT_FIRST[current], CHAT_FIRST, **given_facts)
    assert (dict(allowed_targets(found))[CHAT_FIRST[target]] is None) == allowed


any_facts = st.builds(
    MoveFacts,
    state=st.just(ApplicationState.ACTIVE),
    current=st.sampled_from(SEED),
    stages=st.just(SEED),
    basic_judged=st.lists(st.sampled_from([None, *Verdict]), max_size=3).map(tuple),
    screens_submitted=st.integers(0, 2),
    screen_outcome=st.sampled_from([None, *ScreenChoice]),
    screens_mode=st.sampled_from(ScreensMode),
    loop_sent=st.booleans(),
    loop_held=st.booleans(),
    decision=st.sampled_from([None, *DecisionKind]),
    outcome_delivered=st.booleans(),
)


@given(any_facts)
def test_the_menu_says_what_the_check_says(given_facts):
    menu = allowed_targets(given_facts)
    assert [stage for stage, _ in menu] == [stage for stage in SEED if stage != given_facts.current]
    for target, reason in menu:
        if reason is None:
            check_move(given_facts, target)
        else:
            assert refusal(given_facts, target) == reason
            assert reason.endswith(".")


@given(any_facts)
def test_whatever_is_further_is_no_easier(given_facts):
    ahead = [reason for stage, reason in allowed_targets(given_facts) if stage.position > given_facts.current.position]
    reasons = [reason for reason in ahead if reason is not None]
    # Open stages first, then refused ones, all for the first obstacle on the way.
    assert ahead == [None] * (len(ahead) - len(reasons)) + reasons[:1] * len(reasons)


@given(any_facts)
def test_no_unmet_guard_is_ever_passed(given_facts):
    open_ahead = [
        stage
        for stage, reason in allowed_targets(given_facts)
        if reason is None and stage.position > given_facts.current.position
    ]
    passed = {
        stage.kind
        for target in open_ahead
        for stage in SEED
        if given_facts.current.position <= stage.position < target.position
    }
    screened = given_facts.screens_mode is not ScreensMode.NONE
    assert K.APPLICATION not in passed or set(given_facts.basic_judged) <= {Verdict.MET}
    assert K.PHONE_SCREEN not in passed or not screened or given_facts.screens_submitted
    assert K.PHONE_SCREEN_OUTCOME not in passed or not screened or given_facts.screen_outcome is ScreenChoice.GO_ON
    assert K.PHONE_SCREEN_OUTCOME not in passed or not screened or given_facts.screens_submitted
    assert K.LOOP not in passed or (given_facts.loop_sent and given_facts.loop_held)
    assert K.OUTCOME not in passed or (given_facts.outcome_delivered and given_facts.decision is DecisionKind.HIRE)
    assert K.OFFER not in passed


@given(any_facts)
def test_the_only_way_back_without_custom_stages_is_a_second_screen(given_facts):
    current = given_facts.current
    back = {
        stage for stage, reason in allowed_targets(given_facts) if reason is None and stage.position < current.position
    }
    assert back <= ({SCREEN} if current == SCREEN_OUTCOME else set())


def test_the_order_is_the_position_not_the_place_in_the_list():
    shuffled = tuple(reversed(SEED))
    assert next_stage(shuffled, APPLICATION) == SCREEN
    assert stage_of(shuffled, K.LOOP) == LOOP
    assert stage_of(plan(K.APPLICATION), K.LOOP) is None


def test_labels_are_words():
    assert K.PHONE_SCREEN_OUTCOME.label == "Phone screen outcome"
    assert ScreensMode.SECOND_IF_INCONCLUSIVE.label == "Second if inconclusive"
    assert Disposition.NOT_QUALIFIED.label == "Basic qualifications not met"
    assert Disposition.CANDIDATE_WITHDREW.label == "Candidate withdrew"
    labels = [
        member.label for enum in (K, ApplicationState, ScreenChoice, DecisionKind, Disposition) for member in enum
    ]
    assert all(label and "_" not in label for label in labels)


def test_values_are_what_rows_keep():
    # Renaming one would orphan what databases hold.
    assert [kind.value for kind in K] == [
        "application",
        "phone_screen",
        "phone_screen_outcome",
        "loop",
        "outcome",
        "offer",
        "custom",
    ]
    assert [state.value for state in ApplicationState] == ["active", "hired", "rejected", "withdrawn"]
