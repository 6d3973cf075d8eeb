"""The interviewer's page: everything he or she needs, in his or her own zone, and nobody else's page at all."""

import pytest

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.candidate import Document
from tracker.models.interview import Assignment, AssignmentRole, InterviewState
from tracker.rules.stages import StageKind


@pytest.fixture
def loop(world: World, at: TestClock) -> list[Assignment]:
    """A loop of two, tomorrow; the candidate lives in New York."""
    at.set(MONDAY)
    candidate = world.candidate("Cleo Candidate", zone="America/New_York")
    application = world.application(stage=StageKind.LOOP, candidate=candidate)
    return world.loop(application, (world.person("Anna A"), world.person("Ben B")))


def test_it_says_who_when_where_and_what(client: Client, world: World, loop: list[Assignment]) -> None:
    application = loop[0].interview.application
    world.keep(
        Document(
            application_id=application.id, name="cleo.pdf", media_type="application/pdf", size=9, sha256="0" * 64,
            is_resume=True, added_at=MONDAY,
        ),
        Document(
            application_id=application.id, name="secret.pdf", media_type="application/pdf", size=9, sha256="1" * 64,
            added_at=MONDAY,
        ),
    )  # fmt: skip
    page = client.sign_in(loop[0].person).get(f"/interviews/{loop[0].id}").text
    assert "Cleo Candidate" in page
    assert "Tue 3 Nov 2026, 10:00–11:00 CET" in page
    assert "Tue 3 Nov 2026, 04:00–05:00 EST" in page
    assert "https://meet.example/room" in page
    mine, other = (each.competencies[0].competency.name for each in loop)
    assert f"{mine}, anchor 4" in page
    assert f"{other}, anchor 4" not in page
    assert other in page
    assert "cleo.pdf" in page
    assert "secret.pdf" not in page
    assert "Ben B" not in page
    assert f"/scorecards/{loop[0].id}" in page
    assert application.candidate.email not in page


def test_phone_screens_are_there_to_read_only_where_the_plan_opens_them(
    client: Client, world: World, loop: list[Assignment]
) -> None:
    application = loop[0].interview.application
    screen = world.interview(application, world.person("Sina Screener"))
    owed = world.interview(application, world.person("Lars Late"), position=2)
    world.scorecard(screen, text="Knows it all")
    client.sign_in(loop[0].person)
    assert "Sina Screener" not in client.get(f"/interviews/{loop[0].id}").text
    assert client.get(f"/scorecards/{screen.id}").status_code == 404
    application.requisition.plan.screens_open = True
    page = client.get(f"/interviews/{loop[0].id}").text
    assert f"/scorecards/{screen.id}" in page
    assert f"/scorecards/{owed.id}" not in page
    assert "Knows it all" in client.get(f"/scorecards/{screen.id}").text
    for address in (f"/scorecards/{loop[1].id}", f"/applications/{application.id}"):
        assert client.get(address).status_code == 404, "the loop's own stay hidden, and so does all else"


@pytest.mark.parametrize("who", ["Ben", "recruiter", "stranger", "admin"])
def test_others_find_nothing_there(client: Client, world: World, loop: list[Assignment], who: str) -> None:
    people = {
        "Ben": loop[1].person,
        "recruiter": loop[0].interview.application.requisition.recruiter,
        "stranger": world.person(),
        "admin": world.admin(),
    }
    answer = client.sign_in(people[who]).get(f"/interviews/{loop[0].id}")
    assert answer.status_code == 404
    assert "Cleo" not in answer.text


def test_who_was_replaced_finds_nothing_there(client: Client, loop: list[Assignment]) -> None:
    loop[0].ended_at = MONDAY
    answer = client.sign_in(loop[0].person).get(f"/interviews/{loop[0].id}")
    assert answer.status_code == 404
    assert "Cleo" not in answer.text


def test_a_planned_one_is_nobodys_business_yet(client: Client, loop: list[Assignment]) -> None:
    loop[0].interview.state = InterviewState.PLANNED
    assert client.sign_in(loop[0].person).get(f"/interviews/{loop[0].id}").status_code == 404


def test_a_cancelled_one_says_so_and_no_more(client: Client, loop: list[Assignment]) -> None:
    loop[0].interview.state = InterviewState.CANCELLED
    page = client.sign_in(loop[0].person).get(f"/interviews/{loop[0].id}").text
    assert "was cancelled" in page
    assert "Cleo" not in page


def test_a_shadow_gets_the_kit_and_no_scorecard(client: Client, loop: list[Assignment]) -> None:
    loop[0].role = AssignmentRole.SHADOW
    client.sign_in(loop[0].person)
    page = client.get(f"/interviews/{loop[0].id}").text
    assert "No scorecard is asked of you" in page
    assert client.get(f"/scorecards/{loop[0].id}").status_code == 404
