"""A candidate books a loop and moves it: as a recruiter would, within the plan's limits, and never half."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.choosing import asked, offers
from tests.pipeline.mails import calendar_of, delivered, of_kind, text_of
from tracker.models.application import Application
from tracker.models.candidate_window import CandidateWindow
from tracker.models.deadline import Deadline
from tracker.models.interview import Interview, Loop, LoopState
from tracker.models.loop_choice import LoopChoice
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.models.record import RecordEntry
from tracker.pipeline import deadline_clock, deadlines, loop_bookings, loop_choices, loop_offers, moves
from tracker.pipeline import loop as verbs
from tracker.pipeline.loop_bookings import NotAmongThem, NotToChoose, TakenJustNow
from tracker.pipeline.loop_choices import ChoosingOff, NothingOffered
from tracker.queries import loop_choices as queries
from tracker.queries import loops
from tracker.queries.loop_choices import ChoiceStanding
from tracker.queries.truth import holds
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.loop_choices import Choosing
from tracker.rules.refused import Stale
from tracker.rules.stages import ApplicationState, Disposition, StageKind

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def application(world: World) -> Application:
    return world.application(candidate=world.candidate("Kai Candidate"), stage=StageKind.LOOP)


@pytest.fixture
def people(world: World, application: Application) -> list[Person]:
    plan = application.requisition.plan
    named = [f"Ina{n} Interviewer" for n in range(6)]
    return [world.qualify(world.person(each, is_bar_raiser=each == named[0], daily_cap=1), plan) for each in named]


@pytest.fixture
def loop(session: Session, application: Application, people: list[Person]) -> Loop:
    """A draft, of which the candidate may choose the times."""
    return asked(session, application)


def standing(session: Session, loop: Loop, now: datetime = MONDAY) -> ChoiceStanding:
    return queries.standing(session, loop.application, now)


def booked(session: Session, loop: Loop, place: int = 0) -> str:
    key = offers(session, loop)[place].key
    loop_bookings.book(session, loop.application, key, now=MONDAY)
    session.commit()
    return key


def records(session: Session, verb: str) -> list[RecordEntry]:
    return list(session.scalars(select(RecordEntry).where(RecordEntry.verb == verb).order_by(RecordEntry.id)))


def mails(session: Session) -> int:
    return session.scalar(select(func.count(OutboxMail.id))) or 0


def test_what_is_booked_goes_out_as_if_the_recruiter_had_sent_it(session: Session, loop: Loop) -> None:
    offer = offers(session, loop)[1]
    loop_bookings.book(session, loop.application, offer.key, now=MONDAY)
    assert loop.state is LoopState.SENT
    assert loop_offers.key_of(loop) == offer.key
    assert loop_offers.spans_of(loop) == offer.spans
    assert loops.standing(session, loop, now=MONDAY).coverage.ready
    invited = of_kind(session, "interview_invitation")
    assert len(invited) == len({mail.receiver for mail in invited}) == 5
    [schedule] = of_kind(session, "loop_schedule")
    assert schedule.receiver == loop.application.candidate.email
    assert len(calendar_of(schedule).events) == 5
    [told] = of_kind(session, "loop_booked")
    assert told.receiver == loop.application.requisition.recruiter.email
    assert "Fri 6 Nov 2026, 11:00–" in text_of(told)
    [sent], [chosen] = records(session, "loop.send"), records(session, "loop_bookings.book")
    assert (sent.by_id, chosen.by_id) == (None, None)
    assert chosen.text.startswith("The candidate booked the loop: Fri 6 Nov 2026, 11:00–")
    promise = session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.PROMISE)).one()
    assert promise.state is DeadlineState.OPEN
    # The same once more: nothing more happens.
    before = mails(session)
    loop_bookings.book(session, loop.application, offer.key, now=MONDAY)
    assert mails(session) == before
    with pytest.raises(NotToChoose, match="are booked for Fri 6 Nov 2026, .*Below you could move them"):
        loop_bookings.book(session, loop.application, offers(session, loop)[3].key, now=MONDAY)


def test_the_deadline_to_send_the_loop_is_met_by_it(session: Session, application: Application, loop: Loop) -> None:
    owner = application.requisition.recruiter
    kind = DeadlineKind.LOOP_INVITED
    invited = deadlines.open_(session, application, kind, day0_at=MONDAY, owner=owner, now=MONDAY)
    booked(session, loop)
    assert invited.state is DeadlineState.MET


def test_times_are_on_different_days_after_the_notice_and_within_what_the_candidate_gave(
    session: Session, world: World, loop: Loop
) -> None:
    found = offers(session, loop)
    days = [each.spans[0].starts_at.date() for each in found]
    assert len(set(days)) == len(days) == 8
    assert min(days) == (MONDAY + timedelta(days=3)).date()
    given = (MONDAY + timedelta(days=1), MONDAY + timedelta(days=4))
    for day in given:
        row = CandidateWindow(application_id=loop.application_id, starts_at=day, ends_at=day + timedelta(hours=7))
        world.keep(row)
    # The first of them is too soon: everybody needs notice.
    assert {each.spans[0].starts_at.date() for each in offers(session, loop)} == {given[1].date()}
    with pytest.raises(NotAmongThem):
        loop_bookings.book(session, loop.application, found[0].key, now=MONDAY)


@pytest.mark.parametrize("key", ["", "x", "1-2", "0-999999999", "5-1", "1-2," * 40, "99999999999-99999999999"])
def test_times_that_nobody_offered_are_not_said_to_be_taken(session: Session, loop: Loop, key: str) -> None:
    with pytest.raises(NotAmongThem, match="not, or no longer, one of the times"):
        loop_bookings.book(session, loop.application, key, now=MONDAY)
    assert loops.is_empty(loop)


def test_times_that_are_past_or_too_near_by_now_are_not_said_to_be_taken(session: Session, loop: Loop) -> None:
    first = offers(session, loop)[0]
    for now in (first.spans[0].starts_at - timedelta(days=2), first.spans[0].starts_at, MONDAY + timedelta(days=30)):
        with pytest.raises(NotAmongThem):
            loop_bookings.book(session, loop.application, first.key, now=now)
        session.rollback()
        assert loops.is_empty(loop)
    booked(session, loop)


def test_an_hour_that_was_taken_meanwhile_is_told_and_nothing_is_half_done(
    session: Session, world: World, loop: Loop, people: list[Person], application: Application
) -> None:
    first, *rest = offers(session, loop)
    other = asked(session, world.application(application.requisition, stage=StageKind.LOOP))
    loop_bookings.book(session, other.application, first.key, now=MONDAY)
    session.commit()
    before = mails(session)
    with pytest.raises(TakenJustNow, match="taken just now"):
        loop_bookings.book(session, application, first.key, now=MONDAY)
    assert (loop.state, loops.is_empty(loop), mails(session)) == (LoopState.DRAFT, True, before)
    assert first.key not in [each.key for each in offers(session, loop)]
    loop_bookings.book(session, application, rest[1].key, now=MONDAY)
    assert loop.state is LoopState.SENT


def test_a_booked_loop_is_moved_as_a_whole_within_the_limits(session: Session, loop: Loop) -> None:
    key, application = booked(session, loop), loop.application
    assert standing(session, loop).choosing is Choosing.MOVABLE
    uids = {each.id: each.uid for each in loop.interviews}
    who = {each.id: each.assignments[0].person_id for each in loop.interviews}
    found = offers(session, loop)
    assert key not in [each.key for each in found]
    delivered(session)
    loop_bookings.move(session, application, found[3].key, moves=0, now=MONDAY)
    session.commit()
    assert loop_offers.key_of(loop) == found[3].key
    assert {each.id: each.uid for each in loop.interviews} == uids
    assert {each.sequence for each in loop.interviews} == {1}
    # Everybody is free then, too: nobody is replaced.
    assert {each.id: each.assignments[0].person_id for each in loop.interviews} == who
    assert len(of_kind(session, "interview_changed")) == 5
    assert not of_kind(session, "interview_withdrawn")
    assert len(of_kind(session, "loop_changed")) == 1
    [told] = of_kind(session, "loop_moved")
    assert "It was to be held Thu 5 Nov 2026, 09:00–" in text_of(told)
    [chosen] = records(session, "loop_bookings.move")
    assert (chosen.by_id, chosen.text[:29]) == (None, "The candidate moved the loop:")
    promise = session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.PROMISE)).one()
    assert promise.day0_at == max(each.ends_at for each in loop.interviews if each.ends_at)
    # The same once more changes nothing; another time is one too many.
    loop_bookings.move(session, application, found[3].key, moves=0, now=MONDAY)
    assert len(of_kind(session, "loop_moved")) == 1
    assert standing(session, loop).choosing is Choosing.MOVED_ENOUGH
    with pytest.raises(NotToChoose, match="as often as"):
        loop_bookings.move(session, application, found[2].key, moves=1, now=MONDAY)


def test_whoever_cannot_come_then_is_replaced(session: Session, world: World, loop: Loop, people: list[Person]) -> None:
    booked(session, loop)
    target = offers(session, loop)[3]
    holding = [each.assignments[0].person for each in loop.interviews]
    leaves = next(person for person in holding if not person.is_bar_raiser)
    other = world.application(loop.application.requisition, stage=StageKind.LOOP)
    world.interview(other, leaves, starts_at=target.spans[0].starts_at).interview.minutes = 480
    row = session.scalars(select(Interview).where(Interview.application_id == other.id)).one()
    row.ends_at = target.spans[-1].ends_at
    session.commit()
    loop_bookings.move(session, loop.application, target.key, moves=0, now=MONDAY)
    session.commit()
    assert [mail.receiver for mail in of_kind(session, "interview_withdrawn")] == [leaves.email]
    session.expire_all()
    standing_people = {a.person_id for each in loop.interviews for a in each.assignments if a.ended_at is None}
    assert leaves.id not in standing_people
    assert len(standing_people) == 5


def test_too_late_is_too_late(session: Session, loop: Loop) -> None:
    booked(session, loop, 2)
    until = standing(session, loop).until
    starts_at = min(each.starts_at for each in loop.interviews if each.starts_at)
    # Two business days before Monday.
    assert until == starts_at - timedelta(days=4)
    assert standing(session, loop, until).choosing is Choosing.MOVABLE
    late = until + timedelta(seconds=1)
    with pytest.raises(NotToChoose, match="too soon"):
        loop_bookings.move(session, loop.application, offers(session, loop, late)[0].key, moves=0, now=late)


def test_two_pages_open_move_it_once(session: Session, loop: Loop) -> None:
    loop.application.requisition.plan.choice_moves = 2
    booked(session, loop)
    one, two = offers(session, loop)[2:4]
    loop_bookings.move(session, loop.application, one.key, moves=0, now=MONDAY)
    with pytest.raises(NotToChoose, match="moved meanwhile"):
        loop_bookings.move(session, loop.application, two.key, moves=0, now=MONDAY)
    loop_bookings.move(session, loop.application, two.key, moves=1, now=MONDAY)


def test_it_can_be_taken_back_and_asked_again(session: Session, loop: Loop) -> None:
    by, key = loop.application.requisition.recruiter, offers(session, loop)[0].key
    loop_choices.revoke(session, loop, by=by, now=MONDAY)
    with pytest.raises(NothingOffered):
        loop_choices.revoke(session, loop, by=by, now=MONDAY)
    with pytest.raises(NotToChoose, match="no times to choose"):
        loop_bookings.book(session, loop.application, key, now=MONDAY)
    later = MONDAY + timedelta(minutes=1)
    loop_choices.offer(session, loop, by=by, now=later)
    session.commit()
    old, new = of_kind(session, "loop_choice")
    assert (holds(session, old.fact, now=later), holds(session, new.fact, now=later)) == (False, True)
    booked(session, loop)
    assert not holds(session, new.fact, now=later)
    loop_choices.revoke(session, loop, by=by, now=MONDAY)
    assert loop.state is LoopState.SENT
    with pytest.raises(NotToChoose, match="cannot be moved here"):
        loop_bookings.move(session, loop.application, offers(session, loop)[1].key, moves=0, now=MONDAY)


def test_who_lets_choose_sees_the_draft_as_it_is_and_the_plan_allows_it(session: Session, loop: Loop) -> None:
    by = loop.application.requisition.recruiter
    with pytest.raises(Stale):
        loop_choices.offer(session, loop, by=by, now=MONDAY, version=loop.version + 1)
    with pytest.raises(Stale):
        loop_choices.revoke(session, loop, by=by, now=MONDAY, version=loop.version + 1)
    loop.application.requisition.plan.candidates_choose = False
    with pytest.raises(ChoosingOff):
        loop_choices.offer(session, loop, by=by, now=MONDAY)


def test_closed_on_hold_sent_by_hand_and_thrown_away_each_have_their_answer(
    session: Session, world: World, loop: Loop, people: list[Person]
) -> None:
    application, by, key = loop.application, loop.application.requisition.recruiter, offers(session, loop)[0].key

    def refused(words: str) -> None:
        session.commit()
        with pytest.raises(NotToChoose, match=words):
            loop_bookings.book(session, application, key, now=MONDAY)

    kind = DeadlineKind.LOOP_INVITED
    invited = deadlines.open_(session, application, kind, day0_at=MONDAY, owner=by, now=MONDAY)
    deadline_clock.pause(session, application, invited, reason="On hold", by=by, now=MONDAY)
    refused("on hold")
    deadline_clock.resume(session, application, invited, by=by, now=MONDAY)
    verbs.cancel(session, loop, reason="", by=by, now=MONDAY)
    refused("no times to choose")
    by_hand = verbs.plan(session, application, by=by, now=MONDAY)
    by_hand.state = LoopState.SENT
    refused("are arranged")
    moves.close(
        session, application, ApplicationState.WITHDRAWN, Disposition.CANDIDATE_WITHDREW, by=None, now=MONDAY, reason=""
    )
    refused("Nothing is to be arranged")


def test_what_is_left_of_a_loop_is_not_offered_by_itself(session: Session, loop: Loop) -> None:
    """The application was closed while a part of the loop was held, and opened again."""
    booked(session, loop)
    loop.state = LoopState.DRAFT
    session.commit()
    assert standing(session, loop).choosing is Choosing.OFF
    loop_choices.offer(session, loop, by=loop.application.requisition.recruiter, now=MONDAY)
    assert standing(session, loop).choosing is Choosing.OFFERED
    assert session.scalars(select(LoopChoice)).one().booked_at is None
