"""Pages of the question bank."""

import io

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client
from tests.factories import World
from tracker.models.question import Question

NEW = {"kind": "behavioural", "level": "any", "text": "What <b>did</b> you do?", "ask_result": "In figures?"}


@pytest.fixture(autouse=True)
def admin(client: Client, world: World) -> None:
    client.sign_in(world.admin())


def add(client: Client, world: World, **changes: str) -> int:
    data = NEW | {"competency_id": str(world.competency("Own it").id)} | changes
    return client.post("/settings/questions/new", data=data).status_code


def test_one_is_added_changed_replaced_and_retired(client: Client, session: Session, world: World) -> None:
    assert add(client, world, once="k") == 303
    assert add(client, world, once="k") == 303
    row = session.scalars(select(Question)).one()
    page = client.get(f"/settings/questions/{row.id}").text
    assert "What &lt;b&gt;did&lt;/b&gt; you do?" in page
    assert "Too few to tell" in page
    data = NEW | {"competency_id": str(row.competency_id), "version": str(row.version), "text": "New?", "replace": "1"}
    assert client.post(f"/settings/questions/{row.id}", data=data).status_code == 303
    assert "Asked instead" in client.get(f"/settings/questions/{row.id}").text
    assert "Own it" in client.get("/settings/questions").text
    assert "What &lt;b&gt;" not in client.get("/settings/questions").text
    assert "What &lt;b&gt;" in client.get("/settings/questions?retired=1").text
    answer = client.post(f"/settings/questions/{row.id}", data=data)
    assert answer.status_code == 422
    assert "Somebody was faster" in answer.text
    session.expire_all()
    retire = client.post(f"/settings/questions/{row.id}/retire", data={"version": str(row.version)})
    assert retire.status_code == 303
    session.expire_all()
    assert row.retired_at is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": " "}, "please fill this in"),
        ({"text": "x" * 501}, "500 is the most"),
        ({"kind": "riddle"}, "Not a valid"),
    ],
    ids=["blank", "long", "kind"],
)
def test_what_is_wrong_is_said(client: Client, world: World, changes: dict[str, str], said: str) -> None:
    data = NEW | {"competency_id": str(world.competency("Own it").id)} | changes
    answer = client.post("/settings/questions/new", data=data)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_a_file_goes_out_and_comes_in(client: Client, session: Session, world: World, ending: str) -> None:
    add(client, world, text="=1+1")
    text = client.get(f"/settings/questions.{ending}").get_data()
    assert (b"'=1+1" in text) == (ending == "csv"), "a spreadsheet would work it out"
    assert client.get("/settings/questions.json").json[0]["question"] == "=1+1"  # type: ignore[index]
    session.delete(session.scalars(select(Question)).one())
    session.commit()
    answer = client.post("/settings/questions/file", data={"file": (io.BytesIO(text), f"q.{ending}")})
    assert answer.status_code == 303
    assert session.scalars(select(Question)).one().text == "=1+1"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "Choose a file first"), (b"\xff\xfe\x00", "not in UTF-8"), (b"a,b\n", "must name the columns")],
    ids=["none", "encoding", "columns"],
)
def test_a_bad_file_changes_nothing(client: Client, session: Session, content: bytes, said: str) -> None:
    answer = client.post("/settings/questions/file", data={"file": (io.BytesIO(content), "q.csv")})
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalars(select(Question)).all() == []


@pytest.mark.parametrize("query", ["competency=100000000000000000000", "kind=x&level=y", "competency=1&retired=1"])
def test_odd_filters_are_no_failure(client: Client, query: str) -> None:
    assert client.get(f"/settings/questions?{query}").status_code == 200
    assert client.get(f"/settings/questions/new?{query}").status_code == 200


def test_it_is_for_admins_alone(client: Client, world: World) -> None:
    client.sign_in(world.recruiter())
    assert client.get("/settings/questions").status_code == 404
    assert client.get("/settings/questions.csv").status_code == 404
