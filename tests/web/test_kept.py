"""The page of the promises kept."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import MONDAY, World
from tests.queries.test_kept import closed, one_of_each, promise
from tracker.rules.deadlines import DeadlineState

pytestmark = pytest.mark.usefixtures("monday")

DAY = timedelta(days=1)


def test_rates_stand_beside_the_numbers_they_rest_on(client: Client, world: World) -> None:
    requisition = world.requisition()
    one_of_each(world, requisition)
    small = world.requisition("Small Role", team="Small team", recruiter=requisition.recruiter)
    due_at = MONDAY - DAY
    promise(world, world.application(small), due_at, **closed(DeadlineState.MET, due_at, -DAY))
    page = client.sign_in(requisition.recruiter).get("/deadlines/kept").text
    for words in ("50 %", "of 6 that were due", "40 %", "of 5", "too few to say: 1", "Small team", "1 extended"):
        assert words in page
    assert "Wed 5 Aug 2026 to Mon 2 Nov 2026 (90 days), by the clocks of Europe/Berlin" in page
    assert "/deadlines/kept" in client.get("/deadlines").text
    requisition_page = client.get(f"/requisitions/{requisition.id}").text
    assert "40 % of 5" in requisition_page
    assert "2 open, 1 overdue" in requisition_page
    assert "2 open, 1 overdue" in client.get("/requisitions").text


def test_period_and_team_are_in_the_address(client: Client, world: World) -> None:
    requisition = world.requisition()
    one_of_each(world, requisition)
    client.sign_in(requisition.recruiter)
    page = client.get("/deadlines/kept?from=2026-11-02&to=2026-11-30&team=Security").text
    assert "Mon 2 Nov 2026 to Mon 30 Nov 2026 (29 days)" in page
    assert 'value="2026-11-30"' in page
    assert "<option selected>Security</option>" in page
    assert "No requisition of this team" in client.get("/deadlines/kept?team=Nobody").text
    assert "No promise was due in this period" in client.get("/deadlines/kept?from=2020-01-01&to=2020-02-01").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-11-02&to=2026-11-01", "ends before it begins"),
        ("from=yesterday", "A day is written as"),
        ("from=2026-02-30", "A day is written as"),
        ("to=9999-12-31", "between 2000 and 2100"),
        ("from=2010-01-01", "five years at most"),
    ],
)
def test_a_period_that_cannot_be_is_said_and_the_usual_one_shown(
    client: Client, world: World, query: str, said: str
) -> None:
    requisition = world.requisition()
    one_of_each(world, requisition)
    page = client.sign_in(requisition.recruiter).get(f"/deadlines/kept?{query}")
    assert page.status_code == 200
    assert said in page.text
    assert "(90 days)" in page.text


def test_who_sees_no_requisition_sees_no_promise(client: Client, session: Session, world: World) -> None:
    one_of_each(world, world.requisition())
    page = client.sign_in(world.person("Nobody")).get("/deadlines/kept").text
    assert "No promise was due in this period" in page
    assert "Security Engineer" not in page
    for number in ("0", "-1", "99999999999999999999", "x"):
        assert client.get(f"/deadlines/kept?page={number}").status_code == 200
