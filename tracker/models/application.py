"""One candidate's run at one requisition: where it stands, how it got there, and what was judged on the way."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, Folded
from tracker.models.candidate import Candidate
from tracker.models.interview_plan import PlanStage
from tracker.models.person import Person
from tracker.models.requisition import Qualification, Requisition
from tracker.rules.qualifications import Verdict
from tracker.rules.stages import ApplicationState, Disposition, ScreenChoice, StageKind


class Application(Base):
    """Where one candidate stands in one requisition.

    ``stage_kind`` and ``sort_name`` repeat what the stage and the candidate say, so that lists filter and sort by one
    index. After intake only ``pipeline/moves.py`` assigns the stage.
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("candidate_id", "requisition_id"),
        Index(None, "requisition_id", "state", "stage_id", "entered_stage_at", "id"),
        Index(None, "requisition_id", "applied_at", "id"),
        Index(None, "requisition_id", "sort_name", "id"),
        Index(None, "state", "stage_kind", "applied_at", "id"),
        Index(None, "state", "applied_at", "id"),
        Index(None, "applied_at", "id"),
        Index(None, "state", "sort_name", "id"),
        Index(None, "sort_name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"))
    requisition_id: Mapped[int] = mapped_column(ForeignKey("requisition.id"))
    stage_id: Mapped[int] = mapped_column(ForeignKey("plan_stage.id"))
    stage_kind: Mapped[StageKind]
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.ACTIVE)
    disposition: Mapped[Disposition | None]
    sort_name: Mapped[str] = mapped_column(Folded)
    source: Mapped[str]
    # What the candidate wrote along with the application.
    message: Mapped[str] = mapped_column(default="")
    # What the candidate wrote beside the times in which he or she can come.
    candidate_note: Mapped[str] = mapped_column(default="")
    applied_at: Mapped[datetime]
    entered_stage_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # Repeats what the candidate says, so that no verb need ask for it: all words are gone, and none comes back.
    erased_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    candidate: Mapped[Candidate] = relationship()
    requisition: Mapped[Requisition] = relationship()
    stage: Mapped[PlanStage] = relationship()
    __mapper_args__ = {"version_id_col": version}


class StageChange(Base):
    """One move of an application, never changed afterwards."""

    __tablename__ = "stage_change"
    __table_args__ = (Index(None, "application_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    from_stage_id: Mapped[int | None] = mapped_column(ForeignKey("plan_stage.id"))
    to_stage_id: Mapped[int] = mapped_column(ForeignKey("plan_stage.id"))
    from_state: Mapped[ApplicationState | None]
    to_state: Mapped[ApplicationState]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    # None: the candidate (an application, a withdrawal) or the tracker itself.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    from_stage: Mapped[PlanStage | None] = relationship(foreign_keys=from_stage_id)
    to_stage: Mapped[PlanStage] = relationship(foreign_keys=to_stage_id)
    by: Mapped[Person | None] = relationship()


class QualificationJudgement(Base):
    """Whether one application meets one qualification, on what evidence, by whom."""

    __tablename__ = "qualification_judgement"
    __table_args__ = (UniqueConstraint("application_id", "qualification_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    qualification_id: Mapped[int] = mapped_column(ForeignKey("qualification.id"))
    verdict: Mapped[Verdict]
    evidence: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    qualification: Mapped[Qualification] = relationship()
    by: Mapped[Person] = relationship()


class ScreenOutcome(Base):
    """What somebody entitled decided after a phone screen. One for each screen of the application."""

    __tablename__ = "screen_outcome"
    __table_args__ = (UniqueConstraint("application_id", "screen"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    # The number of the latest screen held: 1, 2, ...
    screen: Mapped[int]
    choice: Mapped[ScreenChoice]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship()


class Note(Base):
    """A remark of the recruiting side about an application; interviewers never see it."""

    __tablename__ = "note"
    __table_args__ = (Index(None, "application_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    text: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    by: Mapped[Person] = relationship()
