"""The board: columns with counts, pages of cards, who may see it."""

from datetime import timedelta

import pytest

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.requisition import Requisition
from tracker.queries.board import PAGE
from tracker.rules.stages import ApplicationState, StageKind


@pytest.fixture
def requisition(world: World, at: TestClock) -> Requisition:
    at.set(MONDAY + timedelta(days=3))
    return world.requisition()


def fill(world: World, requisition: Requisition, count: int) -> list[Application]:
    """Applications that entered their stage one after the other; every third in the same moment as the one before."""
    moments = [MONDAY + timedelta(minutes=n - (n % 3 == 2)) for n in range(count)]
    return [
        world.application(requisition, name=f"Candidate {n:03}", entered_stage_at=moment)
        for n, moment in enumerate(moments)
    ]


def test_columns_show_counts_and_the_longest_waiting_first(
    client: Client, world: World, requisition: Requisition
) -> None:
    fill(world, requisition, 3)
    world.application(requisition, name="Lena Loop", stage=StageKind.LOOP)
    world.application(requisition, name="Gone Away", state=ApplicationState.WITHDRAWN, closed_at=MONDAY)
    page = client.sign_in(requisition.recruiter).get(f"/requisitions/{requisition.id}/board").text
    assert page.index("Candidate 000") < page.index("Candidate 001") < page.index("Candidate 002") < page.index("Lena")
    assert "Gone Away" not in page
    review = world.stage(requisition, StageKind.APPLICATION)
    assert f'data-count="{review.id}">3<' in page
    assert "3 days here" in page


def test_a_column_is_paged_without_gap_or_repetition(client: Client, world: World, requisition: Requisition) -> None:
    names = [application.candidate.name for application in fill(world, requisition, 2 * PAGE + 5)]
    client.sign_in(requisition.recruiter)
    url, seen = f"/requisitions/{requisition.id}/board", []
    while url:
        page = client.get(url, headers={"Sec-Fetch-Dest": "empty"}).text
        seen += [name for name in names if f">{name}<" in page]
        url = page.split('data-next="')[1].split('"')[0].replace("&amp;", "&") if 'data-next="' in page else ""
    assert seen == names


def test_without_the_script_more_is_a_page(client: Client, world: World, requisition: Requisition) -> None:
    fill(world, requisition, PAGE + 1)
    review = world.stage(requisition, StageKind.APPLICATION)
    page = client.sign_in(requisition.recruiter).get(f"/requisitions/{requisition.id}/board/{review.id}/cards").text
    assert "<!doctype html>" in page
    assert "Candidate 000" in page


def test_scorecards_are_counted_and_the_next_interview_is_shown(
    client: Client, world: World, requisition: Requisition, at: TestClock
) -> None:
    application = world.application(requisition, stage=StageKind.LOOP)
    cards = world.loop(application, tuple(world.person() for _ in range(5)), starts_at=MONDAY + timedelta(hours=1))
    for assignment in cards[:3]:
        world.scorecard(assignment)
    at.set(MONDAY)
    page = client.sign_in(requisition.recruiter).get(f"/requisitions/{requisition.id}/board").text
    assert "3/5" in page
    assert "Mon 2 Nov, 11:00 CET" in page


def test_the_hiring_manager_sees_it_and_cannot_move(client: Client, world: World, requisition: Requisition) -> None:
    fill(world, requisition, 1)
    page = client.sign_in(requisition.hiring_manager).get(f"/requisitions/{requisition.id}/board").text
    assert "Candidate 000" in page
    assert "data-move" not in page


def test_others_find_nothing(client: Client, world: World, requisition: Requisition) -> None:
    review = world.stage(requisition, StageKind.APPLICATION)
    for person in (world.person("Nobody"), world.admin()):
        client.sign_in(person)
        assert client.get(f"/requisitions/{requisition.id}/board").status_code == 404
        assert client.get(f"/requisitions/{requisition.id}/board/{review.id}/cards").status_code == 404


def test_a_confidential_board_does_not_exist_for_other_recruiters(client: Client, world: World, at: TestClock) -> None:
    at.set(MONDAY)
    secret = world.requisition("Secret role", is_confidential=True)
    assert client.sign_in(world.recruiter("Other")).get(f"/requisitions/{secret.id}/board").status_code == 404
    assert client.sign_in(secret.recruiter).get(f"/requisitions/{secret.id}/board").status_code == 200


def test_ones_own_application_is_not_on_the_board(client: Client, world: World, requisition: Requisition) -> None:
    person = world.recruiter("Otto Own")
    candidate = world.candidate("Otto Own", email=person.email)
    world.application(requisition, candidate=candidate)
    page = client.sign_in(person).get(f"/requisitions/{requisition.id}/board").text
    assert "No active applications" in page


def test_where_a_page_begins_does_not_tell_where_a_hidden_card_stands(
    client: Client, world: World, requisition: Requisition
) -> None:
    secret = world.requisition("Secret", is_confidential=True, recruiter=world.recruiter("Olga Other"))
    me = world.candidate(email=requisition.recruiter.email)
    early = MONDAY - timedelta(days=1)
    hidden = world.application(secret, entered_stage_at=early)
    own = world.application(requisition, candidate=me, entered_stage_at=early)
    first = world.application(requisition, name="First Card", entered_stage_at=early)
    world.application(requisition, name="Next Card")
    client.sign_in(requisition.recruiter)
    url = f"/requisitions/{requisition.id}/board/{first.stage_id}/cards?after="
    assert "Next Card" in client.get(f"{url}{first.id}").text
    for after in (hidden.id, own.id):
        assert "Card" not in client.get(f"{url}{after}", headers={"Sec-Fetch-Dest": "empty"}).text


def test_the_stage_of_another_plan_is_not_found(client: Client, world: World, requisition: Requisition) -> None:
    other = world.plan("Another plan")
    client.sign_in(requisition.recruiter)
    assert client.get(f"/requisitions/{requisition.id}/board/{other.stages[0].id}/cards").status_code == 404
