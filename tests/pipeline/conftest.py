"""An application in its loop and the loop's draft, its recruiter, those who may interview in it, and who learns to."""

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.learners import in_training
from tests.pipeline.loops import community
from tracker.models.application import Application
from tracker.models.interview import Loop
from tracker.models.person import Person
from tracker.pipeline import loop as verbs
from tracker.rules.stages import StageKind


@pytest.fixture
def application(world: World) -> Application:
    return world.application(stage=StageKind.LOOP, name="Cleo Candidate")


@pytest.fixture
def people(world: World, application: Application) -> list[Person]:
    return community(world, application.requisition.plan)


@pytest.fixture
def recruiter(application: Application) -> Person:
    return application.requisition.recruiter


@pytest.fixture
def nora(world: World, application: Application) -> Person:
    person = world.person("Nora Newcomer")
    in_training(world, person, application.requisition.plan)
    return person


@pytest.fixture
def loop(session: Session, application: Application, people: list[Person]) -> Loop:
    return verbs.plan(session, application, by=application.requisition.recruiter, now=MONDAY)
