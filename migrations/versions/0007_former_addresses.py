"""Addresses that people had before; and every address in the one way in which it is kept, its domain in ASCII."""

import sqlalchemy as sa
from alembic import op
from email_validator import EmailNotValidError, validate_email

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_former_address_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_former_address"),
        sa.UniqueConstraint("person_id", "email", name="uq_former_address_person_id_email"),
    )
    op.create_index("ix_former_address_email", "former_address", ["email"])
    for table in ("person", "candidate"):
        _write_in_ascii(sa.table(table, sa.column("id"), sa.column("email")))


def _write_in_ascii(rows: sa.TableClause) -> None:
    """Where both ways of writing are there already, the rows stay: who is who is for a person to say."""
    connection = op.get_bind()
    taken = set(connection.scalars(sa.select(rows.c.email)))
    for row_id, email in connection.execute(sa.select(rows.c.id, rows.c.email)).all():
        written = email if email.isascii() else _ascii(email)
        if written not in taken:
            connection.execute(rows.update().where(rows.c.id == row_id).values(email=written))
            taken.add(written)


def _ascii(email: str) -> str:
    try:
        found = validate_email(email, check_deliverability=False, allow_smtputf8=False, globally_deliverable=False)
    except EmailNotValidError:
        return email
    return (found.ascii_email or email).lower()


def downgrade() -> None:
    op.drop_index("ix_former_address_email", "former_address")
    op.drop_table("former_address")
