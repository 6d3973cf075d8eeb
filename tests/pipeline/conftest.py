"""An application in its loop, those who may interview in it, and its recruiter."""

import pytest

from tests.factories import World
from tests.pipeline.loops import community
from tracker.models.application import Application
from tracker.models.person import Person
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
