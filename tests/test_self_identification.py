"""Self-identification on every surface: whatever candidates chose, everybody else sees the very same.

By the machine of the blind rule: every address is opened by everybody, and again after all answers were changed.
"""

from collections.abc import Iterable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.blind.crawl import Address, addresses
from tests.blind.visitors import changed, known, read_all
from tests.blind.world import NOW, Stage, texts_of
from tests.conftest import TestClock, browser_of
from tests.factories import World
from tests.self_identified import ask, choose
from tracker.mail.calendar_feeds import token_of
from tracker.mail.links import url
from tracker.models.calendar_feed import CalendarFeed
from tracker.models.person import Person
from tracker.models.self_identification import SelfIdentificationAnswer
from tracker.pipeline import candidates, retention

# What is never twice the same: a PDF bears a number of its own, one form a key under a longer name, and there is the
# room on the disk.
BY_CHANCE = {"/applications/1/decision/record.pdf", "/interviewers/training/1", "/settings/operations"}


def few(crawl: Iterable[Address]) -> list[Address]:
    """Of each route the first and the last address; of candidates' pages all."""
    routes: dict[str, list[Address]] = {}
    for each in crawl:
        routes.setdefault(each.rule, []).append(each)
    kept = [found if "/my/" in rule else found[:1] + found[1:][-1:] for rule, found in routes.items()]
    return [each for found in kept for each in found]


@pytest.fixture
def stage(app: Flask, session: Session, world: World, at: TestClock) -> Stage:
    at.set(NOW)
    with app.app_context():
        found = Stage(session, world)
        retention.set_months(session, 6, by=found.recruiter, now=NOW, seen=None)
        for each in found.applications:
            candidates.renew(session, each, now=NOW)
        session.commit()
    browser_of(app, session).post("/forgotten", data={"email": found.anna.email})
    return found


def test_nobody_else_sees_what_was_chosen_nor_that_it_was(
    app: Flask, session: Session, world: World, stage: Stage
) -> None:
    row = ask(world)
    choose(session, stage.decided, row, "Woman")
    lead = world.person("Lea Lead", is_recruiting_lead=True, is_admin=True)
    people: list[Person | None] = [stage.recruiter, lead, stage.anna, None]
    whos = [known(each) for each in people]
    with app.app_context():
        calendars = [url(f"/calendar/{token_of(key)}.ics") for key in session.scalars(sa.select(CalendarFeed.key))]
    crawl = addresses(app, session, [*calendars, *(text for _, text in texts_of(session))])
    reads = few([each for each in crawl if not each.is_post])
    session.commit()
    # Who reads leaves traces: the second time they are there.
    for who in whos[:3]:
        read_all(app, who, [each for each in reads if not each.is_public])
    walks = {who: read_all(app, who, reads) for who in whos}
    by_chance = {each for who, walk in walks.items() for each in changed(app, who, walk)}
    assert by_chance <= BY_CHANCE

    mine = SelfIdentificationAnswer.application_id == stage.decided.id
    session.execute(sa.update(SelfIdentificationAnswer).where(mine).values(choice_id=None))
    choose(session, stage.going_on, row, "Man")

    found = {who.name: set(changed(app, who, walk)) - by_chance for who, walk in walks.items()}
    own_pages = found.pop("nobody")
    assert found == {who.name: set() for who in whos if who.number}
    # By the candidates' links alone: else this test could not fail.
    assert len(own_pages) >= 2
    assert all(each.startswith("/my/") for each in own_pages)
