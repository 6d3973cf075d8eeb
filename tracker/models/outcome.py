"""What the candidate is told, and when it was delivered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.models.debrief import Decision
from tracker.models.person import Person


class OutcomeChannel(StrEnum):
    """How the candidate hears it."""

    EMAIL = "email"
    CALL = "call"


class Outcome(Base):
    """The delivery of one decision. It is delivered when the mail server took the e-mail, or the call was held."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint("channel != 'call' OR delivered_at IS NOT NULL", name="call_delivered"),
        Index(None, "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    channel: Mapped[OutcomeChannel]
    # What was written to the candidate, or the note of what was said.
    text: Mapped[str]
    released_at: Mapped[datetime]
    released_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    delivered_at: Mapped[datetime | None]

    decision: Mapped[Decision] = relationship()
    released_by: Mapped[Person] = relationship()
