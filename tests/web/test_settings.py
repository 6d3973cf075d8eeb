"""The settings' first page, and who may open any of them."""

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import World

PAGES = (
    "/settings",
    "/settings/regions",
    "/settings/regions/new",
    "/settings/regions/new?country=DE",
    "/settings/regions/1",
    "/settings/competencies",
    "/settings/competencies/new",
    "/settings/competencies/1",
    "/settings/plans",
    "/settings/plans/new",
    "/settings/plans/1",
    "/settings/people",
    "/settings/people/new",
    "/settings/people/1",
    "/settings/operations",
)
FORMS = (
    "/settings/organisation",
    "/settings/regions/new",
    "/settings/regions/1",
    "/settings/regions/1/days",
    "/settings/regions/1/days/1/remove",
    "/settings/regions/1/years/2027/enter",
    "/settings/regions/1/differences",
    "/settings/competencies/new",
    "/settings/competencies/1",
    "/settings/plans/new",
    "/settings/plans/1/duplicate",
    "/settings/plans/1/basics",
    "/settings/plans/1/stages",
    "/settings/plans/1/interviews",
    "/settings/plans/1/competencies",
    "/settings/plans/1/limits",
    "/settings/people/new",
    "/settings/people/1",
    "/settings/people/1/qualifications",
    "/settings/people/1/link",
)


@pytest.fixture(autouse=True)
def requisition(world: World) -> None:
    world.requisition()


@pytest.mark.parametrize("path", PAGES)
def test_admins_open_every_page(client: Client, world: World, path: str) -> None:
    assert client.sign_in(world.admin()).get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_to_everybody_else_there_is_no_such_page(client: Client, world: World, path: str) -> None:
    assert client.get(path).status_code == 302
    for person in (world.recruiter(), world.person(), world.person(is_recruiting_lead=True)):
        assert client.sign_in(person).get(path).status_code == 404


@pytest.mark.parametrize("path", FORMS)
def test_nor_can_anybody_else_send_its_forms(client: Client, world: World, path: str) -> None:
    assert client.post(path, data={}).status_code == 401
    assert client.sign_in(world.recruiter()).post(path, data={"name": "x"}).status_code == 404


@pytest.mark.parametrize("kind", ["regions", "competencies", "plans", "people"])
def test_what_is_not_there_is_not_found(client: Client, world: World, kind: str) -> None:
    assert client.sign_in(world.admin()).get(f"/settings/{kind}/77777").status_code == 404


def test_the_first_page_leads_everywhere(client: Client, world: World) -> None:
    page = client.sign_in(world.admin()).get("/settings").text
    for path in ("regions", "competencies", "plans", "people", "outbox"):
        assert f'href="/settings/{path}"' in page
    assert "1 in use" in page


def test_the_organisation_is_named(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.admin())
    name = "🦊 <b>شركة</b> " + "x" * 280
    said = {"name": name, "careers_text": "Come **here**"}
    guessed = client.post("/settings/organisation", data=said)
    assert guessed.status_code == 422
    assert "Somebody was faster" in guessed.text, "a form that does not say what it was made from is not taken"
    version = client.get("/settings").text.split('name="version" type="hidden" value="')[1].split('"')[0]
    assert client.post("/settings/organisation", data=said | {"version": version}).status_code == 303
    page = client.get("/settings").text
    assert "🦊 &lt;b&gt;شركة&lt;/b&gt;" in page
    assert "Come **here**" in page
    assert "<strong>here</strong>" in client.get("/careers").text


@pytest.mark.parametrize(("name", "said"), [("", "please fill this in"), ("x" * 301, "300 is the most")])
def test_a_name_that_cannot_be_is_refused(client: Client, world: World, name: str, said: str) -> None:
    client.sign_in(world.admin())
    answer = client.post("/settings/organisation", data={"name": name, "careers_text": "Kept text"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "Kept text" in answer.text


def test_an_older_form_is_told(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.admin())
    version = client.get("/settings").text.split('name="version" type="hidden" value="')[1].split('"')[0]
    data = {"name": "First", "version": version}
    assert client.post("/settings/organisation", data=data).status_code == 303
    answer = client.post("/settings/organisation", data=data | {"name": "Second"})
    assert answer.status_code == 422
    assert "Somebody was faster" in answer.text
    session.expire_all()
    assert world.organisation().name == "First"
