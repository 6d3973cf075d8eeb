"""Whoever is shown what somebody recommends has read of a scorecard: that is on the record, once, and costs no more."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.interview import Assignment
from tracker.models.person import InterviewKind
from tracker.models.scorecard import Scorecard, ScorecardRead
from tracker.pipeline import debrief
from tracker.rules.stages import StageKind

AFTER = MONDAY + timedelta(days=2)
# Of which interviews each page shows what was recommended: 0 is the phone screen.
PAGES = {"": [0, 1, 2], "/screens": [0], "/screens/outcome": [0], "/decision": [1, 2]}


@pytest.fixture
def held(client: Client, session: Session, world: World, at: TestClock) -> list[Assignment]:
    """A phone screen and a loop of two, all handed in, the debrief open."""
    at.set(AFTER)
    application = world.application(stage=StageKind.OUTCOME)
    screen = world.interview(application, world.person("Sina S"), kind=InterviewKind.PHONE_SCREEN)
    made = [screen, *world.loop(application, (world.person("Anna A"), world.person("Ben B")))]
    for each in made:
        world.scorecard(each)
    with client.application.app_context():
        debrief.open_if_ready(session, application, now=AFTER)
        session.commit()
    return made


@pytest.fixture
def application(held: list[Assignment]) -> Application:
    return held[0].interview.application


def reads(session: Session) -> list[tuple[int, int]]:
    session.commit()
    query = select(Scorecard.assignment_id, ScorecardRead.person_id).join(
        ScorecardRead, ScorecardRead.scorecard_id == Scorecard.id
    )
    return sorted((assignment, person) for assignment, person in session.execute(query))


@pytest.mark.parametrize("page", PAGES)
def test_what_is_shown_is_noted_once(
    client: Client, session: Session, at: TestClock, held: list[Assignment], application: Application, page: str
) -> None:
    manager = application.requisition.hiring_manager
    client.sign_in(manager)
    for minutes in (0, 30):
        at.set(AFTER + timedelta(minutes=minutes))
        assert client.get(f"/applications/{application.id}{page}").status_code == 200
        assert reads(session) == [(held[number].id, manager.id) for number in PAGES[page]]


def test_who_is_shown_nothing_reads_nothing(
    client: Client, session: Session, world: World, held: list[Assignment], application: Application
) -> None:
    recruiter = world.recruiter("Rob Recruiter")
    world.interview(application, recruiter, kind=InterviewKind.PHONE_SCREEN)
    client.sign_in(recruiter)
    for page in PAGES:
        client.get(f"/applications/{application.id}{page}")
    assert reads(session) == []
