"""Working hours: from when until when people work, by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default is for the rows that are there; it goes again, as the program says what a new row holds.
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("hours", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("person") as batch:
        batch.alter_column("hours", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.drop_column("hours")
