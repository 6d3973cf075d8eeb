"""The form by which somebody types what an interviewer dictates, and the interviewer's word on it."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.interview import Assignment
from tracker.models.person import Person
from tracker.pipeline import scorecards
from tracker.rules.scorecards import ScorecardContent, rating_field
from tracker.rules.stages import StageKind

SECRET = "quokka"


@pytest.fixture
def mine(session: Session, world: World, at: TestClock) -> Assignment:
    """An interview held on Tuesday; its interviewer has a draft."""
    at.set(MONDAY + timedelta(days=2))
    application = world.application(stage=StageKind.LOOP)
    made = world.loop(application, (world.person("Anna A"), world.person("Ben B")))[0]
    scorecards.save_draft(session, made, ScorecardContent(summary=SECRET), by=made.person, now=MONDAY)
    session.commit()
    return made


@pytest.fixture
def rita(mine: Assignment) -> Person:
    return mine.interview.application.requisition.recruiter


def typed(mine: Assignment) -> dict[str, str]:
    number = mine.competencies[0].competency_id
    said = {f"evidence_{number}-0-situation": "as she said"}
    return said | {"recommendation": "hire", "summary": "as she said", rating_field(number): "3"}


def test_it_is_typed_read_and_confirmed(client: Client, mine: Assignment, rita: Person) -> None:
    url = f"/scorecards/{mine.id}"
    client.sign_in(rita)
    assert f"{url}/enter" in client.get(f"{url}/waive").text
    form = client.get(f"{url}/enter").text
    assert "Anna A" in form
    assert client.post(f"{url}/enter", data=typed(mine)).status_code == 303
    read = client.get(url).text
    assert "Entered by Rita Recruiter" in " ".join(read.replace('<span dir="auto">', "").replace("</span>", "").split())
    assert "not confirmed yet" in read
    assert SECRET not in form + read

    page = client.sign_in(mine.person).get(url).text
    assert "Is this what you said?" in page
    assert SECRET in page, "the own draft is the author's to read"
    assert client.post(f"{url}/confirm").status_code == 303
    page = client.get(url).text
    assert "Is this what you said?" not in page
    assert "confirmed" in page


def test_what_is_missing_is_named_and_nothing_typed_is_lost(client: Client, mine: Assignment, rita: Person) -> None:
    data = typed(mine) | {"recommendation": ""}
    answer = client.sign_in(rita).post(f"/scorecards/{mine.id}/enter", data=data)
    assert answer.status_code == 422
    assert "Choose a recommendation." in answer.text
    assert "as she said" in answer.text
    assert SECRET not in answer.text


def test_after_the_interviewer_submitted_it_what_was_typed_is_still_there(
    client: Client, session: Session, mine: Assignment, rita: Person
) -> None:
    client.sign_in(mine.person).post(f"/scorecards/{mine.id}", data=typed(mine) | {"version": "2"})
    answer = client.sign_in(rita).post(f"/scorecards/{mine.id}/enter", data=typed(mine))
    assert answer.status_code == 422
    assert "was submitted" in answer.text
    assert "as she said" in answer.text


@pytest.mark.parametrize("who", ["Anna", "Ben", "manager", "stranger", "admin"])
def test_to_others_there_is_no_such_form(client: Client, world: World, mine: Assignment, who: str) -> None:
    loop, application = mine.interview.loop, mine.interview.application
    assert loop is not None
    ben = next(each.assignments[0].person for each in loop.interviews if each.id != mine.interview_id)
    ben.is_recruiter = True
    people = {
        "Anna": mine.person,
        "Ben": ben,
        "manager": application.requisition.hiring_manager,
        "stranger": world.person(),
        "admin": world.admin(),
    }
    client.sign_in(people[who])
    url = f"/scorecards/{mine.id}"
    answers = [client.get(f"{url}/enter"), client.post(f"{url}/enter", data=typed(mine))]
    assert {each.status_code for each in answers} == {404}
    confirmed = client.post(f"{url}/confirm")
    assert confirmed.status_code == (422 if who == "Anna" else 404)


def test_a_file_of_the_draft_stays_its_authors_alone(client: Client, mine: Assignment, rita: Person) -> None:
    url = f"/scorecards/{mine.id}"
    client.sign_in(mine.person)
    sent = {"files": (BytesIO(b"print(1)"), f"{SECRET}.py")}
    client.post(f"{url}/files", data=sent, content_type="multipart/form-data")
    assert client.sign_in(rita).post(f"{url}/enter", data=typed(mine)).status_code == 303
    assert SECRET not in client.get(url).text
    assert client.get("/scorecard-files/1").status_code == 404
    client.sign_in(mine.person)
    assert f"{SECRET}.py" in client.get(f"{url}/amend").text
    assert client.post(f"{url}/amend", data=typed(mine) | {"reason": "with the code"}).status_code == 303
    assert f"{SECRET}.py" in client.sign_in(rita).get(url).text
