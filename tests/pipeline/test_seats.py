"""Who may take a seat in a loop or hold a phone screen: nobody who may have read others, and never two at once."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import START, community, planned, sent, wish
from tracker.models.application import Application
from tracker.models.interview import Loop, LoopState
from tracker.models.person import InterviewKind, Person
from tracker.pipeline import loop, loop_changes, screens
from tracker.pipeline import scorecards as verbs
from tracker.pipeline.interviews import Arrangement
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.queries import debriefs, loops, scorecards
from tracker.queries.visibility import viewer_of
from tracker.rules.coverage import ProblemCode
from tracker.rules.interviews import BadInterviewTime
from tracker.rules.screen_seats import CannotHoldScreen
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

AFTER = START + timedelta(days=1)


def taken_by(session: Session, row: Loop, person: Person, n: int, by: Person) -> None:
    """Give the n-th interview to a person, while it is still to come."""
    interview = loops.interviews_of(row)[n]
    loop_changes.edit(session, row, interview, wish(interview, person_id=person.id), by=by, now=MONDAY)
    session.commit()


def test_who_hands_the_own_interview_over_to_read_does_not_come_back(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    world.qualify(recruiter, application.requisition.plan)
    row = sent(session, application, people)
    raised = [lead.person.is_bar_raiser for lead, _ in debriefs.leads(session, row)]
    n = raised.index(False)
    first = loops.interviews_of(row)[n].lead
    assert first is not None
    taken_by(session, row, recruiter, n, recruiter)
    for lead, _ in debriefs.leads(session, row):
        if lead.person_id != recruiter.id:
            world.scorecard(lead)
    viewer = viewer_of(session, recruiter)
    assert len(scorecards.submitted_of(session, viewer, application.id)) == 0, "blind while the own is missing"
    taken_by(session, row, first.person, n, recruiter)
    assert len(scorecards.submitted_of(session, viewer, application.id)) == 4
    with pytest.raises(LoopNotReady, match="cannot join this loop any more") as refusal:
        taken_by(session, row, recruiter, n, recruiter)
    assert {problem.code for problem in refusal.value.problems} == {ProblemCode.CONFLICT}


def test_a_recruiter_joins_while_nothing_was_written_and_keeps_the_seat(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    world.qualify(recruiter, application.requisition.plan)
    row = sent(session, application, people)
    leads = [lead for lead, _ in debriefs.leads(session, row)]
    n = next(n for n, lead in enumerate(leads) if not lead.person.is_bar_raiser)
    taken_by(session, row, recruiter, n, recruiter)
    world.scorecard(next(lead for lead, _ in debriefs.leads(session, row) if lead.person_id != recruiter.id))
    interview = loops.interviews_of(row)[n]
    loop_changes.edit(session, row, interview, wish(interview, place="Another room"), by=recruiter, now=AFTER)
    assert interview.place == "Another room"


def test_who_may_read_the_first_phone_screen_does_not_hold_the_second(
    session: Session, world: World, recruiter: Person
) -> None:
    screened = world.application(stage=StageKind.PHONE_SCREEN)
    first, second = world.person("Sina First"), world.person("Sven Second", is_senior_leader=True)
    manager = screened.requisition.hiring_manager
    manager.is_senior_leader = True
    for each in (second, manager):
        world.qualify(each, screened.requisition.plan, InterviewKind.PHONE_SCREEN)
    world.scorecard(world.interview(screened, first))
    by = screened.requisition.recruiter
    with pytest.raises(CannotHoldScreen, match="may have read"):
        screens.arrange(session, screened, Arrangement(manager.id, START), by=by, now=MONDAY)
    session.rollback()
    screens.arrange(session, screened, Arrangement(second.id, START), by=by, now=MONDAY)


def test_who_has_read_is_not_seated_whatever_he_or_she_may_read_by_now(
    session: Session, world: World, people: list[Person]
) -> None:
    manager, revoked, member, other = (world.person(name) for name in ("Hannah H", "Rosa R", "Milo M", "Otto O"))
    revoked.is_recruiter = member.is_recruiter = True
    requisition = world.requisition("Secret", is_confidential=True, hiring_manager=manager, members=(revoked, member))
    application = world.application(requisition, stage=StageKind.LOOP)
    row = sent(session, application, people)
    for each in (manager, revoked, member, other):
        world.qualify(each, requisition.plan)
    card = world.scorecard(debriefs.leads(session, row)[0][0])
    for each in (manager, revoked, member):
        verbs.note_reading(session, [card], by=each, now=AFTER)
    requisition.hiring_manager, revoked.is_recruiter = world.person("Nina New"), False
    requisition.members = [each for each in requisition.members if each.person is not member]
    session.commit()
    leads = [lead for lead, _ in debriefs.leads(session, row)]
    n = next(n for n, lead in enumerate(leads[1:], 1) if not lead.person.is_bar_raiser)
    for each in (manager, revoked, member):
        with pytest.raises(LoopNotReady, match=f"{each.name} may have read"):
            taken_by(session, row, each, n, requisition.recruiter)
        session.rollback()
    taken_by(session, row, other, n, requisition.recruiter)


def test_who_left_the_loop_to_see_what_a_phone_screen_recommends_does_not_come_back(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    screen = world.scorecard(world.interview(application, world.person("Sina Screener")))
    other = world.recruiter("Olga Other")
    row = sent(session, application, people)
    for each in (recruiter, other):
        world.qualify(each, application.requisition.plan)
    leads = [lead for lead, _ in debriefs.leads(session, row)]
    n = next(n for n, lead in enumerate(leads) if not lead.person.is_bar_raiser)
    substitute = leads[n].person
    taken_by(session, row, recruiter, n, recruiter)
    taken_by(session, row, substitute, n, recruiter)
    verbs.note_shown(session, [screen.id], recruiter, AFTER)
    session.commit()
    with pytest.raises(LoopNotReady, match="may have read"):
        taken_by(session, row, recruiter, n, recruiter)
    session.rollback()
    taken_by(session, row, other, n, recruiter)
    application.requisition.plan.screens_open = True
    taken_by(session, row, recruiter, n, recruiter)


def test_a_candidate_is_not_in_two_loops_at_the_same_hours(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    sent(session, application, people)
    elsewhere = world.requisition("Other")
    again = world.application(elsewhere, stage=StageKind.LOOP, candidate=application.candidate)
    row = planned(session, again, community(world, elsewhere.plan))
    with pytest.raises(LoopNotReady, match="candidate is not free") as refusal:
        loop.send(session, row, by=elsewhere.recruiter, now=MONDAY)
    assert {problem.code for problem in refusal.value.problems} == {ProblemCode.DOUBLE_BOOKED}
    loop_changes.set_times(session, row, AFTER, 30, by=elsewhere.recruiter, now=MONDAY)
    loop.send(session, row, by=elsewhere.recruiter, now=MONDAY)
    assert row.state is LoopState.SENT


def test_a_confidential_requisition_does_not_book_its_candidate_twice_either(
    session: Session, world: World, application: Application, people: list[Person]
) -> None:
    """It knows the candidate by a row of its own; what the other interview is about, nobody reads."""
    sent(session, application, people)
    secret = world.requisition("Secret", is_confidential=True)
    same = world.candidate("Dora Doubles", email=application.candidate.email, requisition_id=secret.id)
    hidden = world.application(secret, stage=StageKind.LOOP, candidate=same)
    row = planned(session, hidden, community(world, secret.plan))
    with pytest.raises(LoopNotReady, match="candidate is not free") as refusal:
        loop.send(session, row, by=secret.recruiter, now=MONDAY)
    assert application.requisition.title not in refusal.value.message
    loop_changes.set_times(session, row, AFTER, 30, by=secret.recruiter, now=MONDAY)
    loop.send(session, row, by=secret.recruiter, now=MONDAY)
    session.commit()
    open_loop = loops.get_loop(session, application)
    with pytest.raises(LoopNotReady, match="candidate is not free") as refusal:
        loop_changes.set_times(session, open_loop, AFTER, 30, by=application.requisition.recruiter, now=MONDAY)
    assert "Secret" not in refusal.value.message


def test_no_phone_screen_is_held_while_the_candidate_is_in_another_interview(
    session: Session, world: World, application: Application, people: list[Person]
) -> None:
    sent(session, application, people)
    elsewhere = world.requisition("Other")
    again = world.application(elsewhere, stage=StageKind.PHONE_SCREEN, candidate=application.candidate)
    leader = world.qualify(
        world.person("Sina Leader", is_senior_leader=True), elsewhere.plan, InterviewKind.PHONE_SCREEN
    )
    by = elsewhere.recruiter
    with pytest.raises(BadInterviewTime, match="not free") as refusal:
        screens.arrange(session, again, Arrangement(leader.id, START + timedelta(minutes=30)), by=by, now=MONDAY)
    assert refusal.value.field == "starts_at"
    session.rollback()
    screens.arrange(session, again, Arrangement(leader.id, AFTER), by=by, now=MONDAY)
