"""That a candidate may choose when the loop is held: offered by the recruiter, booked and moved by the candidate."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.models.interview import Loop
from tracker.models.person import Person


class LoopChoice(Base):
    """One for a loop, at most. ``booked_at`` is when the candidate chose, ``moves`` how often he or she did again."""

    __tablename__ = "loop_choice"
    __table_args__ = (CheckConstraint("moves >= 0", name="moves"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    loop_id: Mapped[int] = mapped_column(ForeignKey("loop.id"), unique=True)
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None]
    booked_at: Mapped[datetime | None]
    moves: Mapped[int] = mapped_column(default=0)

    loop: Mapped[Loop] = relationship()
    offered_by: Mapped[Person] = relationship()
