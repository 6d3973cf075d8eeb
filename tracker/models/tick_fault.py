"""What went wrong in the worker, kept for the person who runs the tracker."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base


class TickFault(Base):
    """One kind of error of a tick or of the sender: when it came first and last, and how often.

    ``what`` holds nothing that anybody typed (see ``logs.describe``); ``item`` is the id of what it was about lastly.
    """

    __tablename__ = "tick_fault"
    __table_args__ = (UniqueConstraint("tick", "what"), Index(None, "last_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    tick: Mapped[str]
    what: Mapped[str]
    item: Mapped[int | None]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
