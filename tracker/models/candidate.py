"""The person who applies, the words by which he or she is found, and the links that let him or her in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, Folded, unique_where
from tracker.models.person import Person


class Candidate(Base):
    """A candidate. ``email`` is as ``mail/addresses.py`` writes it, and unique: who applies twice is one person.

    A confidential requisition knows its candidates by rows of their own (``requisition_id``), unique there: a name and
    a phone number that were given to it must not show where the same address comes in elsewhere.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        unique_where("uq_candidate_email", "email", where="requisition_id IS NULL"),
        UniqueConstraint("email", "requisition_id"),
        Index(None, "kept_since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    requisition_id: Mapped[int | None] = mapped_column(ForeignKey("requisition.id"))
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")
    zone: Mapped[str]
    created_at: Mapped[datetime]
    # Retention counts from here: the last application's closing. None while one is open, after a hire, once erased.
    kept_since: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class CandidateWord(Base):
    """One folded word of a candidate's name or e-mail address, or the whole name, read both ways.

    Search reads a range of this index.

    A table of our own rather than two full-text engines: prefixes and accents then behave alike on both databases.
    """

    __tablename__ = "candidate_word"
    # Whether a candidate has another word too is answered by this index alone.
    __table_args__ = (Index(None, "candidate_id", "word"),)

    word: Mapped[str] = mapped_column(Folded, primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), primary_key=True)


class LinkPurpose(StrEnum):
    """The one thing a candidate's link is good for."""

    STATUS = "status"
    # To answer on the thank-you page; it opens nothing.
    SELF_IDENTIFICATION = "self_identification"


class CandidateLink(Base):
    """An expiring, single-purpose link for a candidate; only the digest of its token is kept."""

    __tablename__ = "candidate_link"
    __table_args__ = (Index(None, "application_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    purpose: Mapped[LinkPurpose]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Document(Base):
    """A file of an application, stored by its digest in the data directory."""

    __tablename__ = "document"
    __table_args__ = (Index(None, "application_id"), CheckConstraint("size > 0", name="size"))

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    # The resume is part of the interview kit; other documents are the recruiting side's.
    is_resume: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    # None: the candidate.
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    added_by: Mapped[Person | None] = relationship()
