"""What empties a seat of somebody in training, and what takes it along: answers, moves, sign-offs, another lead."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.learners import in_training
from tests.pipeline.mails import delivered, of_kind
from tests.pipeline.newcomers import fill, put_in, where
from tracker.models.application import Application
from tracker.models.interview import Loop
from tracker.models.person import InterviewKind, Person
from tracker.models.reply import SubstituteSearch
from tracker.pipeline import answers, declining, interviews, loop_changes, screens, training
from tracker.pipeline import loop as verbs
from tracker.pipeline.interviews import Arrangement
from tracker.pipeline.trainee_seats import SeatRefused
from tracker.queries import loops
from tracker.queries import training as queries
from tracker.queries.visibility import viewer_of
from tracker.rules.answers import Answer
from tracker.rules.interviewers import overlap
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

DAY = timedelta(days=1)


def test_a_newcomer_s_no_empties_the_seat_and_starts_no_search(
    session: Session, loop: Loop, application: Application, nora: Person
) -> None:
    fill(session, loop)
    verbs.send(session, loop, by=application.requisition.recruiter, now=MONDAY)
    interview = where(loop, nora)
    (seat,) = interview.trainees
    declining.decline(session, seat, reason="", by=nora, now=MONDAY)
    assert interview.trainees == []
    assert loops.standing(session, loop, now=MONDAY).coverage.ready
    lead = interview.lead
    assert lead is not None
    assert [mail.receiver for mail in of_kind(session, "trainee_declined")] == [lead.person.email]
    assert of_kind(session, "interview_declined") == []
    with pytest.raises(SeatRefused):
        declining.decline(session, seat, reason="", by=nora, now=MONDAY)


def test_the_calendar_s_no_does_the_same_and_its_yes_stays_on_the_seat(
    session: Session, loop: Loop, application: Application, nora: Person
) -> None:
    fill(session, loop)
    verbs.send(session, loop, by=application.requisition.recruiter, now=MONDAY)
    interview = where(loop, nora)
    (seat,) = interview.trainees
    answers.answer_seat(session, seat, Answer.ACCEPTED, by=nora, now=MONDAY)
    assert (seat.answer, interview.trainees) == (Answer.ACCEPTED, [seat])
    answers.answer_seat(session, seat, Answer.DECLINED, by=nora, now=MONDAY)
    assert interview.trainees == []
    assert len(of_kind(session, "trainee_declined")) == 1
    assert session.scalars(select(SubstituteSearch)).all() == []


def test_a_move_to_when_the_newcomer_is_busy_empties_the_seat_and_goes_through(
    session: Session, world: World, loop: Loop, application: Application, nora: Person
) -> None:
    fill(session, loop)
    by = application.requisition.recruiter
    verbs.send(session, loop, by=by, now=MONDAY)
    interview = where(loop, nora)
    present = interviews.arrangement_of(interview)
    assert present.starts_at is not None
    later = present.starts_at + 7 * DAY
    other = world.interview(world.application(), nora, starts_at=later)
    assert overlap(other.interview.starts_at, other.interview.ends_at, later, later + timedelta(hours=1))
    loop_changes.edit(session, loop, interview, replace(present, starts_at=later), by=by, now=MONDAY)
    assert interview.starts_at == later
    assert interview.trainees == []
    assert len(of_kind(session, "trainee_withdrawn")) == 1


def test_a_move_takes_the_newcomer_along(session: Session, loop: Loop, application: Application, nora: Person) -> None:
    fill(session, loop)
    by = application.requisition.recruiter
    verbs.send(session, loop, by=by, now=MONDAY)
    interview = where(loop, nora)
    present = interviews.arrangement_of(interview)
    assert present.starts_at is not None
    delivered(session)
    loop_changes.edit(
        session, loop, interview, replace(present, starts_at=present.starts_at + 7 * DAY), by=by, now=MONDAY
    )
    assert len(interview.trainees) == 1
    assert len(of_kind(session, "trainee_changed")) == 1
    verbs.cancel(session, loop, reason="The role is gone", by=by, now=MONDAY)
    assert [mail.receiver for mail in of_kind(session, "trainee_withdrawn")] == [nora.email]


def test_who_becomes_the_lead_leaves_the_seat(
    session: Session, world: World, loop: Loop, application: Application, nora: Person
) -> None:
    """Qualified meanwhile, say: the interview needs a lead more than a newcomer."""
    fill(session, loop)
    world.qualify(nora, application.requisition.plan)
    interview = where(loop, nora)
    other = next(each for each in loops.interviews_of(loop) if each.id != interview.id)
    wanted = replace(interviews.arrangement_of(interview), person_id=nora.id)
    loop_changes.edit(session, loop, interview, wanted, by=nora, now=MONDAY)
    assert interview.trainees == []
    fill(session, loop)
    by = application.requisition.recruiter
    assert other.assignments
    verbs.send(session, loop, by=by, now=MONDAY)


def test_who_is_signed_off_leaves_the_draft(
    session: Session, world: World, loop: Loop, application: Application, nora: Person
) -> None:
    fill(session, loop)
    interview_id = where(loop, nora).id
    session.commit()
    session.expire_all()
    admin = world.admin()
    (line,) = queries.concerning(session, viewer_of(session, nora), now=MONDAY).own
    line = queries.get(session, viewer_of(session, admin), line.row.id, now=MONDAY)
    training.sign_off(session, line, note="Knows it", by=admin, now=MONDAY)
    assert loops.get_interview(loop, interview_id).trainees == []
    assert of_kind(session, "trainee_withdrawn") == []


def test_a_phone_screen_s_newcomer_leaves_where_it_moves_to_a_time_that_does_not_fit(
    session: Session, world: World
) -> None:
    application = world.application(stage=StageKind.PHONE_SCREEN)
    plan, by = application.requisition.plan, application.requisition.recruiter
    lead = world.qualify(world.person("Sina", is_senior_leader=True), plan, InterviewKind.PHONE_SCREEN)
    nora = world.person("Nora Newcomer")
    in_training(world, nora, plan, letters="AB", kind=InterviewKind.PHONE_SCREEN)
    wanted = Arrangement(lead.id, MONDAY + DAY, 60, "https://meet.example")
    screen = screens.arrange(session, application, wanted, by=by, now=MONDAY)
    put_in(session, screen, nora)
    screens.change(session, screen, replace(wanted, starts_at=MONDAY + 2 * DAY), by=by, now=MONDAY)
    assert len(screen.trainees) == 1
    world.interview(world.application(), nora, starts_at=MONDAY + 3 * DAY)
    screens.change(session, screen, replace(wanted, starts_at=MONDAY + 3 * DAY), by=by, now=MONDAY)
    assert screen.trainees == []
    assert [mail.receiver for mail in of_kind(session, "trainee_withdrawn")] == [nora.email]
