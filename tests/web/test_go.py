"""Links in e-mails: signed, for one person, after signing in, and silent to everybody else."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.mail.links import GOOD_FOR, url_for_person
from tracker.models.person import Person
from tracker.web.auth import password_path

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def ian(world: World) -> Person:
    return world.person("Ian Interviewer")


def link(app: Flask, person: Person, path: str = "/scorecards/7") -> str:
    with app.app_context():
        return urlsplit(url_for_person(path, person.id, now=MONDAY)).path


def test_it_leads_to_the_page(app: Flask, client: Client, ian: Person) -> None:
    client.sign_in(ian)
    answer = client.get(link(app, ian))
    assert (answer.status_code, answer.location) == (302, "/scorecards/7")


def test_it_asks_for_sign_in_first_and_leads_on(app: Flask, client: Client, ian: Person) -> None:
    address = link(app, ian)
    answer = client.get(address)
    assert urlsplit(answer.location).path == "/sign-in"
    assert parse_qs(urlsplit(answer.location).query)["next"] == [address]


def test_an_old_one_leads_to_the_page_with_a_hint(app: Flask, client: Client, at: TestClock, ian: Person) -> None:
    address = link(app, ian, "/account")
    client.sign_in(ian)
    at.set(MONDAY + GOOD_FOR)
    assert "more than" not in client.get(address, follow_redirects=True).text
    at.set(MONDAY + GOOD_FOR + timedelta(seconds=1))
    answer = client.get(address, follow_redirects=True)
    assert "more than 30 days old" in answer.text
    assert "My account" in answer.text


def test_it_tells_somebody_else_nothing(app: Flask, client: Client, world: World, ian: Person) -> None:
    """The same answer whether the page is there or not, and nothing of whom it was sent to or where it leads."""
    there = world.application()
    client.sign_in(world.recruiter("Rosa Recruiter"))
    answers = [client.get(link(app, ian, path)) for path in (f"/applications/{there.id}", "/applications/77777")]
    for answer in answers:
        assert answer.status_code == 403
        assert "sent to somebody else" in answer.text
        assert "Rosa Recruiter" in answer.text
        assert "Ian" not in answer.text
        assert "/applications/" not in answer.text
    one, other = (re.sub(r'name="once" value="\w+"', "", answer.text) for answer in answers)
    assert one == other


def test_it_opens_nothing_that_the_person_may_not_see(app: Flask, client: Client, world: World, ian: Person) -> None:
    there = world.application()
    client.sign_in(ian)
    for path in (f"/applications/{there.id}", "/applications/77777"):
        assert client.get(link(app, ian, path), follow_redirects=True).status_code == 404


def test_what_we_did_not_sign_is_no_link(app: Flask, client: Client, world: World, ian: Person) -> None:
    client.sign_in(ian)
    good = link(app, ian)
    forged = ("/go/x", "/go/" + "x" * 5000, "/go/https%3A%2F%2Fevil.example")
    for address in (good[:-1], good + "x", good.replace("/go/", "/go/x"), *forged):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Location" not in answer.headers


def test_a_link_for_another_purpose_opens_nothing(app: Flask, client: Client, ian: Person) -> None:
    """The link that sets a password is signed with the same key, for something else."""
    client.sign_in(ian)
    with app.test_request_context():
        token = password_path(ian).rsplit("/", 1)[1]
    assert client.get(f"/go/{token}").status_code == 404
