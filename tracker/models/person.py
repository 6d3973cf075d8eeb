"""People who sign in: their roles, their zone, and what they are qualified to interview for."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.models.competency import Competency


class InterviewKind(StrEnum):
    """What an interview is for; people are qualified for each kind apart."""

    PHONE_SCREEN = "phone_screen"
    LOOP = "loop"

    @property
    def plural(self) -> str:
        """Several of them in words: "phone screens", "loop interviews"."""
        return "phone screens" if self is InterviewKind.PHONE_SCREEN else "loop interviews"


class Person(Base):
    """A member of staff. The e-mail address is kept as ``mail/addresses.py`` writes it, so that unique means unique."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("weekly_cap >= 0 AND daily_cap >= 0", name="caps"),
        Index(None, "region_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    zone: Mapped[str]
    # Whose holidays are the person's own; without one those of each requisition's region are.
    region_id: Mapped[int | None] = mapped_column(ForeignKey("region.id"))
    team: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_recruiter: Mapped[bool] = mapped_column(default=False)
    is_recruiting_lead: Mapped[bool] = mapped_column(default=False)
    is_senior_leader: Mapped[bool] = mapped_column(default=False)
    is_bar_raiser: Mapped[bool] = mapped_column(default=False)
    daily_cap: Mapped[int] = mapped_column(default=2)
    weekly_cap: Mapped[int] = mapped_column(default=5)
    # As ``rules/working_hours.py`` writes them; empty where the person named none.
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Part of the session cookie: raising it signs the person out everywhere.
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    interviewer_qualifications: Mapped[list["InterviewerQualification"]] = relationship(
        back_populates="person", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": version}

    # What the sign-in library asks of a user.
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the session cookie names: the person, and the epoch in which he or she signed in."""
        return f"{self.id}:{self.session_epoch}"


class InterviewerQualification(Base):
    """One person is qualified to evaluate one competency in one kind of interview."""

    __tablename__ = "interviewer_qualification"
    __table_args__ = (
        UniqueConstraint("person_id", "competency_id", "kind"),
        Index(None, "competency_id", "kind", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    kind: Mapped[InterviewKind]

    person: Mapped[Person] = relationship(back_populates="interviewer_qualifications")
    competency: Mapped[Competency] = relationship()


class FormerAddress(Base):
    """An address that a person had before: it still tells which candidate he or she is."""

    __tablename__ = "former_address"
    __table_args__ = (UniqueConstraint("person_id", "email"), Index(None, "email"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    email: Mapped[str]


class SignInAttempt(Base):
    """A failed sign-in, kept to slow down guessing; ``subject`` is a digest of the address or the network."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "subject", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    at: Mapped[datetime]
