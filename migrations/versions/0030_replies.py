"""Replies: what invited people answer by e-mail, and the searches for substitutes that declining begins."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
INVITED = ("assignment", "interview")


def upgrade() -> None:
    for table in INVITED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("answer", sa.String(length=40), nullable=True))
            batch.add_column(sa.Column("answered_at", MOMENT, nullable=True))
            batch.add_column(sa.Column("answer_stamp", MOMENT, nullable=True))
            batch.add_column(sa.Column("proposed_at", MOMENT, nullable=True))
    # Who declined on the page has answered.
    op.execute(
        "UPDATE assignment SET answer = 'declined', answered_at = declined_at, answer_stamp = declined_at "
        "WHERE declined_at IS NOT NULL"
    )
    # The default is for the rows that are there; it goes again, as the program says what a new row holds.
    with op.batch_alter_table("interview_plan") as batch:
        batch.add_column(sa.Column("substitutes_sought", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("interview_plan") as batch:
        batch.alter_column("substitutes_sought", server_default=None)
    _make_replies()
    _make_searches()


def _make_replies() -> None:
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_reply_interview_id_interview")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reply_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("key", name=op.f("uq_reply_key")),
    )
    op.create_index(op.f("ix_reply_received_at"), "reply", ["received_at"])
    op.create_index(op.f("ix_reply_interview_id_id"), "reply", ["interview_id", "id"])
    op.create_table(
        "reply_box",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("box", sa.Text(), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_box")),
    )


def _make_searches() -> None:
    op.create_table(
        "substitute_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("result", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interview.id"], name=op.f("fk_substitute_search_interview_id_interview")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_substitute_search_assignment_id_assignment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitute_search")),
    )
    op.create_index(op.f("ix_substitute_search_interview_id"), "substitute_search", ["interview_id"])
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_substitute_search_open",
        "substitute_search",
        ["assignment_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    for table in ("substitute_search", "reply_box", "reply"):
        op.drop_table(table)
    with op.batch_alter_table("interview_plan") as batch:
        batch.drop_column("substitutes_sought")
    for table in INVITED:
        with op.batch_alter_table(table) as batch:
            for name in ("proposed_at", "answer_stamp", "answered_at", "answer"):
                batch.drop_column(name)
