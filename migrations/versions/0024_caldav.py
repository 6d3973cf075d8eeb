"""CalDAV: calendars that are asked with a login and a password."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The defaults are for the rows that are there; they go again, as the program says what a new row holds.
    with op.batch_alter_table("busy_feed") as batch:
        for name in ("login", "password"):
            batch.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("busy_feed") as batch:
        for name in ("login", "password"):
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    # Without their passwords they could not be read.
    op.execute("DELETE FROM busy_span WHERE feed_id IN (SELECT id FROM busy_feed WHERE login <> '')")
    op.execute("DELETE FROM busy_feed WHERE login <> ''")
    with op.batch_alter_table("busy_feed") as batch:
        batch.drop_column("password")
        batch.drop_column("login")
