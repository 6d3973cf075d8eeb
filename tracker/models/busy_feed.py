"""People's calendars on other servers, and the times in which they are taken there. No title is ever kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Base


class BusyFeed(Base):
    """One calendar of one person. ``address`` is a secret: it is never logged and never shown whole.

    With a ``login`` it is asked by CalDAV for free and busy times; the ``password`` is sealed (``rules/sealing.py``).

    ``etag`` and ``last_modified`` are the server's own words; ``worked_out_at`` is when the times were last worked out
    of what it sent, ``read_at`` when it last answered well, be it that nothing had changed. ``trouble`` is a member of
    ``rules/busy_times.Trouble``, or empty. The tick takes those whose ``next_at`` has come, and moves it on first.
    """

    __tablename__ = "busy_feed"
    __table_args__ = (UniqueConstraint("person_id", "address"), Index(None, "next_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str]
    login: Mapped[str] = mapped_column(default="")
    password: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]
    etag: Mapped[str] = mapped_column(default="")
    last_modified: Mapped[str] = mapped_column(default="")
    worked_out_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]


class BusySpan(Base):
    """A time in which a person is taken, surely or perhaps, by one of his or her calendars."""

    __tablename__ = "busy_span"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        Index(None, "feed_id"),
        Index(None, "person_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("busy_feed.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_tentative: Mapped[bool]
