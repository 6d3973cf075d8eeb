"""The approved opening(s) for one role, with its people and its qualifications."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import Person
from tracker.models.region import Region
from tracker.rules.qualifications import QualificationKind


class RequisitionState(StrEnum):
    """Open requisitions take applications; closed ones do not."""

    OPEN = "open"
    CLOSED = "closed"


class Requisition(Base):
    """One role to fill, opened from an interview plan."""

    __tablename__ = "requisition"
    __table_args__ = (
        CheckConstraint("openings >= 1", name="openings"),
        Index(None, "state", "is_confidential", "title"),
        Index(None, "is_confidential"),
        Index(None, "hiring_manager_id"),
        Index(None, "recruiter_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    team: Mapped[str]
    location: Mapped[str] = mapped_column(default="")
    # What the careers page says; Markdown.
    description: Mapped[str] = mapped_column(default="")
    plan_id: Mapped[int] = mapped_column(ForeignKey("interview_plan.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    hiring_manager_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recruiter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    openings: Mapped[int] = mapped_column(default=1)
    is_confidential: Mapped[bool] = mapped_column(default=False)
    state: Mapped[RequisitionState] = mapped_column(default=RequisitionState.OPEN)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    plan: Mapped[InterviewPlan] = relationship()
    region: Mapped[Region] = relationship()
    hiring_manager: Mapped[Person] = relationship(foreign_keys=hiring_manager_id)
    recruiter: Mapped[Person] = relationship(foreign_keys=recruiter_id)
    members: Mapped[list["RequisitionMember"]] = relationship(
        back_populates="requisition", cascade="all, delete-orphan"
    )
    qualifications: Mapped[list["Qualification"]] = relationship(
        back_populates="requisition", cascade="all, delete-orphan", order_by="Qualification.position"
    )
    __mapper_args__ = {"version_id_col": version}


class RequisitionMember(Base):
    """A person of the hiring team; for a confidential requisition, one of those who may know of it."""

    __tablename__ = "requisition_member"
    __table_args__ = (UniqueConstraint("requisition_id", "person_id"), Index(None, "person_id", "requisition_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(ForeignKey("requisition.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    requisition: Mapped[Requisition] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()


class Qualification(Base):
    """A must-have (basic) or a nice-to-have (preferred), judged one by one. Retired, never deleted, once judged."""

    __tablename__ = "qualification"
    __table_args__ = (UniqueConstraint("requisition_id", "kind", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    requisition_id: Mapped[int] = mapped_column(ForeignKey("requisition.id"))
    kind: Mapped[QualificationKind]
    position: Mapped[int]
    text: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)

    requisition: Mapped[Requisition] = relationship(back_populates="qualifications")
