"""Order and pace of mail: an index by receiver, and when the next mail may go out where there is a limit."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_pace",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_pace")),
    )
    op.create_index(op.f("ix_outbox_mail_receiver_state_id"), "outbox_mail", ["receiver", "state", "id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_mail_receiver_state_id"), table_name="outbox_mail")
    op.drop_table("mail_pace")
