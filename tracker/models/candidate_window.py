"""When a candidate can come, as he or she said on the own page."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base


class CandidateWindow(Base):
    """A time (UTC) in which the candidate of an application can come. Those of one application do not overlap."""

    __tablename__ = "candidate_window"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="order"), Index(None, "application_id", "starts_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
