"""Loop choices: candidates choose when their loop is held, within what the plan sets; and a note beside their times."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MOVES, NOTICE = "choice_moves BETWEEN 0 AND 5", "choice_notice_days BETWEEN 0 AND 10"


def upgrade() -> None:
    op.create_table(
        "loop_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loop_id", sa.Integer(), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("booked_at", MOMENT, nullable=True),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.CheckConstraint("moves >= 0", name=op.f("ck_loop_choice_moves")),
        sa.ForeignKeyConstraint(["loop_id"], ["loop.id"], name=op.f("fk_loop_choice_loop_id_loop")),
        sa.ForeignKeyConstraint(["offered_by_id"], ["person.id"], name=op.f("fk_loop_choice_offered_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loop_choice")),
        sa.UniqueConstraint("loop_id", name=op.f("uq_loop_choice_loop_id")),
    )
    # The defaults are for the rows that are there; they go again, as the program says what a new row holds.
    with op.batch_alter_table("interview_plan") as batch:
        batch.add_column(sa.Column("candidates_choose", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("choice_moves", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("choice_notice_days", sa.Integer(), nullable=False, server_default="2"))
        batch.create_check_constraint(op.f("ck_interview_plan_choice_moves"), MOVES)
        batch.create_check_constraint(op.f("ck_interview_plan_choice_notice_days"), NOTICE)
    with op.batch_alter_table("interview_plan") as batch:
        for column in ("candidates_choose", "choice_moves", "choice_notice_days"):
            batch.alter_column(column, server_default=None)
    with op.batch_alter_table("application") as batch:
        batch.add_column(sa.Column("candidate_note", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("application") as batch:
        batch.alter_column("candidate_note", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("application") as batch:
        batch.drop_column("candidate_note")
    with op.batch_alter_table("interview_plan") as batch:
        batch.drop_constraint(op.f("ck_interview_plan_choice_notice_days"), type_="check")
        batch.drop_constraint(op.f("ck_interview_plan_choice_moves"), type_="check")
        for column in ("choice_notice_days", "choice_moves", "candidates_choose"):
            batch.drop_column(column)
    op.drop_table("loop_choice")
