"""The settings of the databases: what is acknowledged stays, writers queue up, moments bear a zone."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session, selectinload

from tests.factories import World
from tracker import db as database
from tracker.db import Base, NaiveMoment, make_engine, reading
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import Person
from tracker.models.record import Organisation
from tracker.statements import compiled_once, objects, rows


def test_sqlite_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.sqlite")
    database._settle_sqlite(connection, None)  # type: ignore[arg-type]
    said = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
    said |= {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("foreign_keys", "busy_timeout")}
    connection.close()
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_no_update_is_lost_between_two_writers(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.sqlite")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Organisation(id=1, name="0"))
        session.commit()

    def count_up() -> None:
        for _ in range(50):
            with Session(engine) as session:
                row = session.get_one(Organisation, 1)
                row.name = str(int(row.name) + 1)
                session.commit()

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        assert session.get_one(Organisation, 1).name == "200"
    engine.dispose()


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/x.sqlite")
    Base.metadata.create_all(engine)
    with engine.connect() as writer, writer.begin():
        writer.execute(sa.insert(Organisation).values(id=1, name="x", careers_text=""))
        with reading(), engine.connect() as reader:
            assert reader.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 0
    engine.dispose()


def test_a_naive_moment_is_refused(session: Session, world: World) -> None:
    with pytest.raises(StatementError) as caught:
        session.execute(
            sa.update(Person).values(created_at=datetime(2026, 1, 1))  # noqa: DTZ001
        )
    assert isinstance(caught.value.orig, NaiveMoment)


def test_moments_come_back_in_utc(session: Session, world: World) -> None:
    person = world.person("Zoe")
    person.created_at = datetime(2026, 11, 2, 12, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    session.commit()
    session.expire_all()
    assert person.created_at == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
    assert person.created_at.tzinfo is UTC


def test_a_kept_statement_is_compiled_once_and_answers_with_its_own_values(session: Session, world: World) -> None:
    """Statements alike but for their values, as those of two viewers are, share the compiled text, not the values."""
    one, two = world.person(name="Ada"), world.person(name="Ben")
    session.flush()
    kept = {each.id: sa.select(Person.name).where(Person.id == each.id) for each in (one, two)}
    compiled = []
    for _ in range(3):
        for each in (one, two):
            answer = rows(session, kept[each.id], {})
            compiled.append(answer.context.compiled)
            assert answer.scalars().all() == [each.name]
    assert len(set(map(id, compiled))) == 1


def test_a_kept_statement_is_found_without_its_key(session: Session, world: World) -> None:
    person = world.person()
    session.flush()
    statement = sa.select(Person).where(Person.id == sa.bindparam("person"))
    assert objects(session, statement, {"person": person.id}).scalar_one() is person
    place = compiled_once(statement, session.get_bind().dialect)["compiled_cache"]
    place._shared = None
    assert objects(session, statement, {"person": person.id}).scalar_one() is person


def test_what_a_kept_statement_s_objects_load_besides_is_another_statement(session: Session, world: World) -> None:
    plans = [world.plan(), world.plan()]
    session.commit()
    statement = sa.select(InterviewPlan).where(InterviewPlan.id == sa.bindparam("plan"))
    statement = statement.options(selectinload(InterviewPlan.stages))
    for plan in [*plans, *plans]:
        session.expire_all()
        found = objects(session, statement, {"plan": plan.id}).scalar_one()
        assert found is plan
        assert {stage.plan_id for stage in found.stages} == {plan.id}
