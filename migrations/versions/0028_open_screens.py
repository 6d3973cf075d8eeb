"""Open screens: a plan may let the loop's interviewers read the phone screens' scorecards beforehand."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The default is for the rows that are there; it goes again, as the program says what a new row holds.
    with op.batch_alter_table("interview_plan") as batch:
        batch.add_column(sa.Column("screens_open", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("interview_plan") as batch:
        batch.alter_column("screens_open", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("interview_plan") as batch:
        batch.drop_column("screens_open")
