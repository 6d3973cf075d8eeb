"""Runs migrations through the tracker's own engine, so that a failed one leaves nothing half made."""

import os
from typing import Any

import sqlalchemy as sa
from alembic import context
from sqlalchemy.engine import Connection

import config
from tracker import models
from tracker.db import Base, UtcMoment, make_engine

assert models  # noqa: S101 - importing the package registers every table


def _url() -> str:
    given = context.config.attributes.get("database_url")
    return str(given) if given else config.load(os.environ).database_url


def _plain_type(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Write the plain type into migration files: they must run when our own types have moved on."""
    if kind != "type":
        return False
    if isinstance(item, UtcMoment):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_plain_type,
        # One transaction for all: either the whole upgrade stands or nothing.
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run() -> None:
    engine = make_engine(_url())
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                _migrate_sqlite(connection)
            else:
                _migrate(connection)
    finally:
        engine.dispose()


def _migrate_sqlite(connection: Connection) -> None:
    # A table rebuilt with foreign keys on would take its children along: off before BEGIN, checked after.
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - the connection was just made
    driver.execute("PRAGMA foreign_keys = OFF")
    _migrate(connection)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    connection.rollback()
    if broken:
        raise RuntimeError(f"the migration broke {len(broken)} references: {broken[:3]}")


_run()
