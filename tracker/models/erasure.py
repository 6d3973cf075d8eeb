"""Who was erased, when and why, without a word about them; and the files that are still to be removed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, index_where, unique_where
from tracker.models.candidate import Candidate
from tracker.models.person import Person
from tracker.rules.retention import ErasureKind

# In the words of the index below: those that the worker has still to go through once more, and to write down.
UNFINISHED = "finished_at IS NULL"
STANDS = "released_at IS NULL"


class Erasure(Base):
    """One candidate's data was erased. ``by`` None is the tracker: retention, or an erasure done again after a restore.

    ``finished_at`` is when the worker had gone through it once more and had written it down outside of the database.
    """

    __tablename__ = "erasure"
    __table_args__ = (
        index_where("ix_erasure_unfinished", "at", where=UNFINISHED),
        CheckConstraint("(kind IN ('retention', 'restored')) = (by_id IS NULL)", name="by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), unique=True)
    kind: Mapped[ErasureKind]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    finished_at: Mapped[datetime | None]

    candidate: Mapped[Candidate] = relationship()
    by: Mapped[Person | None] = relationship()


class Hold(Base):
    """Nothing of a candidate's is erased while this stands (not ``released_at``): a person decided so, and said why."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("length(trim(reason)) > 0", name="reason"),
        unique_where("uq_hold_current", "candidate_id", where=STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    candidate: Mapped[Candidate] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=by_id)


class FileRemoval(Base):
    """A file that was named by a row which was erased: it goes from the disk, unless another row names it too."""

    __tablename__ = "file_removal"
    __table_args__ = (Index(None, "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    due_at: Mapped[datetime]
