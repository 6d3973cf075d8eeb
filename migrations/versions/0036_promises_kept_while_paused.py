"""Promises kept: their index tells those that were closed while their clock stood."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

COLUMNS = ["due_at", "requisition_id", "state", "closed_at", "extra_days"]


def upgrade() -> None:
    _make_anew([*COLUMNS, "days_kept"])


def downgrade() -> None:
    _make_anew(COLUMNS)


def _make_anew(columns: list[str]) -> None:
    promise = sa.text("kind = 'promise'")
    op.drop_index("ix_deadline_kept", "deadline")
    op.create_index("ix_deadline_kept", "deadline", columns, sqlite_where=promise, postgresql_where=promise)
