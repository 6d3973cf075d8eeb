"""Blind overrides: the blind rule lifted for one person and one application."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blind_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_blind_override_reason")),
        sa.CheckConstraint("by_id != person_id", name=op.f("ck_blind_override_by_another")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_blind_override_application_id_application")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_blind_override_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_blind_override_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_override")),
        sa.UniqueConstraint("application_id", "person_id", name=op.f("uq_blind_override_application_id_person_id")),
    )


def downgrade() -> None:
    op.drop_table("blind_override")
