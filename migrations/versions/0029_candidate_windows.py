"""Candidate windows: when candidates can come, as they say themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "candidate_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_candidate_window_order")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_candidate_window_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_window")),
    )
    op.create_index(
        op.f("ix_candidate_window_application_id_starts_at"), "candidate_window", ["application_id", "starts_at"]
    )


def downgrade() -> None:
    op.drop_table("candidate_window")
