"""Metric: the figure or data that a STAR record names."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default is for the rows that are there; it goes again, as the program says what a new row holds.
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("metric", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("metric", server_default=None)


def downgrade() -> None:
    # What was written stays readable: below the result, where it stood before there was a field for it.
    op.execute("UPDATE evidence SET result = result || '\n' || metric WHERE metric <> ''")
    with op.batch_alter_table("evidence") as batch:
        batch.drop_column("metric")
