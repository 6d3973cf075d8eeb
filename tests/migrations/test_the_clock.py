"""0009 and 0012 keep what was said: day 0 becomes a moment, a limit holds from the beginning, years are known."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.databases import migrate
from tests.factories import MONDAY, World
from tracker.db import make_engine
from tracker.models.deadline import Deadline
from tracker.models.interview_plan import PlanLimit
from tracker.models.region import ClosedDay, ClosedDaySource, YearState
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.limits import BEGINNING


def written(session: Session, number: int, **facts: Any) -> None:
    requisition_id, owner_id = session.execute(sa.text("SELECT id, recruiter_id FROM requisition")).one()
    given = {
        "application_id": 1,
        "requisition_id": requisition_id,
        "kind": "promise",
        "subject": number,
        "owner_id": owner_id,
        "day0_on": date(2026, 11, 2),
        "business_days": 5,
        "zone": "Pacific/Kiritimati",
        "due_at": datetime(2026, 11, 9, 9, 59, 59, tzinfo=UTC),
        "state": "open",
        "pause_reason": "",
        "is_resumed": False,
        "opened_at": MONDAY,
        "revision": 1,
        "version": 1,
    } | facts
    table = sa.Table("deadline", sa.MetaData(), autoload_with=session.connection())
    moments = {name: value for name, value in given.items() if isinstance(value, datetime)}
    if session.get_bind().dialect.name == "sqlite":
        given |= {name: value.replace(tzinfo=None) for name, value in moments.items()}
    session.execute(table.insert().values(given))


def test_deadlines_and_limits_go_up_and_down(database: str) -> None:
    engine = make_engine(database)
    with Session(engine) as session:
        world = World(session)
        application = world.application()
        world.keep(PlanLimit(plan=application.requisition.plan, kind=DeadlineKind.PROMISE, business_days=4))
        migrate(database, "0008", down=True)
        written(session, 1)
        written(session, 2, zone="America/Los_Angeles", is_resumed=True, business_days=3)
        session.commit()
        migrate(database, "0009")
        first, second = session.scalars(sa.select(Deadline).order_by(Deadline.id))
        assert (first.day0_at, first.resumed_at) == (datetime(2026, 11, 1, 10, tzinfo=UTC), None)
        assert second.counts_from == second.resumed_at == datetime(2026, 11, 2, 8, tzinfo=UTC)
        assert (second.business_days, second.extra_days, second.extension_reason) == (3, 0, "")
        limit = session.scalars(sa.select(PlanLimit)).one()
        assert (limit.business_days, limit.valid_from, limit.valid_to) == (4, BEGINNING, None)
        limit.valid_to = date(2026, 11, 30)
        session.add(PlanLimit(plan_id=limit.plan_id, kind=limit.kind, business_days=7, valid_from=date(2026, 12, 1)))
        session.commit()
        migrate(database, "0008", down=True)
        rows = session.execute(sa.text("SELECT day0_on, is_resumed, business_days FROM deadline ORDER BY id"))
        assert [(str(row[0]), bool(row[1]), row[2]) for row in rows] == [
            ("2026-11-02", False, 5),
            ("2026-11-02", True, 3),
        ]
        assert session.scalars(sa.text("SELECT business_days FROM plan_limit")).all() == [7]
        session.commit()
        migrate(database)
    engine.dispose()


def test_indexes_and_checks_of_deadlines_outlive_the_rebuilt_table(database: str) -> None:
    engine = make_engine(database)

    def described() -> Any:
        inspector = sa.inspect(engine)
        indexes = inspector.get_indexes("deadline")
        where = {str(each["name"]): str(next(iter(each["dialect_options"].values()), "")) for each in indexes}
        checks = {str(each["name"]) for each in inspector.get_check_constraints("deadline")}
        keys = sorted(str(each["constrained_columns"]) for each in inspector.get_foreign_keys("deadline"))
        return where, checks, keys

    migrate(database, "0009", down=True)
    after = described()
    migrate(database, "0008", down=True)
    before = described()
    assert "closed_at IS NULL" in before[0]["uq_deadline_current"]
    assert before == after
    engine.dispose()


def test_years_that_were_filled_in_are_known(database: str) -> None:
    engine = make_engine(database)
    with Session(engine) as session:
        region = World(session).region(closed=(date(2026, 12, 24),))
        region.closed_days += [
            ClosedDay(on=on, name="A holiday", source=ClosedDaySource.PUBLIC_HOLIDAY)
            for on in (date(2026, 1, 1), date(2026, 5, 1), date(2027, 1, 1))
        ]
        session.commit()
        migrate(database, "0011", down=True)
        migrate(database)
        session.expire_all()
        assert [(row.year, row.state, len(row.said), row.release) for row in region.years] == [
            (2026, YearState.FILLED, 2, ""),
            (2027, YearState.FILLED, 1, ""),
        ]
        assert region.years[1].said == {"2027-01-01": "A holiday"}
    engine.dispose()
