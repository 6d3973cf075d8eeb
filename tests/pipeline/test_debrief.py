"""The debrief opens, is voted in, held and decided, in that order and no other."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.mails import of_kind, text_of
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.debrief import Debrief, Decision, Vote, VotePhase
from tracker.models.interview import Assignment
from tracker.models.interview_plan import PlanStage
from tracker.models.outbox import MailState, OutboxMail
from tracker.pipeline import candidates, deadlines, debrief, decision, moves, reopening
from tracker.pipeline.debrief import DebriefClosed, NotAVoter
from tracker.pipeline.decision import CannotDecide, DissentMissing, RationaleMissing
from tracker.queries.debrief_standing import take_part
from tracker.queries.debrief_votes import vote_lines
from tracker.queries.truth import holds
from tracker.queries.visibility import viewer_of
from tracker.rules.closing import IllegalUndo
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.decisions import Grounds
from tracker.rules.refused import Stale
from tracker.rules.scorecards import Recommendation, ScorecardState
from tracker.rules.stages import DecisionKind, IllegalMove, StageKind

AFTER = MONDAY + timedelta(days=2)


@pytest.fixture
def loop(session: Session, world: World, in_app: Flask) -> list[Assignment]:
    """A loop of two in the loop stage, held on Tuesday, all deadlines running."""
    application = world.application(stage=StageKind.LOOP)
    world.judge(application)
    made = world.loop(application, (world.person("Anna A"), world.person("Ben B")))
    deadlines.rework(session, application, now=MONDAY)
    return made


@pytest.fixture
def application(loop: list[Assignment]) -> Application:
    return loop[0].interview.application


@pytest.fixture
def opened(session: Session, world: World, loop: list[Assignment], application: Application) -> Debrief:
    """The debrief, open."""
    for each in loop:
        world.scorecard(each)
    made = debrief.open_if_ready(session, application, now=AFTER)
    assert made is not None
    return made


def state_of(session: Session, kind: DeadlineKind) -> DeadlineState:
    return session.scalars(select(Deadline.state).where(Deadline.kind == kind)).one()


def test_it_stays_closed_while_one_is_missing(
    session: Session, world: World, loop: list[Assignment], application: Application
) -> None:
    world.scorecard(loop[0])
    assert debrief.open_if_ready(session, application, now=AFTER) is None
    missing = take_part(session, viewer_of(session, application.requisition.recruiter), application.id).missing
    assert [each.assignment_id for each in missing] == [loop[1].id]


def test_without_a_loop_there_is_none(session: Session, world: World, in_app: Flask) -> None:
    assert debrief.open_if_ready(session, world.application(), now=AFTER) is None


def test_it_opens_once(session: Session, opened: Debrief, application: Application) -> None:
    assert debrief.open_if_ready(session, application, now=AFTER) is opened
    assert len(session.scalars(select(Vote)).all()) == 2
    assert len(of_kind(session, "debrief_ready")) == len(of_kind(session, "debrief_vote")) == 2
    assert len(session.scalars(select(OutboxMail)).all()) == 4


def test_each_is_told_what_is_theirs(session: Session, opened: Debrief, application: Application) -> None:
    manager, recruiter = application.requisition.hiring_manager, application.requisition.recruiter
    said = {mail.person_id: text_of(mail) for mail in of_kind(session, "debrief_ready")}
    assert said.keys() == {manager.id, recruiter.id}
    assert "it is yours to lead" in said[manager.id]
    assert "you are the hiring manager" in said[manager.id]
    assert "yours to lead" not in said[recruiter.id]
    assert f"it waits for {manager.name}, who leads it" in said[recruiter.id]
    assert "you are the recruiter" in said[recruiter.id]


def test_who_was_to_be_told_that_it_is_open_is_told_once_it_is_so_again(
    session: Session, world: World, opened: Debrief, application: Application
) -> None:
    """The e-mail was dropped unsent, because an interview had been added."""
    for mail in of_kind(session, "debrief_ready"):
        mail.state = MailState.DROPPED
    for _ in range(2):
        debrief.open_if_ready(session, application, now=AFTER)
    states = [mail.state for mail in of_kind(session, "debrief_ready")]
    assert states == [MailState.DROPPED] * 2 + [MailState.WAITING] * 2


def test_the_mails_go_only_while_true(session: Session, opened: Debrief, application: Application) -> None:
    ready = of_kind(session, "debrief_ready")
    assert all(holds(session, mail.fact) for mail in ready)
    manager = application.requisition.hiring_manager
    debrief.hold(session, application, opened, by=manager, now=AFTER)
    assert not any(holds(session, mail.fact) for mail in ready)
    made = decision.decide(session, application, DecisionKind.HIRE, Grounds("r"), by=manager, now=AFTER)
    (decided,) = of_kind(session, "decision_made")
    assert holds(session, decided.fact)
    made.superseded_at = AFTER
    assert not holds(session, decided.fact)


def test_both_votes_are_kept_and_the_second_may_change(
    session: Session, opened: Debrief, application: Application, loop: list[Assignment]
) -> None:
    anna = loop[0].person
    for chosen in (Recommendation.NO_HIRE, Recommendation.STRONG_HIRE):
        debrief.vote(session, application, opened, chosen, reason="r", by=anna, now=AFTER)
    votes = session.scalars(select(Vote).where(Vote.person_id == anna.id).order_by(Vote.phase)).all()
    assert [(vote.phase, vote.recommendation) for vote in votes] == [
        (VotePhase.FIRST, Recommendation.HIRE),
        (VotePhase.SECOND, Recommendation.STRONG_HIRE),
    ]


def test_second_votes_are_seen_together(
    session: Session, opened: Debrief, application: Application, loop: list[Assignment]
) -> None:
    anna, ben = (each.person for each in loop)
    debrief.vote(session, application, opened, Recommendation.NO_HIRE, reason="r", by=anna, now=AFTER)

    def seen(person_name: str) -> list[Recommendation | None]:
        person = {each.name: each for each in (anna, ben, application.requisition.recruiter)}[person_name]
        lines = vote_lines(session, viewer_of(session, person), opened)
        return [line.second for line in lines]

    recruiter = application.requisition.recruiter.name
    assert seen(anna.name) == [Recommendation.NO_HIRE, None]
    assert seen(ben.name) == seen(recruiter) == [None, None]
    debrief.vote(session, application, opened, Recommendation.HIRE, reason="", by=ben, now=AFTER)
    assert seen(recruiter) == [Recommendation.NO_HIRE, Recommendation.HIRE]


def test_only_the_loops_interviewers_vote(session: Session, opened: Debrief, application: Application) -> None:
    with pytest.raises(NotAVoter):
        debrief.vote(
            session,
            application,
            opened,
            Recommendation.HIRE,
            reason="",
            now=AFTER,
            by=application.requisition.recruiter,
        )


def test_notes_are_kept_and_not_overwritten(session: Session, opened: Debrief, application: Application) -> None:
    recruiter = application.requisition.recruiter
    debrief.write_notes(session, application, opened, "n", by=recruiter, now=AFTER, version=opened.version)
    with pytest.raises(Stale):
        debrief.write_notes(session, application, opened, "m", by=recruiter, now=AFTER, version=opened.version - 1)
    assert opened.notes == "n"


def test_holding_it_meets_the_deadline_and_ends_the_votes(
    session: Session, opened: Debrief, application: Application, loop: list[Assignment]
) -> None:
    manager = application.requisition.hiring_manager
    debrief.hold(session, application, opened, by=manager, now=AFTER)
    assert state_of(session, DeadlineKind.DEBRIEF) is DeadlineState.MET
    assert application.stage_kind is StageKind.OUTCOME
    with pytest.raises(DebriefClosed):
        debrief.vote(session, application, opened, Recommendation.HIRE, reason="", by=loop[0].person, now=AFTER)
    with pytest.raises(DebriefClosed):
        debrief.hold(session, application, opened, by=manager, now=AFTER)


def test_with_the_application_it_ends(
    session: Session, opened: Debrief, application: Application, loop: list[Assignment]
) -> None:
    candidates.withdraw(session, application, reason="", now=AFTER)
    manager, version = application.requisition.hiring_manager, opened.version
    with pytest.raises(DebriefClosed, match="closed"):
        debrief.vote(session, application, opened, Recommendation.HIRE, reason="", by=loop[0].person, now=AFTER)
    with pytest.raises(DebriefClosed, match="closed"):
        debrief.write_notes(session, application, opened, "n", by=manager, now=AFTER)
    with pytest.raises(DebriefClosed, match="closed"):
        debrief.hold(session, application, opened, by=manager, now=AFTER)
    assert (opened.version, opened.notes, opened.held_at) == (version, "", None)
    reopening.reopen(session, application, application.stage_id, by=manager, now=AFTER, reason="Came back")
    debrief.hold(session, application, opened, by=manager, now=AFTER)
    assert opened.held_at == AFTER


def test_once_held_no_other_is_asked_for_after_a_reopening(
    session: Session, opened: Debrief, application: Application
) -> None:
    manager = application.requisition.hiring_manager
    # Held while its deadline stood cancelled: nothing of it was met.
    deadlines.cancel(session, application, DeadlineKind.DEBRIEF, now=AFTER, reason="the loop was moved")
    debrief.hold(session, application, opened, by=manager, now=AFTER)
    candidates.withdraw(session, application, reason="", now=AFTER)
    reopening.reopen(session, application, application.stage_id, by=manager, now=AFTER, reason="Came back")
    running = select(Deadline.kind).where(Deadline.state == DeadlineState.OPEN)
    assert set(session.scalars(running)) & set(deadlines.AFTER_LOOP) == {DeadlineKind.DECISION, DeadlineKind.PROMISE}


def test_it_is_not_held_before_the_last_interview_is_over(
    session: Session, opened: Debrief, application: Application
) -> None:
    with pytest.raises(IllegalMove, match="not over"):
        debrief.hold(session, application, opened, by=application.requisition.recruiter, now=MONDAY)


def decide(session: Session, application: Application, rationale: str = "evidence") -> Decision:
    by = application.requisition.hiring_manager
    return decision.decide(session, application, DecisionKind.HIRE, Grounds(rationale, "Ben"), by=by, now=AFTER)


@pytest.mark.parametrize("decides", [False, True])
def test_the_move_that_a_debrief_or_a_decision_rests_on_is_not_undone(
    session: Session, opened: Debrief, application: Application, decides: bool
) -> None:
    """One person recruits and manages, so that nobody was told by e-mail."""
    manager = application.requisition.hiring_manager
    application.requisition.recruiter = manager
    later = AFTER + timedelta(minutes=1)
    debrief.hold(session, application, opened, by=manager, now=later)
    if decides:
        decision.decide(session, application, DecisionKind.HIRE, Grounds("r"), by=manager, now=later)
    with pytest.raises(IllegalUndo, match="decision was recorded" if decides else "debrief was held"):
        moves.undo(session, application, by=manager, now=later)
    assert application.stage_kind is StageKind.OUTCOME


def test_no_decision_before_the_debrief_was_held(session: Session, opened: Debrief, application: Application) -> None:
    with pytest.raises(CannotDecide, match="outcome stage"):
        decide(session, application)
    application.stage_id = next(s.id for s in application.requisition.plan.stages if s.kind is StageKind.OUTCOME)
    application.stage_kind = StageKind.OUTCOME
    with pytest.raises(CannotDecide, match="Close the debrief first"):
        decide(session, application)


def test_a_decision_names_owner_and_rationale_and_stands_once(
    session: Session, opened: Debrief, application: Application
) -> None:
    debrief.hold(session, application, opened, by=application.requisition.recruiter, now=AFTER)
    with pytest.raises(RationaleMissing):
        decide(session, application, rationale=" ")
    made = decide(session, application)
    assert made.owner_id == application.requisition.hiring_manager_id
    assert state_of(session, DeadlineKind.DECISION) is DeadlineState.MET
    told = session.scalars(select(OutboxMail).where(OutboxMail.kind == "decision_made")).one()
    assert told.receiver == application.requisition.recruiter.email
    assert b"evidence" not in told.message
    with pytest.raises(CannotDecide, match="stands"):
        decide(session, application)


def test_a_decision_against_votes_says_who_sees_it_differently(
    session: Session, opened: Debrief, application: Application, loop: list[Assignment]
) -> None:
    """The last word of each counts: Ben came round to no hire, Anna stays with hire."""
    ben, manager = loop[1].person, application.requisition.hiring_manager
    debrief.vote(session, application, opened, Recommendation.NO_HIRE, reason="", by=ben, now=AFTER)
    debrief.hold(session, application, opened, by=manager, now=AFTER)
    for kind, name in ((DecisionKind.HIRE, "Ben B"), (DecisionKind.NO_HIRE, "Anna A")):
        with pytest.raises(DissentMissing, match=f"{name} voted otherwise") as refusal:
            decision.decide(session, application, kind, Grounds("r", " "), by=manager, now=AFTER)
        assert refusal.value.field == "dissent"
    grounds = Grounds("r", "Ben doubts")
    made = decision.decide(session, application, DecisionKind.HIRE, grounds, by=manager, now=AFTER)
    assert made.dissent == "Ben doubts"


def test_nobody_decides_on_what_he_or_she_cannot_read(
    session: Session, world: World, opened: Debrief, application: Application
) -> None:
    """The hiring manager owes the scorecard of a phone screen, which was waived."""
    manager = application.requisition.hiring_manager
    world.scorecard(world.interview(application, manager), state=ScorecardState.DRAFT)
    debrief.hold(session, application, opened, by=manager, now=AFTER)
    with pytest.raises(CannotDecide, match="own scorecard comes first"):
        decision.decide(session, application, DecisionKind.HIRE, Grounds("r"), by=manager, now=AFTER)


def test_a_plan_without_a_loop_decides_without_a_debrief(session: Session, world: World, in_app: Flask) -> None:
    stages = ((StageKind.APPLICATION, "In"), (StageKind.OUTCOME, "Out"))
    requisition = world.requisition(plan=world.plan("Short", stages=stages))
    application = world.application(requisition, stage=StageKind.OUTCOME)
    assert session.scalar(select(PlanStage.id).where(PlanStage.kind == StageKind.LOOP)) is None
    assert decide(session, application).debrief_id is None
