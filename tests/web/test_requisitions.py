"""Pages of requisitions: who sees them, who changes them, and what a form answers."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client, step_of
from tests.factories import MONDAY, World
from tests.pipeline.mails import of_kind
from tracker.models.interview import Assignment, AssignmentRole
from tracker.models.person import Person
from tracker.models.requisition import Qualification, Requisition, RequisitionState
from tracker.rules.stages import ApplicationState, StageKind

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def recruiter(world: World) -> Person:
    return world.recruiter("Rob Recruiter")


def form_of(world: World, recruiter: Person, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "plan_id": world.plan().id,
        "title": "Security engineer",
        "team": "Detection",
        "location": "Berlin",
        "description": "Guard things",
        "region_id": world.region().id,
        "recruiter_id": recruiter.id,
        "hiring_manager_id": recruiter.id,
        "openings": "2",
        "basic-0-text": "Five years",
        "basic-1-text": "",
        "preferred-0-text": "Rust",
    }
    return given | changes


def form_for(requisition: Requisition, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "version": requisition.version,
        "title": requisition.title,
        "team": requisition.team,
        "region_id": requisition.region_id,
        "recruiter_id": requisition.recruiter_id,
        "hiring_manager_id": requisition.hiring_manager_id,
        "openings": requisition.openings,
    }
    for n, row in enumerate(requisition.qualifications):
        given |= {f"basic-{n}-qualification_id": row.id, f"basic-{n}-text": row.text}
    return given | changes


def test_the_list_shows_open_and_closed_mine_and_all(client: Client, world: World, recruiter: Person) -> None:
    mine = world.requisition("Mine engineer", recruiter=recruiter)
    other = world.requisition("Theirs engineer")
    closed = world.requisition("Old engineer", state=RequisitionState.CLOSED, closed_at=MONDAY)
    world.application(mine)
    world.application(mine, state=ApplicationState.HIRED, closed_at=MONDAY)
    client.sign_in(recruiter)
    page = client.get("/requisitions").text
    assert mine.title in page
    assert other.title in page
    assert closed.title not in page
    assert "1 active, to the board" in page
    assert "1 of 1" in page
    page = client.get("/requisitions?mine=1").text
    assert mine.title in page
    assert other.title not in page
    assert closed.title in client.get("/requisitions?state=closed").text


def test_one_s_own_application_is_not_counted(client: Client, world: World, recruiter: Person) -> None:
    """Or its end would be told by a number that falls or rises."""
    requisition = world.requisition(recruiter=recruiter, openings=2)
    me = world.candidate(email=recruiter.email)
    world.application(requisition)
    own = world.application(requisition, candidate=me)
    client.sign_in(recruiter)
    for state in (ApplicationState.ACTIVE, ApplicationState.HIRED, ApplicationState.REJECTED):
        own.state = state
        world.keep(own)
        assert "1 active, to the board" in client.get("/requisitions").text
        assert "0 of 2" in client.get("/requisitions").text
        assert "0 of 2" in client.get(f"/requisitions/{requisition.id}").text


@pytest.mark.parametrize("number", ["0", "-3", "abc", "99999999999999999999"])
def test_any_page_number_is_answered(client: Client, recruiter: Person, number: str) -> None:
    assert client.sign_in(recruiter).get(f"/requisitions?page={number}").status_code == 200


def test_people_without_requisitions_are_told_where_to_look(client: Client, world: World, recruiter: Person) -> None:
    world.requisition()
    page = client.sign_in(world.person("Ivo Interviewer")).get("/requisitions").text
    assert "No requisitions for you" in page
    assert "Security Engineer" not in page


def test_a_recruiter_opens_one(client: Client, session: Session, world: World, recruiter: Person) -> None:
    client.sign_in(recruiter)
    assert client.get("/requisitions/new").status_code == 200
    member = world.person("Mia Member")
    answer = client.post("/requisitions/new", data=form_of(world, recruiter, member_ids=[member.id]))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    for words in ("Security engineer", "Five years", "Rust", "Mia Member", "0 of 2", "Opened from the plan"):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "please fill this in"),
        ({"title": "x" * 301}, "300 is the most"),
        ({"team": " "}, "please fill this in"),
        ({"openings": "0"}, "a number from 1 to 999"),
        ({"openings": "many"}, "Not a valid integer"),
        ({"plan_id": "0"}, "plan cannot be used"),
        ({"plan_id": "99999999999999999999"}, "plan cannot be used"),
        ({"region_id": "77777"}, "region that is in use"),
        ({"hiring_manager_id": "77777"}, "hiring manager who is active"),
        ({"basic-0-text": "x" * 501}, "500 is the most"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: Client, session: Session, world: World, recruiter: Person, changes: dict[str, str], said: str
) -> None:
    client.sign_in(recruiter)
    answer = client.post("/requisitions/new", data=form_of(world, recruiter, **changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert "Guard things" in answer.text
    assert session.scalar(select(func.count(Requisition.id))) == 0


def test_names_and_emoji_and_markup_are_shown_as_they_are(client: Client, world: World, recruiter: Person) -> None:
    client.sign_in(recruiter)
    answer = client.post("/requisitions/new", data=form_of(world, recruiter, title="🦊 <b>مهندس</b> " + "x" * 250))
    page = client.get(answer.location).text
    assert "🦊 &lt;b&gt;مهندس&lt;/b&gt;" in page


def test_editing_keeps_what_was_judged(client: Client, session: Session, world: World, recruiter: Person) -> None:
    requisition = world.requisition(recruiter=recruiter, basics=("One", "Two"))
    world.judge(world.application(requisition))
    client.sign_in(recruiter)
    assert 'value="One"' in client.get(f"/requisitions/{requisition.id}/edit").text
    answer = client.post(
        f"/requisitions/{requisition.id}/edit", data=form_for(requisition, **{"basic-0-text": "One b"})
    )
    assert answer.status_code == 303
    session.expire_all()
    rows = session.execute(select(Qualification.text, Qualification.is_active).order_by(Qualification.id)).all()
    assert [tuple(row) for row in rows] == [("One", False), ("Two", True), ("One b", True)]


def test_an_older_form_is_told_and_overwrites_nothing(
    client: Client, session: Session, world: World, recruiter: Person
) -> None:
    requisition = world.requisition(recruiter=recruiter)
    client.sign_in(recruiter)
    older = form_for(requisition, title="Second")
    client.post(f"/requisitions/{requisition.id}/edit", data=form_for(requisition, title="First"))
    answer = client.post(f"/requisitions/{requisition.id}/edit", data=older)
    assert answer.status_code == 422
    assert "Somebody was faster" in answer.text
    session.expire_all()
    assert requisition.title == "First"


def test_closing_and_opening_again(client: Client, session: Session, world: World, recruiter: Person) -> None:
    requisition = world.requisition(recruiter=recruiter)
    client.sign_in(recruiter)
    refused = client.post(f"/requisitions/{requisition.id}/close", data={"version": requisition.version, "reason": ""})
    assert refused.status_code == 422
    assert "please fill this in" in refused.text
    data = {"version": requisition.version, "reason": "Filled by a friend"}
    assert client.post(f"/requisitions/{requisition.id}/close", data=data).status_code == 303
    page = client.get(f"/requisitions/{requisition.id}").text
    assert "Filled by a friend" in page
    assert "Add a candidate" not in page
    stale = client.post(f"/requisitions/{requisition.id}/reopen", data=data | {"once": "x"})
    assert "Somebody was faster" in stale.text
    session.expire_all()
    data = {"version": str(requisition.version), "reason": "One left"}
    assert client.post(f"/requisitions/{requisition.id}/reopen", data=data).status_code == 303
    session.expire_all()
    assert requisition.state is RequisitionState.OPEN


def test_hiring_managers_read_theirs_and_change_nothing(client: Client, world: World) -> None:
    manager = world.person("Hana Hiring")
    requisition, other = world.requisition(hiring_manager=manager), world.requisition("Other")
    client.sign_in(manager)
    page = client.get(f"/requisitions/{requisition.id}")
    assert page.status_code == 200
    assert "/edit" not in page.text
    assert client.get(f"/requisitions/{other.id}").status_code == 404
    for path in ("edit", "close", "reopen"):
        assert client.post(f"/requisitions/{requisition.id}/{path}", data={"reason": "x"}).status_code == 404
    assert client.get(f"/requisitions/{requisition.id}/edit").status_code == 404
    assert client.get("/requisitions/new").status_code == 404
    assert client.post("/requisitions/new", data={}).status_code == 404


def test_a_confidential_one_is_as_one_that_never_was(client: Client, world: World, recruiter: Person) -> None:
    secret = world.requisition("Secret engineer", is_confidential=True, recruiter=world.recruiter("Sue Secret"))
    client.sign_in(recruiter)
    assert "Secret engineer" not in client.get("/requisitions").text
    answers = [client.get(f"/requisitions/{key}") for key in (secret.id, 999_999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    for path in ("edit", "close", "reopen", "candidates/new"):
        assert client.post(f"/requisitions/{secret.id}/{path}", data={"reason": "x"}).status_code == 404


def test_whoever_hides_one_from_himself_lands_on_the_list(client: Client, world: World, recruiter: Person) -> None:
    requisition = world.requisition()
    client.sign_in(recruiter)
    answer = client.post(f"/requisitions/{requisition.id}/edit", data=form_for(requisition, is_confidential="y"))
    assert (answer.status_code, answer.location) == (303, "/requisitions")


@pytest.mark.parametrize("path", ["", "/new", "/1", "/1/edit"])
def test_strangers_are_asked_to_sign_in(client: Client, world: World, path: str) -> None:
    world.requisition()
    answer = client.get(f"/requisitions{path}")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


def test_who_makes_it_confidential_reads_first_who_leaves_a_seat(
    client: Client, session: Session, world: World, recruiter: Person
) -> None:
    row, nora = world.requisition(recruiter=recruiter), world.person("Nora Newcomer")
    application = world.application(row, stage=StageKind.LOOP)
    [lead] = world.loop(application, (world.person("Ina Interviewer"),), starts_at=MONDAY + timedelta(days=3))
    seat = Assignment(interview=lead.interview, person=nora, role=AssignmentRole.SHADOW)
    world.keep(seat)
    url = f"/requisitions/{row.id}/edit"
    client.sign_in(recruiter).reads_mails = True
    page = client.get(url).text
    assert "Nora Newcomer learns in interviews still to come" in page
    form = form_for(row, is_confidential="y")
    step = client.post(url, data=form)
    assert step.status_code == 200
    assert nora.email in step.text
    session.expire_all()
    assert (row.is_confidential, seat.ended_at) == (False, None)
    answer = client.post(url, data=step_of(step))
    assert answer.status_code == 303
    session.expire_all()
    assert (row.is_confidential, seat.ended_at) == (True, MONDAY)
    assert len(of_kind(session, "trainee_withdrawn")) == 1
    assert "Nora Newcomer" not in client.get(url).text.split("Basic qualifications")[0].split("Confidential:")[1]


def test_without_such_people_it_is_saved_at_once(
    client: Client, session: Session, world: World, recruiter: Person
) -> None:
    row = world.requisition(recruiter=recruiter)
    client.sign_in(recruiter).reads_mails = True
    url = f"/requisitions/{row.id}/edit"
    assert "still to come" not in client.get(url).text
    assert client.post(url, data=form_for(row, is_confidential="y")).status_code == 303
    session.expire_all()
    assert row.is_confidential
