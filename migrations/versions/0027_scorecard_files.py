"""Scorecard files: a photo of the whiteboard, the code that was written."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scorecard_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.Integer(), nullable=True),
        sa.Column("until", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_scorecard_file_size")),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecard.id"], name=op.f("fk_scorecard_file_scorecard_id_scorecard")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_file")),
    )
    op.create_index(op.f("ix_scorecard_file_scorecard_id"), "scorecard_file", ["scorecard_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_scorecard_file_scorecard_id"), table_name="scorecard_file")
    op.drop_table("scorecard_file")
