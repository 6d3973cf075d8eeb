"""A wall of refused loops: the README's second rule of what always holds, one breach after the other."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import START, planned, seat, sent, wish
from tracker.models.application import Application
from tracker.models.interview import InterviewState
from tracker.models.interview_plan import PlanInterview
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.pipeline import loop, loop_changes
from tracker.pipeline.loop_changes import NothingToOverride
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.queries import loops
from tracker.rules.coverage import ProblemCode
from tracker.rules.interviews import BadInterviewTime
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")


def codes(refusal: pytest.ExceptionInfo[LoopNotReady]) -> set[ProblemCode]:
    return {problem.code for problem in refusal.value.problems}


def test_refused_a_gap(session: Session, application: Application, people: list[Person], recruiter: Person) -> None:
    row = planned(session, application, people)
    seat(session, row, 0, recruiter, competency_ids=())
    with pytest.raises(LoopNotReady, match="Nobody in this loop evaluates") as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert codes(refusal) == {ProblemCode.GAP}


def test_refused_twice_needed_once_there(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    application.requisition.plan.competencies[0].loop_times = 2
    session.commit()
    with pytest.raises(LoopNotReady, match="the plan asks for 2") as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert codes(refusal) == {ProblemCode.GAP}


def test_refused_an_unqualified_interviewer(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    lead = loops.interviews_of(row)[1].lead
    assert lead is not None
    session.query(InterviewerQualification).filter_by(person_id=lead.person_id).delete()
    session.commit()
    with pytest.raises(LoopNotReady, match="is not qualified for") as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert codes(refusal) == {ProblemCode.UNQUALIFIED, ProblemCode.GAP}


def test_refused_somebody_qualified_for_phone_screens_only(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    other = world.qualify(world.person("Phone Only"), application.requisition.plan, InterviewKind.PHONE_SCREEN)
    seat(session, row, 1, recruiter, person_id=other.id)
    with pytest.raises(LoopNotReady) as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert ProblemCode.UNQUALIFIED in codes(refusal)


def test_refused_one_person_twice(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    first = loops.interviews_of(row)[0].lead
    assert first is not None
    seat(session, row, 1, recruiter, person_id=first.person_id)
    with pytest.raises(LoopNotReady, match="nobody interviews twice") as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert ProblemCode.REPEATED_INTERVIEWER in codes(refusal)


def test_refused_no_bar_raiser(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    people[0].is_bar_raiser = False
    session.commit()
    with pytest.raises(LoopNotReady) as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert codes(refusal) == {ProblemCode.NO_BAR_RAISER}


def test_refused_a_bar_raiser_of_the_hiring_team(session: Session, world: World) -> None:
    members = tuple(world.person(f"Team{n}", is_bar_raiser=True) for n in range(5))
    application = world.application(world.requisition(members=members), stage=StageKind.LOOP)
    for person in members:
        world.qualify(person, application.requisition.plan)
    row = planned(session, application, list(members))
    with pytest.raises(LoopNotReady) as refusal:
        loop.send(session, row, by=application.requisition.recruiter, now=MONDAY)
    assert codes(refusal) == {ProblemCode.NO_BAR_RAISER}


def test_refused_double_booked_elsewhere(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    lead = loops.interviews_of(row)[0].lead
    assert lead is not None
    other = world.application(application.requisition, stage=StageKind.PHONE_SCREEN)
    world.interview(other, lead.person, starts_at=START + timedelta(minutes=30))
    with pytest.raises(LoopNotReady, match="is busy during") as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert codes(refusal) == {ProblemCode.DOUBLE_BOOKED}
    assert "Candidate" not in str(refusal.value), "whom else somebody interviews is nobody's business"


def test_an_interview_that_touches_is_no_double_booking(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    lead = loops.interviews_of(row)[0].lead
    assert lead is not None
    other = world.application(application.requisition, stage=StageKind.PHONE_SCREEN)
    world.interview(other, lead.person, starts_at=START - timedelta(hours=1))
    loop.send(session, row, by=recruiter, now=MONDAY)


def test_refused_the_candidate_in_two_places(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    seat(session, row, 1, recruiter, starts_at=START)
    with pytest.raises(LoopNotReady, match="the candidate cannot be in both") as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert codes(refusal) == {ProblemCode.DOUBLE_BOOKED}


def test_refused_beyond_the_cap_until_somebody_takes_it_upon_himself(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    lead = loops.interviews_of(row)[4].lead
    assert lead is not None
    lead.person.daily_cap = 0
    session.commit()
    with pytest.raises(LoopNotReady, match="the cap is 0") as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert codes(refusal) == {ProblemCode.OVER_CAP}
    with pytest.raises(NothingToOverride):
        loop_changes.override_cap(session, row, lead.person_id, reason=" ", by=recruiter, now=MONDAY)
    with pytest.raises(NothingToOverride):
        loop_changes.override_cap(session, row, recruiter.id, reason="Why not", by=recruiter, now=MONDAY)
    loop_changes.override_cap(session, row, lead.person_id, reason="She offered", by=recruiter, now=MONDAY)
    loop.send(session, row, by=recruiter, now=MONDAY)
    assert [(each.reason, each.by_id) for each in row.overrides] == [("She offered", recruiter.id)]


def test_refused_the_candidate_as_interviewer(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    twin = world.person("Cleo Candidate", email=application.candidate.email)
    world.qualify(twin, application.requisition.plan)
    seat(session, row, 2, recruiter, person_id=twin.id)
    with pytest.raises(LoopNotReady) as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert codes(refusal) == {ProblemCode.CONFLICT}


def test_refused_somebody_who_left(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    lead = loops.interviews_of(row)[3].lead
    assert lead is not None
    lead.person.is_active = False
    session.commit()
    with pytest.raises(LoopNotReady, match="can no longer hold") as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert ProblemCode.NO_INTERVIEWER in codes(refusal)


def test_refused_too_few_interviews(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    last = loops.interviews_of(row)[4]
    loop_changes.cancel_interview(session, row, last, reason="One less", by=recruiter, now=MONDAY)
    with pytest.raises(LoopNotReady) as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert ProblemCode.TOO_FEW_INTERVIEWS in codes(refusal)


def test_refused_still_less_interviews_than_a_plan_that_has_grown(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    """That the loop is one short by now does not let it be cut down to one."""
    row, plan = sent(session, application, people), application.requisition.plan
    plan.interviews.append(PlanInterview(position=6, name="Interview 6", minutes=60))
    session.commit()
    third = loops.interviews_of(row)[2]
    with pytest.raises(LoopNotReady, match="has 4 interviews; the plan asks for 6") as refusal:
        loop_changes.cancel_interview(session, row, third, reason="One less", by=recruiter, now=MONDAY)
    assert ProblemCode.TOO_FEW_INTERVIEWS in codes(refusal)
    session.rollback()
    later = START + timedelta(days=1)
    loop_changes.edit(session, row, third, wish(third, starts_at=later), by=recruiter, now=MONDAY)
    assert third.starts_at == later, "what is no worse than before goes on"


def test_refused_a_time_in_the_past(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    with pytest.raises(LoopNotReady) as refusal:
        loop.send(session, row, by=recruiter, now=START + timedelta(hours=2))
    assert codes(refusal) == {ProblemCode.IN_THE_PAST}
    with pytest.raises(BadInterviewTime):
        loop_changes.set_times(session, row, MONDAY - timedelta(days=1), 30, by=recruiter, now=MONDAY)


def test_what_others_only_plan_is_said_but_does_not_stop_a_loop(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    lead = loops.interviews_of(row)[0].lead
    assert lead is not None
    other = world.application(application.requisition, stage=StageKind.PHONE_SCREEN)
    world.interview(other, lead.person, starts_at=START, state=InterviewState.PLANNED)
    standing = loops.standing(session, row, now=MONDAY)
    assert [problem.code for problem in standing.soft] == [ProblemCode.DOUBLE_BOOKED]
    assert lead.person_id not in {each.person_id for each in standing.suggestions(loops.interviews_of(row)[0].id)}
    loop.send(session, row, by=recruiter, now=MONDAY)
