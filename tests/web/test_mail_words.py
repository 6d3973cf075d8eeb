"""Settings, e-mails: the list, the editor with its sample, each refusal, and those who find nothing there."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, step_of
from tests.factories import World
from tests.pipeline.mails import of_kind, text_of
from tracker.mail.kinds import KINDS
from tracker.models.mail_words import MailWords

pytestmark = pytest.mark.usefixtures("monday")

URL = "/settings/e-mails"
CLOSED = f"{URL}/closed"
TEXT = "Dear {{ candidate }},\n\nno. <b>\n\n{{ recruiter }}"
GOOD = {"subject": "About {{ requisition }}", "text": TEXT, "version": 0}


@pytest.fixture
def admin(client: Client, world: World) -> Client:
    return client.sign_in(world.admin())


def test_every_kind_is_listed_and_can_be_opened(admin: Client) -> None:
    page = admin.get(URL).text
    assert f'href="{URL}"' in admin.get("/settings").text
    for kind in KINDS.values():
        assert f'href="{URL}/{kind.name}"' in page
        assert kind.sent in page
        editor = admin.get(f"{URL}/{kind.name}")
        assert editor.status_code == 200
        assert "cannot be saved yet" not in editor.text
        for field in kind.fields:
            assert f"{{{{ {field.name} }}}}" in editor.text


def test_saving_once_and_going_back(admin: Client, session: Session) -> None:
    for _ in range(2):
        assert admin.post(CLOSED, data=GOOD | {"once": "k"}).status_code == 303
    row = session.scalars(select(MailWords)).one()
    assert (row.subject, row.version) == ("About {{ requisition }}", 1)
    assert "Your words" in admin.get(URL).text
    assert "In your own words since" in admin.get(CLOSED).text
    assert admin.post(f"{CLOSED}/standard", data={"version": 1}).status_code == 303
    assert "We have considered your application with care" in admin.get(CLOSED).text
    assert admin.post(f"{CLOSED}/standard", data={"version": 1}).status_code == 409


def test_a_sample_is_shown_and_nothing_is_kept(admin: Client, session: Session) -> None:
    answer = admin.post(CLOSED, data=GOOD | {"look": "1"})
    assert answer.status_code == 200
    assert "About Security Engineer" in answer.text
    assert "Dear Ada Lovelace,\n\nno. &lt;b&gt;\n\nRita Recruiter" in answer.text
    assert session.scalars(select(MailWords)).all() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "Dear\n{{ canddate }}"}, "Line 2: there is no field {{ canddate }} in this e-mail."),
        ({"text": "{{ candidate|upper }}"}, "Line 1: “{{ candidate|upper }}” is not a field."),
        ({"subject": "{{ link }}"}, "Subject: there is no field {{ link }} in this e-mail."),
        ({"text": ""}, "please fill this in"),
        ({"subject": "x" * 201}, "200 is the most"),
        ({"text": "x" * 20_001}, "20,000 is the most"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    admin: Client, session: Session, changes: dict[str, str], said: str
) -> None:
    for look in ({}, {"look": "1"}):
        answer = admin.post(CLOSED, data=GOOD | changes | look)
        assert answer.status_code == (200 if look else 422)
        assert said in answer.text
        assert "About {{ requisition }}" in answer.text or "subject" in changes
    assert session.scalars(select(MailWords)).all() == []


def test_who_was_second_is_told(admin: Client) -> None:
    admin.post(CLOSED, data=GOOD)
    answer = admin.post(CLOSED, data=GOOD | {"text": "Other words"})
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.text
    assert "Other words" in answer.text


def test_what_is_saved_is_read_edited_and_sent(admin: Client, session: Session, world: World) -> None:
    admin.post(CLOSED, data=GOOD)
    application = world.application(name="Cleo Candidate")
    admin.sign_in(application.requisition.recruiter)
    admin.reads_mails = True
    url = f"/applications/{application.id}/close"
    step = admin.post(url, data={"end": "rejected:position_filled", "reason": "Filled", "tell": "y"})
    assert "Dear Cleo Candidate,\n\nno. &lt;b&gt;" in step.text
    assert admin.post(url, data=step_of(step)).status_code == 303
    [mail] = of_kind(session, "closed")
    assert mail.subject == "About Security Engineer"
    assert text_of(mail).startswith("Dear Cleo Candidate,")


def test_words_that_cannot_be_used_are_told_to_admins_alone(admin: Client, session: Session, world: World) -> None:
    admin.post(CLOSED, data=GOOD)
    row = session.scalars(select(MailWords)).one()
    row.text = "{{ went_away }}"
    assert "Your words of an e-mail cannot be used" in admin.get("/").text
    assert "Cannot be used" in admin.get(URL).text
    assert "there is no field {{ went_away }}" in admin.get(CLOSED).text
    admin.sign_in(world.recruiter())
    assert "cannot be used" not in admin.get("/").text


def test_others_find_nothing_there(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.recruiter())
    for url in (URL, CLOSED):
        assert client.get(url).status_code == 404
    for url in (CLOSED, f"{CLOSED}/standard"):
        assert client.post(url, data=GOOD).status_code == 404
    assert session.scalars(select(MailWords)).all() == []


@pytest.mark.parametrize("name", ["nothing", "outcome", "..", "a" * 3_000])
def test_kinds_that_are_none_are_not_found(admin: Client, name: str) -> None:
    assert admin.get(f"{URL}/{name}").status_code == 404
