"""Documents: handed out as attachments to those who may read them, and to nobody else."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.candidate import Document
from tracker.models.interview import InterviewState
from tracker.models.person import Person
from tracker.pipeline import documents

pytestmark = pytest.mark.usefixtures("monday")

PDF = b"%PDF-1.7 words"


@pytest.fixture
def application(world: World) -> Application:
    return world.application()


@pytest.fixture
def interviewer(world: World, application: Application) -> Person:
    person = world.person("Ivo Interviewer")
    world.interview(application, person)
    return person


def add(app: Flask, session: Session, application: Application, name: str = "cv.pdf", *, is_resume: bool) -> Document:
    root = Path(app.config["TRACKER"].data_dir) / "documents"
    upload = documents.keep(root, name, PDF, most=1000)
    document = documents.add(session, application, upload, is_resume=is_resume, by=None, now=MONDAY)
    session.commit()
    return document


def test_a_document_is_an_attachment_that_no_browser_interprets(
    app: Flask, client: Client, session: Session, application: Application
) -> None:
    document = add(app, session, application, is_resume=True)
    with client.sign_in(application.requisition.recruiter).get(f"/documents/{document.id}") as answer:
        assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename=cv.pdf"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_pdf_is_read_in_the_browser_where_that_is_asked_for(
    app: Flask, client: Client, session: Session, application: Application
) -> None:
    document = add(app, session, application, is_resume=True)
    with client.sign_in(application.requisition.recruiter).get(f"/documents/{document.id}?read=1") as answer:
        assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_what_a_browser_would_interpret_stays_an_attachment(
    app: Flask, client: Client, session: Session, application: Application
) -> None:
    document = add(app, session, application, is_resume=True)
    document.media_type = "text/html"
    session.commit()
    with client.sign_in(application.requisition.recruiter).get(f"/documents/{document.id}?read=1") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "name", ['a"b\r\nSet-Cookie: x.pdf', "cv\u202efdp.pdf", "Lebenslauf Jürgen.pdf", "../../x.pdf"]
)
def test_names_from_outside_are_safe_in_the_header(
    app: Flask, client: Client, session: Session, application: Application, name: str
) -> None:
    document = add(app, session, application, is_resume=True)
    # As if it had been stored before names were cleaned.
    document.name = name
    with client.sign_in(application.requisition.recruiter).get(f"/documents/{document.id}") as answer:
        header = answer.headers["Content-Disposition"]
    for bad in ("\r", "\n", "\u202e", "%E2%80%AE", "..", "/", ":"):
        assert bad not in header


def test_an_interviewer_reads_the_resume_alone(
    app: Flask, client: Client, session: Session, application: Application, interviewer: Person
) -> None:
    resume = add(app, session, application, is_resume=True)
    offer = add(app, session, application, "offer.pdf", is_resume=False)
    client.sign_in(interviewer)
    with client.get(f"/documents/{resume.id}") as answer:
        assert answer.status_code == 200
    assert client.get(f"/documents/{offer.id}").status_code == 404
    assert client.get(f"/applications/{application.id}/documents").status_code == 404


def test_an_interviewer_whose_interview_is_off_reads_nothing(
    app: Flask, client: Client, session: Session, world: World, application: Application
) -> None:
    resume = add(app, session, application, is_resume=True)
    person = world.person("Ina Interviewer")
    world.interview(application, person, state=InterviewState.CANCELLED)
    assert client.sign_in(person).get(f"/documents/{resume.id}").status_code == 404


def test_strangers_and_other_people_read_nothing(
    app: Flask, client: Client, session: Session, world: World, application: Application
) -> None:
    resume = add(app, session, application, is_resume=True)
    answer = client.get(f"/documents/{resume.id}")
    assert answer.status_code == 302
    own = world.recruiter("Own Candidate", email=application.candidate.email)
    for person in (world.person("Olga Other"), world.admin(), own):
        client.sign_in(person)
        assert client.get(f"/documents/{resume.id}").status_code == 404
    assert client.get("/documents/999999").status_code == 404


def test_a_file_that_is_gone_is_not_found(
    app: Flask, client: Client, session: Session, application: Application
) -> None:
    document = add(app, session, application, is_resume=True)
    documents.path_of(Path(app.config["TRACKER"].data_dir) / "documents", document.sha256).unlink()
    assert client.sign_in(application.requisition.recruiter).get(f"/documents/{document.id}").status_code == 404


def test_a_recruiter_adds_one(client: Client, session: Session, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    url = f"/applications/{application.id}/documents"
    assert "No documents yet" in client.get(url).text
    answer = client.post(url, data={"file": (BytesIO(PDF), "letter.pdf")})
    assert answer.status_code == 303
    document = session.scalars(select(Document)).one()
    assert (document.name, document.is_resume) == ("letter.pdf", False)
    assert "letter.pdf" in client.get(url).text


@pytest.mark.parametrize(
    ("file", "said"), [(None, "Choose a file first"), ((b"MZ", "a.exe"), "not a kind"), ((b"MZ", "a.pdf"), "not what")]
)
def test_what_is_wrong_is_said(
    client: Client, session: Session, application: Application, file: tuple[bytes, str] | None, said: str
) -> None:
    client.sign_in(application.requisition.recruiter)
    given = {"file": (BytesIO(file[0]), file[1])} if file else {}
    answer = client.post(f"/applications/{application.id}/documents", data=given)
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(Document)).all() == []


def test_the_hiring_manager_reads_and_does_not_add(client: Client, application: Application) -> None:
    client.sign_in(application.requisition.hiring_manager)
    url = f"/applications/{application.id}/documents"
    assert "Add a document" not in client.get(url).text
    assert client.post(url, data={"file": (BytesIO(PDF), "a.pdf")}).status_code == 404
