"""Somebody declines: the tick finds who steps in, asks everything again before, and says what came of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.factories import MONDAY, World
from tests.pipeline.loops import START, community, sent
from tests.pipeline.mails import events_of, of_kind, text_of
from tracker.models.interview import Assignment, Loop
from tracker.models.outbox import OutboxMail, OutboxPause
from tracker.models.person import Person
from tracker.models.record import RecordEntry
from tracker.models.reply import SearchResult, SubstituteSearch
from tracker.models.tick_fault import TickFault
from tracker.pipeline import answers, declining, loop_replacing
from tracker.pipeline.loop_substitutes import SubstituteLine
from tracker.queries import loops, replies
from tracker.queries.truth import holds
from tracker.rules.answers import NOTICE, Answer, Search
from tracker.rules.stages import StageKind
from tracker.worker import substitutes, tasks

Say = Callable[[Assignment], None]


@pytest.fixture
def people(world: World, in_app: Flask, at: TestClock) -> list[Person]:
    at.set(MONDAY)
    return community(world, world.plan())


@pytest.fixture
def loop(session: Session, world: World, people: list[Person]) -> Loop:
    """Eight days ahead; one of the six is not in it, and one alone raises the bar."""
    return sent(session, world.application(stage=StageKind.LOOP), people)


def leads(session: Session, loop: Loop) -> list[Assignment]:
    session.expire_all()
    found = [each.lead for each in loops.interviews_of(loop)]
    return [each for each in found if each is not None]


def other(session: Session, loop: Loop) -> Assignment:
    """One who leads an interview and does not raise the bar."""
    return next(each for each in leads(session, loop) if not each.person.is_bar_raiser)


def decline(session: Session, mine: Assignment, now: datetime = MONDAY) -> None:
    declining.decline(session, mine, reason="away", by=mine.person, now=now)
    session.commit()


def results(session: Session) -> list[SearchResult | None]:
    session.expire_all()
    found = list(session.scalars(select(SubstituteSearch.result).order_by(SubstituteSearch.id)))
    session.commit()
    return found


def kinds(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)))


def test_who_declines_is_replaced_and_everybody_is_told(session: Session, loop: Loop, people: list[Person]) -> None:
    mine, before = other(session, loop), len(kinds(session))
    interview, name = mine.interview, mine.person.name
    [free] = [each for each in people if each.id not in {lead.person_id for lead in leads(session, loop)}]
    decline(session, mine)
    assert kinds(session)[before:] == [], "whoever answers for it need not act"
    assert replies.searched(session, [interview.id], MONDAY) == {interview.id: Search.LOOKS}
    session.commit()

    assert substitutes.find_substitutes() == 1
    assert results(session) == [SearchResult.FOUND]
    lead = interview.lead
    assert lead is not None
    assert (lead.person_id, lead.answer, mine.ended_at) == (free.id, None, MONDAY)
    assert sorted(kinds(session)[before:]) == [
        "interview_invitation",
        "interview_withdrawn",
        "loop_changed",
        "substitute_found",
    ]
    [out], [told] = of_kind(session, "interview_withdrawn"), of_kind(session, "substitute_found")
    assert (out.person_id, events_of(out)) == (mine.person_id, [("CANCELLED", 1)])
    assert told.person_id == loop.application.requisition.recruiter_id
    assert f"{free.name} was put in for {name}" in " ".join(text_of(told).split())
    assert holds(session, told.fact, now=MONDAY)
    [schedule] = of_kind(session, "loop_changed")
    assert f"With {free.name}" in text_of(schedule)
    assert name not in text_of(schedule)
    assert all("away" not in text_of(each) for each in (schedule, out, told)), "nobody is told why"
    entry = session.scalars(select(RecordEntry).where(RecordEntry.verb == "loop.substitute")).one()
    assert (entry.by_id, entry.text) == (None, f"{free.name} was put in for {name} in {interview.name} by the tracker")
    session.commit()
    assert substitutes.find_substitutes() == 0


def test_a_substitute_who_declines_counts_and_in_the_end_a_person_acts(session: Session, loop: Loop) -> None:
    mine = other(session, loop)
    interview = mine.interview
    decline(session, mine)
    substitutes.find_substitutes()
    second = interview.lead
    assert second is not None
    decline(session, second)
    assert substitutes.find_substitutes() == 1
    assert results(session) == [SearchResult.FOUND, SearchResult.NOBODY]
    [told] = of_kind(session, "substitute_missing")
    assert holds(session, told.fact, now=MONDAY)
    assert not holds(session, told.fact, now=START + timedelta(days=1))
    session.add(SubstituteSearch(interview_id=interview.id, assignment_id=mine.id, asked_at=MONDAY, ended_at=MONDAY))
    session.flush()
    declining.take_back(session, second, by=second.person, now=MONDAY)
    assert of_kind(session, "interview_declined") == []
    decline(session, second)
    assert len(of_kind(session, "interview_declined")) == 1, "three searches are the most"
    assert substitutes.find_substitutes() == 0


def test_the_only_bar_raiser_cannot_be_replaced_by_anybody(session: Session, loop: Loop) -> None:
    mine = next(each for each in leads(session, loop) if each.person.is_bar_raiser)
    decline(session, mine)
    assert substitutes.find_substitutes() == 1
    assert results(session) == [SearchResult.NOBODY]
    assert mine.ended_at is None


def _soon(session: Session, mine: Assignment) -> None:
    assert mine.interview.starts_at is not None
    decline(session, mine, mine.interview.starts_at - NOTICE + timedelta(seconds=1))


def _switched_off(session: Session, mine: Assignment) -> None:
    mine.interview.application.requisition.plan.substitutes_sought = False
    decline(session, mine)


def _confidential(session: Session, mine: Assignment) -> None:
    mine.interview.application.requisition.is_confidential = True
    decline(session, mine)


@pytest.mark.parametrize("say_no", [_soon, _switched_off, _confidential])
def test_where_it_does_not_look_the_recruiter_is_told_at_once(
    session: Session, loop: Loop, say_no: Callable[[Session, Assignment], None]
) -> None:
    say_no(session, other(session, loop))
    assert len(of_kind(session, "interview_declined")) == 1
    assert results(session) == []


def test_who_holds_it_after_all_is_not_replaced(session: Session, loop: Loop) -> None:
    mine = other(session, loop)
    decline(session, mine)
    answers.answer_seat(session, mine, Answer.ACCEPTED, by=mine.person, now=MONDAY)
    session.commit()
    assert substitutes.find_substitutes() == 1
    assert (results(session), mine.ended_at) == ([SearchResult.VOID], None)
    decline(session, mine)
    assert len(results(session)) == 2, "what came to nothing does not count"


def test_a_worker_that_comes_too_late_leaves_it_to_the_recruiter(session: Session, loop: Loop, at: TestClock) -> None:
    mine = other(session, loop)
    decline(session, mine)
    assert mine.interview.starts_at is not None
    at.set(mine.interview.starts_at - NOTICE + timedelta(minutes=1))
    session.commit()
    assert substitutes.find_substitutes() == 1
    assert (results(session), mine.ended_at) == ([SearchResult.LATE], None)
    assert len(of_kind(session, "interview_declined")) == 1


def test_of_what_became_confidential_meanwhile_nobody_hears(session: Session, loop: Loop) -> None:
    mine = other(session, loop)
    decline(session, mine)
    mine.interview.application.requisition.is_confidential = True
    session.commit()
    assert substitutes.find_substitutes() == 1
    assert (results(session), mine.ended_at) == ([SearchResult.LATE], None)
    assert len(of_kind(session, "interview_declined")) == 1


def test_all_is_asked_again_as_it_is_settled(session: Session, world: World, loop: Loop, people: list[Person]) -> None:
    """The best was booked elsewhere during the search, another one has read what others wrote: nobody is seated."""
    mine = other(session, loop)
    interview = mine.interview
    [free] = [each for each in people if each.id not in {lead.person_id for lead in leads(session, loop)}]
    decline(session, mine)
    search_id = session.scalars(select(SubstituteSearch.id)).one()
    question = loop_replacing.question_of(session, search_id, now=MONDAY)
    assert question is not None
    world.interview(world.application(), free, starts_at=interview.starts_at)
    stranger = world.person("Una Unqualified")
    lines = [SubstituteLine(each.id, each.name, ()) for each in (free, stranger, mine.person)]
    moved = (interview.starts_at or MONDAY) + timedelta(hours=1)
    assert loop_replacing.settle(session, search_id, lines, moved, now=MONDAY) is None, "it was moved meanwhile"
    assert loop_replacing.settle(session, search_id, lines, interview.starts_at, now=MONDAY) is SearchResult.NOBODY
    session.commit()
    assert interview.lead is mine
    assert len(of_kind(session, "substitute_missing")) == 1
    assert loop_replacing.settle(session, search_id, lines, interview.starts_at, now=MONDAY) is SearchResult.VOID


def test_one_that_fails_keeps_no_other_waiting(session: Session, loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = [each for each in leads(session, loop) if not each.person.is_bar_raiser][:2]
    decline(session, first)
    decline(session, second)
    real = loop_replacing.question_of
    broken = session.scalars(select(SubstituteSearch.id).order_by(SubstituteSearch.id)).first()
    session.commit()

    def question_of(session: Session, search_id: int, *, now: datetime) -> object:
        if search_id == broken:
            raise RuntimeError("no luck")
        return real(session, search_id, now=now)

    monkeypatch.setattr(loop_replacing, "question_of", question_of)
    assert substitutes.find_substitutes() == 1
    assert results(session) == [None, SearchResult.FOUND]
    assert [fault.tick for fault in session.scalars(select(TickFault))] == ["substitutes"]


def test_while_the_outbox_is_paused_nobody_is_put_in(session: Session, loop: Loop, in_app: Flask) -> None:
    decline(session, other(session, loop))
    session.add(OutboxPause(id=1, at=MONDAY, backup_at=MONDAY))
    session.commit()
    assert substitutes.find_substitutes() == 0
    assert tasks.run_once(in_app) == 0
    assert results(session) == [None]
