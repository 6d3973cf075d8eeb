"""The blind rule lifted for one person and one application, by an admin, with a reason."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.models.person import Person


class BlindOverride(Base):
    """What was read cannot be unread: it is never taken back."""

    __tablename__ = "blind_override"
    __table_args__ = (
        UniqueConstraint("application_id", "person_id"),
        CheckConstraint("length(trim(reason)) > 0", name="reason"),
        CheckConstraint("by_id != person_id", name="by_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    by: Mapped[Person] = relationship(foreign_keys=by_id)
