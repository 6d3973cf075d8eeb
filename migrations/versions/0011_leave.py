"""Leave: when people are away, and whose public holidays they have."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_leave_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    op.create_index(op.f("ix_leave_person_id_last_on"), "leave", ["person_id", "last_on"])
    # SQLite adds no foreign key in place: there the table is rebuilt, with foreign keys off (see env.py).
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("region_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_person_region_id_region"), "region", ["region_id"], ["id"])
        batch.create_index(op.f("ix_person_region_id"), ["region_id"])


def downgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.drop_index(op.f("ix_person_region_id"))
        batch.drop_constraint(op.f("fk_person_region_id_region"), type_="foreignkey")
        batch.drop_column("region_id")
    op.drop_index(op.f("ix_leave_person_id_last_on"), "leave")
    op.drop_table("leave")
