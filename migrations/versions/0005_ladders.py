"""Ladders: the reminders of a plan's deadlines, where they are other than the default."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_ladder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["interview_plan.id"], name=op.f("fk_plan_ladder_plan_id_interview_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_ladder")),
        sa.UniqueConstraint("plan_id", "kind", name=op.f("uq_plan_ladder_plan_id_kind")),
    )
    # The steps after an interview and of the end have names that a changed ladder does not change.
    op.execute("UPDATE nudge SET step = 'after' WHERE step = 'T+1h'")
    op.execute("UPDATE nudge SET step = 'gave_up+10' WHERE step = 'gave_up'")


def downgrade() -> None:
    op.execute("UPDATE nudge SET step = 'T+1h' WHERE step = 'after'")
    op.execute("UPDATE nudge SET step = 'gave_up' WHERE step = 'gave_up+10'")
    op.drop_table("plan_ladder")
