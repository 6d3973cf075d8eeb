"""E-mails that came to reply addresses, the mailbox they are fetched from, and the searches that declining begins."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, unique_where
from tracker.models.interview import Assignment, Interview
from tracker.models.person import Person
from tracker.rules.replies import Verdict


class Reply(Base):
    """One e-mail and what became of it. ``key`` is the same in every copy, so that none is taken twice.

    ``interview`` is None where the e-mail named no invitation, ``person`` where it named none or the candidate's.
    ``text`` is what somebody wrote, kept where a person has to read it; ``sender`` where it is not the invited one.
    """

    __tablename__ = "reply"
    __table_args__ = (Index(None, "received_at"), Index(None, "interview_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    received_at: Mapped[datetime]
    verdict: Mapped[Verdict]
    why: Mapped[str] = mapped_column(default="")
    sender: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    interview_id: Mapped[int | None] = mapped_column(ForeignKey("interview.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    interview: Mapped[Interview | None] = relationship()
    person: Mapped[Person | None] = relationship()


class ReplyBox(Base):
    """The one row (id 1): how far the mailbox of replies was read. ``box`` is a digest of which mailbox it is.

    A message has a number that is never given again while ``validity`` stays (RFC 9051, section 2.3.1.1): what is above
    ``last_uid`` was not read yet. The worker whose update moves ``next_at`` on is the one that reads.
    """

    __tablename__ = "reply_box"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    box: Mapped[str]
    validity: Mapped[int] = mapped_column(BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    next_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)


class SearchResult(StrEnum):
    """How a search for a substitute ended."""

    FOUND = "found"
    NOBODY = "nobody"
    LATE = "late"
    VOID = "void"


class SubstituteSearch(Base):
    """A substitute is looked for, since the lead of this assignment declined: once at a time, and counted."""

    __tablename__ = "substitute_search"
    __table_args__ = (
        unique_where("uq_substitute_search_open", "assignment_id", where="ended_at IS NULL"),
        Index(None, "interview_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    result: Mapped[SearchResult | None]

    assignment: Mapped[Assignment] = relationship()
