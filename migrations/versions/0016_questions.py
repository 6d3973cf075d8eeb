"""Questions: the bank, and who asks what."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_question_competency_id_competency")
        ),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["question.id"], name=op.f("fk_question_replaced_by_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("competency_id", "text", name=op.f("uq_question_competency_id_text")),
    )
    op.create_index(op.f("ix_question_replaced_by_id"), "question", ["replaced_by_id"])
    op.create_table(
        "assignment_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_question_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_assignment_question_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_question")),
        sa.UniqueConstraint(
            "assignment_id", "question_id", name=op.f("uq_assignment_question_assignment_id_question_id")
        ),
    )
    op.create_index(op.f("ix_assignment_question_question_id"), "assignment_question", ["question_id"])


TEXTS = ("text", "good_answer", "weak_answer", "ask_situation", "ask_task", "ask_action", "ask_result")


def downgrade() -> None:
    op.drop_table("assignment_question")
    op.drop_table("question")
