"""Seats beside the interviewers: a plan brings them, hands put them in and out, and coverage never hangs on them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.learners import gone, in_training
from tests.pipeline import loops as making
from tests.pipeline.mails import delivered, of_kind, text_of
from tests.pipeline.newcomers import fill, put_in, sitting, where
from tracker.mail.links import read_link
from tracker.models.application import Application
from tracker.models.interview import Assignment, AssignmentRole, Loop
from tracker.models.person import InterviewKind, Person
from tracker.models.requisition import RequisitionMember
from tracker.pipeline import loop as verbs
from tracker.pipeline import loop_plans, reminders, screens, trainee_seats
from tracker.pipeline.interviews import Arrangement
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.pipeline.trainee_seats import SeatRefused
from tracker.queries import loops
from tracker.queries import scorecards as blind
from tracker.queries.visibility import viewer_of
from tracker.rules.coverage import ProblemCode
from tracker.rules.refused import Stale
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

DAY = timedelta(days=1)


def shape(loop: Loop) -> list[tuple[object, ...]]:
    return [(seat.interview_id, seat.starts_at, seat.person_id, seat.competency_ids) for seat in loops.seats_of(loop)]


def test_a_plan_brings_one_newcomer_and_its_leads_stay_what_they_were(
    session: Session, world: World, loop: Loop, application: Application, nora: Person
) -> None:
    fill(session, loop)
    ((name, role),) = sitting(loop).values()
    assert (name, role) == ("Nora Newcomer", AssignmentRole.SHADOW)
    with_her = shape(loop)
    assert loops.standing(session, loop, now=MONDAY).coverage.ready
    plans = loop_plans.propose(loop_plans.question_of(session, loop, now=MONDAY)).plans
    assert [pick.learner for pick in plans[0].picks if pick.learner] == ["Nora Newcomer"]
    cost = plans[0].cost
    application.requisition.plan.most_trainees = 0
    fill(session, loop)
    assert sitting(loop) == {}
    assert shape(loop) == with_her
    assert loop_plans.propose(loop_plans.question_of(session, loop, now=MONDAY)).plans[0].cost == cost


def test_first_one_shadows_then_one_asks_and_two_at_most_sit_in_a_loop(
    session: Session, world: World, loop: Loop, application: Application, people: list[Person], nora: Person
) -> None:
    gone(world, nora, people[5], 2, 0)
    late = world.person("Lars Late")
    in_training(world, late, application.requisition.plan, begun_at=MONDAY - DAY)
    third = world.person("Thea Third")
    in_training(world, third, application.requisition.plan, begun_at=MONDAY - DAY / 2)
    application.requisition.plan.most_trainees = 2
    fill(session, loop)
    assert sorted(sitting(loop).values()) == [
        ("Lars Late", AssignmentRole.SHADOW), ("Nora Newcomer", AssignmentRole.REVERSE_SHADOW),
    ]  # fmt: skip


def test_who_has_all_seats_of_the_way_gets_none_and_a_second_plan_does_not_double_them(
    session: Session, world: World, loop: Loop, people: list[Person], nora: Person
) -> None:
    for _ in range(2):
        fill(session, loop)
        assert len(sitting(loop)) == 1
    gone(world, nora, people[5])
    fill(session, loop)
    assert sitting(loop) == {}


def test_busy_capped_or_answering_people_get_no_seat(
    session: Session, world: World, loop: Loop, application: Application, nora: Person
) -> None:
    nora.daily_cap = 0
    fill(session, loop)
    assert sitting(loop) == {}
    nora.daily_cap = 2
    application.requisition.hiring_manager = nora
    fill(session, loop)
    assert sitting(loop) == {}


def test_a_confidential_requisition_seats_nobody_by_itself_and_by_hand_only_its_own_people(
    session: Session, world: World, loop: Loop, application: Application, nora: Person
) -> None:
    application.requisition.is_confidential = True
    mila = world.person("Mila Member")
    in_training(world, mila, application.requisition.plan)
    application.requisition.members.append(RequisitionMember(person=mila))
    session.flush()
    plans = loop_plans.propose(loop_plans.question_of(session, loop, now=MONDAY)).plans
    assert not any(pick.learner for plan in plans for pick in plan.picks)
    fill(session, loop)
    assert sitting(loop) == {}
    interview = loops.interviews_of(loop)[0]
    with pytest.raises(SeatRefused, match="confidential, and Nora Newcomer is not on its hiring team"):
        put_in(session, interview, nora)
    put_in(session, interview, mila)
    assert [name for name, _role in sitting(loop).values()] == ["Mila Member"]


def test_a_person_in_training_for_one_thing_leads_for_another(
    session: Session, world: World, loop: Loop, application: Application, people: list[Person]
) -> None:
    for person in people:
        in_training(world, person, application.requisition.plan)
    fill(session, loop)
    leads = {seat.person_id for seat in loops.seats_of(loop)}
    (name, _role) = next(iter(sitting(loop).values()))
    assert name not in {person.name for person in people if person.id in leads}


def test_the_loop_goes_out_with_the_right_words_for_each(
    session: Session, loop: Loop, application: Application, nora: Person
) -> None:
    fill(session, loop)
    interview = where(loop, nora)
    lead = interview.lead
    assert lead is not None
    verbs.send(session, loop, by=application.requisition.recruiter, now=MONDAY)
    (mail,) = of_kind(session, "trainee_invitation")
    assert mail.receiver == nora.email
    assert f"You shadow {lead.person.name}" in text_of(mail)
    found = re.search(r"there too: \S+/go/(\S+)", " ".join(text_of(mail).split()))
    link = read_link(found[1]) if found else None
    assert link is not None
    assert (link.person_id, link.path) == (nora.id, f"/interviews/{interview.trainees[0].id}#when")
    theirs = {each.receiver: text_of(each) for each in of_kind(session, "interview_invitation")}
    assert [who for who, text in theirs.items() if "Nora Newcomer shadows you" in text] == [lead.person.email]
    assert f"With {lead.person.name}, and Nora Newcomer, who is in training" in text_of(
        of_kind(session, "loop_schedule")[0]
    )


def test_reminders_say_what_one_does(session: Session, loop: Loop, application: Application, nora: Person) -> None:
    fill(session, loop)
    interview = where(loop, nora)
    verbs.send(session, loop, by=application.requisition.recruiter, now=MONDAY)
    assert interview.starts_at is not None
    soon = interview.starts_at - timedelta(minutes=59)
    passed: set[int] = set()
    while (number := reminders.next_reminder(session, soon, passed)) is not None:
        passed.add(number)
        reminders.raise_one(session, number, now=soon)
    assert "You shadow" in text_of(of_kind(session, "reminder_trainee")[0])
    assert [mail for mail in of_kind(session, "reminder_interviewer") if "Nora Newcomer shadows" in text_of(mail)]


def test_a_draft_in_which_a_newcomer_does_not_fit_does_not_go_out(
    session: Session, loop: Loop, application: Application, nora: Person
) -> None:
    fill(session, loop)
    interview = where(loop, nora)
    nora.daily_cap = 0
    session.flush()
    with pytest.raises(LoopNotReady) as refusal:
        verbs.send(session, loop, by=application.requisition.recruiter, now=MONDAY)
    assert [(each.code, each.interview_id) for each in refusal.value.problems] == [(ProblemCode.TRAINEE, interview.id)]
    trainee_seats.take_out(session, interview, by=application.requisition.recruiter, now=MONDAY)
    verbs.send(session, loop, by=application.requisition.recruiter, now=MONDAY)
    assert of_kind(session, "trainee_invitation") == []


def test_by_hand_every_rule_is_checked_at_once(
    session: Session, world: World, loop: Loop, application: Application, nora: Person, people: list[Person]
) -> None:
    fill(session, loop)
    first, second, *_ = sorted(loops.interviews_of(loop), key=lambda each: each.starts_at or MONDAY)
    trainee_seats.take_out(session, where(loop, nora), by=people[0], now=MONDAY)
    with pytest.raises(SeatRefused, match="not in training"):
        put_in(session, first, people[5])
    put_in(session, second, nora, version=second.version)
    with pytest.raises(SeatRefused, match="Somebody sits in"):
        put_in(session, second, nora)
    with pytest.raises(SeatRefused, match="at most one person in training.*sits in another interview"):
        put_in(session, first, nora)
    with pytest.raises(Stale):
        put_in(session, first, nora, version=first.version + 1)
    trainee_seats.take_out(session, second, by=people[0], now=MONDAY)
    with pytest.raises(SeatRefused, match="Nobody in training sits"):
        trainee_seats.take_out(session, second, by=people[0], now=MONDAY)


def test_put_in_and_taken_out_of_a_loop_that_went_out_everybody_is_told(
    session: Session, world: World, application: Application, people: list[Person], nora: Person
) -> None:
    loop = making.sent(session, application, people)
    interview = loops.interviews_of(loop)[0]
    delivered(session)
    put_in(session, interview, nora)
    assert interview.sequence == 1
    assert len(of_kind(session, "trainee_invitation")) == 1
    assert "Nora Newcomer shadows you" in text_of(of_kind(session, "interview_changed")[0])
    assert "Nora Newcomer, who is in training" in text_of(of_kind(session, "loop_changed")[0])
    trainee_seats.take_out(session, interview, by=people[0], now=MONDAY)
    assert [mail.receiver for mail in of_kind(session, "trainee_withdrawn")] == [nora.email]
    assert "Nora" not in text_of(of_kind(session, "interview_changed")[-1])
    assert "Nora" not in text_of(of_kind(session, "loop_changed")[-1])


def test_who_sits_in_is_blind_until_the_decision(
    session: Session, world: World, loop: Loop, application: Application, people: list[Person]
) -> None:
    """A recruiter learns to interview: what the others wrote is closed until it is decided."""
    rolf = world.recruiter("Rolf Recruiter")
    in_training(world, rolf, application.requisition.plan)
    viewer = viewer_of(session, rolf)
    assert not blind.is_bound(session, viewer, application.id)
    fill(session, loop)
    assert sitting(loop)
    assert blind.is_bound(session, viewer, application.id)
    assert not blind.may_read_votes(session, viewer, application.id)
    trainee_seats.take_out(session, where(loop, rolf), by=people[0], now=MONDAY)
    assert blind.may_read_votes(session, viewer, application.id)


def test_somebody_sits_in_a_phone_screen_too(session: Session, world: World, people: list[Person]) -> None:
    application = world.application(stage=StageKind.PHONE_SCREEN)
    plan, by = application.requisition.plan, application.requisition.recruiter
    lead = world.qualify(world.person("Sina", is_senior_leader=True), plan, InterviewKind.PHONE_SCREEN)
    nora = world.person("Nora Newcomer")
    in_training(world, nora, plan, letters="AB", kind=InterviewKind.PHONE_SCREEN)
    screen = screens.arrange(
        session, application, Arrangement(lead.id, MONDAY + DAY, 60, "https://meet.example"), by=by, now=MONDAY
    )
    put_in(session, screen, nora)
    assert [seat.role for seat in screen.trainees] == [AssignmentRole.SHADOW]
    assert "Nora Newcomer, who is in training" in text_of(of_kind(session, "screen_changed")[0])
    assert len(of_kind(session, "trainee_invitation")) == 1
    assert isinstance(screen.assignments[0], Assignment)
