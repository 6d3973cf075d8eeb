"""Declining: an interview beforehand, a scorecard afterwards; who is told, what ends, and what does not."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.deadline import Deadline
from tracker.models.debrief import Debrief
from tracker.models.interview import Assignment
from tracker.models.outbox import OutboxMail, Reminder
from tracker.models.record import RecordEntry
from tracker.models.scorecard import Scorecard
from tracker.pipeline import deadlines, declining, interviews, reminders, scorecards
from tracker.pipeline.declining import NothingToDecline
from tracker.queries import declined, loops
from tracker.queries import scorecards as blind
from tracker.queries.told import true_reminders
from tracker.queries.truth import holds
from tracker.queries.visibility import Right, may, viewer_of
from tracker.rules.coverage import ProblemCode
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.refused import ReasonMissing
from tracker.rules.scorecards import Recommendation, ScorecardContent, ScorecardState
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

AFTER = MONDAY + timedelta(days=2)
WHY = "quokka"


@pytest.fixture
def loop(session: Session, world: World, in_app: Flask) -> list[Assignment]:
    """A loop of two, tomorrow; its deadlines and reminders run."""
    made = world.loop(world.application(stage=StageKind.LOOP), (world.person("Anna A"), world.person("Ben B")))
    for each in made:
        scorecards.ensure(session, each)
        reminders.plan(session, each.interview, now=MONDAY)
    deadlines.rework(session, made[0].interview.application, now=MONDAY)
    return made


def say_no(session: Session, mine: Assignment) -> None:
    declining.decline(session, mine, reason=WHY, by=mine.person, now=MONDAY)


def running(session: Session, mine: Assignment) -> bool:
    of = (Deadline.kind == DeadlineKind.SCORECARD, Deadline.subject == mine.id)
    states = session.scalars(select(Deadline.state).where(*of)).all()
    return DeadlineState.OPEN in states


def mails(session: Session) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def waiting(session: Session, mine: Assignment) -> list[int]:
    of = select(Reminder.id).where(Reminder.person_id == mine.person_id)
    return true_reminders(session, list(session.scalars(of)))


def problems(session: Session, mine: Assignment) -> set[ProblemCode]:
    loop = loops.get_loop(session, mine.interview.application)
    coverage = loops.standing(session, loop, now=MONDAY, seats=loops.seats_at(loop, MONDAY)).coverage
    return {each.code for each in loops.no_longer_right(loop, coverage) if each.interview_id == mine.interview_id}


def test_declining_ends_the_chase_and_the_recruiter_is_told(session: Session, loop: list[Assignment]) -> None:
    mine, application = loop[0], loop[0].interview.application
    viewer = viewer_of(session, mine.person)
    assert waiting(session, mine)
    say_no(session, mine)
    assert not running(session, mine)
    assert running(session, loop[1])
    assert not waiting(session, mine)
    assert ProblemCode.DECLINED in problems(session, mine)
    assert not may(session, viewer, application.id, Right.READ_KIT), "the resume is not needed any more"
    assert blind.is_bound(session, viewer, application.id), "until somebody else has it"

    (mail,) = mails(session)
    assert (mail.kind, mail.person_id) == ("interview_declined", application.requisition.recruiter_id)
    assert WHY not in mail.message.decode()
    assert holds(session, mail.fact, now=MONDAY)
    assert not holds(session, mail.fact, now=AFTER)
    entry = session.scalars(select(RecordEntry).where(RecordEntry.verb == "interview.decline")).one()
    assert entry.text == f"Anna A declined loop 0: {WHY}"


def test_taking_it_back_makes_all_as_before(session: Session, loop: list[Assignment]) -> None:
    mine = loop[0]
    say_no(session, mine)
    with pytest.raises(NothingToDecline, match="already"):
        say_no(session, mine)
    declining.take_back(session, mine, by=mine.person, now=MONDAY)
    assert running(session, mine)
    assert waiting(session, mine)
    assert ProblemCode.DECLINED not in problems(session, mine)
    assert not holds(session, mails(session)[0].fact, now=MONDAY)
    with pytest.raises(NothingToDecline, match="it is yours"):
        declining.take_back(session, mine, by=mine.person, now=MONDAY)


def test_another_time_asks_anew_and_another_place_does_not(session: Session, loop: list[Assignment]) -> None:
    mine = loop[0]
    wanted = interviews.arrangement_of(mine.interview)
    say_no(session, mine)
    interviews.change(session, mine.interview, wanted, now=MONDAY)
    assert mine.declined_at is not None
    assert wanted.starts_at is not None
    later = interviews.Arrangement(mine.person_id, wanted.starts_at + timedelta(days=1), 60, "", wanted.competency_ids)
    interviews.change(session, mine.interview, later, now=MONDAY)
    assert mine.declined_at is None


def test_who_was_put_in_the_place_ends_it(session: Session, loop: list[Assignment], world: World) -> None:
    mine, other = loop[0], world.person("Carla C")
    say_no(session, mine)
    wanted = interviews.arrangement_of(mine.interview)
    given = interviews.Arrangement(other.id, wanted.starts_at, 60, "", wanted.competency_ids)
    interviews.change(session, mine.interview, given, now=MONDAY)
    deadlines.rework(session, mine.interview.application, now=MONDAY)
    lead = mine.interview.lead
    assert lead is not None
    assert running(session, lead)
    assert not holds(session, mails(session)[0].fact, now=MONDAY)
    assert ProblemCode.DECLINED not in problems(session, mine)
    assert declined.who_declined(session, mine.interview) == [mine.person_id]
    with pytest.raises(NothingToDecline, match="somebody else"):
        declining.take_back(session, mine, by=mine.person, now=MONDAY)


def test_a_declined_scorecard_is_waited_for_until_it_is_waived(session: Session, loop: list[Assignment]) -> None:
    """The process, section 6, rule 3: in, or waived with a reason."""
    mine, other = loop
    application = mine.interview.application
    content = ScorecardContent(Recommendation.HIRE, "x", {each.competency_id: 3 for each in other.competencies})
    scorecards.submit(session, other, content, by=other.person, now=AFTER)
    declining.decline_scorecard(session, mine, reason=WHY, by=mine.person, now=AFTER)
    card = session.scalars(select(Scorecard).where(Scorecard.assignment_id == mine.id)).one()
    assert card.state is ScorecardState.DRAFT
    assert not running(session, mine)
    assert session.scalar(select(Debrief)) is None
    mail = mails(session)[-1]
    assert (mail.kind, mail.person_id) == ("scorecard_declined", application.requisition.recruiter_id)
    assert WHY not in mail.message.decode()
    assert holds(session, mail.fact, now=AFTER)

    deadlines.rework(session, application, now=AFTER)
    assert not running(session, mine), "whatever else moves"
    with pytest.raises(NothingToDecline, match="already"):
        declining.decline_scorecard(session, mine, reason=WHY, by=mine.person, now=AFTER)
    recruiter = application.requisition.recruiter
    scorecards.waive(session, mine, reason="it was not held", by=recruiter, now=AFTER)
    assert session.scalar(select(Debrief)) is not None
    assert not holds(session, mail.fact, now=AFTER)
    assert blind.is_bound(session, viewer_of(session, mine.person), application.id)


def test_a_declined_scorecard_may_come_in_after_all(session: Session, loop: list[Assignment]) -> None:
    mine = loop[0]
    declining.decline_scorecard(session, mine, reason=WHY, by=mine.person, now=AFTER)
    content = ScorecardContent(Recommendation.HIRE, "x", {each.competency_id: 3 for each in mine.competencies})
    card = scorecards.submit(session, mine, content, by=mine.person, now=AFTER)
    assert (card.state, card.declined_at) == (ScorecardState.SUBMITTED, None)
    with pytest.raises(NothingToDecline, match="submitted"):
        declining.decline_scorecard(session, mine, reason=WHY, by=mine.person, now=AFTER)


def test_each_is_said_in_its_time_with_a_reason_and_by_oneself(session: Session, loop: list[Assignment]) -> None:
    mine, other = loop
    with pytest.raises(NothingToDecline, match="has begun"):
        declining.decline(session, mine, reason=WHY, by=mine.person, now=AFTER)
    with pytest.raises(NothingToDecline, match="not begun"):
        declining.decline_scorecard(session, mine, reason=WHY, by=mine.person, now=MONDAY)
    with pytest.raises(ReasonMissing):
        declining.decline(session, mine, reason=" ", by=mine.person, now=MONDAY)
    with pytest.raises(NothingToDecline, match="to lead"):
        declining.decline(session, mine, reason=WHY, by=other.person, now=MONDAY)
    interviews.call_off(session, mine.interview, now=MONDAY)
    with pytest.raises(NothingToDecline, match="cancelled"):
        declining.decline(session, mine, reason=WHY, by=mine.person, now=MONDAY)


def test_a_recruiter_who_interviews_has_the_hiring_manager_told(
    session: Session, world: World, loop: list[Assignment]
) -> None:
    mine, requisition = loop[0], loop[0].interview.application.requisition
    requisition.recruiter = mine.person
    say_no(session, mine)
    assert [each.person_id for each in mails(session)] == [requisition.hiring_manager_id]


def test_why_is_told_to_those_whom_the_blind_rule_does_not_bind(session: Session, loop: list[Assignment]) -> None:
    mine, other = loop
    application = mine.interview.application
    declining.decline_scorecard(session, mine, reason=WHY, by=mine.person, now=AFTER)
    said = {
        person.name: declined.of_application(session, viewer_of(session, person), application.id)[mine.interview_id]
        for person in (application.requisition.recruiter, other.person)
    }
    assert [each.reason for each in said.values()] == [WHY, None]
    assert {each.is_scorecard for each in said.values()} == {True}
