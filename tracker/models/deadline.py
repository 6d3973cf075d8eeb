"""Due moments of the process, what was done to them, and the nudges they raise."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, index_where, unique_where
from tracker.models.person import Person
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.ladders import Role

# In the words of the index below, by which the promises kept and broken are counted.
IS_PROMISE = "kind = 'promise'"
KEPT = ("due_at", "requisition_id", "state", "closed_at", "extra_days", "days_kept")


class Deadline(Base):
    """One due moment. ``day0_at``, ``business_days`` and ``zone`` say how it was worked out.

    Day 0 is the local date of ``day0_at`` in ``zone``. A deadline that ran again after a pause counts from
    ``resumed_at`` instead, and its ``business_days`` are then those that were kept. ``extra_days`` of the business days
    are those by which people extended it.

    ``subject`` is the assignment of a scorecard deadline, the number of a phone screen for its outcome, else 0.
    ``revision`` rises with every change of the due moment or the state: a nudge of an older one is void.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", name="paused"),
        CheckConstraint("(state IN ('met', 'met_late', 'cancelled')) = (closed_at IS NOT NULL)", name="closed"),
        unique_where("uq_deadline_current", "application_id", "kind", "subject", where="closed_at IS NULL"),
        Index(None, "application_id", "kind"),
        Index(None, "state", "due_at", "id"),
        index_where("ix_deadline_promise", "state", "due_at", where=IS_PROMISE),
        # All that the promises of a period are counted from, so that no row of the table is read for it.
        index_where("ix_deadline_kept", *KEPT, where=IS_PROMISE),
        Index(None, "owner_id", "state", "due_at"),
        Index(None, "requisition_id", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    requisition_id: Mapped[int] = mapped_column(ForeignKey("requisition.id"))
    kind: Mapped[DeadlineKind]
    subject: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day0_at: Mapped[datetime]
    resumed_at: Mapped[datetime | None]
    business_days: Mapped[int]
    extra_days: Mapped[int] = mapped_column(default=0)
    extension_reason: Mapped[str] = mapped_column(default="")
    zone: Mapped[str]
    due_at: Mapped[datetime]
    state: Mapped[DeadlineState] = mapped_column(default=DeadlineState.OPEN)
    paused_at: Mapped[datetime | None]
    pause_reason: Mapped[str] = mapped_column(default="")
    # Business days that were left when it was paused; kept where it was closed while its clock stood.
    days_kept: Mapped[int | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Person] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def counts_from(self) -> datetime:
        """The moment whose local date the business days are counted from."""
        return self.resumed_at or self.day0_at


class NudgeState(StrEnum):
    """A nudge waits for its moment, then was raised (a mail was written) or dropped (no longer true)."""

    WAITING = "waiting"
    RAISED = "raised"
    DROPPED = "dropped"


class Nudge(Base):
    """The next reminder of one deadline for one receiver in one role; the tick reads those whose moment has come.

    Unique by deadline, revision, step and receiver: that is what makes "once" a fact.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        UniqueConstraint("deadline_id", "revision", "step", "person_id"),
        Index(None, "state", "at", "person_id"),
        Index(None, "person_id", "state", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline.id"))
    revision: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role]
    step: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[NudgeState] = mapped_column(default=NudgeState.WAITING)

    deadline: Mapped[Deadline] = relationship()
    person: Mapped[Person] = relationship()
