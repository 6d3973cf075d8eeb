"""Recording a decision anew through the pages: looked over, confirmed, and who is refused."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.debrief import Decision
from tracker.pipeline import debrief, decision
from tracker.rules.decisions import Grounds
from tracker.rules.scorecards import Recommendation
from tracker.rules.stages import ApplicationState, DecisionKind, StageKind

AFTER = MONDAY + timedelta(days=2)


@pytest.fixture
def application(app: Flask, session: Session, world: World, at: TestClock) -> Application:
    """Decided: hire. Anna, a bar raiser, voted with a word."""
    at.set(AFTER)
    made = world.application(stage=StageKind.OUTCOME, name="Cleo Candidate")
    loop = world.loop(made, (world.person("Anna A", is_bar_raiser=True), world.person("Ben B")))
    for each in loop:
        world.scorecard(each)
    manager = made.requisition.hiring_manager
    with app.app_context():
        row = debrief.open_if_ready(session, made, now=AFTER)
        assert row is not None
        for each in loop:
            said = {"reason": "r", "word": f"word of {each.person.name}"}
            debrief.vote(session, made, row, Recommendation.HIRE, **said, by=each.person, now=AFTER)
        debrief.hold(session, made, row, by=manager, now=AFTER)
        decision.decide(session, made, DecisionKind.HIRE, Grounds("numbat"), by=manager, now=AFTER)
        session.commit()
    return made


def url_of(application: Application) -> str:
    return f"/applications/{application.id}/decision/change"


def form_of(session: Session) -> dict[str, str]:
    stands = session.scalars(select(Decision.id).where(Decision.superseded_at.is_(None))).one()
    words = {"rationale": "wombat", "level": "Senior", "ground_0": "ground of the first"}
    return {"kind": "hire", "version": str(stands), "reason": "the level was left out"} | words


def test_it_is_looked_over_then_recorded_and_all_versions_are_shown(
    client: Client, session: Session, application: Application
) -> None:
    client.sign_in(application.requisition.hiring_manager)
    record = url_of(application).replace("/change", "/record")
    assert "Record it anew" in client.get(url_of(application).removesuffix("/change")).text
    assert "numbat" in client.get(url_of(application)).text
    form = form_of(session)
    looked_over = client.post(url_of(application), data=form)
    assert looked_over.status_code == 200
    assert "Record this decision?" in looked_over.text
    assert 'name="ground_0" value="ground of the first"' in looked_over.text
    assert "wombat" not in client.get(record).text
    assert client.post(url_of(application), data=form | {"confirmed": "yes"}).status_code == 303
    page = client.get(record).text
    for text in ("numbat", "wombat", "Senior", "ground of the first", "the level was left out", "version 2"):
        assert text in page, text
    assert "word of Anna A" in page
    assert "word of Ben B" not in page, "only bar raisers have a word"


def test_each_refusal_is_shown_where_it_belongs(client: Client, session: Session, application: Application) -> None:
    client.sign_in(application.requisition.hiring_manager)
    form = form_of(session) | {"confirmed": "yes"}
    for wrong, said in (
        ({"rationale": " "}, "Rationale: please fill this in"),
        ({"reason": ""}, "Say why the decision is recorded anew"),
        ({"kind": "no_hire"}, "voted otherwise"),
        ({"kind": "perhaps"}, "Not a valid choice"),
    ):
        answer = client.post(url_of(application), data=form | wrong)
        assert answer.status_code == 422, wrong
        assert said in answer.text, wrong
    late = client.post(url_of(application), data=form | {"version": "999"})
    assert late.status_code == 409
    assert "wombat" in late.text
    assert session.query(Decision).count() == 1


def test_nobody_but_who_decides_finds_it(client: Client, world: World, application: Application) -> None:
    anna = session_person(application, "Anna A", world)
    for person in (application.requisition.recruiter, anna, world.person("Zoe Stranger"), world.admin()):
        client.sign_in(person)
        assert client.get(url_of(application)).status_code == 404
        assert client.post(url_of(application), data={"kind": "hire"}).status_code == 404


def session_person(application: Application, name: str, world: World) -> object:
    return next(each for each in world.session.query(type(application.requisition.recruiter)) if each.name == name)


def test_a_closed_application_is_reopened_first(client: Client, session: Session, application: Application) -> None:
    application.state = ApplicationState.REJECTED
    client.sign_in(application.requisition.hiring_manager)
    assert "Record it anew" not in client.get(url_of(application).removesuffix("/change")).text
    assert "reopen it" in client.get(url_of(application), follow_redirects=True).text
