"""Closing, reopening and undoing, whole truth tables of them."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from tracker.rules.closing import (
    DISPOSITIONS,
    IllegalClose,
    IllegalReopen,
    IllegalUndo,
    LastChange,
    check_close,
    check_reopen,
    check_undo,
    is_after_outcome,
    why_not_close,
    why_not_reopen,
)
from tracker.rules.stages import ApplicationState, DecisionKind, Disposition, MoveFacts, StageKind, StageView

HIRED, REJECTED, WITHDRAWN = ApplicationState.HIRED, ApplicationState.REJECTED, ApplicationState.WITHDRAWN
KINDS = (
    StageKind.APPLICATION,
    StageKind.PHONE_SCREEN,
    StageKind.PHONE_SCREEN_OUTCOME,
    StageKind.LOOP,
    StageKind.OUTCOME,
    StageKind.OFFER,
)
WITH_OFFER = tuple(StageView(n, n, kind, kind.label) for n, kind in enumerate(KINDS))
WITHOUT_OFFER = WITH_OFFER[:-1]
NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)


def facts(kind, *, stages=WITH_OFFER, state=ApplicationState.ACTIVE, **more):
    return MoveFacts(state, next(stage for stage in stages if stage.kind is kind), stages, **more)


def is_closable(given_facts, state, disposition):
    try:
        check_close(given_facts, state, disposition)
    except IllegalClose:
        return False
    return True


EVERYTHING = [
    combination
    for combination in product(KINDS, (False, True), (None, *DecisionKind), (False, True), (False, True))
    # A plan without the offer has no application there.
    if combination[0] is not StageKind.OFFER or combination[4]
]


@pytest.mark.parametrize(("kind", "held", "decision", "delivered", "offer"), EVERYTHING)
def test_every_way_to_close(kind, held, decision, delivered, offer):
    stages = WITH_OFFER if offer else WITHOUT_OFFER
    given_facts = facts(kind, stages=stages, loop_held=held, decision=decision, outcome_delivered=delivered)
    told_hire = delivered and decision is DecisionKind.HIRE
    told_no_hire = delivered and decision is DecisionKind.NO_HIRE

    hired = told_hire and (kind is StageKind.OFFER or not offer)
    assert (why_not_close(given_facts, HIRED) is None) == hired

    past_the_loop = held or kind is StageKind.OUTCOME
    rejected = kind is not StageKind.OFFER and not told_hire and (told_no_hire or not past_the_loop)
    assert (why_not_close(given_facts, REJECTED) is None) == rejected

    assert why_not_close(given_facts, WITHDRAWN) is None
    for disposition in Disposition:
        fits = disposition in DISPOSITIONS[REJECTED] and (disposition is not Disposition.NO_HIRE or told_no_hire)
        assert is_closable(given_facts, REJECTED, disposition) == (rejected and fits)
        assert is_closable(given_facts, HIRED, disposition) == (hired and disposition is Disposition.ACCEPTED)


@pytest.mark.parametrize("kind", KINDS)
def test_withdrawn_at_any_time(kind):
    check_close(facts(kind), WITHDRAWN, Disposition.CANDIDATE_WITHDREW)
    assert not is_closable(facts(kind), WITHDRAWN, Disposition.NOT_QUALIFIED)


def test_only_an_offer_can_be_declined():
    told = {"decision": DecisionKind.HIRE, "outcome_delivered": True}
    assert is_closable(facts(StageKind.OFFER, **told), WITHDRAWN, Disposition.OFFER_DECLINED)
    assert not is_closable(facts(StageKind.LOOP), WITHDRAWN, Disposition.OFFER_DECLINED)


@pytest.mark.parametrize("state", [HIRED, REJECTED, WITHDRAWN])
def test_closed_is_closed(state):
    for target in ApplicationState:
        with pytest.raises(IllegalClose, match="closed already"):
            check_close(facts(StageKind.APPLICATION, state=state), target, Disposition.OTHER)


def test_active_is_no_way_to_close():
    with pytest.raises(IllegalClose, match="Choose hired, rejected or withdrawn"):
        check_close(facts(StageKind.APPLICATION), ApplicationState.ACTIVE, Disposition.OTHER)


def test_a_wrong_reason_names_the_right_ones():
    with pytest.raises(IllegalClose, match="“Offer accepted” is no reason for rejected; there are “Basic") as refused:
        check_close(facts(StageKind.APPLICATION), REJECTED, Disposition.ACCEPTED)
    assert refused.value.field == "disposition"


def test_every_disposition_has_its_use():
    chosen = {each for allowed in DISPOSITIONS.values() for each in allowed}
    assert chosen == set(Disposition) - {Disposition.ERASED}


def test_erasing_withdraws_whatever_is_open_and_nothing_else():
    for kind in (StageKind.APPLICATION, StageKind.LOOP, StageKind.OUTCOME, StageKind.OFFER):
        check_close(facts(kind), WITHDRAWN, Disposition.ERASED)
    with pytest.raises(IllegalClose):
        check_close(facts(StageKind.APPLICATION), REJECTED, Disposition.ERASED)
    with pytest.raises(IllegalClose, match="closed already"):
        check_close(facts(StageKind.APPLICATION, state=REJECTED), WITHDRAWN, Disposition.ERASED)


@pytest.mark.parametrize("state", [HIRED, REJECTED, WITHDRAWN])
def test_reopening(state):
    closed = facts(StageKind.LOOP, state=state)
    check_reopen(closed, closed.current, "the other candidate declined")
    with pytest.raises(IllegalReopen, match="Say why") as refused:
        check_reopen(closed, closed.current, "\t ")
    assert refused.value.field == "reason"
    with pytest.raises(IllegalReopen, match="there or at an earlier stage") as refused:
        check_reopen(closed, WITH_OFFER[-1], "the other candidate declined")
    assert refused.value.field == "stage"


def test_what_is_open_cannot_be_reopened():
    for target in WITH_OFFER:
        with pytest.raises(IllegalReopen, match="nothing to reopen"):
            check_reopen(facts(StageKind.LOOP), target, "a reason")


CUSTOM = StageView(20, 20, StageKind.CUSTOM, "Reference check")
WITH_CUSTOM = (*WITHOUT_OFFER, CUSTOM, StageView(30, 30, StageKind.OFFER, "Offer"))


@pytest.mark.parametrize("state", [HIRED, REJECTED, WITHDRAWN])
@pytest.mark.parametrize(
    ("decision", "delivered", "whole"), list(product((None, *DecisionKind), (False, True), (False, True)))
)
def test_no_stage_is_reached_by_reopening_that_was_not_reached_before(state, decision, delivered, whole):
    order = [stage.kind for stage in WITH_CUSTOM]
    for current, target in product(WITH_CUSTOM, WITH_CUSTOM):
        told = {"decision": decision, "outcome_delivered": delivered, "loop_sent": whole}
        closed = MoveFacts(state, current, WITH_CUSTOM, **told)
        there = order.index(target.kind) <= order.index(current.kind)
        beyond = target.kind in (StageKind.CUSTOM, StageKind.OFFER)
        after_loop = beyond or target.kind is StageKind.OUTCOME
        may = there and (whole or not after_loop) and (not beyond or (delivered and decision is DecisionKind.HIRE))
        assert (why_not_reopen(closed, target) is None) == may, (current, target)
        assert is_after_outcome(closed, target) == beyond


def change(**more):
    return LastChange(**{"by_id": 7, "at": NOW, "is_latest": True, "caused_mail": False, **more})


def test_undoing_within_ten_minutes():
    check_undo(change(), 7, NOW)
    check_undo(change(), 7, NOW + timedelta(minutes=10))


@pytest.mark.parametrize(
    ("given_change", "later", "words"),
    [
        (change(), timedelta(minutes=10, microseconds=1), "for 10 minutes"),
        (change(by_id=8), timedelta(), "Only the person"),
        (change(by_id=None), timedelta(), "Only the person"),
        (change(is_latest=False), timedelta(), "changed again"),
        (change(caused_mail=True), timedelta(), "e-mail has gone out"),
    ],
)
def test_what_cannot_be_undone(given_change, later, words):
    with pytest.raises(IllegalUndo, match=words):
        check_undo(given_change, 7, NOW + later)
