"""Words of a candidate: an index that tells whether he or she has another word too without reading the row."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_candidate_word_candidate_id_word", "candidate_word", ["candidate_id", "word"])
    op.drop_index("ix_candidate_word_candidate_id", "candidate_word")


def downgrade() -> None:
    op.create_index("ix_candidate_word_candidate_id", "candidate_word", ["candidate_id"])
    op.drop_index("ix_candidate_word_candidate_id_word", "candidate_word")
