"""Wherever an application is shown, its promise is: in business time left, with its moment and zone."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.interview import Assignment
from tracker.pipeline import deadlines
from tracker.rules.stages import StageKind

NOW = MONDAY + timedelta(days=2)
LEFT = "4 business days left"
LONG, SHORT = "Tue 10 Nov 2026, 23:59 CET", "Tue 10 Nov, 23:59 CET"


@pytest.fixture
def held(app: Flask, session: Session, world: World, at: TestClock) -> tuple[Application, list[Assignment]]:
    """A loop that ended yesterday, Tuesday the 3rd."""
    at.set(NOW)
    application = world.application(name="Ann Active", stage=StageKind.OUTCOME)
    people = tuple(world.person() for _ in range(5))
    assignments = world.loop(application, people, starts_at=MONDAY + timedelta(days=1))
    with app.app_context():
        deadlines.rework(session, application, now=MONDAY)
    session.commit()
    return application, assignments


@pytest.mark.parametrize(
    ("address", "moment"),
    [
        ("/applications/{application}", LONG),
        ("/applications/{application}/loop", LONG),
        ("/applications/{application}/debrief", LONG),
        ("/applications/{application}/decision", LONG),
        ("/applications/{application}/outcome", LONG),
        ("/requisitions/{requisition}/board", SHORT),
        ("/requisitions/{requisition}", LONG),
        ("/requisitions", SHORT),
        ("/candidates", SHORT),
        ("/deadlines?kind=promise", LONG),
        ("/scorecards/{assignment}/waive", LONG),
    ],
)
def test_the_recruiting_side_sees_it(
    client: Client, held: tuple[Application, list[Assignment]], address: str, moment: str
) -> None:
    application, assignments = held
    client.sign_in(application.requisition.recruiter)
    given = {"application": application.id, "requisition": application.requisition_id, "assignment": assignments[0].id}
    page = client.get(address.format(**given))
    assert page.status_code == 200
    assert LEFT in page.text
    assert moment in page.text


@pytest.mark.parametrize("address", ["/interviews/{}", "/scorecards/{}"])
def test_an_interviewer_sees_until_when_he_can_help(
    client: Client, held: tuple[Application, list[Assignment]], address: str
) -> None:
    _application, assignments = held
    client.sign_in(assignments[0].person)
    page = client.get(address.format(assignments[0].id)).text
    assert LEFT in page
    assert LONG in page


def test_what_was_kept_is_not_told_on_a_scorecard(
    app: Flask, client: Client, session: Session, held: tuple[Application, list[Assignment]]
) -> None:
    application, assignments = held
    with app.app_context():
        deadlines.cancel(session, application, now=NOW, reason="the candidate withdrew")
    session.commit()
    page = client.sign_in(assignments[0].person).get(f"/scorecards/{assignments[0].id}").text
    assert "promised" not in page
