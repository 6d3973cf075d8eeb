"""Promises kept: an index from which those of a period are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COLUMNS = ["due_at", "requisition_id", "state", "closed_at", "extra_days"]


def upgrade() -> None:
    promise = sa.text("kind = 'promise'")
    op.create_index("ix_deadline_kept", "deadline", COLUMNS, sqlite_where=promise, postgresql_where=promise)


def downgrade() -> None:
    op.drop_index("ix_deadline_kept", "deadline")
