"""Dictated: who typed a scorecard for its interviewer, and when that was confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scorecard") as batch:
        batch.add_column(sa.Column("typed_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("set_aside", sa.JSON(), nullable=True))
        batch.create_foreign_key(op.f("fk_scorecard_typed_by_id_person"), "person", ["typed_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("scorecard") as batch:
        batch.drop_constraint(op.f("fk_scorecard_typed_by_id_person"), type_="foreignkey")
        batch.drop_column("set_aside")
        batch.drop_column("confirmed_at")
        batch.drop_column("typed_by_id")
