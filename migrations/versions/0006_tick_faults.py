"""The worker's last errors, and an index by which the mails of the last hour are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tick_fault",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tick", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tick_fault"),
        sa.UniqueConstraint("tick", "what", name="uq_tick_fault_tick_what"),
    )
    op.create_index("ix_tick_fault_last_at", "tick_fault", ["last_at"])
    op.create_index("ix_outbox_mail_ended_at", "outbox_mail", ["ended_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_mail_ended_at", "outbox_mail")
    op.drop_table("tick_fault")
