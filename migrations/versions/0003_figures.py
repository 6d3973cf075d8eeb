"""Figures for those who watch over the tracker: indexes by which the oldest unsent mail and the promises are found."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unsent = sa.text("state IN ('waiting', 'claimed')")
    op.create_index(
        "ix_outbox_mail_unsent", "outbox_mail", ["created_at"], sqlite_where=unsent, postgresql_where=unsent
    )
    promise = sa.text("kind = 'promise'")
    op.create_index(
        "ix_deadline_promise", "deadline", ["state", "due_at"], sqlite_where=promise, postgresql_where=promise
    )


def downgrade() -> None:
    op.drop_index("ix_deadline_promise", "deadline")
    op.drop_index("ix_outbox_mail_unsent", "outbox_mail")
