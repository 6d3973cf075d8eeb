"""A journey on a database of its own, with a real mail server."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.factories import World
from tests.journeys.journey import Journey
from tests.mail import server


@pytest.fixture
def journey(app: Flask, session: Session, world: World, at: TestClock) -> Iterator[Journey]:
    """The cast is not hired yet: ``journey.hire()`` does."""
    with server.running() as post:
        yield Journey(app, session, world, at, post)
