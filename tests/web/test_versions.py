"""A form that does not say which version it was made from is answered as a stale one is, and nothing is taken."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import World
from tracker.models.interview import Assignment
from tracker.models.scorecard import Scorecard
from tracker.rules.scorecards import ScorecardState, rating_field

FASTER = "Somebody was faster"
SAVED_ELSEWHERE = "saved in another window"


def of_competency(client: Client, world: World) -> tuple[str, dict[str, str], str]:
    client.sign_in(world.admin())
    data = {"name": "N", "kind": "technical", "is_active": "y"} | {f"anchor_{n}": "a" for n in range(1, 5)}
    return f"/settings/competencies/{world.competency().id}", data, FASTER


def of_requisition(client: Client, world: World) -> tuple[str, dict[str, str], str]:
    requisition = world.requisition()
    client.sign_in(requisition.recruiter)
    return f"/requisitions/{requisition.id}/close", {"reason": "Filled"}, FASTER


def of_draft(client: Client, world: World) -> tuple[str, dict[str, str], str]:
    assignment = an_interview(client, world)
    return f"/scorecards/{assignment.id}/draft", {"summary": "Typed words"}, SAVED_ELSEWHERE


def of_submission(client: Client, world: World) -> tuple[str, dict[str, str], str]:
    assignment = an_interview(client, world)
    rating = rating_field(assignment.competencies[0].competency_id)
    return f"/scorecards/{assignment.id}", {"recommendation": "hire", "summary": "x", rating: "3"}, SAVED_ELSEWHERE


def an_interview(client: Client, world: World) -> Assignment:
    assignment = world.interview(world.application(), world.person(), starts_at=world.now)
    client.sign_in(assignment.person)
    return assignment


@pytest.mark.parametrize("form", [of_competency, of_requisition, of_draft, of_submission])
def test_nothing_is_taken_on_a_guess(
    client: Client, session: Session, world: World, form: Callable[..., tuple[str, dict[str, str], str]]
) -> None:
    path, data, said = form(client, world)
    answer = client.post(path, data=data | {"version": ""}, follow_redirects=True)
    assert said in answer.text
    assert answer.status_code in (409, 422)
    session.expire_all()
    assert all(card.state is ScorecardState.DRAFT and not card.summary for card in session.scalars(select(Scorecard)))
    assert client.post(path, data=data).status_code == 303


def test_what_was_typed_stays(client: Client, world: World) -> None:
    path, data, _ = of_draft(client, world)
    assert "Typed words" in client.post(path, data=data | {"version": ""}).text
