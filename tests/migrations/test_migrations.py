"""Migrations run up, down and up again on a populated database, with nothing lost and nothing left over."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from tests.databases import migrate
from tests.factories import MONDAY, World
from tracker.db import Base, make_engine
from tracker.models.candidate import Candidate
from tracker.models.deadline import Deadline, Nudge
from tracker.models.leave import Leave
from tracker.models.outbox import MailAbout, MailState, OutboxMail
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import Role
from tracker.rules.stages import ApplicationState

PROJECT = Path(__file__).resolve().parent.parent.parent
SCRIPTS = ScriptDirectory.from_config(Config(toml_file=PROJECT / "pyproject.toml"))
REVISIONS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


@pytest.fixture
def engine(database: str) -> Iterator[sa.Engine]:
    engine = make_engine(database)
    yield engine
    engine.dispose()


def populate(engine: sa.Engine) -> None:
    """A little of everything, with text that an encoding could break."""
    with Session(engine) as session:
        world = World(session)
        application = world.application(name="Zoë 🦉 אבג")
        # What an older schema has no table for is lost on the way down.
        application.requisition.region.years = []
        interviewer = world.person("Iris")
        world.judge(application)
        card = world.scorecard(world.interview(application, interviewer), text="“quoted” – ünïcode")
        card.evidence[0].metric = ""
        session.commit()
        world.loop(application, tuple(world.person() for _ in range(5)))
        assert session.get(Deadline, 1) is None


def contents(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as plain values, columns by name."""
    metadata = sa.MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted(
                (
                    tuple(sorted((key, str(value)) for key, value in row._mapping.items()))
                    for row in connection.execute(sa.select(table))
                ),
            )
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }


def shared(before: dict[str, Any], after: dict[str, Any]) -> None:
    """What both schemas know is the same: tables, numbers of rows, and the columns that both have."""
    for name in before.keys() & after.keys():
        assert len(before[name]) == len(after[name]), f"{name}: rows came or went"
        for old, new in zip(before[name], after[name], strict=True):
            columns = dict(old).keys() & dict(new).keys()
            assert {c: dict(old)[c] for c in columns} == {c: dict(new)[c] for c in columns}, name


def test_one_head_and_numbers_in_order() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    # A number that was left free is filled by naming it in the ``down_revision`` of the one that follows.
    assert sorted(set(REVISIONS)) == REVISIONS
    assert all(re.fullmatch("[0-9]{4}", each) for each in REVISIONS)


def test_the_schema_is_what_the_rows_say(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_up_down_and_up_on_a_populated_database(engine: sa.Engine, database: str) -> None:
    populate(engine)
    full = contents(engine)
    assert sum(map(len, full.values())) > 50
    for revision in reversed(REVISIONS[:-1]):
        migrate(database, "-1")
        shared(full, contents(engine))
        assert revision in REVISIONS
    migrate(database)
    shared(full, contents(engine))


def test_down_to_nothing_and_up_again(engine: sa.Engine, database: str) -> None:
    populate(engine)
    migrate(database, "base")
    assert contents(engine) == {}
    migrate(database)
    assert set(contents(engine)) == set(Base.metadata.tables)
    assert all(not rows for rows in contents(engine).values())


def test_below_0008_an_address_is_one_candidate(engine: sa.Engine, database: str) -> None:
    with Session(engine) as session:
        world = World(session)
        secret = world.requisition(is_confidential=True)
        kept_apart = world.candidate("Real Name", email="one@mail.example", requisition_id=secret.id)
        hidden = world.application(secret, candidate=kept_apart)
        shared_row = world.application(world.requisition("Open"), name="Other").candidate
        shared_row.email = "one@mail.example"
        session.commit()
        hidden_id, shared_id = hidden.id, shared_row.id
    for _ in REVISIONS[REVISIONS.index("0008") :]:
        migrate(database, "-1")
    after = contents(engine)
    assert len(after["candidate"]) == 1
    assert {dict(row)["candidate_id"] for row in after["application"]} == {str(shared_id)}
    assert str(hidden_id) in {dict(row)["id"] for row in after["application"]}


def test_below_0017_a_metric_stands_below_the_result(engine: sa.Engine, database: str) -> None:
    with Session(engine) as session:
        world = World(session)
        world.scorecard(world.interview(world.application(), world.person()), text="20 %")
    for _ in REVISIONS[REVISIONS.index("0017") :]:
        migrate(database, "-1")
    assert dict(contents(engine)["evidence"][0])["result"] == "20 %\n20 %"


def test_0034_counts_from_the_last_closing_and_finds_whom_mails_speak_of(engine: sa.Engine, database: str) -> None:
    with Session(engine) as session:
        world = World(session)
        requisition = world.requisition()
        states = (ApplicationState.REJECTED, ApplicationState.HIRED, ApplicationState.ACTIVE)
        closed, hired, active = (world.application(requisition, state=each) for each in states)
        closed.closed_at = hired.closed_at = MONDAY
        person, owner = world.person(), requisition.hiring_manager
        world.interview(closed, person, starts_at=MONDAY)
        facts: dict[str, Any] = {"day0_at": MONDAY, "business_days": 1, "zone": "UTC", "due_at": MONDAY}
        facts |= {"kind": DeadlineKind.DEBRIEF, "opened_at": MONDAY, "owner_id": owner.id}
        chased = [Deadline(application_id=n.id, requisition_id=requisition.id, **facts) for n in (closed, active)]
        session.add_all(chased)
        session.flush()
        said: dict[str, Any] = {"revision": 1, "person_id": owner.id, "role": Role.OWNER, "at": MONDAY}
        raised = [Nudge(deadline_id=each.id, step="T0", **said) for each in chased]
        leave = Leave(person_id=person.id, first_on=MONDAY.date(), last_on=MONDAY.date())
        session.add_all([*raised, leave])
        session.flush()
        for key, fact in (
            ("digest", {"nudges": [each.id for each in raised]}),
            ("dropped", {"nudges": [raised[0].id, 999]}),
            ("leave", {"leave": leave.id, "last_on": "2026-11-02"}),
        ):
            row = {"kind": key, "receiver": "a@b.example", "subject": "Said", "message": b"Said", "message_id": key}
            state = MailState.DROPPED if key == "dropped" else MailState.SENT
            moments = {"created_at": MONDAY, "next_try_at": MONDAY}
            session.add(OutboxMail(dedupe_key=key, person_id=owner.id, fact=fact, state=state, **row, **moments))
        session.commit()
        numbers = [closed.id, active.id]
        ids = {each.candidate_id: each for each in (closed, hired, active)}
        expected = {key: MONDAY if each is closed else None for key, each in ids.items()}
    for _ in REVISIONS[REVISIONS.index("0034") :]:
        migrate(database, "-1")
    migrate(database)
    with Session(engine) as session:
        assert {row.id: row.kept_since for row in session.execute(sa.select(Candidate.id, Candidate.kept_since))} == (
            expected
        )
        about = sa.select(OutboxMail.kind, MailAbout.application_id).join(MailAbout, MailAbout.mail_id == OutboxMail.id)
        assert sorted(tuple(row) for row in session.execute(about)) == [
            ("digest", numbers[0]), ("digest", numbers[1]), ("dropped", numbers[0]), ("leave", numbers[0]),
        ]  # fmt: skip
        messages = {row.kind: row.message for row in session.execute(sa.select(OutboxMail.kind, OutboxMail.message))}
        assert messages == {"digest": b"Said", "dropped": b"", "leave": b"Said"}
