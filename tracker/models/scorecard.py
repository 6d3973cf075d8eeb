"""One interviewer's independent written evaluation of one interview, every version of it, and who read it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.models.competency import Competency
from tracker.models.interview import Assignment
from tracker.models.person import Person
from tracker.rules.scorecards import Recommendation, ScorecardState


class Scorecard(Base):
    """One for each assignment; only its interviewer writes it. A draft is nobody else's to read.

    ``typed_by`` entered what the interviewer dictated; it counts as his or her own once that is ``confirmed_at``.

    ``application_id`` and ``author_id`` repeat what the assignment says, so that the blind rule is one condition on
    this table.
    """

    __tablename__ = "scorecard"
    __table_args__ = (
        CheckConstraint("(state = 'waived') = (waived_at IS NOT NULL)", name="waived"),
        CheckConstraint(
            "state != 'submitted' OR (submitted_at IS NOT NULL AND recommendation IS NOT NULL)", name="submitted"
        ),
        Index(None, "application_id", "author_id"),
        Index(None, "author_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[ScorecardState] = mapped_column(default=ScorecardState.DRAFT)
    recommendation: Mapped[Recommendation | None]
    summary: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    typed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    # What the interviewer had drafted when somebody else entered the scorecard: the interviewer's alone to read.
    set_aside: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    waived_at: Mapped[datetime | None]
    waived_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    waived_reason: Mapped[str] = mapped_column(default="")
    # Its author said that he or she cannot write it. It is still asked for, until it is waived; it may still come in.
    declined_at: Mapped[datetime | None]
    declined_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    assignment: Mapped[Assignment] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=author_id)
    typed_by: Mapped[Person | None] = relationship(foreign_keys=typed_by_id)
    waived_by: Mapped[Person | None] = relationship(foreign_keys=waived_by_id)
    ratings: Mapped[list["Rating"]] = relationship(
        back_populates="scorecard", cascade="all, delete-orphan", order_by="Rating.id"
    )
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="scorecard", cascade="all, delete-orphan", order_by="Evidence.position"
    )
    __mapper_args__ = {"version_id_col": version}


class Rating(Base):
    """How one competency was met, 1 to 4."""

    __tablename__ = "rating"
    __table_args__ = (
        UniqueConstraint("scorecard_id", "competency_id"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecard.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    rating: Mapped[int]

    scorecard: Mapped[Scorecard] = relationship(back_populates="ratings")
    competency: Mapped[Competency] = relationship()


class Evidence(Base):
    """A STAR record: a question and the situation, task, action and result of its answer, tied to a competency."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("scorecard_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecard.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    position: Mapped[int]
    question: Mapped[str] = mapped_column(default="")
    situation: Mapped[str] = mapped_column(default="")
    task: Mapped[str] = mapped_column(default="")
    action: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    # The figure or data that the answer names.
    metric: Mapped[str] = mapped_column(default="")

    scorecard: Mapped[Scorecard] = relationship(back_populates="evidence")
    competency: Mapped[Competency] = relationship()


class ScorecardVersion(Base):
    """A scorecard as it was submitted (version 1) or amended (2, 3, ...); never changed afterwards."""

    __tablename__ = "scorecard_version"
    __table_args__ = (UniqueConstraint("scorecard_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecard.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class ScorecardFile(Base):
    """A file of a scorecard, stored by its digest in the data directory, and read by whoever reads the scorecard.

    ``since`` is the number of the version that it came with; None while its author alone sees it. ``until`` is that of
    the version that no longer has it.
    """

    __tablename__ = "scorecard_file"
    __table_args__ = (Index(None, "scorecard_id"), CheckConstraint("size > 0", name="size"))

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecard.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    added_at: Mapped[datetime]
    since: Mapped[int | None]
    until: Mapped[int | None]


class ScorecardRead(Base):
    """Somebody other than its author read a submitted scorecard."""

    __tablename__ = "scorecard_read"
    __table_args__ = (Index(None, "scorecard_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scorecard_id: Mapped[int] = mapped_column(ForeignKey("scorecard.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    person: Mapped[Person] = relationship()
