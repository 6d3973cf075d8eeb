"""What is evaluated: technical competencies and leadership principles, with anchors for each rating."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base


class CompetencyKind(StrEnum):
    """The two kinds of competency a loop divides among its interviewers."""

    TECHNICAL = "technical"
    LEADERSHIP_PRINCIPLE = "leadership_principle"


class Competency(Base):
    """A named competency; retired ones stay for the records that name them."""

    __tablename__ = "competency"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[CompetencyKind]
    description: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    anchors: Mapped[list["RatingAnchor"]] = relationship(
        back_populates="competency", cascade="all, delete-orphan", order_by="RatingAnchor.rating"
    )
    __mapper_args__ = {"version_id_col": version}


class RatingAnchor(Base):
    """What a rating of one competency looks like, in words."""

    __tablename__ = "rating_anchor"
    __table_args__ = (
        UniqueConstraint("competency_id", "rating"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    rating: Mapped[int]
    text: Mapped[str]

    competency: Mapped[Competency] = relationship(back_populates="anchors")
