"""What a candidate's choice never does: seat who declined, outlive its terms, or book times that nobody offered."""

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.mails import of_kind
from tests.pipeline.test_loop_bookings import application, booked, loop, offers, standing
from tracker.models.interview import Loop
from tracker.models.person import Person
from tracker.pipeline import deadline_clock, deadlines, declining, loop_bookings, loop_offers
from tracker.pipeline.loop_bookings import NotAmongThem, NotToChoose, TakenJustNow
from tracker.queries import declined, loops
from tracker.queries.truth import holds
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.loop_choices import Choosing
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")
__all__ = ["application", "loop"]


@pytest.fixture
def people(world: World, application) -> list[Person]:  # noqa: F811
    plan = application.requisition.plan
    named = [f"Ina{n} Interviewer" for n in range(6)]
    return [world.qualify(world.person(each, is_bar_raiser=each == named[0], daily_cap=2), plan) for each in named]


def leads(loop: Loop) -> list[int]:  # noqa: F811
    found = (each.lead for each in loops.interviews_of(loop))
    return [each.person_id for each in found if each is not None]


def decline(session: Session, loop: Loop) -> int:  # noqa: F811
    held = [each.lead for each in loops.interviews_of(loop)]
    mine = next(each for each in held if each is not None and not each.person.is_bar_raiser)
    declining.decline(session, mine, reason="The candidate is my brother-in-law", by=mine.person, now=MONDAY)
    session.commit()
    return mine.person_id


def test_who_declined_comes_back_by_no_move_of_the_candidate(session: Session, loop: Loop) -> None:  # noqa: F811
    plan = loop.application.requisition.plan
    plan.substitutes_sought, plan.choice_moves = False, 3
    booked(session, loop)
    who = decline(session, loop)
    for moves in range(2):
        key = offers(session, loop)[2].key
        loop_bookings.move(session, loop.application, key, moves=moves, now=MONDAY)
        session.commit()
        assert who not in leads(loop)
        # That it was declined, and why, is not forgotten by the move.
        assert declined.who_declined_any(session, loop) == [who]


def test_where_nobody_else_is_left_there_are_no_times(
    session: Session,
    people: list[Person],
    loop: Loop,  # noqa: F811
) -> None:
    loop.application.requisition.plan.substitutes_sought = False
    booked(session, loop)
    key = offers(session, loop)[2].key
    decline(session, loop)
    next(each for each in people if each.id not in leads(loop)).is_active = False
    session.commit()
    assert offers(session, loop) == []
    with pytest.raises(TakenJustNow):
        loop_bookings.move(session, loop.application, key, moves=0, now=MONDAY)


def test_the_mail_is_true_as_long_as_the_page_lets_choose(session: Session, world: World, loop: Loop) -> None:  # noqa: F811
    application, plan = loop.application, loop.application.requisition.plan  # noqa: F811
    by, [mail] = application.requisition.recruiter, of_kind(session, "loop_choice")
    assert holds(session, mail.fact, now=MONDAY)
    kind = DeadlineKind.LOOP_INVITED
    invited = deadlines.open_(session, application, kind, day0_at=MONDAY, owner=by, now=MONDAY)
    deadline_clock.pause(session, application, invited, reason="On hold", by=by, now=MONDAY)
    assert not holds(session, mail.fact, now=MONDAY)
    deadline_clock.resume(session, application, invited, by=by, now=MONDAY)
    assert holds(session, mail.fact, now=MONDAY)
    plan.candidates_choose = False
    session.commit()
    assert not holds(session, mail.fact, now=MONDAY)
    plan.candidates_choose = True
    session.commit()
    here = application.stage
    application.stage = next(each for each in plan.stages if each.kind is StageKind.OUTCOME)
    application.stage_kind = StageKind.OUTCOME
    session.commit()
    assert not holds(session, mail.fact, now=MONDAY)
    application.stage, application.stage_kind = here, StageKind.LOOP
    session.commit()
    assert holds(session, mail.fact, now=MONDAY)


def test_a_plan_that_lets_choose_no_more_stops_what_was_offered(session: Session, loop: Loop) -> None:  # noqa: F811
    plan, [first, second, *_] = loop.application.requisition.plan, offers(session, loop)
    plan.candidates_choose = False
    session.commit()
    assert standing(session, loop).choosing is Choosing.NOT_LET
    with pytest.raises(NotToChoose, match="no longer chosen or changed here"):
        loop_bookings.book(session, loop.application, first.key, now=MONDAY)
    plan.candidates_choose = True
    loop_bookings.book(session, loop.application, first.key, now=MONDAY)
    plan.candidates_choose = False
    session.commit()
    with pytest.raises(NotToChoose, match="no longer chosen or changed here"):
        loop_bookings.move(session, loop.application, second.key, moves=0, now=MONDAY)


def test_a_forged_name_of_times_books_nothing(session: Session, loop: Loop) -> None:  # noqa: F811
    key = offers(session, loop)[0].key
    spans = [tuple(map(int, each.split("-"))) for each in key.split(",")]
    start, end = spans[0][0], spans[-1][1]
    shifted = ",".join(f"{one + 7}-{two + 7}" for one, two in spans)
    middle = spans[0][0] + 60
    forged = [
        f"{start}-{end + 90}",
        shifted,
        f"{start}-{start + 60}",
        f"{start}-{start + 60},{start + 30}-{end + 60}",
        ",".join(f"{one}-{two}" for one, two in reversed(spans)),
        f"{key},{key}",
        f"0{key}",
        f"{start}-{middle},{middle}-{spans[0][1]}" + key[key.index(",") :],
    ]
    for each in forged:
        with pytest.raises((NotAmongThem, TakenJustNow)):
            loop_bookings.book(session, loop.application, each, now=MONDAY)
        session.rollback()
        assert loops.is_empty(loop)
    loop_bookings.book(session, loop.application, key, now=MONDAY)
    assert loop_offers.key_of(loop) == key
