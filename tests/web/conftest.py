"""What tests of pages begin with: a Monday; and a loop's page, unless a file has its own by these names."""

import pytest

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.person import Person
from tracker.rules.stages import StageKind


@pytest.fixture
def monday(at: TestClock) -> None:
    """For whole files: ``pytestmark = pytest.mark.usefixtures("monday")``."""
    at.set(MONDAY)


@pytest.fixture
def application(world: World) -> Application:
    return world.application(stage=StageKind.LOOP)


@pytest.fixture
def people(world: World, application: Application) -> list[Person]:
    plan = application.requisition.plan
    return [world.qualify(world.person(f"Ina{n}", is_bar_raiser=n == 0), plan) for n in range(6)]


@pytest.fixture
def recruiter(client: Client, application: Application, people: list[Person]) -> Client:
    return client.sign_in(application.requisition.recruiter)
