"""The pages by which an interviewer says no, and where those who look for somebody else see it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.interview import Assignment, InterviewState
from tracker.models.outbox import OutboxMail, OutboxPause
from tracker.models.scorecard import Scorecard
from tracker.rules.answers import NOTICE
from tracker.rules.stages import StageKind

WHY = "away that week"
AFTER = MONDAY + timedelta(days=2)


@pytest.fixture
def loop(world: World, at: TestClock) -> list[Assignment]:
    """A loop of two, tomorrow."""
    at.set(MONDAY)
    candidate = world.candidate("Cleo Candidate")
    application = world.application(stage=StageKind.LOOP, candidate=candidate)
    return world.loop(application, (world.person("Anna A"), world.person("Ben B")))


def url(mine: Assignment, rest: str = "decline") -> str:
    return f"/interviews/{mine.id}/{rest}"


def test_declining_and_taking_it_back(client: Client, session: Session, loop: list[Assignment]) -> None:
    mine = loop[0]
    client.sign_in(mine.person)
    assert url(mine) in client.get(f"/interviews/{mine.id}").text
    assert "You cannot hold this interview?" in client.get(url(mine)).text
    assert client.post(url(mine), data={"reason": WHY, "version": 0}).status_code == 303
    assert [each.kind for each in session.scalars(select(OutboxMail))] == ["interview_declined"]
    page = client.get(f"/interviews/{mine.id}").text
    assert WHY in page
    assert "I can hold it after all" in page
    assert "You declined it." in client.get("/").text
    assert client.post(url(mine, "hold"), data={"version": 0}).status_code == 303
    assert "I cannot hold it" in client.get(f"/interviews/{mine.id}").text


def test_it_says_before_who_hears_what(client: Client, loop: list[Assignment], world: World, at: TestClock) -> None:
    mine, requisition = loop[0], loop[0].interview.application.requisition
    client.sign_in(mine.person)

    def says(each: Assignment) -> str:
        return " ".join(re.sub(r"<[^>]+>", "", client.get(url(each)).text).split())

    by_hand = f"{requisition.recruiter.name} gets an e-mail now, and looks for somebody who can step in."
    assert by_hand in says(mine), "too soon for the tracker to look"
    assert mine.interview.starts_at is not None
    at.set(mine.interview.starts_at - NOTICE)
    page = says(mine)
    assert by_hand not in page
    assert "The tracker looks for somebody who can step in." in page
    assert f"{requisition.recruiter.name} hears from it who does, or that nobody can." in page
    assert "If somebody steps in, the candidate gets the new schedule with that name, without your reason." in page
    screen = world.interview(world.application(stage=StageKind.PHONE_SCREEN), mine.person)
    assert "the candidate gets the changed invitation with that name" in says(screen)
    assert "The tracker looks" not in says(screen)
    at.set(AFTER)
    assert "step in" not in says(mine)


def test_the_recruiter_sees_it_wherever_somebody_else_is_found(client: Client, loop: list[Assignment]) -> None:
    mine, application = loop[0], loop[0].interview.application
    client.sign_in(mine.person).post(url(mine), data={"reason": WHY, "version": 0})
    client.sign_in(application.requisition.recruiter)
    replace = f"/applications/{application.id}/loop/interviews/{mine.interview_id}/replace"
    for address in (f"/applications/{application.id}/loop", replace):
        page = client.get(address).text
        assert WHY in page
        assert "cannot hold it" in page
    assert "Declined" in client.get(f"/applications/{application.id}").text


def test_the_recruiters_first_page_asks_for_somebody_else_until_there_is_one(
    client: Client, session: Session, loop: list[Assignment], world: World, at: TestClock
) -> None:
    mine, application = loop[0], loop[0].interview.application
    recruiter = application.requisition.recruiter
    client.sign_in(mine.person).post(url(mine), data={"reason": WHY, "version": 0})
    page = client.sign_in(recruiter).get("/").text
    assert "Find somebody else" in page
    assert f"/applications/{application.id}/loop/interviews/{mine.interview_id}/replace" in page
    for stranger in (world.recruiter("Rory Other"), mine.person, loop[1].person):
        assert "Find somebody else" not in client.sign_in(stranger).get("/").text
    client.sign_in(mine.person).post(url(mine, "hold"), data={"version": 0})
    assert "Find somebody else" not in client.sign_in(recruiter).get("/").text
    client.sign_in(mine.person).post(url(mine), data={"reason": WHY, "version": 0})
    at.set(mine.interview.starts_at)
    assert "Find somebody else" not in client.sign_in(recruiter).get("/").text


def test_a_scorecard_that_cannot_be_written(
    client: Client, session: Session, at: TestClock, loop: list[Assignment]
) -> None:
    mine, application = loop[0], loop[0].interview.application
    at.set(AFTER)
    client.sign_in(mine.person)
    assert url(mine) in client.get(f"/scorecards/{mine.id}").text
    assert "You cannot write this scorecard?" in client.get(url(mine)).text
    assert client.post(url(mine), data={"reason": WHY, "version": 0}).status_code == 303
    assert session.scalars(select(Scorecard.declined_reason).where(Scorecard.assignment_id == mine.id)).one() == WHY
    assert WHY in client.get(f"/scorecards/{mine.id}").text

    client.sign_in(application.requisition.recruiter)
    page = client.get(f"/scorecards/{mine.id}/waive").text
    assert WHY in page
    assert "cannot write the scorecard" in page


def test_a_reason_is_asked_for(client: Client, loop: list[Assignment]) -> None:
    answer = client.sign_in(loop[0].person).post(url(loop[0]), data={"reason": " ", "version": 0})
    assert answer.status_code == 422
    assert client.post(url(loop[0], "hold"), data={"version": 0}).status_code == 422


@pytest.mark.parametrize("who", ["Ben", "recruiter", "stranger", "admin"])
def test_nobody_declines_for_another(client: Client, world: World, loop: list[Assignment], who: str) -> None:
    people = {
        "Ben": loop[1].person,
        "recruiter": loop[0].interview.application.requisition.recruiter,
        "stranger": world.person(),
        "admin": world.admin(),
    }
    client.sign_in(people[who])
    answers = [
        client.get(url(loop[0])),
        client.post(url(loop[0]), data={"reason": WHY, "version": 0}),
        client.post(url(loop[0], "hold"), data={"version": 0}),
    ]
    assert {each.status_code for each in answers} == {404}


def test_a_phone_screen_is_declined_too(client: Client, world: World, loop: list[Assignment]) -> None:
    application = world.application(stage=StageKind.PHONE_SCREEN)
    screen = world.interview(application, world.person("Lena Lead"))
    client.sign_in(screen.person).post(url(screen), data={"reason": WHY, "version": 0})
    client.sign_in(application.requisition.recruiter)
    assert "Declined" in client.get(f"/applications/{application.id}/screens").text
    assert WHY in client.get(f"/applications/{application.id}/screens/{screen.interview_id}").text


def test_while_the_tracker_looks_itself_the_recruiters_first_page_says_so(
    client: Client, loop: list[Assignment], at: TestClock
) -> None:
    mine, application = loop[0], loop[0].interview.application
    assert mine.interview.starts_at is not None
    at.set(mine.interview.starts_at - NOTICE)
    client.sign_in(mine.person).post(url(mine), data={"reason": WHY, "version": 0})
    client.sign_in(application.requisition.recruiter)
    page = client.get("/").text
    assert "The tracker looks for a substitute" in page
    assert f"/applications/{application.id}/loop/interviews/{mine.interview_id}/replace" in page, "by hand, too"
    assert "Find somebody else" not in page
    at.set(mine.interview.starts_at - NOTICE + timedelta(seconds=1))
    page = client.get("/").text
    assert "Find somebody else" in page
    assert "The tracker looks for a substitute" not in page


def test_who_was_replaced_or_whose_interview_was_cancelled_is_asked_nothing(
    client: Client, session: Session, loop: list[Assignment]
) -> None:
    mine, other = loop
    mine.ended_at, other.interview.state = MONDAY, InterviewState.CANCELLED
    session.commit()
    for each in (mine, other):
        assert client.sign_in(each.person).get(url(each)).status_code == 404


def test_while_the_outbox_is_paused_pages_do_not_say_that_the_tracker_looks(
    client: Client, session: Session, loop: list[Assignment], at: TestClock
) -> None:
    mine, application = loop[0], loop[0].interview.application
    assert mine.interview.starts_at is not None
    at.set(mine.interview.starts_at - NOTICE)
    session.add(OutboxPause(id=1, at=MONDAY, backup_at=MONDAY))
    client.sign_in(mine.person)
    assert "As soon as e-mails go out again, the tracker looks for somebody" in client.get(url(mine)).text
    client.post(url(mine), data={"reason": WHY, "version": 0})
    client.sign_in(application.requisition.recruiter)
    today = client.get("/").text
    assert "Give the interview to somebody else" in today
    assert "the tracker looks once the outbox is released" in today
    assert "The tracker looks for a substitute<" not in today
    assert (
        "The tracker looks for a substitute once the outbox is released."
        in client.get(f"/applications/{application.id}/loop").text
    )
