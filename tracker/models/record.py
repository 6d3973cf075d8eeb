"""The record: every change, who made it and when; and the keys that give a form sent twice one effect."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.models.person import Person


class RecordEntry(Base):
    """One change, in words a person reads. ``verb`` is the pipeline's, e.g. "loop.send"."""

    __tablename__ = "record_entry"
    __table_args__ = (Index(None, "application_id", "id"), Index(None, "requisition_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    # None: the candidate or the tracker itself; ``text`` says which.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    verb: Mapped[str]
    text: Mapped[str]
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    requisition_id: Mapped[int | None] = mapped_column(ForeignKey("requisition.id"))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)

    by: Mapped[Person | None] = relationship()


class OnceKey(Base):
    """A form's idempotency key and where its first sending led."""

    __tablename__ = "once_key"
    __table_args__ = (Index(None, "at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    location: Mapped[str]
    message: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class Organisation(Base):
    """The one row about the organisation itself (id 1)."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("retention_months > 0", name="retention_months"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    # What the careers page says above the openings; Markdown.
    careers_text: Mapped[str] = mapped_column(default="")
    # So many months after the last application was closed its candidate is erased; None: never.
    retention_months: Mapped[int | None]
    # When that was set lastly, by which nobody is erased unannounced.
    retention_set_at: Mapped[datetime | None]
