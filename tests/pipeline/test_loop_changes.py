"""A loop that went out: changed, handed over, called off, and closed with its application."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import START, seat, sent, wish
from tests.pipeline.mails import delivered, events_of, method_of, of_kind, text_of
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import InterviewState, Loop, LoopState
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.pipeline import loop, loop_changes, loop_substitutes, moves
from tracker.pipeline.interviews import AlreadyEvaluated, TooLateToStepIn
from tracker.pipeline.loop_changes import NothingToCome
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.queries import loops, truth
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.refused import ReasonMissing
from tracker.rules.stages import ApplicationState, Disposition

pytestmark = pytest.mark.usefixtures("in_app")


def open_kinds(session: Session) -> set[DeadlineKind]:
    return set(session.scalars(select(Deadline.kind).where(Deadline.state == DeadlineState.OPEN)))


def test_moving_an_interview_updates_its_people_and_works_the_deadlines_out_again(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    first_schedule = of_kind(session, "loop_schedule")[0]
    delivered(session)
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
    invited = of_kind(session, "interview_invitation")[-1]
    assert invited.receiver == spare.email
    assert (method_of(invited), events_of(invited)) == ("REQUEST", [("CONFIRMED", 1)])
    assert f"You step in for {old.person.name}." in text_of(invited)
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
    assert f"Your application goes on. {recruiter.name} will be in touch" in " ".join(text_of(told).split())
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
    [told] = of_kind(session, "interviews_cancelled")
    assert "goes on" not in text_of(told)
    assert "in touch" not in text_of(told)
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


def test_what_has_begun_stays_when_the_day_is_moved(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    delivered(session)
    first, *others = loops.interviews_of(row)
    begins = first.starts_at
    assert begins is not None
    later = START + timedelta(days=1)
    loop_changes.set_times(session, row, later, 15, by=recruiter, now=begins)
    session.commit()
    assert (first.starts_at, first.sequence) == (begins, 0)
    assert [each.starts_at for each in others] == [later + n * timedelta(minutes=75) for n in range(4)]
    assert first.lead is not None
    told = {each.receiver for each in of_kind(session, "interview_changed")}
    assert first.lead.person.email not in told
    assert len(told) == 4


def test_where_all_has_begun_nothing_is_moved(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    last = max(each.starts_at for each in loops.interviews_of(row) if each.starts_at)
    for now in (last, last + timedelta(days=9)):
        with pytest.raises(NothingToCome, match="All interviews have begun"):
            loop_changes.set_times(session, row, START + timedelta(days=10), 15, by=recruiter, now=now)


@pytest.mark.parametrize("minutes", [0, 30, 90])
def test_nobody_steps_in_where_an_interview_has_begun_whatever_the_way(
    session: Session, application: Application, people: list[Person], recruiter: Person, minutes: int
) -> None:
    row = sent(session, application, people)
    delivered(session)
    interview = loops.interviews_of(row)[2]
    lead, spare = interview.lead, next(each for each in people if each.id not in _seated(row))
    assert lead is not None
    assert interview.starts_at is not None
    now = interview.starts_at + timedelta(minutes=minutes)
    wanted = wish(interview, person_id=spare.id)
    with pytest.raises(TooLateToStepIn, match=r"nobody can step in any more\. Once it is over, .* waived"):
        loop_changes.edit(session, row, interview, wanted, by=recruiter, now=now)
    with pytest.raises(TooLateToStepIn):
        loop_substitutes.replace_lead(session, row, interview, spare.id, by=recruiter, now=now)
    session.commit()
    assert (interview.lead, lead.ended_at, interview.sequence) == (lead, None, 0)
    assert of_kind(session, "interview_withdrawn") == []


def test_what_has_begun_is_held_by_somebody_else_at_a_time_to_come_and_corrected_in_all_else(
    session: Session, application: Application, people: list[Person], recruiter: Person
) -> None:
    row = sent(session, application, people)
    interview = loops.interviews_of(row)[2]
    spare = next(each for each in people if each.id not in _seated(row))
    assert interview.starts_at is not None
    now = interview.starts_at + timedelta(minutes=90)
    loop_changes.edit(session, row, interview, wish(interview, place="Room 7"), by=recruiter, now=now)
    assert interview.place == "Room 7"
    moved = wish(interview, person_id=spare.id, starts_at=START + timedelta(days=1))
    loop_changes.edit(session, row, interview, moved, by=recruiter, now=now)
    assert interview.lead is not None
    assert (interview.lead.person_id, interview.starts_at) == (spare.id, moved.starts_at)


def _seated(row: Loop) -> set[int | None]:
    return {seat.person_id for seat in loops.seats_of(row)}
