"""Files of scorecards: chosen, taken out, handed in, amended; read as the scorecard is, and refused in words."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.interview import Assignment
from tracker.models.scorecard import Scorecard, ScorecardFile
from tracker.rules.evidence_files import MOST_FILES
from tracker.rules.scorecards import rating_field
from tracker.rules.stages import StageKind

JSON = {"Accept": "application/json"}
PNG = b"\x89PNG\r\n\x1a\n whiteboard"


@pytest.fixture
def mine(client: Client, world: World, at: TestClock) -> Assignment:
    """An interview that is over; its interviewer is signed in."""
    at.set(MONDAY + timedelta(days=2))
    made = world.loop(world.application(stage=StageKind.LOOP), (world.person("Anna A"), world.person("Ben B")))[0]
    client.sign_in(made.person)
    return made


def url(mine: Assignment, rest: str = "") -> str:
    return f"/scorecards/{mine.id}{rest}"


def photo(name: str = "board.png", content: bytes = PNG) -> dict[str, Any]:
    return {"files": (BytesIO(content), name)}


def add(client: Client, mine: Assignment, **which: Any) -> Any:
    return client.post(url(mine, "/files"), data=photo(**which), headers=JSON, content_type="multipart/form-data")


def fetch(client: Client, row: ScorecardFile) -> tuple[int, bytes, Any]:
    with client.get(f"/scorecard-files/{row.id}") as answer:
        return answer.status_code, answer.data, answer.headers


def full(session: Session, mine: Assignment, text: str = "typed", **more: Any) -> dict[str, Any]:
    session.expire_all()
    version = session.scalars(select(Scorecard.version).where(Scorecard.assignment_id == mine.id)).one()
    number = mine.competencies[0].competency_id
    return {"recommendation": "hire", "summary": text, rating_field(number): "3", "version": str(version)} | more


def rows(session: Session) -> list[ScorecardFile]:
    session.expire_all()
    return list(session.scalars(select(ScorecardFile).order_by(ScorecardFile.id)))


def test_a_file_is_there_as_soon_as_it_is_chosen_and_its_authors_alone(
    client: Client, session: Session, mine: Assignment
) -> None:
    answer = add(client, mine)
    assert answer.status_code == 200
    assert "board.png" in answer.json["items"]
    again = add(client, mine)
    assert again.status_code == 200
    (row,) = rows(session)
    assert "board.png" in client.get(url(mine)).text
    _, content, headers = fetch(client, row)
    assert content == PNG
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "ETag" not in headers
    client.sign_in(mine.interview.application.requisition.recruiter)
    assert client.get(f"/scorecard-files/{row.id}").status_code == 404


def test_it_is_handed_in_with_the_form_without_the_script_too(
    client: Client, session: Session, mine: Assignment
) -> None:
    form = full(session, mine) | photo()
    assert client.post(url(mine, "/draft"), data=form, content_type="multipart/form-data").status_code == 303
    form = full(session, mine) | photo("fizz.py", b"print(1)")
    assert client.post(url(mine), data=form, content_type="multipart/form-data").status_code == 303
    assert [(each.name, each.since, each.until) for each in rows(session)] == [
        ("board.png", 1, None),
        ("fizz.py", 1, None),
    ]
    page = client.sign_in(mine.interview.application.requisition.recruiter).get(url(mine)).text
    assert "board.png" in page
    assert fetch(client, rows(session)[0])[1] == PNG


def test_a_submission_that_lacks_something_keeps_its_file(client: Client, session: Session, mine: Assignment) -> None:
    form = full(session, mine, recommendation="") | photo()
    answer = client.post(url(mine), data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "board.png" in answer.text
    assert fetch(client, rows(session)[0])[1] == PNG


def test_who_is_blind_finds_neither_name_nor_content(client: Client, session: Session, mine: Assignment) -> None:
    add(client, mine)
    client.post(url(mine), data=full(session, mine))
    (row,) = rows(session)
    loop = mine.interview.loop
    assert loop is not None
    other = next(each.assignments[0].person for each in loop.interviews if each.id != mine.interview_id)
    assert client.sign_in(other).get(f"/scorecard-files/{row.id}").status_code == 404


def test_one_that_is_taken_out_of_a_draft_is_gone(client: Client, session: Session, mine: Assignment) -> None:
    add(client, mine)
    (row,) = rows(session)
    client.post(url(mine, "/draft"), data=full(session, mine, drop_file=str(row.id)), headers=JSON)
    assert rows(session), "what is saved as one types takes nothing out"
    client.post(url(mine, "/draft"), data=full(session, mine, drop_file=str(row.id)))
    assert not rows(session)


def test_an_amendment_adds_and_takes_out_and_every_version_keeps_its_own(
    client: Client, session: Session, mine: Assignment
) -> None:
    add(client, mine)
    client.post(url(mine), data=full(session, mine))
    add(client, mine, name="fizz.py", content=b"print(1)")
    old, new = rows(session)
    recruiter = mine.interview.application.requisition.recruiter
    assert "fizz.py" not in client.sign_in(recruiter).get(url(mine)).text, "not handed in yet"
    client.sign_in(mine.person)
    assert "fizz.py" in client.get(url(mine, "/amend")).text
    form = full(session, mine, reason="another photo", drop_file=str(old.id))
    assert client.post(url(mine, "/amend"), data=form).status_code == 303
    assert [(each.since, each.until) for each in rows(session)] == [(1, 2), (2, None)]
    page = client.sign_in(recruiter).get(url(mine)).text
    assert f"/scorecard-files/{old.id}" in page, "the version before shows it"
    assert f"/scorecard-files/{new.id}" in page
    assert fetch(client, old)[1] == PNG


@pytest.mark.parametrize("tail", ["", "/draft"])
def test_a_file_that_is_not_taken_is_refused_and_what_was_typed_stays(
    client: Client, session: Session, mine: Assignment, tail: str
) -> None:
    form = full(session, mine, "typed with care") | photo("page.html", b"<script>")
    answer = client.post(url(mine, tail), data=form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "not a kind of file" in answer.text
    assert "typed with care" in answer.text
    assert not rows(session)


def test_the_script_is_told_what_is_wrong_with_a_file(client: Client, session: Session, mine: Assignment) -> None:
    answer = add(client, mine, name="board.png", content=b"<script>")
    assert answer.status_code == 422
    assert "inside it is no png" in answer.json["message"]
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="board.png"\r\n\r\n'
    body = head + PNG + b"x" * 40 * 1024 * 1024 + b"\r\n--x--\r\n"
    huge = client.post(url(mine, "/files"), data=body, headers=JSON, content_type="multipart/form-data; boundary=x")
    assert huge.status_code == 413
    assert "10 MB" in huge.json["message"]
    for number in range(MOST_FILES):
        assert add(client, mine, name=f"{number}.py", content=b"x = 1").status_code == 200
    assert "at most 10 files" in add(client, mine, name="more.py", content=b"x = 1").json["message"]
    assert len(rows(session)) == MOST_FILES


def test_nobody_adds_to_anothers(client: Client, world: World, mine: Assignment) -> None:
    for person in (world.person(), mine.interview.application.requisition.recruiter, world.admin()):
        client.sign_in(person)
        assert add(client, mine).status_code == 404


def test_after_the_interview_went_to_somebody_else_nothing_is_added(
    client: Client, session: Session, mine: Assignment
) -> None:
    mine.ended_at = MONDAY
    session.commit()
    answer = add(client, mine)
    assert answer.status_code == 422
    assert not rows(session)
