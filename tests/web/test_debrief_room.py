"""The debrief's room: who is there, who has yet to vote, and who read what."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock, browser_of
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.interview import Assignment
from tracker.pipeline import debrief as verbs
from tracker.pipeline import scorecards
from tracker.rules.scorecards import Recommendation
from tracker.rules.stages import StageKind

AFTER = MONDAY + timedelta(days=2)


@pytest.fixture
def loop(app: Flask, session: Session, world: World, at: TestClock) -> list[Assignment]:
    """A loop of two whose scorecards are in; Anna is a bar raiser."""
    at.set(AFTER)
    application = world.application(stage=StageKind.OUTCOME, name="Cleo Candidate")
    found = world.loop(application, (world.person("Anna A"), world.person("Ben B")))
    found[0].person.is_bar_raiser = True
    for each in found:
        world.scorecard(each, text="quokka", recommendation=Recommendation.HIRE)
    with app.app_context():
        verbs.open_if_ready(session, application, now=AFTER)
        session.commit()
    return found


@pytest.fixture
def application(loop: list[Assignment]) -> Application:
    return loop[0].interview.application


def room_of(application: Application) -> str:
    return f"/applications/{application.id}/debrief/room"


def test_each_sees_who_else_is_there_until_they_leave(
    app: Flask, session: Session, loop: list[Assignment], application: Application, at: TestClock
) -> None:
    anna, ben = (browser_of(app, session).sign_in(each.person) for each in loop)
    url = room_of(application)
    assert "Nobody else is here now." in anna.get(url.removesuffix("/room")).text
    assert ben.get(url).json == {"present": ["Anna A"], "still_to_vote": ["Anna A", "Ben B"], "stage": "open"}
    assert "Also here" in anna.get(url.removesuffix("/room")).text

    at.set(AFTER + timedelta(minutes=1))
    assert anna.get(url).json["present"] == []


def test_second_votes_are_news_when_all_are_in_and_not_before(
    app: Flask, session: Session, loop: list[Assignment], application: Application
) -> None:
    anna, ben = (browser_of(app, session).sign_in(each.person) for each in loop)
    vote = room_of(application).replace("/room", "/vote")
    anna.post(vote, data={"recommendation": "no_hire", "reason": "wombat"})
    assert ben.get(room_of(application)).json["stage"] == "open"
    assert "wombat" not in ben.get(room_of(application).removesuffix("/room")).text
    ben.post(vote, data={"recommendation": "hire"})
    assert anna.get(room_of(application)).json["stage"] == "voted"
    page = ben.get(room_of(application).removesuffix("/room")).text
    assert "wombat" in page
    assert "bar raiser" in page


def test_who_owes_a_scorecard_is_not_let_in(
    app: Flask, client: Client, session: Session, world: World, loop: list[Assignment], application: Application
) -> None:
    late = world.interview(
        application, world.person("Lars Late"), kind=loop[0].interview.kind, position=3, loop=loop[0].interview.loop
    )
    with app.app_context():
        scorecards.waive(session, late, reason="Ill", by=application.requisition.recruiter, now=AFTER)
    assert client.sign_in(late.person).get(room_of(application)).status_code == 404
    assert client.sign_in(world.person("Zoe Stranger")).get(room_of(application)).status_code == 404


def test_the_hiring_manager_sees_who_read_which_scorecard(
    client: Client, loop: list[Assignment], application: Application
) -> None:
    url = room_of(application).removesuffix("/room")
    client.sign_in(loop[0].person).get(url)
    page = client.sign_in(application.requisition.hiring_manager).get(url).text
    assert "Who read which scorecard" in page
    told = page.split("Who read which scorecard, and when")[1]
    assert "Anna A" in told.split("Ben B")[0]
    assert "Who read which scorecard" not in client.sign_in(loop[0].person).get(url).text
