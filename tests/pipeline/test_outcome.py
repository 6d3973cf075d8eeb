"""The promise is kept by delivery alone: an e-mail that a server took, or a call that was held."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.mail.messages import Words
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.debrief import Decision
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.outcome import Outcome, OutcomeChannel
from tracker.pipeline import deadlines, moves, offer, outcome
from tracker.pipeline.offer import NoOffer
from tracker.pipeline.outcome import AlreadyTold, BadCallTime, NoDecision, TextMissing
from tracker.queries import outcomes
from tracker.queries.outcomes import Delivery
from tracker.rules.closing import IllegalClose
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.stages import ApplicationState, DecisionKind, Disposition, StageKind

THURSDAY = MONDAY + timedelta(days=3)
LATE = MONDAY + timedelta(days=14)
HOUR = timedelta(hours=1)


@pytest.fixture
def application(session: Session, world: World, in_app: Flask) -> Application:
    """An application whose loop was held on Tuesday."""
    row = world.application(stage=StageKind.OUTCOME, name="Cleo Candidate")
    assignment = world.loop(row, (world.person(),))[0]
    world.scorecard(assignment)
    deadlines.rework(session, row, now=MONDAY)
    return row


def decided(session: Session, application: Application, kind: DecisionKind) -> Decision:
    decision = Decision(
        application_id=application.id, kind=kind, owner_id=application.requisition.hiring_manager_id,
        rationale="r", dissent="", decided_at=THURSDAY,
    )  # fmt: skip
    session.add(decision)
    session.flush()
    return decision


def release(session: Session, application: Application, text: str = "Dear Cleo,\n\nyes.") -> Outcome:
    words, by, read = Words("Your application", text), application.requisition.recruiter, standing_id(session)
    return outcome.release(session, application, words, by=by, now=THURSDAY, decision_id=read)


def call(session: Session, application: Application, held_at: datetime, now: datetime = LATE) -> Outcome:
    by, read = application.requisition.recruiter, standing_id(session)
    return outcome.record_call(session, application, "told her", held_at=held_at, by=by, now=now, decision_id=read)


def standing_id(session: Session) -> int:
    """The decision that stands, as a page shows it; 0 where there is none."""
    return session.scalar(select(Decision.id).where(Decision.superseded_at.is_(None))) or 0


def promise(session: Session) -> DeadlineState:
    return session.scalars(select(Deadline.state).where(Deadline.kind == DeadlineKind.PROMISE)).one()


def test_nothing_is_told_before_the_decision(session: Session, application: Application) -> None:
    with pytest.raises(NoDecision):
        release(session, application)
    with pytest.raises(NoDecision):
        call(session, application, THURSDAY)
    assert session.scalars(select(OutboxMail)).all() == []


def test_released_is_not_delivered(session: Session, application: Application) -> None:
    decided(session, application, DecisionKind.HIRE)
    with pytest.raises(TextMissing):
        release(session, application, " ")
    told = release(session, application)
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.kind, mail.fact, mail.receiver) == ("outcome", {"outcome": told.id}, application.candidate.email)
    assert "yes." in mail.message.decode()
    assert "hire" not in mail.subject.lower()
    assert promise(session) is DeadlineState.OPEN
    assert application.stage_kind is StageKind.OUTCOME
    assert outcomes.standing(session, application.id).delivery is Delivery.ON_ITS_WAY
    with pytest.raises(AlreadyTold):
        release(session, application)
    with pytest.raises(AlreadyTold):
        call(session, application, THURSDAY)


@pytest.mark.parametrize(("at", "kept"), [(THURSDAY + HOUR, DeadlineState.MET), (LATE, DeadlineState.MET_LATE)])
def test_a_delivered_hire_keeps_the_promise_and_goes_to_the_offer(
    session: Session, application: Application, at: datetime, kept: DeadlineState
) -> None:
    decided(session, application, DecisionKind.HIRE)
    told = release(session, application)
    outcome.delivered(session, told.id, now=at)
    assert told.delivered_at == at
    assert promise(session) is kept
    assert application.stage_kind is StageKind.OFFER
    outcome.delivered(session, told.id, now=at + HOUR)
    assert told.delivered_at == at


def test_a_delivered_no_hire_ends_as_rejected(session: Session, application: Application) -> None:
    decided(session, application, DecisionKind.NO_HIRE)
    outcome.delivered(session, release(session, application).id, now=THURSDAY + HOUR)
    assert (application.state, application.disposition) == (ApplicationState.REJECTED, Disposition.NO_HIRE)
    assert promise(session) is DeadlineState.MET


def test_without_an_offer_stage_a_delivered_hire_is_hired(session: Session, world: World, in_app: Flask) -> None:
    stages = ((StageKind.APPLICATION, "In"), (StageKind.OUTCOME, "Out"))
    requisition = world.requisition(plan=world.plan("Short", stages=stages))
    application = world.application(requisition, stage=StageKind.OUTCOME)
    decided(session, application, DecisionKind.HIRE)
    outcome.delivered(session, release(session, application).id, now=THURSDAY)
    assert application.state is ApplicationState.HIRED


def test_a_call_keeps_the_promise_by_the_moment_it_was_held(session: Session, application: Application) -> None:
    decided(session, application, DecisionKind.HIRE)
    for wrong in (THURSDAY - HOUR, LATE + HOUR):
        with pytest.raises(BadCallTime):
            call(session, application, wrong)
    told = call(session, application, THURSDAY + HOUR)
    assert (told.channel, told.delivered_at) == (OutcomeChannel.CALL, THURSDAY + HOUR)
    assert promise(session) is DeadlineState.MET
    assert application.stage_kind is StageKind.OFFER
    assert session.scalars(select(OutboxMail)).all() == []


@pytest.mark.parametrize("state", [MailState.DEAD, MailState.DROPPED])
def test_a_stuck_mail_is_sent_anew_to_the_present_address(
    session: Session, application: Application, state: MailState
) -> None:
    decided(session, application, DecisionKind.HIRE)
    told = release(session, application)
    mail = session.scalars(select(OutboxMail)).one()
    mail.state = state
    application.candidate.email = "cleo.new@candidates.example"
    assert outcomes.standing(session, application.id).delivery is Delivery.STUCK
    assert release(session, application, "again") is told
    first, second = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    assert first.state is MailState.DROPPED
    assert (second.state, second.receiver) == (MailState.WAITING, "cleo.new@candidates.example")


def test_a_call_may_follow_a_stuck_mail(session: Session, application: Application) -> None:
    decided(session, application, DecisionKind.NO_HIRE)
    release(session, application)
    session.scalars(select(OutboxMail)).one().state = MailState.DEAD
    assert call(session, application, THURSDAY + HOUR).channel is OutcomeChannel.CALL
    assert application.state is ApplicationState.REJECTED


def test_delivery_never_refuses_whatever_happened_meanwhile(session: Session, application: Application) -> None:
    decision = decided(session, application, DecisionKind.HIRE)
    told = release(session, application)
    decision.superseded_at = THURSDAY
    outcome.delivered(session, told.id, now=THURSDAY + HOUR)
    assert told.delivered_at == THURSDAY + HOUR
    assert application.stage_kind is StageKind.OUTCOME
    outcome.delivered(session, 999_999, now=THURSDAY)


def test_a_closed_application_is_told_nothing(session: Session, application: Application) -> None:
    decided(session, application, DecisionKind.HIRE)
    application.state = ApplicationState.WITHDRAWN
    session.flush()
    with pytest.raises(AlreadyTold, match="closed"):
        release(session, application)


def test_who_was_told_and_is_reopened_gets_another_promise(session: Session, application: Application) -> None:
    """It counts from the reopening; the one that was kept stays kept."""
    decided(session, application, DecisionKind.NO_HIRE)
    call(session, application, THURSDAY + HOUR)
    recruiter = application.requisition.recruiter
    moves.reopen(session, application, application.stage_id, by=recruiter, now=LATE, reason="We were wrong")
    kinds = (DeadlineKind.DECISION, DeadlineKind.PROMISE)
    rows = session.scalars(select(Deadline).where(Deadline.kind.in_(kinds)).order_by(Deadline.id)).all()
    found = {(row.kind, row.state, row.closed_at is None) for row in rows}
    kept, runs = DeadlineState.MET, DeadlineState.OPEN
    assert {(DeadlineKind.PROMISE, kept, False), *((kind, runs, True) for kind in kinds)} <= found
    new = next(row for row in rows if row.kind is DeadlineKind.PROMISE and row.state is runs)
    assert new.day0_at == LATE
    assert new.due_at.date() == (LATE + timedelta(days=7)).date(), "five business days from a Monday"
    again = decided(session, application, DecisionKind.HIRE)
    again.decided_at = LATE
    call(session, application, LATE + HOUR, now=LATE + HOUR)
    deadlines.rework(session, application, now=LATE + HOUR)
    session.expire_all()
    assert promise_states(session) == [kept, kept]


def promise_states(session: Session) -> list[DeadlineState]:
    """Of all promises, the first first."""
    rows = select(Deadline.state).where(Deadline.kind == DeadlineKind.PROMISE).order_by(Deadline.id)
    return list(session.scalars(rows))


def test_an_offer_rests_on_a_hire_that_was_delivered(session: Session, application: Application, world: World) -> None:
    recruiter = application.requisition.recruiter
    decided(session, application, DecisionKind.HIRE)
    call(session, application, THURSDAY)
    offer.decline(session, application, reason="too far away", by=recruiter, now=LATE)
    moves.reopen(session, application, application.stage_id, by=recruiter, now=LATE, reason="She moves after all")
    offer.accept(session, application, by=recruiter, now=LATE)
    assert application.state is ApplicationState.HIRED
    offered = world.application(application.requisition, stage=StageKind.OFFER)
    with pytest.raises(IllegalClose, match="has not been told a hire"):
        offer.accept(session, offered, by=recruiter, now=LATE)


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_an_offer_is_answered(session: Session, application: Application, answer: str) -> None:
    recruiter = application.requisition.recruiter
    with pytest.raises(NoOffer):
        offer.accept(session, application, by=recruiter, now=THURSDAY)
    decided(session, application, DecisionKind.HIRE)
    outcome.delivered(session, release(session, application).id, now=THURSDAY)
    if answer == "accept":
        offer.accept(session, application, by=recruiter, now=THURSDAY)
        assert (application.state, application.disposition) == (ApplicationState.HIRED, Disposition.ACCEPTED)
    else:
        offer.decline(session, application, reason="pay", by=recruiter, now=THURSDAY)
        assert (application.state, application.disposition) == (
            ApplicationState.WITHDRAWN,
            Disposition.OFFER_DECLINED,
        )
