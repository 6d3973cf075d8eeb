"""Decision versions: level, words by competency and the reason of what superseded it; the bar raiser's word."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def upgrade() -> None:
    # The defaults are for the rows that are there; they go again, as the program says what a new row holds.
    with op.batch_alter_table("decision") as batch:
        batch.add_column(_text("level"))
        batch.add_column(sa.Column("by_competency", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(_text("superseded_reason"))
    with op.batch_alter_table("vote") as batch:
        batch.add_column(_text("word"))
    # A decision fell only by a reopening, at the very moment of it, and that has its reason.
    op.execute(
        "UPDATE decision SET superseded_reason = coalesce((SELECT reason FROM stage_change WHERE"
        " stage_change.application_id = decision.application_id AND stage_change.at = decision.superseded_at"
        " ORDER BY stage_change.id LIMIT 1), '') WHERE superseded_at IS NOT NULL"
    )
    with op.batch_alter_table("decision") as batch:
        for name in ("level", "by_competency", "superseded_reason"):
            batch.alter_column(name, server_default=None)
    with op.batch_alter_table("vote") as batch:
        batch.alter_column("word", server_default=None)


def downgrade() -> None:
    # What was written stays readable: below the rationale, and below the reason of the vote.
    op.execute("UPDATE decision SET rationale = rationale || '\n' || level WHERE level <> ''")
    op.execute("UPDATE vote SET reason = reason || '\n' || word WHERE word <> ''")
    with op.batch_alter_table("vote") as batch:
        batch.drop_column("word")
    with op.batch_alter_table("decision") as batch:
        for name in ("superseded_reason", "by_competency", "level"):
            batch.drop_column(name)
