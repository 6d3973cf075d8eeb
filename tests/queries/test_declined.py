"""Whether a recruiter is asked to find somebody else, or told that the tracker does: as its search stands."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.factories import MONDAY, World
from tests.pipeline.loops import START, community, sent
from tracker.models.interview import Assignment, Loop
from tracker.models.outbox import OutboxPause
from tracker.models.reply import SearchResult, SubstituteSearch
from tracker.pipeline import declining, substitute_searches
from tracker.queries import declined, loops, replies, visibility
from tracker.rules.answers import NOTICE, Search
from tracker.rules.stages import StageKind
from tracker.worker import substitutes


@pytest.fixture
def loop(session: Session, world: World, in_app: Flask, at: TestClock) -> Loop:
    """Eight days ahead; one of the six is not in it, and one alone raises the bar."""
    at.set(MONDAY)
    people = community(world, world.plan())
    return sent(session, world.application(stage=StageKind.LOOP), people)


def lead(session: Session, loop: Loop, *, is_bar_raiser: bool = False) -> Assignment:
    found = [each.lead for each in loops.interviews_of(loop)]
    return next(each for each in found if each is not None and each.person.is_bar_raiser is is_bar_raiser)


def decline(session: Session, mine: Assignment, now: datetime = MONDAY) -> None:
    declining.decline(session, mine, reason="away", by=mine.person, now=now)
    session.commit()


def search(session: Session) -> int:
    session.commit()
    return substitutes.find_substitutes()


def seats(session: Session, loop: Loop, now: datetime = MONDAY) -> list[tuple[int, bool]]:
    """The empty seats of the recruiter's first page, and whether the tracker looks; the loop's page says the same."""
    recruiter = loop.application.requisition.recruiter
    found = declined.empty_seats(session, visibility.viewer_of(session, recruiter), now, 10)
    of_loop = replies.searched(session, [each.id for each in loop.interviews], now)
    assert of_loop == {each.interview_id: each.search for each in found if each.search is not Search.NOT}
    return [(each.interview_id, each.search is Search.LOOKS) for each in found]


def test_while_the_tracker_is_to_look_nobody_is_asked_to(session: Session, loop: Loop) -> None:
    mine = lead(session, loop)
    decline(session, mine)
    assert seats(session, loop) == [(mine.interview_id, True)]
    assert search(session) == 1
    assert seats(session, loop) == [], "somebody was put in"


def test_once_it_found_nobody_the_recruiter_is_asked(session: Session, loop: Loop) -> None:
    mine = lead(session, loop, is_bar_raiser=True)
    decline(session, mine)
    assert seats(session, loop) == [(mine.interview_id, True)]
    assert search(session) == 1
    assert seats(session, loop) == [(mine.interview_id, False)]


def _off(session: Session, mine: Assignment) -> None:
    mine.interview.application.requisition.plan.substitutes_sought = False


def _confidential(session: Session, mine: Assignment) -> None:
    mine.interview.application.requisition.is_confidential = True


def _third_time(session: Session, mine: Assignment) -> None:
    made = {"interview_id": mine.interview_id, "assignment_id": mine.id, "asked_at": MONDAY, "ended_at": MONDAY}
    session.add_all(SubstituteSearch(**made, result=SearchResult.NOBODY) for _ in range(3))


@pytest.mark.parametrize("forbid", [_off, _confidential, _third_time])
def test_where_it_may_not_look_the_recruiter_is_asked_at_once(
    session: Session, loop: Loop, forbid: Callable[[Session, Assignment], None]
) -> None:
    mine = lead(session, loop)
    forbid(session, mine)
    decline(session, mine)
    assert seats(session, loop) == [(mine.interview_id, False)]


def test_without_notice_the_recruiter_is_asked_whether_or_not_the_worker_came(session: Session, loop: Loop) -> None:
    mine = lead(session, loop)
    decline(session, mine)
    last = (mine.interview.starts_at or START) - NOTICE
    assert seats(session, loop, last) == [(mine.interview_id, True)]
    assert seats(session, loop, last + timedelta(seconds=1)) == [(mine.interview_id, False)]


def test_a_search_that_became_confidential_is_none(session: Session, loop: Loop) -> None:
    mine = lead(session, loop)
    decline(session, mine)
    _confidential(session, mine)
    session.commit()
    assert seats(session, loop) == [(mine.interview_id, False)]
    assert search(session) == 1
    assert seats(session, loop) == [(mine.interview_id, False)]


def test_the_search_for_one_seat_says_nothing_of_another(session: Session, loop: Loop) -> None:
    mine, other = lead(session, loop), lead(session, loop, is_bar_raiser=True)
    decline(session, other)
    search(session)
    decline(session, mine)
    assert dict(seats(session, loop)) == {mine.interview_id: True, other.interview_id: False}


def test_while_the_outbox_is_paused_nothing_is_looked_for(session: Session, loop: Loop) -> None:
    mine = lead(session, loop)
    assert substitute_searches.would_be(session, mine, now=MONDAY) is Search.LOOKS
    session.add(OutboxPause(id=1, at=MONDAY, backup_at=MONDAY))
    session.commit()
    assert substitute_searches.would_be(session, mine, now=MONDAY) is Search.WAITS
    decline(session, mine)
    assert search(session) == 0
    assert seats(session, loop) == [(mine.interview_id, False)]
    assert replies.searched(session, [mine.interview_id], MONDAY) == {mine.interview_id: Search.WAITS}
    session.execute(delete(OutboxPause))
    session.commit()
    assert seats(session, loop) == [(mine.interview_id, True)]
    assert search(session) == 1


def test_who_holds_it_after_all_is_not_replaced(session: Session, loop: Loop) -> None:
    mine = lead(session, loop)
    decline(session, mine)
    declining.take_back(session, mine, by=mine.person, now=MONDAY)
    session.commit()
    assert replies.searched(session, [mine.interview_id], MONDAY) == {}
