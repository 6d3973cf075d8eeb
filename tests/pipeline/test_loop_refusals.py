"""A wall of refused loops: the README's second rule of what always holds, one breach after the other."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import START, planned, seat, sent, wish
from tracker.models.application import Application
from tracker.models.interview import InterviewState, Loop
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


@pytest.fixture
def row(session: Session, application: Application, people: list[Person]) -> Loop:
    """A loop that could go out."""
    return planned(session, application, people)


def lead(row: Loop, n: int) -> Person:
    found = loops.interviews_of(row)[n].lead
    assert found is not None
    return found.person


def codes(refusal: pytest.ExceptionInfo[LoopNotReady]) -> set[ProblemCode]:
    return {problem.code for problem in refusal.value.problems}


def refused(session: Session, row: Loop, *, now: datetime = MONDAY, saying: str | None = None) -> set[ProblemCode]:
    """Let the recruiter send a loop; return why it is refused."""
    with pytest.raises(LoopNotReady, match=saying) as refusal:
        loop.send(session, row, by=row.application.requisition.recruiter, now=now)
    return codes(refusal)


def test_refused_a_gap(session: Session, row: Loop, recruiter: Person) -> None:
    seat(session, row, 0, recruiter, competency_ids=())
    assert refused(session, row, saying="Nobody in this loop evaluates") == {ProblemCode.GAP}


def test_refused_twice_needed_once_there(session: Session, row: Loop, application: Application) -> None:
    application.requisition.plan.competencies[0].loop_times = 2
    session.commit()
    assert refused(session, row, saying="the plan asks for 2") == {ProblemCode.GAP}


def test_refused_an_unqualified_interviewer(session: Session, row: Loop) -> None:
    person = lead(row, 1)
    session.query(InterviewerQualification).filter_by(person_id=person.id).delete()
    session.commit()
    assert refused(session, row, saying="is not qualified for") == {ProblemCode.UNQUALIFIED}


def test_refused_somebody_qualified_for_phone_screens_only(
    session: Session, world: World, row: Loop, application: Application, recruiter: Person
) -> None:
    other = world.qualify(world.person("Phone Only"), application.requisition.plan, InterviewKind.PHONE_SCREEN)
    seat(session, row, 1, recruiter, person_id=other.id)
    assert ProblemCode.UNQUALIFIED in refused(session, row)


def test_refused_one_person_twice(session: Session, row: Loop, recruiter: Person) -> None:
    first = lead(row, 0)
    seat(session, row, 1, recruiter, person_id=first.id)
    assert ProblemCode.REPEATED_INTERVIEWER in refused(session, row, saying="nobody interviews twice")


def test_refused_no_bar_raiser(session: Session, row: Loop, people: list[Person]) -> None:
    people[0].is_bar_raiser = False
    session.commit()
    assert refused(session, row) == {ProblemCode.NO_BAR_RAISER}


def test_refused_a_bar_raiser_of_the_hiring_team(session: Session, world: World) -> None:
    members = tuple(world.person(f"Team{n}", is_bar_raiser=True) for n in range(5))
    application = world.application(world.requisition(members=members), stage=StageKind.LOOP)
    for person in members:
        world.qualify(person, application.requisition.plan)
    row = planned(session, application, list(members))
    assert refused(session, row) == {ProblemCode.NO_BAR_RAISER}


def test_refused_double_booked_elsewhere(
    session: Session, world: World, row: Loop, application: Application, recruiter: Person
) -> None:
    person = lead(row, 0)
    other = world.application(application.requisition, stage=StageKind.PHONE_SCREEN)
    world.interview(other, person, starts_at=START + timedelta(minutes=30))
    with pytest.raises(LoopNotReady, match="is busy during") as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert codes(refusal) == {ProblemCode.DOUBLE_BOOKED}
    assert "Candidate" not in str(refusal.value), "whom else somebody interviews is nobody's business"


def test_an_interview_that_touches_is_no_double_booking(
    session: Session, world: World, row: Loop, application: Application, recruiter: Person
) -> None:
    person = lead(row, 0)
    other = world.application(application.requisition, stage=StageKind.PHONE_SCREEN)
    world.interview(other, person, starts_at=START - timedelta(hours=1))
    loop.send(session, row, by=recruiter, now=MONDAY)


def test_refused_the_candidate_in_two_places(session: Session, row: Loop, recruiter: Person) -> None:
    seat(session, row, 1, recruiter, starts_at=START)
    assert refused(session, row, saying="the candidate cannot be in both") == {ProblemCode.DOUBLE_BOOKED}


def test_refused_beyond_the_cap_until_somebody_takes_it_upon_himself(
    session: Session, row: Loop, recruiter: Person
) -> None:
    person = lead(row, 4)
    person.daily_cap = 0
    session.commit()
    assert refused(session, row, saying="the cap is 0") == {ProblemCode.OVER_CAP}
    with pytest.raises(NothingToOverride):
        loop_changes.override_cap(session, row, person.id, reason=" ", by=recruiter, now=MONDAY)
    with pytest.raises(NothingToOverride):
        loop_changes.override_cap(session, row, recruiter.id, reason="Why not", by=recruiter, now=MONDAY)
    loop_changes.override_cap(session, row, person.id, reason="She offered", by=recruiter, now=MONDAY)
    loop.send(session, row, by=recruiter, now=MONDAY)
    assert [(each.reason, each.by_id) for each in row.overrides] == [("She offered", recruiter.id)]


def test_refused_the_candidate_as_interviewer(
    session: Session, world: World, row: Loop, application: Application, recruiter: Person
) -> None:
    twin = world.person("Cleo Candidate", email=application.candidate.email)
    world.qualify(twin, application.requisition.plan)
    seat(session, row, 2, recruiter, person_id=twin.id)
    assert refused(session, row) == {ProblemCode.CONFLICT}


def test_refused_somebody_who_left(session: Session, row: Loop) -> None:
    person = lead(row, 3)
    person.is_active = False
    session.commit()
    assert ProblemCode.NO_INTERVIEWER in refused(session, row, saying="can no longer hold")


def test_refused_too_few_interviews(session: Session, row: Loop, recruiter: Person) -> None:
    last = loops.interviews_of(row)[4]
    loop_changes.cancel_interview(session, row, last, reason="One less", by=recruiter, now=MONDAY)
    assert ProblemCode.TOO_FEW_INTERVIEWS in refused(session, row)


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


def test_refused_a_time_in_the_past(session: Session, row: Loop, recruiter: Person) -> None:
    assert refused(session, row, now=START + timedelta(hours=2)) == {ProblemCode.IN_THE_PAST}
    with pytest.raises(BadInterviewTime):
        loop_changes.set_times(session, row, MONDAY - timedelta(days=1), 30, by=recruiter, now=MONDAY)


def test_what_others_only_plan_is_said_but_does_not_stop_a_loop(
    session: Session, world: World, row: Loop, application: Application, recruiter: Person
) -> None:
    person = lead(row, 0)
    other = world.application(application.requisition, stage=StageKind.PHONE_SCREEN)
    world.interview(other, person, starts_at=START, state=InterviewState.PLANNED)
    standing = loops.standing(session, row, now=MONDAY)
    assert [problem.code for problem in standing.soft] == [ProblemCode.DOUBLE_BOOKED]
    assert person.id not in {each.person_id for each in standing.suggestions(loops.interviews_of(row)[0].id)}
    loop.send(session, row, by=recruiter, now=MONDAY)
