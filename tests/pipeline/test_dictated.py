"""Scorecards that somebody else types: both names, nothing of a draft read or lost, and blind until confirmed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.debrief import Debrief
from tracker.models.interview import Assignment
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.models.record import RecordEntry
from tracker.models.scorecard import Scorecard
from tracker.pipeline import dictated, scorecards
from tracker.pipeline.dictated import NothingToConfirm
from tracker.pipeline.scorecards import NotWritable, TooEarly
from tracker.queries import scorecards as blind
from tracker.queries.visibility import viewer_of
from tracker.rules.scorecards import IncompleteScorecard, Recommendation, ScorecardContent, ScorecardState
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

AFTER = MONDAY + timedelta(days=2)
SECRET = "quokka"


@pytest.fixture
def loop(world: World, in_app: Flask) -> list[Assignment]:
    """A loop of two, held on Tuesday."""
    application = world.application(stage=StageKind.LOOP)
    return world.loop(application, (world.person("Anna A"), world.person("Ben B")))


@pytest.fixture
def rita(loop: list[Assignment]) -> Person:
    return loop[0].interview.application.requisition.recruiter


def content(mine: Assignment, text: str = "as she said") -> ScorecardContent:
    return ScorecardContent(Recommendation.HIRE, text, {each.competency_id: 3 for each in mine.competencies})


def is_bound(session: Session, mine: Assignment) -> bool:
    return blind.is_bound(session, viewer_of(session, mine.person), mine.interview.application_id)


def test_both_names_stand_on_it_and_it_counts(session: Session, loop: list[Assignment], rita: Person) -> None:
    mine, other = loop
    scorecards.submit(session, other, content(other), by=other.person, now=AFTER)
    card = dictated.enter(session, mine, content(mine), by=rita, now=AFTER)
    assert (card.state, card.author, card.typed_by) == (ScorecardState.SUBMITTED, mine.person, rita)
    assert session.scalar(select(Debrief)) is not None, "it is in"
    entry = session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "scorecard.submit")).all()[-1]
    assert entry == f"{rita.name} submitted the scorecard of loop 0, as Anna A dictated it"
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "scorecard_entered")).one()
    assert mail.person_id == mine.person_id
    assert "as she said" not in mail.message.decode()


def test_its_interviewer_stays_blind_until_it_is_confirmed(
    session: Session, loop: list[Assignment], rita: Person
) -> None:
    mine = loop[0]
    card = dictated.enter(session, mine, content(mine), by=rita, now=AFTER)
    assert is_bound(session, mine)
    with pytest.raises(NothingToConfirm):
        dictated.confirm(session, card, by=rita, now=AFTER)
    dictated.confirm(session, card, by=mine.person, now=AFTER)
    assert not is_bound(session, mine)
    with pytest.raises(NothingToConfirm):
        dictated.confirm(session, card, by=mine.person, now=AFTER)


def test_amending_confirms_it_and_both_versions_are_kept(
    session: Session, loop: list[Assignment], rita: Person
) -> None:
    mine = loop[0]
    card = dictated.enter(session, mine, content(mine), by=rita, now=AFTER)
    scorecards.amend(session, mine, content(mine, "as I meant it"), reason="misheard", by=mine.person, now=AFTER)
    assert card.confirmed_at == AFTER
    assert not is_bound(session, mine)
    kept = blind.versions(session, viewer_of(session, mine.person), card)
    assert [each.content["summary"] for each in kept] == ["as I meant it", "as she said"]


def test_a_draft_is_set_aside_for_its_author(session: Session, loop: list[Assignment], rita: Person) -> None:
    mine = loop[0]
    draft = ScorecardContent(summary=SECRET)
    scorecards.save_draft(session, mine, draft, by=mine.person, now=AFTER)
    card = dictated.enter(session, mine, content(mine), by=rita, now=AFTER)
    assert card.set_aside is not None
    assert card.set_aside["summary"] == SECRET
    shown = blind.versions(session, viewer_of(session, rita), card)
    assert SECRET not in str([each.content for each in shown])
    with pytest.raises(NotWritable, match="was submitted"):
        scorecards.save_draft(session, mine, draft, by=mine.person, now=AFTER)


def test_nobody_enters_it_who_interviews_there_or_may_not_manage(
    session: Session, world: World, loop: list[Assignment], rita: Person
) -> None:
    mine, other = loop
    other.person.is_recruiter = True
    for by in (
        other.person,
        mine.person,
        world.person(),
        world.admin(),
        mine.interview.application.requisition.hiring_manager,
    ):
        with pytest.raises(NotWritable):
            dictated.enter(session, mine, content(mine), by=by, now=AFTER)
    assert session.scalars(select(Scorecard.state)).all() == [ScorecardState.DRAFT] * 2


def test_it_is_held_to_what_every_submission_is(session: Session, loop: list[Assignment], rita: Person) -> None:
    mine = loop[0]
    with pytest.raises(TooEarly):
        dictated.enter(session, mine, content(mine), by=rita, now=MONDAY)
    with pytest.raises(IncompleteScorecard):
        dictated.enter(session, mine, ScorecardContent(), by=rita, now=AFTER)
    session.rollback()
    scorecards.submit(session, mine, content(mine), by=mine.person, now=AFTER)
    with pytest.raises(NotWritable, match="was submitted"):
        dictated.enter(session, mine, content(mine), by=rita, now=AFTER)
