"""The pages of interviewers in numbers: one's own, the community's, and who is refused."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import World
from tests.queries.test_getting_better import NOW, held
from tests.web.test_page_statements import counting
from tracker.db import db
from tracker.models.person import Person
from tracker.web import context


def test_each_sees_the_own_numbers_and_what_is_held_back(
    client: Client, session: Session, world: World, at: TestClock
) -> None:
    at.set(NOW)
    plan = world.plan()
    people = world.qualify(world.person("Anna A"), plan), world.qualify(world.person("Ben B"), plan)
    held(world, people)
    page = client.sign_in(people[0]).get("/getting-better").text
    assert "Too few to say: 1 of 5 loops" in page
    assert "The community" not in page
    for _ in range(4):
        held(world, people)
    page = client.get("/getting-better").text
    assert "1.0 step severer than the panel" in page
    assert "My numbers" in client.get("/account").text

    page = client.sign_in(world.person("Lea Lead", is_recruiting_lead=True)).get("/getting-better/community").text
    for text in ("Anna A", "1.0 step severer than the panel", "1.0 step milder than the panel", "Competency A"):
        assert text in page, text
    assert "Too few to say: 5 of each are needed" in page


def test_without_anybody_the_community_says_so(client: Client, world: World) -> None:
    assert "Nobody is qualified" in client.sign_in(world.admin()).get("/getting-better/community").text
    assert "Too few to say: 0 of 5" in client.get("/getting-better").text


def test_the_community_is_for_leads_and_admins(client: Client, world: World) -> None:
    others: list[Person] = [world.person(), world.recruiter(), world.requisition().hiring_manager]
    for person in others:
        assert client.sign_in(person).get("/getting-better/community").status_code == 404
    client.get("/sign-out")
    client.post("/sign-out")
    assert client.get("/getting-better").status_code == 302


def test_its_statements_do_not_grow_with_the_data(
    app: Flask, client: Client, session: Session, world: World, at: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The organisation's name is read again after a while, which a slow machine may reach in between.
    monkeypatch.setattr(context, "KEPT_SECONDS", 1000.0)
    at.set(NOW)
    plan = world.plan()
    people = world.qualify(world.person("Anna A"), plan), world.qualify(world.person("Ben B"), plan)
    client.sign_in(world.person("Lea Lead", is_recruiting_lead=True))
    with app.app_context():
        engine = db.engine
    for url, most in (("/getting-better", 8), ("/getting-better/community", 8)):
        client.get(url)
        counts = []
        for _ in range(2):
            for _ in range(3):
                held(world, people)
            session.commit()
            with counting(app, engine) as counter:
                assert client.get(url).status_code == 200
            counts.append(counter.all)
            assert counter.in_template == 0
        assert counts[0] == counts[1] <= most
