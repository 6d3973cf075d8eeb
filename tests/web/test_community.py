"""The interviewer community: who may see it, and that it counts what went out."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import MONDAY, World
from tracker.models.person import InterviewKind
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("monday")


def test_pools_loads_and_answers_are_counted(client: Client, session: Session, world: World) -> None:
    application = world.application(stage=StageKind.LOOP)
    plan = application.requisition.plan
    ina, ben, cleo = (
        world.qualify(world.person(name, team=f"Team {name[0]}"), plan) for name in ("Ina", "Ben", "Cleo")
    )
    world.qualify(cleo, plan, InterviewKind.PHONE_SCREEN)
    for days in (-100, -60, -20, -3):
        world.interview(application, ina, starts_at=MONDAY + timedelta(days=days))
    held = world.loop(application, (ina, ben))
    held[1].declined_at = MONDAY
    session.commit()
    page = client.sign_in(application.requisition.recruiter).get("/interviewers").text
    assert "It hangs on few here" in page
    assert "Nobody is qualified for raising the bar." in page
    assert "Cleo alone is qualified for" in page
    rows = {row.split("</th>")[0].split('dir="auto">')[-1].split("<")[0]: row for row in page.split("<tr>")}
    cells = ['data-label="Last 4 weeks">2<', 'data-label="To come">1<', 'data-label="Declined">0 of 4<']
    assert all(cell in rows["Ina"] for cell in cells)
    assert 'data-label="Declined">1 of 1<' in rows["Ben"]
    assert 'data-label="Accepted">0 of 1<' in rows["Ben"]
    assert 'data-label="Declined">–<' in rows["Cleo"]
    assert "Team C" in page


def test_it_is_for_the_recruiting_side_and_admins(client: Client, world: World) -> None:
    for person, code in ((world.person(), 404), (world.admin(), 200), (world.recruiter(), 200)):
        assert client.sign_in(person).get("/interviewers").status_code == code
        assert ("/interviewers" in client.get("/requisitions").text) == (code == 200)


def test_it_says_so_where_nobody_is_qualified(client: Client, world: World) -> None:
    assert "Nobody is qualified yet" in client.sign_in(world.recruiter()).get("/interviewers").text
