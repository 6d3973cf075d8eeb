"""Who learns in an interview says yes to it with one click, as interviewers do, and the recruiter sees it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.interview import Assignment, AssignmentRole
from tracker.rules.answers import Answer
from tracker.rules.stages import StageKind

ROLES = (AssignmentRole.SHADOW, AssignmentRole.REVERSE_SHADOW)


@pytest.fixture(params=ROLES)
def seat(world: World, at: TestClock, request: pytest.FixtureRequest) -> Assignment:
    """Somebody learns in the first interview of a loop, tomorrow."""
    at.set(MONDAY)
    loop = world.loop(world.application(stage=StageKind.LOOP), (world.person("Anna A"), world.person("Ben B")))
    row = Assignment(interview=loop[0].interview, person=world.person("Nora Newcomer"), role=request.param)
    world.keep(row)
    return row


def test_one_click_says_yes_and_the_recruiter_sees_it(
    client: Client, session: Session, seat: Assignment, at: TestClock
) -> None:
    kit, loop = f"/interviews/{seat.id}", f"/applications/{seat.interview.application_id}/loop"
    recruiter = seat.interview.application.requisition.recruiter
    client.sign_in(seat.person)
    assert f'href="{kit}#when"' in client.get("/").text
    assert "Answer: do you come along to" in client.get("/").text
    page = client.get(kit).text
    assert "I will come along" in page
    assert "I cannot come along" in page
    assert "I will hold it" not in page
    answer = client.post(f"{kit}/come", data={"version": 0}, follow_redirects=True).text
    assert "You come along. The recruiter sees that." in answer
    assert "Accepted" in answer
    assert "I will come along" not in answer
    assert "I cannot come along" in answer, "what was promised can still be taken back"
    session.expire_all()
    assert (seat.answer, seat.answered_at) == (Answer.ACCEPTED, MONDAY)
    assert "Answer: do you come along to" not in client.get("/").text
    line = client.sign_in(recruiter).get(loop).text.split("Nora Newcomer")[1].split("</tr>")[0]
    assert "Accepted" in line
    at.set(MONDAY + timedelta(days=2))
    client.sign_in(seat.person)
    assert "I will come along" not in client.get(kit).text
    assert client.post(f"{kit}/come", data={"version": 0}).status_code == 422


def test_a_yes_is_to_what_was_shown(client: Client, session: Session, seat: Assignment) -> None:
    kit = f"/interviews/{seat.id}"
    shown = re.search(r'name="version"[^>]*value="(\d+)"', client.sign_in(seat.person).get(kit).text)
    assert shown is not None
    seat.interview.sequence += 1
    session.commit()
    refused = client.post(f"{kit}/come", data={"version": shown[1]})
    assert refused.status_code == 409
    assert "look when and where it is now" in refused.text
    session.expire_all()
    assert seat.answer is None


def test_nobody_says_yes_for_another(client: Client, session: Session, world: World, seat: Assignment) -> None:
    interview = seat.interview
    lead = interview.lead
    assert lead is not None
    for stranger in (lead.person, world.person("Sam Stranger"), interview.application.requisition.recruiter):
        assert client.sign_in(stranger).post(f"/interviews/{seat.id}/come", data={"version": 0}).status_code == 404
    client.sign_in(lead.person)
    assert client.post(f"/interviews/{lead.id}/come", data={"version": 0}).status_code == 404, (
        "that is held, not joined"
    )
    seat.ended_at = MONDAY
    session.commit()
    assert client.sign_in(seat.person).post(f"/interviews/{seat.id}/come", data={"version": 0}).status_code == 404
    session.expire_all()
    assert (seat.answer, lead.answer) == (None, None)
