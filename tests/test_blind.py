"""The blind rule on every surface: what is written bears a mark, and every address is opened by everybody.

New routes are visited without being listed here: they are read from the application itself, and one that cannot be
filled fails. What the blind see may not even change with what the others found.
"""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.blind.crawl import Address, Unfillable, addresses
from tests.blind.visitors import changed, few, known, post_all, read_all
from tests.blind.world import (
    MARK,
    MARKED,
    NOW,
    PROTECTED,
    WHY_WAIVED,
    Stage,
    is_text,
    say_otherwise,
    texts_of,
    unsaid_tables,
)
from tests.conftest import TestClock, browser_of
from tests.factories import World
from tracker.mail.calendar_feeds import token_of
from tracker.mail.links import url
from tracker.models.calendar_feed import CalendarFeed
from tracker.models.interview import Assignment, Interview
from tracker.models.person import FormerAddress, Person
from tracker.models.scorecard import Scorecard
from tracker.pipeline import candidates
from tracker.rules.scorecards import ScorecardState
from tracker.worker import tasks


@pytest.fixture
def stage(app: Flask, session: Session, world: World, at: TestClock) -> Stage:
    at.set(NOW)
    with app.app_context():
        found = Stage(session, world)
        for each in found.applications:
            candidates.renew(session, each, now=NOW)
        session.commit()
        while tasks.do_next(tasks.NUDGES, NOW) is not None:
            pass
    browser_of(app, session).post("/forgotten", data={"email": found.anna.email})
    return found


@pytest.fixture
def crawl(app: Flask, session: Session, stage: Stage) -> list[Address]:
    with app.app_context():
        calendars = [url(f"/calendar/{token_of(key)}.ics") for key in session.scalars(select(CalendarFeed.key))]
    return addresses(app, session, [*calendars, *(text for _, text in texts_of(session))])


def everybody_blind(stage: Stage) -> list[Person | None]:
    """Everybody who must not see it; those first who come nearest to it."""
    world = stage.world
    elsewhere = world.requisition("Designer", hiring_manager=world.person("Otto Other"))
    world.scorecard(world.interview(world.application(elsewhere), world.person("Olga Other")), text="fine")
    herself = world.recruiter("Dora herself", email="dora@candidates.example")
    world.keep(FormerAddress(person_id=herself.id, email="leo@candidates.example"))
    return [
        *(stage.interviewing_recruiter, stage.manager, stage.waiting, None, stage.late_screener),
        *(stage.replaced, stage.dictating, stage.shadow, elsewhere.hiring_manager, world.admin(), herself),
    ]


def test_all_that_is_written_is_marked_and_nothing_of_it_is_mailed(session: Session, stage: Stage) -> None:
    """Were it not marked, the tests below could not fail."""
    assert not unsaid_tables(), "say in tests/blind/world.py whether these tables tell what somebody found"
    for table in PROTECTED:
        for row in session.scalars(select(table)):
            texts = {each.key: getattr(row, each.key) for each in table.__table__.columns if is_text(each)}
            assert all(MARKED.search(text) for text in texts.values()), f"{table.__tablename__}: {texts}"

    mails = texts_of(session)
    assert len({text.splitlines()[0] for _, text in mails}) > 5, "few mails were written"
    assert not [text for _, text in mails if MARKED.search(text) or "no hire" in text.lower()]


def test_nobody_who_is_blind_finds_a_trace_anywhere(
    app: Flask, session: Session, stage: Stage, crawl: list[Address]
) -> None:
    blind = [known(each) for each in everybody_blind(stage)]
    session.commit()
    reads = [each for each in crawl if not each.is_post]
    nearest, closed = blind[:4], [each for each in reads if not each.is_public]
    # Public pages know nobody.
    walks = {who: read_all(app, who, reads, filters=True) for who in nearest}
    walks |= {who: read_all(app, who, closed) for who in blind[4:]}
    assert not {who.name: each.leaks for who, each in walks.items() if each.leaks}

    # Nothing that they see depends on what the others found: not the size of an answer, an ETag or a count.
    say_otherwise(session)
    assert not {who.name: found for who in nearest if (found := changed(app, who, walks[who]))}
    posts = few(crawl)
    assert not {who.name: found for who in nearest if (found := post_all(app, who, posts).leaks)}


