"""Resumed deadlines: which ones run again after a pause, and count from their resumption."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases add and drop a column in place: no table is rebuilt.
    op.add_column("deadline", sa.Column("is_resumed", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("deadline", "is_resumed")
