"""The clock: limits hold from a day to a day, deadlines keep the moment of their day 0, and can be extended."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEGINNING = "1970-01-01"
BATCH = 5_000
_moment = sa.DateTime(timezone=True)
_deadline = sa.table(
    "deadline",
    sa.column("id", sa.Integer()),
    sa.column("zone", sa.Text()),
    sa.column("day0_on", sa.Date()),
    sa.column("day0_at", _moment),
    sa.column("is_resumed", sa.Boolean()),
    sa.column("resumed_at", _moment),
)


def upgrade() -> None:
    with op.batch_alter_table("plan_limit") as table:
        table.add_column(sa.Column("valid_from", sa.Date(), nullable=False, server_default=sa.text(f"'{BEGINNING}'")))
        table.add_column(sa.Column("valid_to", sa.Date(), nullable=True))
        table.drop_constraint(op.f("uq_plan_limit_plan_id_kind"), type_="unique")
        table.create_unique_constraint(op.f("uq_plan_limit_plan_id_kind_valid_from"), ["plan_id", "kind", "valid_from"])
        table.create_check_constraint(op.f("ck_plan_limit_valid"), "valid_to IS NULL OR valid_to >= valid_from")
    op.add_column("deadline", sa.Column("extra_days", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("deadline", sa.Column("extension_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("deadline", sa.Column("resumed_at", _moment, nullable=True))
    op.add_column("deadline", sa.Column("day0_at", _moment, nullable=True))
    _rewrite((_deadline.c.day0_on, _deadline.c.is_resumed), _with_moments)
    with op.batch_alter_table("deadline") as table:
        table.alter_column("day0_at", existing_type=_moment, nullable=False)
        table.drop_column("day0_on")
        table.drop_column("is_resumed")


def downgrade() -> None:
    op.add_column("deadline", sa.Column("is_resumed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("deadline", sa.Column("day0_on", sa.Date(), nullable=True))
    _rewrite((_deadline.c.day0_at, _deadline.c.resumed_at), _with_dates)
    with op.batch_alter_table("deadline") as table:
        table.alter_column("day0_on", existing_type=sa.Date(), nullable=False)
        for name in ("day0_at", "resumed_at", "extension_reason", "extra_days"):
            table.drop_column(name)
    # Of several limits of one kind only the one that holds without an end has a place in the older table.
    op.execute("DELETE FROM plan_limit WHERE valid_to IS NOT NULL")
    with op.batch_alter_table("plan_limit") as table:
        table.drop_constraint(op.f("ck_plan_limit_valid"), type_="check")
        table.drop_constraint(op.f("uq_plan_limit_plan_id_kind_valid_from"), type_="unique")
        table.create_unique_constraint(op.f("uq_plan_limit_plan_id_kind"), ["plan_id", "kind"])
        table.drop_column("valid_to")
        table.drop_column("valid_from")


def _with_moments(row: Any) -> dict[str, Any]:
    """The day begins with the zone's midnight; what was resumed counted from the day of its resumption."""
    day0_at = datetime.combine(row.day0_on, time(0), ZoneInfo(row.zone)).astimezone(UTC)
    return {"day0_at": day0_at, "resumed_at": day0_at if row.is_resumed else None}


def _with_dates(row: Any) -> dict[str, Any]:
    counts_from = row.resumed_at or row.day0_at
    return {"day0_on": _local(counts_from, row.zone), "is_resumed": row.resumed_at is not None}


def _local(moment: datetime, zone: str) -> date:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(ZoneInfo(zone)).date()


def _rewrite(read: tuple[Any, ...], values: Callable[[Any], dict[str, Any]]) -> None:
    """Work the new columns out of the old ones, some thousand rows at a time."""
    for rows in _batches(sa.select(_deadline.c.id, _deadline.c.zone, *read)):
        given = [{name: _plain(value) for name, value in values(row).items()} | {"row_id": row.id} for row in rows]
        new = {name: sa.bindparam(name) for name in values(rows[0])}
        change = sa.update(_deadline).where(_deadline.c.id == sa.bindparam("row_id")).values(new)
        op.get_bind().execute(change, given)


def _batches(query: Any) -> Iterator[list[Any]]:
    last, number = 0, _deadline.c.id
    while rows := op.get_bind().execute(query.where(number > last).order_by(number).limit(BATCH)).all():
        yield list(rows)
        last = rows[-1].id


def _plain(value: Any) -> Any:
    """SQLite keeps moments without a zone, in UTC."""
    if isinstance(value, datetime) and op.get_bind().dialect.name == "sqlite":
        return value.replace(tzinfo=None)
    return value
