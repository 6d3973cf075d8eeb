"""Pages of competencies."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import World
from tracker.models.competency import Competency

NEW = {
    "name": "Threat modelling",
    "kind": "leadership_principle",
    "description": "Finds what may go wrong",
    "anchor_1": "Sees nothing",
    "anchor_2": "Sees little",
    "anchor_3": "Sees enough",
    "anchor_4": "Sees more",
    "is_active": "y",
}


@pytest.fixture(autouse=True)
def admin(client: Client, world: World) -> None:
    client.sign_in(world.admin())


def test_one_is_added_and_changed(client: Client, session: Session) -> None:
    data = NEW | {"name": "🦊 <i>تهديد</i>", "once": "k"}
    assert client.post("/settings/competencies/new", data=data).status_code == 303
    assert client.post("/settings/competencies/new", data=data).status_code == 303
    row = session.scalars(select(Competency)).one()
    page = client.get(f"/settings/competencies/{row.id}").text
    assert "🦊 &lt;i&gt;تهديد&lt;/i&gt;" in page
    assert "Sees enough" in page
    assert 'checked id="kind-1"' in page
    changed = NEW | {"anchor_4": "Sees all", "version": row.version}
    assert client.post(f"/settings/competencies/{row.id}", data=changed).status_code == 303
    session.expire_all()
    assert (row.name, row.anchors[3].text) == ("Threat modelling", "Sees all")
    answer = client.post(f"/settings/competencies/{row.id}", data=changed)
    assert answer.status_code == 422
    assert "Somebody was faster" in answer.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "please fill this in"),
        ({"name": "x" * 301}, "300 is the most"),
        ({"name": "competency A"}, "already: choose another name"),
        ({"kind": "other"}, "Not a valid choice"),
        ({"anchor_2": ""}, "please fill this in"),
        ({"anchor_2": "x" * 2001}, "2,000 is the most"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(
    client: Client, session: Session, world: World, changes: dict[str, str], said: str
) -> None:
    world.competency("Competency A")
    answer = client.post("/settings/competencies/new", data=NEW | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Sees more" in answer.text
    assert session.scalar(select(func.count(Competency.id))) == 1


def test_one_that_a_plan_asks_for_is_not_retired(client: Client, session: Session, world: World) -> None:
    row = world.plan().competencies[0].competency
    data = {key: value for key, value in NEW.items() if key != "is_active"}
    answer = client.post(f"/settings/competencies/{row.id}", data=data)
    assert answer.status_code == 422
    assert "part of “Security engineer”" in answer.text
