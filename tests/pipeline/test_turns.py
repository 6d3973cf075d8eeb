"""What somebody read before his or her turn came does not count, where others wrote meanwhile."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import START, community, planned, sent, wish
from tracker.models.application import Application
from tracker.models.debrief import Debrief
from tracker.models.interview import Assignment, Loop, LoopState
from tracker.models.person import InterviewKind, Person
from tracker.pipeline import candidates, debrief, loop, loop_changes, moves, people, qualifications, scorecards, screens
from tracker.pipeline.debrief import DebriefClosed
from tracker.pipeline.interviews import Arrangement, WrongStage
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.pipeline.people import PersonFacts
from tracker.pipeline.qualifications import Judgement, NotToBeJudged
from tracker.pipeline.scorecards import NotWritable
from tracker.pipeline.staffing import LastAdmin
from tracker.queries import debriefs, loops
from tracker.rules.coverage import ProblemCode
from tracker.rules.qualifications import Verdict
from tracker.rules.refused import Refused
from tracker.rules.scorecards import Recommendation, ScorecardContent
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.postgresql

AFTER = START + timedelta(days=1)


@pytest.fixture
def other(in_app: Flask, session: Session) -> Iterator[Session]:
    """Somebody else's session, which read all that a test names before the first one commits."""
    with Session(session.get_bind()) as found:
        yield found


@pytest.fixture
def looped(session: Session, world: World, other: Session) -> Loop:
    application = world.application(stage=StageKind.LOOP)
    return sent(session, application, community(world, application.requisition.plan))


def test_no_screen_is_arranged_for_somebody_who_withdrew(session: Session, world: World, other: Session) -> None:
    application = world.application(stage=StageKind.PHONE_SCREEN)
    leader = world.person("Sina Leader", is_senior_leader=True)
    world.qualify(leader, application.requisition.plan, InterviewKind.PHONE_SCREEN)
    theirs = other.get_one(Application, application.id)
    by = other.get_one(Person, application.requisition.recruiter_id)
    assert theirs.stage.name
    candidates.withdraw(session, application, reason="", now=MONDAY)
    session.commit()
    with pytest.raises(WrongStage, match="closed"):
        screens.arrange(other, theirs, Arrangement(leader.id, START), by=by, now=MONDAY)


def test_no_loop_is_changed_for_somebody_who_withdrew(session: Session, looped: Loop, other: Session) -> None:
    theirs = loops.get_loop(other, other.get_one(Application, looped.application_id))
    interview, by = loops.interviews_of(theirs)[0], theirs.application.requisition.recruiter
    candidates.withdraw(session, looped.application, reason="", now=MONDAY)
    session.commit()
    with pytest.raises(WrongStage, match="closed"):
        loop_changes.edit(other, theirs, interview, wish(interview, place="x"), by=by, now=MONDAY)


def test_a_loop_does_not_go_out_with_a_bar_raiser_who_stops_being_one(
    in_app: Flask, session: Session, world: World, other: Session
) -> None:
    """The loop waits for the interviewers' rows, and reads them again when it has them."""
    application = world.application(stage=StageKind.LOOP)
    people = community(world, application.requisition.plan)
    row = planned(session, application, people)
    loop_id, by, answers = row.id, application.requisition.recruiter_id, list[object]()
    people[0].is_bar_raiser = False
    session.flush()

    def send() -> None:
        with in_app.app_context(), Session(other.get_bind()) as own:
            try:
                loop.send(own, own.get_one(Loop, loop_id), by=own.get_one(Person, by), now=MONDAY)
                own.commit()
            except LoopNotReady as refusal:
                answers.extend(problem.code for problem in refusal.problems)

    _while_waiting(other, send, session.commit)
    assert answers == [ProblemCode.NO_BAR_RAISER]
    session.expire_all()
    assert session.get_one(Loop, loop_id).state is LoopState.DRAFT


