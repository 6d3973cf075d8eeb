"""The address by which a calendar program asks for a person's interviews and deadlines."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base


class CalendarFeed(Base):
    """One for each person who wants it. ``key`` is drawn by chance, and drawn anew to make an old address void.

    The address holds the key signed with the secret key of the settings: a stolen table opens no feed. ``digest`` is
    that of what the feed held when it was last asked for, and ``changed_at`` when it was first seen like this.
    """

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    key: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
