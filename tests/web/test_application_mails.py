"""The e-mails on an application's page: what became of each, which are shown, and what of their text."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.outbox import MailState, OutboxMail


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> None:
    at.set(MONDAY + timedelta(hours=1))


@pytest.fixture
def application(world: World) -> Application:
    application = world.application(name="Zoë 🦉 أحمد")
    world.judge(application)
    return application


@pytest.fixture
def recruiter(client: Client, application: Application) -> Client:
    return client.sign_in(application.requisition.recruiter)


def url(application: Application, rest: str = "") -> str:
    return f"/applications/{application.id}{rest}"


def test_a_mail_of_another_application_is_not_found(
    recruiter: Client, session: Session, world: World, application: Application
) -> None:
    other = world.application(application.requisition, name="Other")
    recruiter.post(url(other, "/close"), data={"end": "rejected:other", "reason": "x", "tell": "y"})
    mail = session.scalars(select(OutboxMail)).one()
    assert recruiter.get(url(application, f"/mails/{mail.id}")).status_code == 404
    assert recruiter.get(url(other, f"/mails/{mail.id}")).status_code == 200


def test_personal_links_are_not_shown(
    recruiter: Client, session: Session, world: World, application: Application
) -> None:
    message = b"To: a@b.example\r\nContent-Type: text/plain\r\n\r\nhttp://tracker.example/my/secret-token_1 here\r\n"
    mail = OutboxMail(
        dedupe_key="k",
        kind="status_link",
        receiver="a@b.example",
        application_id=application.id,
        subject="Your page",
        message=message,
        message_id="<1@x>",
        fact={},
        created_at=MONDAY,
        next_try_at=MONDAY,
    )
    world.keep(mail)
    page = recruiter.get(url(application, f"/mails/{mail.id}")).text
    assert "secret-token_1" not in page
    assert "/my/…" in page


def kept_mail(world: World, application: Application, number: int, state: MailState, error: str = "") -> OutboxMail:
    row = OutboxMail(
        dedupe_key=f"mail {number}", kind="loop_schedule", receiver="a@b.example", application_id=application.id,
        subject=f"Subject {number}", message=b"Subject: x\r\n\r\nx\r\n", message_id=f"<m{number}@x>", fact={},
        created_at=MONDAY, next_try_at=MONDAY, ended_at=MONDAY, state=state, last_error=error,
    )  # fmt: skip
    world.keep(row)
    return row


IN_DOUBT = "fate unknown: its sender was lost while handing it over; it may have arrived"


@pytest.mark.parametrize(
    ("state", "error", "badge", "said"),
    [
        (MailState.DROPPED, IN_DOUBT, "Given up: may have arrived", "nobody knows whether it had arrived before"),
        (MailState.DEAD, IN_DOUBT, "May have arrived", "Nobody knows whether it arrived"),
        (MailState.DROPPED, "550 no such user", "Given up: not delivered", "could not be delivered, and was given up"),
        (MailState.DEAD, "550 no such user", "Could not be delivered", "No mail server took it: 550 no such user"),
        (MailState.DROPPED, "", "Not sent: no longer true", "no longer true when its turn came"),
    ],
)
def test_what_became_of_a_mail_is_told_as_far_as_it_is_known(
    recruiter: Client, world: World, application: Application, state: MailState, error: str, badge: str, said: str
) -> None:
    mail = kept_mail(world, application, 1, state, error)
    listed = recruiter.get(url(application)).text
    assert f'<span dir="auto">{badge}</span>' in listed
    page = recruiter.get(url(application, f"/mails/{mail.id}")).text
    assert said in page
    assert ("no longer true" in page) is (error == "")


def test_the_newest_mails_are_shown_and_older_ones_that_need_a_person_and_the_rest_is_folded(
    recruiter: Client, world: World, application: Application
) -> None:
    for number in range(1, 6):
        kept_mail(world, application, number, MailState.SENT)
    assert "<details" not in mails_part(recruiter.get(url(application)).text)
    kept_mail(world, application, 6, MailState.DEAD, IN_DOUBT)
    for number in range(7, 13):
        kept_mail(world, application, number, MailState.SENT)
    shown, folded = mails_part(recruiter.get(url(application)).text).split("<details")
    assert re.findall(r"Subject \d+", shown) == [f"Subject {number}" for number in (12, 11, 10, 9, 8, 6)]
    assert "<summary>6 older</summary>" in folded
    assert re.findall(r"Subject \d+", folded) == [f"Subject {number}" for number in (7, 5, 4, 3, 2, 1)]


def mails_part(page: str) -> str:
    return page.split('id="mails"')[1].split("</section>")[0]
