"""When people are away: from one date through another, kept by themselves or by an admin."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base


class Leave(Base):
    """Days on which a person is away, both ends included, in his or her own zone. No reason is kept."""

    __tablename__ = "leave"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="order"),
        Index(None, "person_id", "last_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
