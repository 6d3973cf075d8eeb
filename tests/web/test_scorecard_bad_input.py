"""What a scorecard is sent that it should not be: a clear answer, nothing lost, nothing run."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.mail.links import url_for_person
from tracker.models.interview import Assignment, InterviewState
from tracker.models.scorecard import Scorecard, ScorecardVersion
from tracker.rules.scorecards import rating_field
from tracker.rules.stages import StageKind

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"
JSON = {"Accept": "application/json"}
PARTS = ("question", "situation", "task", "action", "result", "metric")


@pytest.fixture
def held(client: Client, world: World, at: TestClock) -> Assignment:
    """An interview that is over; its interviewer is signed in."""
    at.set(MONDAY + timedelta(days=2))
    made = world.loop(world.application(stage=StageKind.OUTCOME), (world.person("Anna A"), world.person("Ben B")))[0]
    client.sign_in(made.person)
    return made


def card_of(session: Session, assignment: Assignment) -> Scorecard:
    session.expire_all()
    return session.scalars(select(Scorecard).where(Scorecard.assignment_id == assignment.id)).one()


def full(session: Session, assignment: Assignment, text: str) -> dict[str, str]:
    number = assignment.competencies[0].competency_id
    records = {f"evidence_{number}-0-{part}": text for part in PARTS}
    version = str(card_of(session, assignment).version)
    rest = {"recommendation": "hire", "summary": text, rating_field(number): "3", "version": version}
    return records | rest


def test_markup_in_every_field_is_shown_as_it_was_typed(client: Client, session: Session, held: Assignment) -> None:
    url = f"/scorecards/{held.id}"
    answer = client.post(f"{url}/draft", data=full(session, held, MARKUP), headers=JSON)
    assert answer.status_code == 200
    pages = [client.get(url).text]
    assert client.post(url, data=full(session, held, MARKUP)).status_code == 303
    pages += [client.get(url).text, client.get(f"{url}/amend").text]
    amended = full(session, held, MARKUP) | {"reason": MARKUP}
    assert client.post(f"{url}/amend", data=amended).status_code == 303
    pages.append(client.get(url).text)
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 1 + len(PARTS)
        assert "{{ 7*7 }}" in page


@pytest.mark.parametrize("tail", ["", "/draft", "/amend"], ids=["submit", "draft", "amend"])
def test_a_photo_of_40_megabytes_is_refused_in_words_and_the_draft_stays(
    client: Client, session: Session, held: Assignment, tail: str
) -> None:
    client.post(f"/scorecards/{held.id}/draft", data=full(session, held, "kept"), headers=JSON)
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="board.jpg"\r\n\r\n'
    body = head + b"x" * 40 * 1024 * 1024 + b"\r\n--x--\r\n"
    answer = client.post(f"/scorecards/{held.id}{tail}", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413
    assert "10 MB" in answer.text or "large" in answer.text
    assert card_of(session, held).summary == "kept"


def test_two_windows_submit_and_the_second_is_told(client: Client, session: Session, held: Assignment) -> None:
    url = f"/scorecards/{held.id}"
    first = full(session, held, "first") | {"once": "window-1"}
    second = full(session, held, "second") | {"once": "window-2"}
    assert client.post(url, data=first).status_code == 303
    answer = client.post(url, data=second)
    assert answer.status_code >= 400
    assert "was submitted" in answer.text
    assert "second" in answer.text, "what the other window typed can still be copied"
    card = card_of(session, held)
    assert card.summary == "first"
    assert session.scalar(select(func.count(ScorecardVersion.id))) == 1


@pytest.mark.parametrize("how", ["cancelled", "replaced"])
@pytest.mark.parametrize("tail", ["", "/draft"], ids=["submit", "draft"])
def test_what_is_sent_after_the_interview_was_lost_is_shown_to_be_copied(
    client: Client, session: Session, held: Assignment, tail: str, how: str
) -> None:
    form = full(session, held, "typed in vain")
    if how == "cancelled":
        held.interview.state = InterviewState.CANCELLED
    else:
        held.ended_at = MONDAY
    session.commit()
    answer = client.post(f"/scorecards/{held.id}{tail}", data=form)
    assert answer.status_code == 422
    assert how in answer.text or "Somebody else holds this interview now" in answer.text
    assert "typed in vain" in answer.text
    assert card_of(session, held).summary == ""


def test_a_link_that_expired_leads_to_the_form_with_all_that_was_typed(
    app: Flask, client: Client, session: Session, held: Assignment
) -> None:
    client.post(f"/scorecards/{held.id}/draft", data=full(session, held, "typed before"), headers=JSON)
    with app.test_request_context():
        link = url_for_person(f"/scorecards/{held.id}", held.person_id, now=MONDAY - timedelta(days=31))
    page = client.get(urlsplit(link).path, follow_redirects=True)
    assert page.status_code == 200
    assert "days old" in page.text
    assert "typed before" in page.text
