"""Pages of people."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import World
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewerQualification, Person

NEW = {
    "name": "Nora New",
    "email": "Nora@Tracker.example",
    "zone": "Asia/Tokyo",
    "team": "Detection",
    "roles": ["bar_raiser", "senior_leader"],
    "daily_cap": "1",
    "weekly_cap": "3",
}


@pytest.fixture
def admin(client: Client, world: World) -> Person:
    admin = world.admin()
    client.sign_in(admin)
    return admin


def form_for(person: Person, **changes: Any) -> dict[str, Any]:
    roles = [role for role in ("admin", "recruiter") if getattr(person, f"is_{role}")]
    given: dict[str, Any] = {
        "name": person.name,
        "email": person.email,
        "zone": person.zone,
        "team": person.team,
        "roles": roles,
        "daily_cap": "2",
        "weekly_cap": "5",
        "is_active": "y",
        "version": person.version,
    }
    return {key: value for key, value in (given | changes).items() if value is not None}


@pytest.mark.usefixtures("admin")
def test_somebody_is_added_and_gets_the_way_in_once(client: Client, session: Session) -> None:
    for _ in range(2):
        answer = client.post("/settings/people/new", data=NEW | {"once": "k"})
        assert answer.status_code == 303
    person = session.scalars(select(Person).where(Person.email == "nora@tracker.example")).one()
    assert (person.is_bar_raiser, person.is_senior_leader, person.is_admin) == (True, True, False)
    assert (person.daily_cap, person.weekly_cap, person.zone) == (1, 3, "Asia/Tokyo")
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.kind == "welcome"
    page = client.get("/settings/people").text
    assert "Nora New" in page
    assert "Senior leader and bar raiser" in page


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "please fill this in"),
        ({"name": "x" * 301}, "300 is the most"),
        ({"email": "nobody"}, "not one e-mail address"),
        ({"email": "nora@tracker.example\r\nBcc: all@tracker.example"}, "not one e-mail address"),
        ({"email": "nora@tracker.example, two@tracker.example"}, "not one e-mail address"),
        ({"email": "taken@tracker.example"}, "is here already"),
        ({"zone": "Mars/North"}, "not a time zone"),
        ({"roles": ["emperor"]}, "not a valid choice"),
        ({"daily_cap": "-1"}, "from 0 to 20"),
        ({"weekly_cap": ""}, "please give a number"),
        ({"weekly_cap": "many"}, "Not a valid integer"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_written_to(
    client: Client, session: Session, world: World, changes: dict[str, Any], said: str
) -> None:
    world.person("Tak Taken", email="taken@tracker.example")
    before = session.scalar(select(func.count(Person.id)))
    answer = client.post("/settings/people/new", data=NEW | {"team": "Kept team"} | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Kept team" in answer.text
    assert session.scalar(select(func.count(Person.id))) == before
    assert session.scalar(select(func.count(OutboxMail.id))) == 0


@pytest.mark.usefixtures("admin")
def test_names_are_shown_as_they_are(client: Client, session: Session) -> None:
    name = "🦊 <b>محمد</b>\r\nBcc: x " + "y" * 270
    answer = client.post("/settings/people/new", data=NEW | {"name": name})
    assert answer.status_code == 303
    assert "🦊 &lt;b&gt;محمد&lt;/b&gt; Bcc: x" in client.get(answer.location).text


def test_somebody_is_changed_and_older_forms_are_told(
    client: Client, session: Session, world: World, admin: Person
) -> None:
    person = world.recruiter()
    path = f"/settings/people/{person.id}"
    older = form_for(person, team="Older team")
    assert client.post(path, data=form_for(person, team="Red", roles=["recruiting_lead"])).status_code == 303
    session.expire_all()
    assert (person.team, person.is_recruiter, person.is_recruiting_lead) == ("Red", False, True)
    answer = client.post(path, data=older)
    assert answer.status_code == 422
    assert "Somebody was faster" in answer.text
    assert "Older team" in answer.text
    answer = client.post(path, data=form_for(person, email=admin.email))
    assert "somebody else" in answer.text


@pytest.mark.parametrize("changes", [{"roles": []}, {"is_active": None}])
def test_the_last_admin_stays(client: Client, session: Session, admin: Person, changes: dict[str, Any]) -> None:
    answer = client.post(f"/settings/people/{admin.id}", data=form_for(admin, **changes))
    assert answer.status_code == 422
    assert "the only admin" in answer.text
    session.expire_all()
    assert admin.is_admin
    assert admin.is_active


def test_who_gives_the_role_away_is_shown_out(client: Client, session: Session, world: World, admin: Person) -> None:
    world.admin("Second Admin")
    answer = client.post(f"/settings/people/{admin.id}", data=form_for(admin, roles=[]))
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/settings").status_code == 404


def test_who_changes_the_own_address_stays_signed_in(client: Client, session: Session, admin: Person) -> None:
    data = form_for(admin, email="new.ada@tracker.example")
    answer = client.post(f"/settings/people/{admin.id}", data=data)
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    session.expire_all()
    assert admin.email == "new.ada@tracker.example"


@pytest.mark.usefixtures("admin")
def test_the_role_stays_while_requisitions_name_the_recruiter(client: Client, session: Session, world: World) -> None:
    person = world.recruiter("Rosa Recruiter")
    world.requisition("Backend Engineer", recruiter=person)
    answer = client.post(f"/settings/people/{person.id}", data=form_for(person, roles=[], team="Typed"))
    assert answer.status_code == 422
    assert "still the recruiter of “Backend Engineer”" in answer.text
    assert "Typed" in answer.text
    session.expire_all()
    assert person.is_recruiter


@pytest.mark.usefixtures("admin")
def test_what_a_deactivated_person_leaves_is_told(client: Client, world: World) -> None:
    person = world.recruiter("Gus Gone")
    requisition = world.requisition(recruiter=person)
    world.interview(world.application(requisition), person, starts_at=None)
    answer = client.post(f"/settings/people/{person.id}", data=form_for(person, is_active=None), follow_redirects=True)
    assert "still has 1 open requisition" in answer.text
    assert client.post(f"/settings/people/{person.id}/link").status_code == 422


@pytest.mark.usefixtures("admin")
def test_qualifications_are_a_matrix_of_boxes(client: Client, session: Session, world: World) -> None:
    person, first, second = world.person(), world.competency("One"), world.competency("Two")
    path = f"/settings/people/{person.id}/qualifications"
    boxes = [f"{first.id}:loop", f"{second.id}:phone_screen", "77777:loop", f"{first.id}:chess", "x:loop", "9" * 30]
    data = {"qualifications-qualified": boxes, "qualifications-version": person.version}
    assert client.post(path, data=data).status_code == 303
    held = session.execute(select(InterviewerQualification.competency_id, InterviewerQualification.kind)).all()
    assert {tuple(row) for row in held} == {(first.id, "loop"), (second.id, "phone_screen")}
    page = client.get(f"/settings/people/{person.id}").text
    assert f'value="{first.id}:loop" checked' in page
    assert f'value="{first.id}:phone_screen" checked' not in page
    answer = client.post(path, data=data)
    assert answer.status_code == 422
    assert "Somebody was faster" in answer.text
    assert client.post(path, data={}).status_code == 303
    assert session.scalar(select(func.count(InterviewerQualification.id))) == 0


@pytest.mark.usefixtures("admin")
def test_the_link_is_sent_again(client: Client, session: Session, world: World) -> None:
    person = world.person("Nora New", email="nora@tracker.example")
    answer = client.post(f"/settings/people/{person.id}/link", data={"once": "k"}, follow_redirects=True)
    assert "on its way to nora@tracker.example" in answer.text
    client.post(f"/settings/people/{person.id}/link", data={"once": "k"})
    assert session.scalars(select(OutboxMail.kind)).all() == ["welcome"]
