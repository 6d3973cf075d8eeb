"""Declined: an interviewer cannot hold an interview, or cannot write its scorecard."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("assignment", "scorecard")


def upgrade() -> None:
    # The default is for the rows that are there; it goes again, as the program says what a new row holds.
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
            batch.add_column(sa.Column("declined_reason", sa.Text(), nullable=False, server_default=""))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("declined_reason", server_default=None)


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("declined_reason")
            batch.drop_column("declined_at")