@pytest.mark.parametrize("verb", [scorecards.submit, scorecards.save_draft])
def test_no_scorecard_is_written_for_an_interview_that_was_handed_over(
    session: Session, looped: Loop, other: Session, verb: Callable[..., object]
) -> None:
    lead, _ = debriefs.leads(session, looped)[-1]
    theirs = other.get_one(Assignment, lead.id)
    by = other.get_one(Person, lead.person_id)
    assert theirs.interview.starts_at
    recruiter = looped.application.requisition.recruiter
    seated = {each.person_id for each, _ in debriefs.leads(session, looped)}
    spare = next(each for each in loops.standing(session, looped, now=MONDAY).people.sent if each not in seated)
    interview = loops.get_interview(looped, lead.interview_id)
    loop_changes.edit(session, looped, interview, wish(interview, person_id=spare), by=recruiter, now=MONDAY)
    session.commit()
    with pytest.raises(NotWritable, match="Somebody else holds"):
        verb(other, theirs, ScorecardContent(recommendation=Recommendation.HIRE), by=by, now=AFTER)


def test_nobody_votes_or_writes_after_the_debrief_was_held(
    session: Session, world: World, looped: Loop, other: Session
) -> None:
    for each, _ in debriefs.leads(session, looped):
        world.scorecard(each)
    opened = debrief.open_if_ready(session, looped.application, now=AFTER)
    assert opened is not None
    session.commit()
    application = other.get_one(Application, looped.application_id)
    theirs = other.get_one(Debrief, opened.id)
    voter = other.get_one(Person, debriefs.leads(session, looped)[0][0].person_id)
    debrief.hold(session, looped.application, opened, by=looped.application.requisition.recruiter, now=AFTER)
    session.commit()
    with pytest.raises(DebriefClosed):
        debrief.vote(other, application, theirs, Recommendation.HIRE, reason="", by=voter, now=AFTER)
    with pytest.raises(DebriefClosed):
        debrief.write_notes(other, application, theirs, "late", by=voter, now=AFTER)
    with pytest.raises(Refused):
        debrief.hold(other, application, theirs, by=voter, now=AFTER)


def test_nobody_goes_on_whose_basic_qualification_is_not_met(session: Session, world: World, other: Session) -> None:
    requisition = world.requisition(basics=("Five years",))
    application = world.application(requisition)
    judgement = Judgement(requisition.qualifications[0].id, Verdict.MET, "Seven years")
    by = requisition.recruiter
    qualifications.judge(session, application, [judgement], by=by, now=MONDAY)
    session.commit()
    theirs, their_by = other.get_one(Application, application.id), other.get_one(Person, by.id)
    assert theirs.requisition.qualifications
    moves.advance(session, application, by=by, now=MONDAY)
    refusals = list[NotToBeJudged]()

    def judge() -> None:
        change = Judgement(judgement.qualification_id, Verdict.NOT_MET, "Seven months")
        try:
            qualifications.judge(other, theirs, [change], by=their_by, now=MONDAY)
        except NotToBeJudged as refusal:
            refusals.append(refusal)

    with Session(session.get_bind()) as looking:
        _while_waiting(looking, judge, session.commit)
    assert len(refusals) == 1, "it waited, and knows where the application is by now"


def test_the_last_two_admins_cannot_take_it_from_each_other(session: Session, world: World, other: Session) -> None:
    anna, ada = world.admin("Anna Admin"), world.admin("Ada Admin")
    session.commit()
    facts = [PersonFacts(each.name, each.email, each.zone, "", frozenset(), 2, 5) for each in (anna, ada)]
    theirs, by = other.get_one(Person, anna.id), other.get_one(Person, ada.id)
    assert theirs.is_admin
    people.edit(session, ada, facts[1], by=anna, now=MONDAY)
    refusals = list[LastAdmin]()

    def edit() -> None:
        try:
            people.edit(other, theirs, facts[0], by=by, now=MONDAY)
        except LastAdmin as refusal:
            refusals.append(refusal)

    with Session(session.get_bind()) as looking:
        _while_waiting(looking, edit, session.commit)
    assert len(refusals) == 1


def _while_waiting(session: Session, work: Callable[[], None], then: Callable[[], None]) -> None:
    """Do something as soon as the work, in a thread of its own, waits for a lock that this thread holds."""
    thread = threading.Thread(target=work)
    thread.start()
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while thread.is_alive() and not session.scalar(waiting):
        session.rollback()
    then()
    thread.join(timeout=60)
    assert not thread.is_alive()
