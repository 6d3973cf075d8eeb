"""The careers pages, as strangers and careless programs find them."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.candidate import Candidate, Document
from tracker.models.outbox import OutboxMail
from tracker.models.requisition import Requisition, RequisitionState
from tracker.web.careers import APPLICATIONS_AN_HOUR

pytestmark = pytest.mark.usefixtures("monday")

PDF = b"%PDF-1.7 words"


def post(
    client: Client, requisition: Requisition, resume: tuple[bytes, str] | None = (PDF, "cv.pdf"), **changes: Any
) -> TestResponse:
    given: dict[str, Any] = {
        "name": "Zoë O'Neill",
        "email": "zoe@mail.example",
        "zone": "Europe/Berlin",
        "message": "Hi",
    }
    given |= changes
    if resume:
        given["resume"] = FileStorage(BytesIO(resume[0]), resume[1])
    # As bytes: the test client would put a large body into a temporary file that it never closes.
    boundary, body = encode_multipart(given)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(f"/careers/{requisition.id}/apply", data=body, content_type=kind)


def applications(session: Session) -> int:
    return session.scalar(select(func.count(Application.id))) or 0


def test_strangers_see_what_is_open_and_nothing_else(client: Client, world: World) -> None:
    world.requisition("Visible engineer")
    world.requisition("Secret engineer", is_confidential=True)
    world.requisition("Closed engineer", state=RequisitionState.CLOSED, closed_at=MONDAY)
    page = client.get("/careers").text
    assert "Visible engineer" in page
    assert "Secret engineer" not in page
    assert "Closed engineer" not in page


def test_no_openings_is_said(client: Client) -> None:
    assert "No open positions right now" in client.get("/careers").text


def test_an_opening_tells_process_and_promise(client: Client, world: World) -> None:
    description = "# We guard\n\n<script>alert(1)</script> [x](javascript:alert(1)) **bold**"
    requisition = world.requisition(description=description)
    page = client.get(f"/careers/{requisition.id}").text
    assert "Five years of security engineering" in page
    assert "within five business days after your last interview" in page
    assert "<h2>We guard</h2>" in page
    assert "<strong>bold</strong>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize("path", ["", "/apply"])
def test_a_confidential_opening_is_as_one_that_never_was(client: Client, world: World, path: str) -> None:
    secret = world.requisition(is_confidential=True)
    answers = [client.get(f"/careers/{key}{path}") for key in (secret.id, 999_999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert post(client, secret).status_code == 404


def test_a_closed_opening_says_so(client: Client, session: Session, world: World) -> None:
    closed = world.requisition(state=RequisitionState.CLOSED, closed_at=MONDAY, close_reason="canary reason")
    for answer in (
        client.get(f"/careers/{closed.id}"),
        client.get(f"/careers/{closed.id}/apply"),
        post(client, closed),
    ):
        assert answer.status_code == 410
        assert "This position is closed" in answer.text
        assert "canary" not in answer.text
    assert applications(session) == 0


def test_one_applies_with_a_resume(client: Client, session: Session, world: World) -> None:
    requisition = world.requisition()
    assert client.get(f"/careers/{requisition.id}/apply").status_code == 200
    answer = post(client, requisition, (PDF, "cv.pdf"))
    assert (answer.status_code, answer.location) == (303, "/careers/thanks")
    assert session.scalars(select(Document.name)).all() == ["cv.pdf"]
    assert "on its way" in client.get("/careers/thanks").text


def test_twice_is_answered_alike_and_makes_one(client: Client, session: Session, world: World) -> None:
    requisition = world.requisition()
    first, second = post(client, requisition), post(client, requisition, email="ZOE@mail.example ")
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert applications(session) == 1
    kinds = session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)).all()
    assert kinds == ["application_received", "application_known"]


def test_a_form_sent_twice_has_one_effect(client: Client, session: Session, world: World) -> None:
    requisition = world.requisition()
    for _ in range(2):
        assert post(client, requisition, once="same").status_code == 303
    assert session.scalars(select(OutboxMail.kind)).all() == ["application_received"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "please fill this in"),
        ({"name": "x" * 300}, "300 characters; 200 is the most"),
        ({"name": "WIN A PRIZE http://evil.example/prize"}, "A name holds no web or e-mail address"),
        ({"email": ""}, "please fill this in"),
        ({"email": "zoe"}, "not one e-mail address"),
        ({"email": "zoe@mail.example\r\nBcc: all@mail.example"}, "not one e-mail address"),
        ({"email": "a@mail.example, b@mail.example"}, "not one e-mail address"),
        ({"email": "Zoë <zoe@mail.example>"}, "not one e-mail address"),
        ({"email": "a" * 300 + "@mail.example"}, "is the most"),
        ({"zone": "Mars/Olympus"}, "is not a time zone"),
        ({"phone": "1" * 41}, "40 is the most"),
        ({"message": "x" * 5001}, "5,000 is the most"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: Client, session: Session, world: World, changes: dict[str, str], said: str
) -> None:
    answer = post(client, world.requisition(), (PDF, "cv.pdf"), **({"message": "Keep me"} | changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert "choose your resume again" in answer.text
    assert ("Keep me" in answer.text) != ("message" in changes)
    assert applications(session) == 0


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"MZ", "cv.exe", "not a kind of file"),
        (b"<html>", "cv.pdf", "not what its ending says"),
        (b"", "cv.pdf", "is empty"),
        (b"%PDF-" + b"x" * (10 * 1024 * 1024), "cv.pdf", "larger than 10 MB"),
    ],
)
def test_a_file_that_is_not_taken(
    client: Client, session: Session, world: World, content: bytes, name: str, said: str
) -> None:
    answer = post(client, world.requisition(), (content, name), message="Keep me")
    assert answer.status_code == 422
    assert said in answer.text
    assert "Keep me" in answer.text
    assert applications(session) == 0


def test_without_a_resume_nothing_is_taken(client: Client, session: Session, world: World) -> None:
    answer = post(client, world.requisition(), None)
    assert answer.status_code == 422
    assert "Resume: please choose a file." in answer.text
    assert "choose your resume again" not in answer.text
    assert applications(session) == 0


def test_a_request_beyond_all_limits_is_answered_in_words(client: Client, world: World) -> None:
    huge = b"x" * (12 * 1024 * 1024)
    url = f"/careers/{world.requisition().id}/apply"
    answer = client.post(url, data=huge, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
    assert "larger than 10 MB" in answer.text


@pytest.mark.parametrize("name", ["🦊 Fox", "محمد بن سلمان", "山田 太郎", "O'Brien <b>Bold</b>", "Rob\u202etxt"])
def test_names_of_all_kinds(client: Client, session: Session, world: World, name: str) -> None:
    assert post(client, world.requisition(), name=name).status_code == 303
    assert session.scalars(select(Candidate.name)).one() == name.replace("\u202e", "")


def test_a_word_document_is_taken_by_its_content(client: Client, session: Session, world: World) -> None:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", "")
    assert post(client, world.requisition(), (held.getvalue(), "a:b\u202e.docx")).status_code == 303
    assert session.scalars(select(Document.name)).one() == "ab.docx"


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(
    client: Client, session: Session, world: World
) -> None:
    assert post(client, world.requisition(), website="https://spam.example").location == "/careers/thanks"
    assert applications(session) == 0


def test_too_many_from_one_address_are_asked_to_wait(
    client: Client, session: Session, world: World, at: TestClock
) -> None:
    requisition = world.requisition()
    codes = [post(client, requisition).status_code for _ in range(APPLICATIONS_AN_HOUR + 1)]
    assert codes == [303] * APPLICATIONS_AN_HOUR + [429]
    answer = post(client, requisition, message="Keep me")
    assert "Keep me" in answer.text
    assert "try again in an hour" in answer.text
    at.set(MONDAY.replace(hour=11))
    assert post(client, requisition).status_code == 303
