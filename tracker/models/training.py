"""People on their way to interview: for which kind and competencies, and who signed them off.

How far they have come is no column: it is worked out from the interviews that they sat in.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, unique_where
from tracker.models.competency import Competency
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import InterviewKind, Person
from tracker.rules.words import Labelled


class TrainingState(Labelled):
    """Open ones go on; signed off ones made the person qualified; ended ones were given up."""

    OPEN = "open"
    SIGNED_OFF = "signed_off"
    ENDED = "ended"


class Training(Base):
    """One person learns to hold interviews of one kind; at most one open training for each kind.

    The plan says how often one shadows and reverse-shadows; ``more_reverse_shadows`` were asked for beyond it.
    ``note`` and ``closed_by`` are of the sign-off or the end, ``not_yet_…`` of the last time that it was put off.
    """

    __tablename__ = "training"
    __table_args__ = (
        unique_where("uq_training_open", "person_id", "kind", where="state = 'open'"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        CheckConstraint("more_reverse_shadows BETWEEN 0 AND 10", name="more_reverse_shadows"),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("interview_plan.id"))
    kind: Mapped[InterviewKind]
    state: Mapped[TrainingState] = mapped_column(default=TrainingState.OPEN)
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    more_reverse_shadows: Mapped[int] = mapped_column(default=0)
    not_yet_at: Mapped[datetime | None]
    not_yet_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    not_yet_reason: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    plan: Mapped[InterviewPlan] = relationship()
    begun_by: Mapped[Person] = relationship(foreign_keys=begun_by_id)
    not_yet_by: Mapped[Person | None] = relationship(foreign_keys=not_yet_by_id)
    closed_by: Mapped[Person | None] = relationship(foreign_keys=closed_by_id)
    competencies: Mapped[list["TrainingCompetency"]] = relationship(
        back_populates="training", cascade="all, delete-orphan", order_by="TrainingCompetency.id"
    )
    __mapper_args__ = {"version_id_col": version}


class TrainingCompetency(Base):
    """One competency that is learnt; ``is_granted``: the sign-off made the person qualified for it."""

    __tablename__ = "training_competency"
    __table_args__ = (UniqueConstraint("training_id", "competency_id"), Index(None, "competency_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    is_granted: Mapped[bool] = mapped_column(default=False)

    training: Mapped[Training] = relationship(back_populates="competencies")
    competency: Mapped[Competency] = relationship()