def test_those_who_may_read_find_what_is_theirs_to_read(
    app: Flask, session: Session, stage: Stage, crawl: list[Address]
) -> None:
    """Else the test above could not fail. Drafts are their authors' alone; a phone screen is no part in the loop."""
    people = (stage.recruiter, stage.anna, stage.screener)
    anna = session.scalars(select(Scorecard.assignment_id).where(Scorecard.author_id == stage.anna.id)).first()
    of_drafts = (Scorecard.state == ScorecardState.DRAFT, Scorecard.declined_at.is_(None))
    drafts = set(session.scalars(select(Scorecard.author_id).where(*of_drafts)))
    whos = [known(each) for each in people]
    carla, mona, sina = stage.carla.id, stage.mona.id, stage.screener.id
    reads = [each for each in crawl if not each.is_post and not each.is_public]
    session.commit()

    recruiter, author, screener = (read_all(app, who, reads) for who in whos)

    assert f"/scorecards/{anna}" in recruiter.leaks
    assert any(url.startswith("/scorecard-files/") for url in recruiter.leaks)
    assert {carla, mona, sina} <= recruiter.marks
    assert {carla, mona, sina} <= author.marks
    assert {url for url in recruiter.leaks if url.endswith("/waive")}, "why a scorecard was declined"
    assert not screener.marks
    assert len(drafts) == 5
    read = [WHY_WAIVED.sub("", text) for walk in (recruiter, author) for text in walk.seen.values()]
    assert not drafts & {int(number) for text in read for number in MARKED.findall(text)}


def test_phone_screens_open_with_the_own_scorecard(app: Flask, session: Session, stage: Stage) -> None:
    cards = {card.author_id: card for card in session.scalars(select(Scorecard).order_by(Scorecard.id))}
    screen = f"/scorecards/{cards[stage.screener.id].assignment_id}"
    client = browser_of(app, session).sign_in(stage.waiting)
    assert client.get(screen).status_code == 404

    for card in session.scalars(select(Scorecard).where(Scorecard.author_id == stage.waiting.id)):
        card.state, card.submitted_at, card.waived_at = ScorecardState.SUBMITTED, NOW, None
    session.commit()

    assert client.get(screen).status_code == 200


def test_who_learns_to_interview_reads_nothing_there_before_the_decision(
    app: Flask, session: Session, stage: Stage, crawl: list[Address]
) -> None:
    """A recruiter reads what was decided, as the others do, and of the loop in which she sits not a word."""
    of = (Assignment.interview_id == Interview.id, Interview.application_id == stage.going_on.id)
    here = {f"/scorecards/{number}" for number in session.scalars(select(Assignment.id).where(*of))}
    writers = select(Scorecard.author_id).where(Scorecard.application_id == stage.decided.id)
    decided = {*session.scalars(writers), stage.mona.id}
    reads = [each for each in crawl if not each.is_post and not each.is_public]
    who = known(stage.learning)
    session.commit()
    walk = read_all(app, who, reads, filters=True)
    assert walk.marks
    assert walk.marks <= decided | {stage.recruiter.id}
    assert not here & set(walk.leaks)


def test_where_the_rule_was_lifted_that_person_reads_there_alone(app: Flask, session: Session, stage: Stage) -> None:
    cards = {(card.author_id, card.application_id): card.assignment_id for card in session.scalars(select(Scorecard))}
    here, there = (f"/scorecards/{cards[stage.anna.id, each.id]}" for each in (stage.going_on, stage.decided))
    client = browser_of(app, session).sign_in(stage.lifted)
    assert MARK in client.get(here).text
    assert client.get(there).status_code == 404
    assert client.get(f"/scorecards/{cards[stage.waiting.id, stage.going_on.id]}").status_code == 404, "a draft"
    assert browser_of(app, session).sign_in(stage.waiting).get(here).status_code == 404


def test_a_route_that_cannot_be_filled_is_noticed(app: Flask, session: Session) -> None:
    with pytest.raises(Unfillable, match="plant one there"):
        addresses(app, session, [])
