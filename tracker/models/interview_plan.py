"""The reusable template of a process: stages, loop, competencies, limits. A requisition is opened from one."""

from datetime import date, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.models.competency import Competency
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.limits import BEGINNING
from tracker.rules.stages import ScreensMode, StageKind


class InterviewPlan(Base):
    """Names, counts, durations and limits of one process, kept as data."""

    __tablename__ = "interview_plan"
    __table_args__ = (
        CheckConstraint("screen_minutes BETWEEN 5 AND 480", name="screen_minutes"),
        CheckConstraint(
            "shadows BETWEEN 0 AND 10 AND reverse_shadows BETWEEN 0 AND 10 AND most_trainees BETWEEN 0 AND 2",
            name="training",
        ),
        CheckConstraint("choice_moves BETWEEN 0 AND 5", name="choice_moves"),
        CheckConstraint("choice_notice_days BETWEEN 0 AND 10", name="choice_notice_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")
    # What candidates are told about how to prepare; Markdown.
    preparation: Mapped[str] = mapped_column(default="")
    screens_mode: Mapped[ScreensMode]
    screen_minutes: Mapped[int] = mapped_column(default=60)
    # Whether the loop's interviewers may read the phone screens' scorecards before their own are in.
    screens_open: Mapped[bool] = mapped_column(default=False)
    # Whether the tracker itself looks for a substitute where an interviewer of a loop declines.
    substitutes_sought: Mapped[bool] = mapped_column(default=True)
    # Whether candidates can be let choose their loop's times; how often they may move it, and until how many business
    # days before it begins.
    candidates_choose: Mapped[bool] = mapped_column(default=True)
    choice_moves: Mapped[int] = mapped_column(default=1)
    choice_notice_days: Mapped[int] = mapped_column(default=2)
    # The local time at which a due day ends.
    due_time: Mapped[time] = mapped_column(default=time(23, 59, 59))
    # How often who learns to interview shadows and reverse-shadows, and how many of them may sit in one loop.
    shadows: Mapped[int] = mapped_column(default=2)
    reverse_shadows: Mapped[int] = mapped_column(default=2)
    most_trainees: Mapped[int] = mapped_column(default=1)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    stages: Mapped[list["PlanStage"]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanStage.position"
    )
    interviews: Mapped[list["PlanInterview"]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanInterview.position"
    )
    competencies: Mapped[list["PlanCompetency"]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanCompetency.id"
    )
    limits: Mapped[list["PlanLimit"]] = relationship(back_populates="plan", cascade="all, delete-orphan")
    ladders: Mapped[list["PlanLadder"]] = relationship(back_populates="plan", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}


class PlanStage(Base):
    """One step of the plan: people see the name, rules look at the kind."""

    __tablename__ = "plan_stage"
    __table_args__ = (UniqueConstraint("plan_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("interview_plan.id"))
    position: Mapped[int]
    kind: Mapped[StageKind]
    name: Mapped[str]

    plan: Mapped[InterviewPlan] = relationship(back_populates="stages")


class PlanInterview(Base):
    """One interview of the plan's loop."""

    __tablename__ = "plan_interview"
    __table_args__ = (
        UniqueConstraint("plan_id", "position"),
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("interview_plan.id"))
    position: Mapped[int]
    name: Mapped[str]
    minutes: Mapped[int] = mapped_column(default=60)

    plan: Mapped[InterviewPlan] = relationship(back_populates="interviews")


class PlanCompetency(Base):
    """A competency the loop must cover, how many interviewers evaluate it, and whether phone screens do too."""

    __tablename__ = "plan_competency"
    __table_args__ = (
        UniqueConstraint("plan_id", "competency_id"),
        CheckConstraint("loop_times BETWEEN 0 AND 10", name="loop_times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("interview_plan.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    loop_times: Mapped[int] = mapped_column(default=1)
    in_phone_screen: Mapped[bool] = mapped_column(default=False)

    plan: Mapped[InterviewPlan] = relationship(back_populates="competencies")
    competency: Mapped[Competency] = relationship()


class PlanLimit(Base):
    """How many business days one kind of deadline has under this plan, for a day 0 from one date to another.

    Both dates are included; ``valid_to`` None: until further notice. The rows of one kind leave no gap between them
    (see ``rules/limits.py`` for what day 0 decides).
    """

    __tablename__ = "plan_limit"
    __table_args__ = (
        UniqueConstraint("plan_id", "kind", "valid_from"),
        CheckConstraint("business_days BETWEEN 0 AND 60", name="business_days"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("interview_plan.id"))
    kind: Mapped[DeadlineKind]
    business_days: Mapped[int]
    valid_from: Mapped[date] = mapped_column(default=BEGINNING)
    valid_to: Mapped[date | None]

    plan: Mapped[InterviewPlan] = relationship(back_populates="limits")


class PlanLadder(Base):
    """The nudges of one kind of deadline under this plan, where they are other than the default.

    ``steps`` is what ``rules/ladders.py`` makes of a ladder.
    """

    __tablename__ = "plan_ladder"
    __table_args__ = (UniqueConstraint("plan_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("interview_plan.id"))
    kind: Mapped[DeadlineKind]
    steps: Mapped[dict[str, Any]]

    plan: Mapped[InterviewPlan] = relationship(back_populates="ladders")
