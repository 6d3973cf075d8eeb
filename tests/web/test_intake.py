"""A recruiter adds a candidate."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.candidate import Document
from tracker.models.outbox import OutboxMail
from tracker.models.requisition import Requisition, RequisitionState

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def requisition(world: World) -> Requisition:
    return world.requisition()


def data(**changes: Any) -> dict[str, Any]:
    given = {
        "name": "Zoë O'Neill",
        "email": "zoe@mail.example",
        "zone": "Asia/Tokyo",
        "source": "Referral",
        "tell": "y",
    }
    return given | changes


def test_a_candidate_is_added(client: Client, session: Session, requisition: Requisition) -> None:
    client.sign_in(requisition.recruiter)
    url = f"/requisitions/{requisition.id}/candidates/new"
    assert client.get(url).status_code == 200
    answer = client.post(url, data=data(note="Met at a meetup", resume=(BytesIO(b"%PDF-1.7"), "cv.pdf")))
    assert answer.status_code == 303
    application = session.scalars(select(Application)).one()
    assert answer.location == f"/applications/{application.id}"
    assert application.source == "Referral"
    document = session.scalars(select(Document)).one()
    assert (document.is_resume, document.added_by_id) == (True, requisition.recruiter_id)
    assert session.scalars(select(OutboxMail.kind)).all() == ["application_received"]


def test_the_candidate_need_not_be_told(client: Client, session: Session, requisition: Requisition) -> None:
    client.sign_in(requisition.recruiter)
    given = data()
    del given["tell"]
    client.post(f"/requisitions/{requisition.id}/candidates/new", data=given)
    assert session.scalars(select(OutboxMail)).all() == []


def test_who_is_here_already_is_shown(client: Client, session: Session, requisition: Requisition) -> None:
    client.sign_in(requisition.recruiter)
    url = f"/requisitions/{requisition.id}/candidates/new"
    first = client.post(url, data=data())
    answer = client.post(url, data=data(name="Somebody", note="Keep me"))
    assert answer.status_code == 422
    assert f'href="{first.location}"' in answer.text
    assert "This candidate is here already" in answer.text
    assert "Keep me" in answer.text
    assert session.scalar(select(func.count(Application.id))) == 1


def test_ones_own_application_is_not_shown_even_then(
    client: Client, session: Session, world: World, requisition: Requisition
) -> None:
    world.application(requisition, candidate=world.candidate("Rita", email=requisition.recruiter.email))
    client.sign_in(requisition.recruiter)
    answer = client.post(f"/requisitions/{requisition.id}/candidates/new", data=data(email=requisition.recruiter.email))
    assert answer.status_code == 422
    assert "/applications/" not in answer.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "please fill this in"),
        ({"name": "x" * 300}, "200 is the most"),
        ({"email": "a@mail.example\nBcc: b@mail.example"}, "not one e-mail address"),
        ({"zone": "Nowhere"}, "is not a time zone"),
        ({"source": ""}, "please fill this in"),
        ({"resume": (BytesIO(b"MZ"), "cv.pdf")}, "not what its ending says"),
    ],
)
def test_what_is_wrong_is_said(
    client: Client, session: Session, requisition: Requisition, changes: dict[str, Any], said: str
) -> None:
    client.sign_in(requisition.recruiter)
    answer = client.post(f"/requisitions/{requisition.id}/candidates/new", data=data(**{"note": "Keep me"} | changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Keep me" in answer.text
    assert session.scalar(select(func.count(Application.id))) == 0


def test_a_request_beyond_all_limits_is_answered_in_words(client: Client, requisition: Requisition) -> None:
    client.sign_in(requisition.recruiter)
    huge = b"x" * (12 * 1024 * 1024)
    url = f"/requisitions/{requisition.id}/candidates/new"
    answer = client.post(url, data=huge, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
    assert "larger than 10 MB" in answer.text


def test_a_closed_requisition_takes_none(client: Client, session: Session, requisition: Requisition) -> None:
    requisition.state, requisition.closed_at = RequisitionState.CLOSED, MONDAY
    client.sign_in(requisition.recruiter)
    answer = client.post(f"/requisitions/{requisition.id}/candidates/new", data=data())
    assert answer.status_code == 422
    assert "takes no more applications" in answer.text


def test_nobody_else_adds(client: Client, world: World, requisition: Requisition) -> None:
    url = f"/requisitions/{requisition.id}/candidates/new"
    assert client.get(url).status_code == 302
    assert client.post(url, data=data()).status_code == 401
    for person in (requisition.hiring_manager, world.person("Ivo Interviewer"), world.admin()):
        client.sign_in(person)
        assert client.get(url).status_code == 404
        assert client.post(url, data=data()).status_code == 404
