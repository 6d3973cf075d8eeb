"""The question bank: what may be asked about a competency, and who asks what in which interview."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base
from tracker.models.competency import Competency
from tracker.models.interview import Assignment
from tracker.rules.questions import QuestionKind, QuestionLevel


class Question(Base):
    """One question with what good and weak answers have, and a follow-up for each part of a STAR answer.

    Retired ones stay for the interviews in which they were asked; ``replaced_by`` is the one that is asked instead.
    """

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("competency_id", "text"), Index(None, "replaced_by_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))
    kind: Mapped[QuestionKind]
    level: Mapped[QuestionLevel] = mapped_column(default=QuestionLevel.ANY)
    text: Mapped[str]
    good_answer: Mapped[str] = mapped_column(default="")
    weak_answer: Mapped[str] = mapped_column(default="")
    ask_situation: Mapped[str] = mapped_column(default="")
    ask_task: Mapped[str] = mapped_column(default="")
    ask_action: Mapped[str] = mapped_column(default="")
    ask_result: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"))
    version: Mapped[int] = mapped_column(default=1)

    competency: Mapped[Competency] = relationship()
    replaced_by: Mapped["Question | None"] = relationship(remote_side=[id])
    __mapper_args__ = {"version_id_col": version}

    @property
    def follow_ups(self) -> tuple[tuple[str, str], ...]:
        """The follow-ups that there are, each with the part of the answer that it asks for."""
        parts = (
            ("Situation", self.ask_situation),
            ("Task", self.ask_task),
            ("Action", self.ask_action),
            ("Result", self.ask_result),
        )
        return tuple((part, text) for part, text in parts if text)


class AssignmentQuestion(Base):
    """An interviewer holds a question: he or she asks it in this interview."""

    __tablename__ = "assignment_question"
    __table_args__ = (UniqueConstraint("assignment_id", "question_id"), Index(None, "question_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    at: Mapped[datetime]

    assignment: Mapped[Assignment] = relationship()
    question: Mapped[Question] = relationship()
