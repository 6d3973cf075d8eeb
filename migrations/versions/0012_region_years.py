"""The years of a region: which are known, and what the holidays package said of them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "region_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("release", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_region_year_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_year")),
        sa.UniqueConstraint("region_id", "year", name=op.f("uq_region_year_region_id_year")),
    )
    _note_filled_years()


def downgrade() -> None:
    op.drop_table("region_year")


def _note_filled_years() -> None:
    """Years with public holidays were filled in; of which release is not known, so that all are compared once."""
    columns = (sa.column("region_id"), sa.column("on", sa.Date()), sa.column("name"), sa.column("source"))
    day = sa.table("closed_day", *columns)
    found: dict[tuple[int, int], dict[str, str]] = {}
    for row in op.get_bind().execute(sa.select(*columns).select_from(day).where(day.c.source == "public_holiday")):
        found.setdefault((row.region_id, row.on.year), {})[row.on.isoformat()] = row.name
    given: list[dict[str, Any]] = [
        {"region_id": region_id, "year": year, "state": "filled", "said": said, "release": ""}
        for (region_id, year), said in found.items()
    ]
    new = [sa.column(name) for name in ("region_id", "year", "state", "release")]
    if given:
        op.get_bind().execute(sa.table("region_year", *new, sa.column("said", sa.JSON())).insert(), given)
