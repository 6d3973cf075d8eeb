"""A decision is recorded anew with a reason; what stood before is kept, and what the candidate was told stays told."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.mails import delivered, of_kind, text_of
from tracker.models.application import Application
from tracker.models.debrief import Decision
from tracker.models.outbox import MailState
from tracker.models.outcome import Outcome, OutcomeChannel
from tracker.models.record import RecordEntry
from tracker.pipeline import debrief, decision
from tracker.pipeline.decision import CannotDecide, DissentMissing, RationaleMissing
from tracker.queries.debriefs import standing_decision
from tracker.queries.outcomes import Delivery, standing
from tracker.queries.truth import holds
from tracker.rules.decisions import Grounds
from tracker.rules.refused import ReasonMissing, Stale
from tracker.rules.stages import ApplicationState, DecisionKind, StageKind

AFTER = MONDAY + timedelta(days=2)
LATER = AFTER + timedelta(hours=1)


@pytest.fixture
def application(session: Session, world: World, in_app: Flask) -> Application:
    """A loop of two who are for hire, decided so."""
    made = world.application(stage=StageKind.OUTCOME)
    for each in world.loop(made, (world.person("Anna A"), world.person("Ben B"))):
        world.scorecard(each)
    row = debrief.open_if_ready(session, made, now=AFTER)
    assert row is not None
    manager = made.requisition.hiring_manager
    debrief.hold(session, made, row, by=manager, now=AFTER)
    decision.decide(session, made, DecisionKind.HIRE, Grounds("evidence"), by=manager, now=AFTER)
    return made


def change(session: Session, application: Application, **given: Any) -> Decision:
    kind = given.pop("kind", DecisionKind.HIRE)
    grounds = given.pop("grounds", Grounds("better said", level=" L5 ", by_competency={"Design": " clear ", "Go": " "}))
    stands = standing_decision(session, application.id)
    facts = {"by": application.requisition.hiring_manager, "standing_id": stands.id if stands else 0}
    return decision.change(session, application, kind, grounds, **({"reason": " level ", "now": LATER} | facts | given))


def test_both_versions_are_kept_and_only_the_new_one_stands(session: Session, application: Application) -> None:
    made = change(session, application)
    first = session.scalars(select(Decision).order_by(Decision.id)).first()
    assert first is not None
    assert (first.rationale, first.superseded_at, first.superseded_reason) == ("evidence", LATER, "level")
    assert (made.level, made.by_competency) == ("L5", {"Design": "clear"})
    assert standing_decision(session, application.id) is made
    noted = session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "decision.change")).one()
    assert noted.endswith("level")


def test_the_recruiter_is_told_of_what_stands_alone(session: Session, application: Application) -> None:
    change(session, application)
    before, now = sorted(of_kind(session, "decision_made"), key=lambda mail: mail.id)
    assert not holds(session, before.fact)
    assert holds(session, now.fact)
    assert of_kind(session, "decision_changed") == [], "the first was never sent: nothing replaces it for the recruiter"


def test_who_was_told_of_the_one_before_is_told_that_it_is_replaced(session: Session, application: Application) -> None:
    delivered(session)
    change(session, application)
    (first,) = of_kind(session, "decision_changed")
    assert first.person_id == application.requisition.recruiter_id
    assert holds(session, first.fact)
    text = text_of(first)
    for words in ("recorded anew", "It replaces the earlier decision"):
        assert words in text, words
    for words in ("better said", "evidence", "level"):
        assert words not in text, "the reader may be bound by the blind rule"
    first.state = MailState.DROPPED
    made = change(session, application)
    again = of_kind(session, "decision_changed")[-1]
    assert again.fact["decision"] == made.id, "the first of all was told, the one between was not"
    assert len(of_kind(session, "decision_made")) == 1


def test_another_recruiter_is_told_as_of_the_first(session: Session, world: World, application: Application) -> None:
    delivered(session)
    newcomer = application.requisition.recruiter = world.person("Nina New", is_recruiter=True)
    change(session, application)
    assert of_kind(session, "decision_changed") == []
    assert [mail.person_id for mail in of_kind(session, "decision_made")][-1] == newcomer.id


def test_who_recorded_the_one_before_knows_of_it_without_an_e_mail(session: Session, application: Application) -> None:
    stands = standing_decision(session, application.id)
    assert stands is not None
    stands.owner_id = application.requisition.recruiter_id
    change(session, application)
    assert len(of_kind(session, "decision_changed")) == 1


def test_two_at_once_do_not_overwrite_each_other(session: Session, application: Application) -> None:
    stands = standing_decision(session, application.id)
    assert stands is not None
    change(session, application)
    with pytest.raises(Stale):
        change(session, application, standing_id=stands.id)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"reason": " "}, ReasonMissing),
        ({"grounds": Grounds(" ")}, RationaleMissing),
        ({"kind": DecisionKind.NO_HIRE}, DissentMissing),
    ],
)
def test_it_says_all_that_a_decision_says_and_why_it_is_anew(
    session: Session, application: Application, given: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        change(session, application, **given)


def test_what_the_candidate_was_told_is_not_turned_round_but_may_be_explained(
    session: Session, world: World, application: Application
) -> None:
    stands = standing_decision(session, application.id)
    assert stands is not None
    facts = {"text": "x", "released_at": AFTER, "released_by_id": application.requisition.recruiter_id}
    told = Outcome(
        application_id=application.id, decision_id=stands.id, channel=OutcomeChannel.CALL, delivered_at=AFTER, **facts
    )
    world.keep(told)
    with pytest.raises(CannotDecide, match="was told: hire"):
        change(session, application, kind=DecisionKind.NO_HIRE, grounds=Grounds("r", "d"))
    made = change(session, application)
    assert told.decision_id == made.id
    assert standing(session, application.id).delivery is Delivery.DELIVERED
    assert len(of_kind(session, "decision_made")) == 1


def test_there_must_be_one_and_the_application_open(session: Session, world: World, application: Application) -> None:
    application.state = ApplicationState.REJECTED
    with pytest.raises(CannotDecide, match="closed"):
        change(session, application)
    with pytest.raises(CannotDecide, match="no decision yet"):
        change(session, world.application(application.requisition))
