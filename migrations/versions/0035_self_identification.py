"""Self-identification: questions with choices, what candidates chose, and what was told of a year."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NAME = "self_identification"


def upgrade() -> None:
    op.create_table(
        f"{NAME}_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("stands_since", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{NAME}_question")),
    )
    question = (["question_id"], [f"{NAME}_question.id"])
    op.create_table(
        f"{NAME}_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(*question, name=op.f(f"fk_{NAME}_choice_question")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{NAME}_choice")),
        sa.UniqueConstraint("question_id", "id", name=op.f(f"uq_{NAME}_choice_question_id_id")),
    )
    op.create_table(
        f"{NAME}_answer",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f(f"fk_{NAME}_answer_application_id_application")
        ),
        sa.ForeignKeyConstraint(*question, name=op.f(f"fk_{NAME}_answer_question")),
        sa.ForeignKeyConstraint(
            ["question_id", "choice_id"],
            [f"{NAME}_choice.question_id", f"{NAME}_choice.id"],
            name=op.f(f"fk_{NAME}_answer_choice"),
        ),
        sa.PrimaryKeyConstraint("application_id", "question_id", name=op.f(f"pk_{NAME}_answer")),
    )
    op.create_index(op.f(f"ix_{NAME}_answer_question_id"), f"{NAME}_answer", ["question_id"])
    op.create_table(
        f"{NAME}_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(*question, name=op.f(f"fk_{NAME}_year_question")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{NAME}_year")),
        sa.UniqueConstraint("question_id", "year", name=op.f(f"uq_{NAME}_year_question_id_year")),
    )


def downgrade() -> None:
    # The links of thank-you pages have no other use.
    op.execute(sa.text("DELETE FROM candidate_link WHERE purpose = 'self_identification'"))
    for name in ("year", "answer", "choice", "question"):
        op.drop_table(f"{NAME}_{name}")
