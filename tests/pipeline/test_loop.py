"""The loop: planned, refused for every rule it breaks, sent, changed, called off and done."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import START, community, planned, seat, sent, wish
from tests.pipeline.mails import events_of, method_of, of_kind, text_of
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import InterviewState, LoopState
from tracker.models.interview_plan import PlanInterview
from tracker.models.outbox import OutboxMail, Reminder
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.models.scorecard import Scorecard
from tracker.pipeline import loop, loop_changes, moves
from tracker.pipeline.interviews import AlreadyEvaluated, WrongStage
from tracker.pipeline.loop import LoopThere, NotSent
from tracker.pipeline.loop_changes import NothingToOverride
from tracker.pipeline.loop_checks import LoopNotReady, NotADraft
from tracker.queries import loops, truth
from tracker.rules.coverage import ProblemCode
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.interviews import BadInterviewTime
from tracker.rules.refused import ReasonMissing, Stale
from tracker.rules.stages import ApplicationState, Disposition, IllegalMove, StageKind

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def application(world: World) -> Application:
    return world.application(stage=StageKind.LOOP, name="Cleo Candidate")


@pytest.fixture
def people(world: World, application: Application) -> list[Person]:
    return community(world, application.requisition.plan)


@pytest.fixture
def recruiter(application: Application) -> Person:
    return application.requisition.recruiter


def codes(refusal: pytest.ExceptionInfo[LoopNotReady]) -> set[ProblemCode]:
    return {problem.code for problem in refusal.value.problems}


def open_kinds(session: Session) -> set[DeadlineKind]:
    return set(session.scalars(select(Deadline.kind).where(Deadline.state == DeadlineState.OPEN)))


def test_a_plan_begins_with_the_plans_interviews(session: Session, application: Application, recruiter: Person) -> None:
    row = loop.plan(session, application, by=recruiter, now=MONDAY)
    assert [each.name for each in loops.interviews_of(row)] == [f"Interview {n}" for n in range(1, 6)]
    focus = [each.competency_ids for each in loops.standing(session, row, now=MONDAY).seats]
    assert sorted(sum(focus, ())) == sorted(each.competency_id for each in application.requisition.plan.competencies)
    with pytest.raises(LoopThere):
        loop.plan(session, application, by=recruiter, now=MONDAY)


def test_a_loop_is_planned_in_its_stage_alone(session: Session, world: World) -> None:
    early = world.application(stage=StageKind.PHONE_SCREEN)
    with pytest.raises(WrongStage):
        loop.plan(session, early, by=early.requisition.recruiter, now=MONDAY)


def test_an_empty_draft_does_not_go_out_and_says_all_that_is_missing(
    session: Session, application: Application, recruiter: Person
) -> None:
    row = loop.plan(session, application, by=recruiter, now=MONDAY)
    with pytest.raises(LoopNotReady) as refusal:
        loop.send(session, row, by=recruiter, now=MONDAY)
    assert {
        ProblemCode.NO_TIME,
        ProblemCode.NO_INTERVIEWER,
        ProblemCode.GAP,
        ProblemCode.NO_BAR_RAISER,
    } <= codes(refusal)
    assert of_kind(session, "interview_invitation") == []


def test_a_ready_loop_goes_out_with_everything_that_hangs_on_it(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    assert row.state is LoopState.SENT
    assert {each.state for each in loops.interviews_of(row)} == {InterviewState.SENT}
    assert session.query(Scorecard).count() == 5
    invitations = of_kind(session, "interview_invitation")
    assert len({mail.receiver for mail in invitations}) == 5
    assert {method_of(mail) for mail in invitations} == {"REQUEST"}
    [schedule] = of_kind(session, "loop_schedule")
    assert schedule.receiver == application.candidate.email
    assert (method_of(schedule), events_of(schedule)) == ("PUBLISH", [("CONFIRMED", 0)] * 5)
    # Tuesday + 5 business days, in the requisition's zone: what the deadline says, the candidate is told.
    assert "Tue 17 Nov 2026, 23:59 (Europe/Berlin)" in text_of(schedule)
    assert {DeadlineKind.SCORECARD, DeadlineKind.DEBRIEF, DeadlineKind.DECISION, DeadlineKind.PROMISE} == open_kinds(
        session
    )
    assert row.awaited_at == max(each.ends_at for each in loops.interviews_of(row) if each.ends_at)
    assert session.query(Reminder).count() > 0
    assert all(truth.holds(session, mail.fact) for mail in [*invitations, schedule])


def test_a_loop_goes_out_once(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    with pytest.raises(NotADraft):
        loop.send(session, row, by=recruiter, now=MONDAY)


def test_an_older_form_is_told(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = planned(session, application, people)
    seen = row.version
    seat(session, row, 0, recruiter, place="Room 7")
    session.commit()
    with pytest.raises(Stale):
        loop.send(session, row, by=recruiter, now=MONDAY, version=seen)


# A wall of refused loops: the README's second rule of what always holds, one breach after the other.


def test_refused_a_gap(session: Session, application: Application, people: list[Person], recruiter: Person) -> None:
    row = planned(session, application, people)
    seat(session, row, 0, recruiter, competency_ids=())
    with pytest.raises(LoopNotReady, match="nobody qualified") as refusal:
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


# After it went out.


def test_moving_an_interview_updates_its_people_and_works_the_deadlines_out_again(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    first_schedule = of_kind(session, "loop_schedule")[0]
    seat(session, row, 4, recruiter, starts_at=START + timedelta(days=1))
    session.commit()
    moved = loops.interviews_of(row)[4]
    assert moved.sequence == 1
    update = of_kind(session, "interview_changed")[-1]
    assert update.subject.startswith("Changed:")
    assert events_of(update) == [("CONFIRMED", 1)]
    promise = session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.PROMISE)).one()
    assert promise.due_at.date().isoformat() == "2026-11-18"
    assert row.awaited_at == moved.ends_at
    assert not truth.holds(session, first_schedule.fact), "the schedule that still waits is void"
    again = of_kind(session, "loop_changed")[-1]
    assert "Wed 18 Nov 2026" in text_of(again)
    assert truth.holds(session, again.fact)
    assert all(truth.holds(session, mail.fact) for mail in of_kind(session, "interview_invitation")[:4])


def test_replacing_an_interviewer_cancels_with_the_old_and_invites_the_new(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    interview = loops.interviews_of(row)[2]
    old = interview.lead
    assert old is not None
    seated = {each.lead.person_id for each in loops.interviews_of(row)}  # type: ignore[union-attr]
    [spare] = [person for person in people if person.id not in seated]
    seat(session, row, 2, recruiter, person_id=spare.id)
    session.commit()
    new = interview.lead
    assert new is not None
    assert (new.person_id, old.ended_at) == (spare.id, MONDAY)
    [withdrawn] = of_kind(session, "interview_withdrawn")
    assert withdrawn.receiver == old.person.email
    assert (method_of(withdrawn), events_of(withdrawn)) == ("CANCEL", [("CANCELLED", 1)])
    assert of_kind(session, "interview_changed")[-1].receiver == spare.email
    owners = set(
        session.scalars(
            select(Deadline.owner_id).where(
                Deadline.kind == DeadlineKind.SCORECARD, Deadline.state == DeadlineState.OPEN
            )
        )
    )
    assert spare.id in owners
    assert old.person_id not in owners


def test_a_change_that_breaks_the_coverage_is_refused_and_nothing_is_mailed(
    session: Session, application: Application, people: list[Person], recruiter: Person, world: World
) -> None:
    row = sent(session, application, people)
    before = session.query(OutboxMail).count()
    stranger = world.person("Unqualified Una")
    with pytest.raises(LoopNotReady):
        seat(session, row, 0, recruiter, person_id=stranger.id)
    session.rollback()
    with pytest.raises(LoopNotReady):
        seat(session, row, 0, recruiter, competency_ids=())
    session.rollback()
    interview = loops.interviews_of(row)[0]
    with pytest.raises(LoopNotReady):
        loop_changes.cancel_interview(session, row, interview, reason="Ill", by=recruiter, now=MONDAY)
    session.rollback()
    assert session.query(OutboxMail).count() == before


def test_what_was_evaluated_stays_as_it_is(
    session: Session, world: World, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    lead = loops.interviews_of(row)[0].lead
    assert lead is not None
    world.scorecard(lead)
    with pytest.raises(AlreadyEvaluated):
        seat(session, row, 0, recruiter, starts_at=START + timedelta(days=2))
    session.rollback()
    with pytest.raises(AlreadyEvaluated):
        loop.cancel(session, row, reason="Ill", by=recruiter, now=MONDAY)


def test_calling_the_loop_off_tells_everybody_and_asks_for_a_new_one(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    with pytest.raises(ReasonMissing):
        loop.cancel(session, row, reason=" ", by=recruiter, now=MONDAY)
    loop.cancel(session, row, reason="The candidate is ill", by=recruiter, now=MONDAY)
    session.commit()
    assert row.state is LoopState.CANCELLED
    assert len(of_kind(session, "interview_withdrawn")) == 5
    [told] = of_kind(session, "interviews_cancelled")
    assert told.receiver == application.candidate.email
    assert events_of(told) == [("CANCELLED", 1)] * 5
    assert open_kinds(session) == {DeadlineKind.LOOP_INVITED}
    assert not any(truth.holds(session, mail.fact) for mail in of_kind(session, "interview_invitation"))
    assert loop.plan(session, application, by=recruiter, now=MONDAY).state is LoopState.DRAFT


def test_the_whole_day_can_be_moved_at_once(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    loop_changes.set_times(session, row, START + timedelta(days=7), 15, by=recruiter, now=MONDAY)
    session.commit()
    starts = [each.starts_at for each in loops.interviews_of(row)]
    assert starts == [START + timedelta(days=7, minutes=75 * n) for n in range(5)]
    assert len(of_kind(session, "loop_changed")) == 1, "one mail for the whole day, not five"


def test_closing_the_application_calls_off_what_is_to_come(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    moves.close(session, application, ApplicationState.WITHDRAWN, Disposition.CANDIDATE_WITHDREW, by=None, now=MONDAY)
    session.commit()
    assert row.state is LoopState.CANCELLED
    assert row.awaited_at is None
    assert len(of_kind(session, "interview_withdrawn")) == 5
    assert len(of_kind(session, "interviews_cancelled")) == 1
    assert open_kinds(session) == set()


def test_closing_in_the_middle_keeps_what_was_held(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    noon = START + timedelta(hours=3)
    moves.close(session, application, ApplicationState.WITHDRAWN, Disposition.CANDIDATE_WITHDREW, by=None, now=noon)
    session.commit()
    states = [each.state for each in sorted(row.interviews, key=lambda each: each.position)]
    assert states == [InterviewState.SENT] * 2 + [InterviewState.CANCELLED] * 3
    assert row.state is LoopState.DRAFT, "what is left covers less than what went out"


def test_the_loop_is_done_when_its_last_interview_is_over(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    with pytest.raises(NotSent):
        loop.done(session, application, by=recruiter, now=MONDAY)
    row = sent(session, application, people)
    assert row.awaited_at is not None
    with pytest.raises(IllegalMove):
        loop.done(session, application, by=recruiter, now=row.awaited_at - timedelta(minutes=1))
    session.rollback()
    loop.done(session, application, by=recruiter, now=row.awaited_at)
    assert application.stage_kind is StageKind.OUTCOME


def test_the_tick_finishes_what_is_over_once(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    over = row.awaited_at
    assert over is not None
    assert loop.finish_due(session, over - timedelta(seconds=1)) is False
    assert loop.finish_due(session, over) is True
    session.commit()
    assert application.stage_kind is StageKind.OUTCOME
    assert loop.finish_due(session, over) is False


def test_an_interview_of_a_finished_loop_can_still_be_held_later(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    over = row.awaited_at
    assert over is not None
    loop.finish_due(session, over)
    interview = loops.interviews_of(row)[4]
    later = wish(interview, starts_at=START + timedelta(days=2))
    loop_changes.edit(session, row, interview, later, by=recruiter, now=over)
    session.commit()
    promise = session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.PROMISE)).one()
    assert promise.due_at.date().isoformat() == "2026-11-19"
    assert row.awaited_at is None


def test_throwing_a_draft_away_tells_nobody(
    session: Session, application: Application, people: list[Person], recruiter: Person, app: Flask
) -> None:
    row = planned(session, application, people)
    before = session.query(OutboxMail).count()
    loop.cancel(session, row, reason="", by=recruiter, now=MONDAY)
    assert row.state is LoopState.CANCELLED
    assert session.query(OutboxMail).count() == before
