"""The process: every table that a candidate's way through it needs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_candidate_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("email", name=op.f("uq_candidate_email")),
    )
    op.create_table(
        "competency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency")),
        sa.UniqueConstraint("name", name=op.f("uq_competency_name")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "interview_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("preparation", sa.Text(), nullable=False),
        sa.Column("screens_mode", sa.String(length=40), nullable=False),
        sa.Column("screen_minutes", sa.Integer(), nullable=False),
        sa.Column("due_time", sa.Time(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("screen_minutes BETWEEN 5 AND 480", name=op.f("ck_interview_plan_screen_minutes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_plan")),
        sa.UniqueConstraint("name", name=op.f("uq_interview_plan_name")),
    )
    op.create_table(
        "once_key",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_once_key")),
    )
    with op.batch_alter_table("once_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_once_key_at"), ["at"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("careers_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_recruiter", sa.Boolean(), nullable=False),
        sa.Column("is_recruiting_lead", sa.Boolean(), nullable=False),
        sa.Column("is_senior_leader", sa.Boolean(), nullable=False),
        sa.Column("is_bar_raiser", sa.Boolean(), nullable=False),
        sa.Column("daily_cap", sa.Integer(), nullable=False),
        sa.Column("weekly_cap", sa.Integer(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.CheckConstraint("weekly_cap >= 0 AND daily_cap >= 0", name=op.f("ck_person_caps")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("subdivision", sa.Text(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("weekend", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("calendar_token", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("name", name=op.f("uq_region_name")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_subject_at"), ["subject", "at"], unique=False)

    op.create_table(
        "candidate_word",
        sa.Column("word", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_candidate_word_candidate_id_candidate")
        ),
        sa.PrimaryKeyConstraint("word", "candidate_id", name=op.f("pk_candidate_word")),
    )
    with op.batch_alter_table("candidate_word", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_word_candidate_id"), ["candidate_id"], unique=False)

    op.create_table(
        "closed_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_closed_day_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_day")),
        sa.UniqueConstraint("region_id", "on", name=op.f("uq_closed_day_region_id_on")),
    )
    op.create_table(
        "interviewer_qualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_interviewer_qualification_competency_id_competency")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_interviewer_qualification_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviewer_qualification")),
        sa.UniqueConstraint(
            "person_id", "competency_id", "kind", name=op.f("uq_interviewer_qualification_person_id_competency_id_kind")
        ),
    )
    with op.batch_alter_table("interviewer_qualification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interviewer_qualification_competency_id_kind_person_id"),
            ["competency_id", "kind", "person_id"],
            unique=False,
        )

    op.create_table(
        "plan_competency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("loop_times", sa.Integer(), nullable=False),
        sa.Column("in_phone_screen", sa.Boolean(), nullable=False),
        sa.CheckConstraint("loop_times BETWEEN 0 AND 10", name=op.f("ck_plan_competency_loop_times")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_plan_competency_competency_id_competency")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["interview_plan.id"], name=op.f("fk_plan_competency_plan_id_interview_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_competency")),
        sa.UniqueConstraint("plan_id", "competency_id", name=op.f("uq_plan_competency_plan_id_competency_id")),
    )
    op.create_table(
        "plan_interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_plan_interview_minutes")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["interview_plan.id"], name=op.f("fk_plan_interview_plan_id_interview_plan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_interview")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_plan_interview_plan_id_position")),
    )
    op.create_table(
        "plan_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("business_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("business_days BETWEEN 0 AND 60", name=op.f("ck_plan_limit_business_days")),
        sa.ForeignKeyConstraint(["plan_id"], ["interview_plan.id"], name=op.f("fk_plan_limit_plan_id_interview_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_limit")),
        sa.UniqueConstraint("plan_id", "kind", name=op.f("uq_plan_limit_plan_id_kind")),
    )
    op.create_table(
        "plan_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["interview_plan.id"], name=op.f("fk_plan_stage_plan_id_interview_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_stage")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_plan_stage_plan_id_position")),
    )
    op.create_table(
        "rating_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_rating_anchor_rating")),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_rating_anchor_competency_id_competency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_anchor")),
        sa.UniqueConstraint("competency_id", "rating", name=op.f("uq_rating_anchor_competency_id_rating")),
    )
    op.create_table(
        "requisition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("hiring_manager_id", sa.Integer(), nullable=False),
        sa.Column("recruiter_id", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("openings >= 1", name=op.f("ck_requisition_openings")),
        sa.ForeignKeyConstraint(
            ["hiring_manager_id"], ["person.id"], name=op.f("fk_requisition_hiring_manager_id_person")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["interview_plan.id"], name=op.f("fk_requisition_plan_id_interview_plan")),
        sa.ForeignKeyConstraint(["recruiter_id"], ["person.id"], name=op.f("fk_requisition_recruiter_id_person")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_requisition_region_id_region")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requisition")),
    )
    with op.batch_alter_table("requisition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_requisition_hiring_manager_id"), ["hiring_manager_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requisition_is_confidential"), ["is_confidential"], unique=False)
        batch_op.create_index(batch_op.f("ix_requisition_recruiter_id"), ["recruiter_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_requisition_state_is_confidential_title"),
            ["state", "is_confidential", "title"],
            unique=False,
        )

    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("stage_kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("disposition", sa.String(length=40), nullable=True),
        sa.Column("sort_name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_application_candidate_id_candidate")),
        sa.ForeignKeyConstraint(
            ["requisition_id"], ["requisition.id"], name=op.f("fk_application_requisition_id_requisition")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["plan_stage.id"], name=op.f("fk_application_stage_id_plan_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("candidate_id", "requisition_id", name=op.f("uq_application_candidate_id_requisition_id")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_applied_at_id"), ["applied_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_application_requisition_id_applied_at_id"),
            ["requisition_id", "applied_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_application_requisition_id_sort_name_id"),
            ["requisition_id", "sort_name", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_application_requisition_id_state_stage_id_entered_stage_at_id"),
            ["requisition_id", "state", "stage_id", "entered_stage_at", "id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_application_sort_name_id"), ["sort_name", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_application_state_applied_at_id"), ["state", "applied_at", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_application_state_sort_name_id"), ["state", "sort_name", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_application_state_stage_kind_applied_at_id"),
            ["state", "stage_kind", "applied_at", "id"],
            unique=False,
        )

    op.create_table(
        "qualification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["requisition_id"], ["requisition.id"], name=op.f("fk_qualification_requisition_id_requisition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint(
            "requisition_id", "kind", "position", name=op.f("uq_qualification_requisition_id_kind_position")
        ),
    )
    op.create_table(
        "requisition_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_requisition_member_person_id_person")),
        sa.ForeignKeyConstraint(
            ["requisition_id"], ["requisition.id"], name=op.f("fk_requisition_member_requisition_id_requisition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requisition_member")),
        sa.UniqueConstraint("requisition_id", "person_id", name=op.f("uq_requisition_member_requisition_id_person_id")),
    )
    with op.batch_alter_table("requisition_member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_requisition_member_person_id_requisition_id"), ["person_id", "requisition_id"], unique=False
        )

    op.create_table(
        "candidate_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_candidate_link_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_candidate_link_token_digest")),
    )
    with op.batch_alter_table("candidate_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_candidate_link_application_id_purpose"), ["application_id", "purpose"], unique=False
        )

    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("requisition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("day0_on", sa.Date(), nullable=False),
        sa.Column("business_days", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=False),
        sa.Column("days_kept", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", name=op.f("ck_deadline_paused")),
        sa.CheckConstraint(
            "(state IN ('met', 'met_late', 'cancelled')) = (closed_at IS NOT NULL)", name=op.f("ck_deadline_closed")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_deadline_application_id_application")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_deadline_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["requisition_id"], ["requisition.id"], name=op.f("fk_deadline_requisition_id_requisition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadline_application_id_kind"), ["application_id", "kind"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_deadline_owner_id_state_due_at"), ["owner_id", "state", "due_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_deadline_requisition_id_state_due_at"), ["requisition_id", "state", "due_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_deadline_state_due_at_id"), ["state", "due_at", "id"], unique=False)
        batch_op.create_index(
            "uq_deadline_current",
            ["application_id", "kind", "subject"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("is_resume", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_size")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_document_added_by_id_person")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_document_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_application_id"), ["application_id"], unique=False)

    op.create_table(
        "loop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("awaited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_loop_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loop")),
    )
    with op.batch_alter_table("loop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loop_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loop_awaited_at"), ["awaited_at"], unique=False)
        batch_op.create_index(
            "uq_loop_current",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("state != 'cancelled'"),
            postgresql_where=sa.text("state != 'cancelled'"),
        )

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_note_application_id_application")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_note_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_application_id_id"), ["application_id", "id"], unique=False)

    op.create_table(
        "outbox_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("fact", sa.JSON(), nullable=False),
        sa.Column("order_key", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_outbox_mail_application_id_application")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_mail_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_mail_dedupe_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_mail_message_id")),
    )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_mail_application_id_id"), ["application_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_mail_order_key_id"), ["order_key", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_mail_person_id_id"), ["person_id", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_outbox_mail_state_next_try_at_id"), ["state", "next_try_at", "id"], unique=False
        )

    op.create_table(
        "qualification_judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_qualification_judgement_application_id_application")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_qualification_judgement_by_id_person")),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualification.id"],
            name=op.f("fk_qualification_judgement_qualification_id_qualification"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_judgement")),
        sa.UniqueConstraint(
            "application_id",
            "qualification_id",
            name=op.f("uq_qualification_judgement_application_id_qualification_id"),
        ),
    )
    op.create_table(
        "record_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("requisition_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_record_entry_application_id_application")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_record_entry_by_id_person")),
        sa.ForeignKeyConstraint(
            ["requisition_id"], ["requisition.id"], name=op.f("fk_record_entry_requisition_id_requisition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_entry")),
    )
    with op.batch_alter_table("record_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_entry_application_id_id"), ["application_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_entry_requisition_id_id"), ["requisition_id", "id"], unique=False)

    op.create_table(
        "screen_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("screen", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_screen_outcome_application_id_application")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_screen_outcome_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen_outcome")),
        sa.UniqueConstraint("application_id", "screen", name=op.f("uq_screen_outcome_application_id_screen")),
    )
    op.create_table(
        "stage_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("from_stage_id", sa.Integer(), nullable=True),
        sa.Column("to_stage_id", sa.Integer(), nullable=False),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_stage_change_application_id_application")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_stage_change_by_id_person")),
        sa.ForeignKeyConstraint(
            ["from_stage_id"], ["plan_stage.id"], name=op.f("fk_stage_change_from_stage_id_plan_stage")
        ),
        sa.ForeignKeyConstraint(
            ["to_stage_id"], ["plan_stage.id"], name=op.f("fk_stage_change_to_stage_id_plan_stage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_change")),
    )
    with op.batch_alter_table("stage_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_change_application_id_id"), ["application_id", "id"], unique=False)

    op.create_table(
        "cap_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loop_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_cap_override_by_id_person")),
        sa.ForeignKeyConstraint(["loop_id"], ["loop.id"], name=op.f("fk_cap_override_loop_id_loop")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cap_override_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cap_override")),
        sa.UniqueConstraint("loop_id", "person_id", name=op.f("uq_cap_override_loop_id_person_id")),
    )
    op.create_table(
        "debrief",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loop_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_debrief_application_id_application")
        ),
        sa.ForeignKeyConstraint(["loop_id"], ["loop.id"], name=op.f("fk_debrief_loop_id_loop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debrief")),
        sa.UniqueConstraint("loop_id", name=op.f("uq_debrief_loop_id")),
    )
    with op.batch_alter_table("debrief", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_debrief_application_id"), ["application_id"], unique=False)

    op.create_table(
        "interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("loop_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'loop') = (loop_id IS NOT NULL)", name=op.f("ck_interview_loop")),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name=op.f("ck_interview_both_ends")),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_interview_order")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_interview_application_id_application")
        ),
        sa.ForeignKeyConstraint(["loop_id"], ["loop.id"], name=op.f("fk_interview_loop_id_loop")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
        sa.UniqueConstraint("uid", name=op.f("uq_interview_uid")),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interview_application_id_starts_at"), ["application_id", "starts_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_interview_loop_id"), ["loop_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_interview_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "nudge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_nudge_deadline_id_deadline")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_nudge_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge")),
        sa.UniqueConstraint(
            "deadline_id", "revision", "step", "person_id", name=op.f("uq_nudge_deadline_id_revision_step_person_id")
        ),
    )
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nudge_person_id_state_at"), ["person_id", "state", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_nudge_state_at_person_id"), ["state", "at", "person_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_assignment_interview_id_interview")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_interview_id"), ["interview_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assignment_person_id_ended_at_interview_id"),
            ["person_id", "ended_at", "interview_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_assignment_current",
            ["interview_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("debrief_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("dissent", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(trim(rationale)) > 0", name=op.f("ck_decision_rationale")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_application_id_application")
        ),
        sa.ForeignKeyConstraint(["debrief_id"], ["debrief.id"], name=op.f("fk_decision_debrief_id_debrief")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_decision_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_application_id"), ["application_id"], unique=False)
        batch_op.create_index(
            "uq_decision_current",
            ["application_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_reminder_interview_id_interview")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_done_at_at"), ["done_at", "at"], unique=False)
        batch_op.create_index("uq_reminder_receiver", ["interview_id", "sequence", "step", "receiver"], unique=True)

    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("debrief_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=40), nullable=False),
        sa.Column("recommendation", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["debrief_id"], ["debrief.id"], name=op.f("fk_vote_debrief_id_debrief")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vote_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("debrief_id", "person_id", "phase", name=op.f("uq_vote_debrief_id_person_id_phase")),
    )
    op.create_table(
        "assignment_competency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_competency_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_assignment_competency_competency_id_competency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_competency")),
        sa.UniqueConstraint(
            "assignment_id", "competency_id", name=op.f("uq_assignment_competency_assignment_id_competency_id")
        ),
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel != 'call' OR delivered_at IS NOT NULL", name=op.f("ck_outcome_call_delivered")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_outcome_application_id_application")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_outcome_decision_id_decision")),
        sa.ForeignKeyConstraint(["released_by_id"], ["person.id"], name=op.f("fk_outcome_released_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_outcome_decision_id")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_application_id"), ["application_id"], unique=False)

    op.create_table(
        "scorecard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("recommendation", sa.String(length=40), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waived_by_id", sa.Integer(), nullable=True),
        sa.Column("waived_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'waived') = (waived_at IS NOT NULL)", name=op.f("ck_scorecard_waived")),
        sa.CheckConstraint(
            "state != 'submitted' OR (submitted_at IS NOT NULL AND recommendation IS NOT NULL)",
            name=op.f("ck_scorecard_submitted"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_scorecard_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_scorecard_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_scorecard_author_id_person")),
        sa.ForeignKeyConstraint(["waived_by_id"], ["person.id"], name=op.f("fk_scorecard_waived_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_scorecard_assignment_id")),
    )
    with op.batch_alter_table("scorecard", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scorecard_application_id_author_id"), ["application_id", "author_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_scorecard_author_id_state"), ["author_id", "state"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competency_id"], ["competency.id"], name=op.f("fk_evidence_competency_id_competency")
        ),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecard.id"], name=op.f("fk_evidence_scorecard_id_scorecard")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("scorecard_id", "position", name=op.f("uq_evidence_scorecard_id_position")),
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_rating_rating")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_rating_competency_id_competency")),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecard.id"], name=op.f("fk_rating_scorecard_id_scorecard")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("scorecard_id", "competency_id", name=op.f("uq_rating_scorecard_id_competency_id")),
    )
    op.create_table(
        "scorecard_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_scorecard_read_person_id_person")),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecard.id"], name=op.f("fk_scorecard_read_scorecard_id_scorecard")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_read")),
    )
    with op.batch_alter_table("scorecard_read", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scorecard_read_scorecard_id_at"), ["scorecard_id", "at"], unique=False)

    op.create_table(
        "scorecard_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecard.id"], name=op.f("fk_scorecard_version_scorecard_id_scorecard")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_version")),
        sa.UniqueConstraint("scorecard_id", "number", name=op.f("uq_scorecard_version_scorecard_id_number")),
    )


def downgrade() -> None:
    op.drop_table("scorecard_version")
    with op.batch_alter_table("scorecard_read", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scorecard_read_scorecard_id_at"))

    op.drop_table("scorecard_read")
    op.drop_table("rating")
    op.drop_table("evidence")
    with op.batch_alter_table("scorecard", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scorecard_author_id_state"))
        batch_op.drop_index(batch_op.f("ix_scorecard_application_id_author_id"))

    op.drop_table("scorecard")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_application_id"))

    op.drop_table("outcome")
    op.drop_table("assignment_competency")
    op.drop_table("vote")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_index("uq_reminder_receiver")
        batch_op.drop_index(batch_op.f("ix_reminder_done_at_at"))

    op.drop_table("reminder")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_decision_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_decision_application_id"))

    op.drop_table("decision")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignment_current",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_assignment_person_id_ended_at_interview_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_interview_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("nudge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nudge_state_at_person_id"))
        batch_op.drop_index(batch_op.f("ix_nudge_person_id_state_at"))

    op.drop_table("nudge")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_starts_at"))
        batch_op.drop_index(batch_op.f("ix_interview_loop_id"))
        batch_op.drop_index(batch_op.f("ix_interview_application_id_starts_at"))

    op.drop_table("interview")
    with op.batch_alter_table("debrief", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_debrief_application_id"))

    op.drop_table("debrief")
    op.drop_table("cap_override")
    with op.batch_alter_table("stage_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_change_application_id_id"))

    op.drop_table("stage_change")
    op.drop_table("screen_outcome")
    with op.batch_alter_table("record_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_entry_requisition_id_id"))
        batch_op.drop_index(batch_op.f("ix_record_entry_application_id_id"))

    op.drop_table("record_entry")
    op.drop_table("qualification_judgement")
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_mail_state_next_try_at_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_mail_person_id_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_mail_order_key_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_mail_application_id_id"))

    op.drop_table("outbox_mail")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_application_id_id"))

    op.drop_table("note")
    with op.batch_alter_table("loop", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_loop_current",
            sqlite_where=sa.text("state != 'cancelled'"),
            postgresql_where=sa.text("state != 'cancelled'"),
        )
        batch_op.drop_index(batch_op.f("ix_loop_awaited_at"))
        batch_op.drop_index(batch_op.f("ix_loop_application_id"))

    op.drop_table("loop")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_application_id"))

    op.drop_table("document")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_deadline_current",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_deadline_state_due_at_id"))
        batch_op.drop_index(batch_op.f("ix_deadline_requisition_id_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_deadline_owner_id_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_deadline_application_id_kind"))

    op.drop_table("deadline")
    with op.batch_alter_table("candidate_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidate_link_application_id_purpose"))

    op.drop_table("candidate_link")
    with op.batch_alter_table("requisition_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requisition_member_person_id_requisition_id"))

    op.drop_table("requisition_member")
    op.drop_table("qualification")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_state_stage_kind_applied_at_id"))
        batch_op.drop_index(batch_op.f("ix_application_state_sort_name_id"))
        batch_op.drop_index(batch_op.f("ix_application_state_applied_at_id"))
        batch_op.drop_index(batch_op.f("ix_application_sort_name_id"))
        batch_op.drop_index(batch_op.f("ix_application_requisition_id_state_stage_id_entered_stage_at_id"))
        batch_op.drop_index(batch_op.f("ix_application_requisition_id_sort_name_id"))
        batch_op.drop_index(batch_op.f("ix_application_requisition_id_applied_at_id"))
        batch_op.drop_index(batch_op.f("ix_application_applied_at_id"))

    op.drop_table("application")
    with op.batch_alter_table("requisition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requisition_state_is_confidential_title"))
        batch_op.drop_index(batch_op.f("ix_requisition_recruiter_id"))
        batch_op.drop_index(batch_op.f("ix_requisition_is_confidential"))
        batch_op.drop_index(batch_op.f("ix_requisition_hiring_manager_id"))

    op.drop_table("requisition")
    op.drop_table("rating_anchor")
    op.drop_table("plan_stage")
    op.drop_table("plan_limit")
    op.drop_table("plan_interview")
    op.drop_table("plan_competency")
    with op.batch_alter_table("interviewer_qualification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interviewer_qualification_competency_id_kind_person_id"))

    op.drop_table("interviewer_qualification")
    op.drop_table("closed_day")
    with op.batch_alter_table("candidate_word", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidate_word_candidate_id"))

    op.drop_table("candidate_word")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_subject_at"))

    op.drop_table("sign_in_attempt")
    op.drop_table("region")
    op.drop_table("person")
    op.drop_table("organisation")
    with op.batch_alter_table("once_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_once_key_at"))

    op.drop_table("once_key")
    op.drop_table("interview_plan")
    op.drop_table("heartbeat")
    op.drop_table("competency")
    op.drop_table("candidate")
