"""Candidates of confidential requisitions: an address is unique in each of these, and once among all others."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SHARED = sa.text("requisition_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("candidate") as batch:
        batch.add_column(sa.Column("requisition_id", sa.Integer(), nullable=True))
        batch.drop_constraint("uq_candidate_email", type_="unique")
        batch.create_unique_constraint("uq_candidate_email_requisition_id", ["email", "requisition_id"])
        batch.create_foreign_key("fk_candidate_requisition_id_requisition", "requisition", ["requisition_id"], ["id"])
    op.create_index(
        "uq_candidate_email", "candidate", ["email"], unique=True, sqlite_where=SHARED, postgresql_where=SHARED
    )


def downgrade() -> None:
    _put_together()
    op.drop_index("uq_candidate_email", "candidate")
    with op.batch_alter_table("candidate") as batch:
        batch.drop_constraint("fk_candidate_requisition_id_requisition", type_="foreignkey")
        batch.drop_constraint("uq_candidate_email_requisition_id", type_="unique")
        batch.create_unique_constraint("uq_candidate_email", ["email"])
        batch.drop_column("requisition_id")


def _put_together() -> None:
    """Give what hangs on the rows of one address to the first of them: below, an address has one row."""
    candidate = sa.table("candidate", sa.column("id"), sa.column("email"), sa.column("requisition_id"))
    application = sa.table("application", sa.column("candidate_id"))
    word = sa.table("candidate_word", sa.column("candidate_id"))
    connection = op.get_bind()
    first: dict[str, int] = {}
    order = (candidate.c.requisition_id.is_not(None), candidate.c.id)
    for row_id, email in connection.execute(sa.select(candidate.c.id, candidate.c.email).order_by(*order)).all():
        if first.setdefault(email, row_id) == row_id:
            continue
        of_this = application.c.candidate_id == row_id
        connection.execute(application.update().where(of_this).values(candidate_id=first[email]))
        connection.execute(word.delete().where(word.c.candidate_id == row_id))
        connection.execute(candidate.delete().where(candidate.c.id == row_id))
