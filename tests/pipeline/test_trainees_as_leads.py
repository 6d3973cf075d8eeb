"""Who sat in an interview of a loop to learn leads none of its others; a seat to come is left for a lead's."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.factories import MONDAY, World
from tests.pipeline.loops import START, community, sent, wish
from tracker.models.interview import Assignment, AssignmentRole, Interview, Loop
from tracker.models.person import Person
from tracker.models.reply import SearchResult, SubstituteSearch
from tracker.pipeline import declining, loop_changes, loop_substitutes, scorecards
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.queries import loops
from tracker.queries import scorecards as blind
from tracker.queries.visibility import viewer_of
from tracker.rules.loop_planning import why_not_first
from tracker.rules.stages import StageKind
from tracker.worker import substitutes

pytestmark = pytest.mark.usefixtures("in_app")

AFTER_FIRST = START + timedelta(hours=2)


@pytest.fixture
def people(world: World, at: TestClock) -> list[Person]:
    at.set(MONDAY)
    return community(world, world.plan())


@pytest.fixture
def loop(session: Session, world: World, people: list[Person]) -> Loop:
    """Of its interviews the last is four days after the others."""
    loop = sent(session, world.application(stage=StageKind.LOOP), people)
    last, by = loops.interviews_of(loop)[-1], loop.application.requisition.recruiter
    loop_changes.edit(session, loop, last, wish(last, starts_at=START + timedelta(days=6)), by=by, now=MONDAY)
    session.commit()
    return loop


@pytest.fixture
def free(session: Session, world: World, loop: Loop, people: list[Person]) -> Person:
    """The one of the six who leads nothing: he or she sits in the first interview."""
    leads = {seat.person_id for seat in loops.seats_of(loop)}
    [person] = [each for each in people if each.id not in leads]
    world.keep(Assignment(interview=loops.interviews_of(loop)[0], person=person, role=AssignmentRole.SHADOW))
    session.expire_all()
    return person


def lead(interview: Interview) -> Assignment:
    found = interview.lead
    assert found is not None
    return found


def put_in(session: Session, loop: Loop, person: Person, now: datetime) -> None:
    last, by = loops.interviews_of(loop)[-1], loop.application.requisition.recruiter
    loop_substitutes.replace_lead(session, loop, last, person.id, by=by, now=now)


def test_by_hand_it_is_refused_and_nobody_proposes_it(session: Session, loop: Loop, free: Person) -> None:
    with pytest.raises(LoopNotReady, match=f"{free.name} sat in an interview of this loop to learn"):
        put_in(session, loop, free, AFTER_FIRST)
    last = loops.interviews_of(loop)[-1]
    question = loop_substitutes.question_of(session, loop, last, now=AFTER_FIRST)
    assert loop_substitutes.substitutes_for(question) == []
    standing = loops.standing(session, loop, now=AFTER_FIRST)
    assert free.id not in {each.person_id for each in standing.suggestions(last.id)}
    seat = loops.seat_of(last)
    assert why_not_first(standing.people.planned[free.id], seat, []) == "in this loop already"
    # No change of the loop as a whole, as its candidate makes it, brings it about either.
    wanted = {last.id: wish(last, person_id=free.id)}
    with pytest.raises(LoopNotReady, match="sat in an interview of this loop to learn"):
        loop_changes.rearrange(session, loop, wanted, by=None, now=AFTER_FIRST)


def test_before_that_interview_the_seat_is_left_for_the_lead_s(session: Session, loop: Loop, free: Person) -> None:
    put_in(session, loop, free, MONDAY)
    first, *_, last = loops.interviews_of(loop)
    assert (first.trainees, lead(last).person_id) == ([], free.id)


def test_the_tracker_finds_nobody_where_only_a_newcomer_of_the_loop_is_free(
    session: Session, at: TestClock, loop: Loop, free: Person
) -> None:
    at.set(AFTER_FIRST)
    mine = lead(loops.interviews_of(loop)[-1])
    declining.decline(session, mine, reason="away", by=mine.person, now=AFTER_FIRST)
    session.commit()
    assert substitutes.find_substitutes() == 1
    session.expire_all()
    assert session.scalars(select(SubstituteSearch.result)).all() == [SearchResult.NOBODY]
    assert lead(loops.interviews_of(loop)[-1]).person_id == mine.person_id


def test_where_it_came_about_the_own_scorecard_ends_being_blind(
    session: Session, world: World, loop: Loop, free: Person
) -> None:
    """Only by hand in the database, or before it was refused."""
    last = loops.interviews_of(loop)[-1]
    viewer, application_id = viewer_of(session, free), loop.application_id
    assert blind.is_bound(session, viewer, application_id)
    lead(last).ended_at = MONDAY
    own = Assignment(interview=last, person=free, role=AssignmentRole.LEAD)
    world.keep(own)
    assert blind.is_bound(session, viewer, application_id)
    scorecards.ensure(session, own)
    world.scorecard(own)
    assert not blind.is_bound(session, viewer, application_id)
