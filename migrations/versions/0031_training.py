"""Training: who learns to interview, and how often a plan lets one shadow and reverse-shadow first."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NUMBERS = {"shadows": 2, "reverse_shadows": 2, "most_trainees": 1}
PEOPLE = ("person_id", "begun_by_id", "not_yet_by_id", "closed_by_id")


def upgrade() -> None:
    # The defaults are for the rows that are there; they go again, as the program says what a new row holds.
    with op.batch_alter_table("interview_plan") as batch:
        for name, number in NUMBERS.items():
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=str(number)))
        batch.create_check_constraint(
            op.f("ck_interview_plan_training"),
            "shadows BETWEEN 0 AND 10 AND reverse_shadows BETWEEN 0 AND 10 AND most_trainees BETWEEN 0 AND 2",
        )
    with op.batch_alter_table("interview_plan") as batch:
        for name in NUMBERS:
            batch.alter_column(name, server_default=None)
    _training()
    op.create_table(
        "training_competency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training.id"], name=op.f("fk_training_competency_training_id_training")
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_training_competency_competency_id_competency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_competency")),
        sa.UniqueConstraint(
            "training_id", "competency_id", name=op.f("uq_training_competency_training_id_competency_id")
        ),
    )
    op.create_index(op.f("ix_training_competency_competency_id"), "training_competency", ["competency_id"])


def _training() -> None:
    op.create_table(
        "training",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("more_reverse_shadows", sa.Integer(), nullable=False),
        sa.Column("not_yet_at", MOMENT, nullable=True),
        sa.Column("not_yet_by_id", sa.Integer(), nullable=True),
        sa.Column("not_yet_reason", sa.Text(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_training_closed")),
        sa.CheckConstraint("more_reverse_shadows BETWEEN 0 AND 10", name=op.f("ck_training_more_reverse_shadows")),
        *(sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_training_{name}_person")) for name in PEOPLE),
        sa.ForeignKeyConstraint(["plan_id"], ["interview_plan.id"], name=op.f("fk_training_plan_id_interview_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_training_open",
        "training",
        ["person_id", "kind"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(op.f("ix_training_person_id"), "training", ["person_id"])


def downgrade() -> None:
    op.drop_table("training_competency")
    op.drop_table("training")
    with op.batch_alter_table("interview_plan") as batch:
        batch.drop_constraint(op.f("ck_interview_plan_training"), type_="check")
        for name in NUMBERS:
            batch.drop_column(name)
