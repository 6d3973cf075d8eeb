"""Erasure: who was erased, who is held, how long data is kept, which files go, and which mails speak of several."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0032"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
UNFINISHED, STANDS, LAST_WORD = (
    sa.text(said) for said in ("finished_at IS NULL", "released_at IS NULL", "is_last_word")
)
candidate = sa.table("candidate", sa.column("id"), sa.column("kept_since"))
application = sa.table(
    "application", *(sa.column(name) for name in ("id", "candidate_id", "state")), sa.column("closed_at", MOMENT)
)
mail = sa.table(
    "outbox_mail",
    *(sa.column(name) for name in ("id", "kind", "person_id", "application_id", "state", "subject")),
    sa.column("fact", sa.JSON()),
    sa.column("message", sa.LargeBinary()),
)
mail_about = sa.table("mail_about", sa.column("mail_id"), sa.column("application_id"))
nudge = sa.table("nudge", sa.column("id"), sa.column("deadline_id"))
deadline = sa.table("deadline", sa.column("id"), sa.column("application_id"))
leave = sa.table(
    "leave",
    *(sa.column(name) for name in ("id", "person_id")),
    *(sa.column(name, sa.Date()) for name in ("first_on", "last_on")),
)
assignment = sa.table("assignment", sa.column("interview_id"), sa.column("person_id"))
interview = sa.table(
    "interview", *(sa.column(name) for name in ("id", "application_id")), sa.column("starts_at", MOMENT)
)


def upgrade() -> None:
    op.add_column("candidate", sa.Column("kept_since", MOMENT, nullable=True))
    op.add_column("candidate", sa.Column("erased_at", MOMENT, nullable=True))
    op.create_index(op.f("ix_candidate_kept_since"), "candidate", ["kept_since"])
    op.add_column("application", sa.Column("erased_at", MOMENT, nullable=True))
    op.add_column("outbox_mail", sa.Column("is_last_word", sa.Boolean(), nullable=True))
    op.create_index(
        "ix_outbox_mail_last_word", "outbox_mail", ["state"], sqlite_where=LAST_WORD, postgresql_where=LAST_WORD
    )
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(sa.Column("retention_months", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("retention_set_at", MOMENT, nullable=True))
        batch.create_check_constraint(op.f("ck_organisation_retention_months"), "retention_months > 0")
    _make_tables()
    _count_from_the_last_closing()
    _say_whom_mails_speak_of()


def _make_tables() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint("(kind IN ('retention', 'restored')) = (by_id IS NULL)", name=op.f("ck_erasure_by")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_erasure_candidate_id_candidate")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_erasure_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("candidate_id", name=op.f("uq_erasure_candidate_id")),
    )
    op.create_index("ix_erasure_unfinished", "erasure", ["at"], sqlite_where=UNFINISHED, postgresql_where=UNFINISHED)
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("length(trim(reason)) > 0", name=op.f("ck_hold_reason")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_hold_candidate_id_candidate")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_hold_by_id_person")),
        sa.ForeignKeyConstraint(["released_by_id"], ["person.id"], name=op.f("fk_hold_released_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(
        "uq_hold_current", "hold", ["candidate_id"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS
    )
    op.create_table(
        "file_removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_removal")),
        sa.UniqueConstraint("sha256", name=op.f("uq_file_removal_sha256")),
    )
    op.create_index(op.f("ix_file_removal_due_at"), "file_removal", ["due_at"])
    op.create_table(
        "mail_about",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["outbox_mail.id"], name=op.f("fk_mail_about_mail_id_outbox_mail")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_mail_about_application_id_application")
        ),
        sa.PrimaryKeyConstraint("mail_id", "application_id", name=op.f("pk_mail_about")),
    )
    op.create_index(op.f("ix_mail_about_application_id"), "mail_about", ["application_id"])


def _count_from_the_last_closing() -> None:
    of = application.c.candidate_id == candidate.c.id
    last = sa.select(sa.func.max(application.c.closed_at)).where(of).scalar_subquery()
    goes_on = sa.exists().where(of, application.c.state.in_(["active", "hired"]))
    op.execute(candidate.update().where(~goes_on).values(kept_since=last))


def _say_whom_mails_speak_of() -> None:
    connection = op.get_bind()
    of_several = sa.select(mail.c.id, mail.c.fact, mail.c.state).where(
        mail.c.application_id.is_(None), mail.c.person_id.is_not(None)
    )
    for mail_id, fact, state in connection.execute(of_several).all():
        spoken_of, is_whole = _spoken_of(connection, fact)
        if spoken_of:
            rows = [{"mail_id": mail_id, "application_id": each} for each in spoken_of]
            connection.execute(mail_about.insert(), rows)
        if not is_whole and state == "dropped":
            # It never went out, and nobody can say any more whom it names.
            connection.execute(mail.update().where(mail.c.id == mail_id).values(subject="Erased", message=b""))


def _spoken_of(connection: sa.Connection, fact: dict[str, Any]) -> tuple[list[int], bool]:
    """Return the applications that a mail speaks of by its fact, and whether these are all of them."""
    if "nudges" in fact:
        raised = sa.select(nudge.c.id, deadline.c.application_id).join(deadline, nudge.c.deadline_id == deadline.c.id)
        found = {row.id: row.application_id for row in connection.execute(raised.where(nudge.c.id.in_(fact["nudges"])))}
        return sorted(set(found.values())), len(found) == len(set(fact["nudges"]))
    if "leave" in fact:
        away = connection.execute(sa.select(leave).where(leave.c.id == fact["leave"])).one_or_none()
        if away is None:
            return [], True
        held = (
            sa.select(interview.c.application_id)
            .join(assignment, assignment.c.interview_id == interview.c.id)
            .where(assignment.c.person_id == away.person_id)
            .where(interview.c.starts_at >= _midnight(away.first_on - timedelta(days=1)))
            .where(interview.c.starts_at <= _midnight(away.last_on + timedelta(days=2)))
        )
        return sorted(set(connection.scalars(held))), True
    return [], True


def _midnight(day: date) -> datetime:
    # SQLite keeps moments without their zone, which is UTC.
    moment = datetime.combine(day, time(), UTC)
    return moment if op.get_bind().dialect.name == "postgresql" else moment.replace(tzinfo=None)


def downgrade() -> None:
    for name in ("mail_about", "file_removal", "hold", "erasure"):
        op.drop_table(name)
    with op.batch_alter_table("organisation") as batch:
        batch.drop_constraint(op.f("ck_organisation_retention_months"), type_="check")
        batch.drop_column("retention_set_at")
        batch.drop_column("retention_months")
    op.drop_index("ix_outbox_mail_last_word", "outbox_mail")
    op.drop_column("outbox_mail", "is_last_word")
    op.drop_column("application", "erased_at")
    op.drop_index(op.f("ix_candidate_kept_since"), "candidate")
    op.drop_column("candidate", "erased_at")
    op.drop_column("candidate", "kept_since")
