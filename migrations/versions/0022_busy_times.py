"""Busy times: people's calendars on other servers, and when they are taken there."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "busy_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("worked_out_at", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_busy_feed_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_feed")),
        sa.UniqueConstraint("person_id", "address", name=op.f("uq_busy_feed_person_id_address")),
    )
    op.create_index(op.f("ix_busy_feed_next_at"), "busy_feed", ["next_at"])
    op.create_table(
        "busy_span",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("is_tentative", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_busy_span_order")),
        sa.ForeignKeyConstraint(["feed_id"], ["busy_feed.id"], name=op.f("fk_busy_span_feed_id_busy_feed")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_busy_span_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_span")),
    )
    op.create_index(op.f("ix_busy_span_feed_id"), "busy_span", ["feed_id"])
    op.create_index(op.f("ix_busy_span_person_id_ends_at"), "busy_span", ["person_id", "ends_at"])


def downgrade() -> None:
    op.drop_table("busy_span")
    op.drop_table("busy_feed")
