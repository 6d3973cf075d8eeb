"""Demographic self-identification, stored apart: what is asked, who chose what, and what was told of a year.

Answers are read by ``queries/self_identification.py`` alone (a test holds that), and no row of another table says
that there is one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base


class SelfIdentificationQuestion(Base):
    """A question with fixed choices. Candidates are asked it unless it is retired; nothing is asked without one."""

    __tablename__ = "self_identification_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    created_at: Mapped[datetime]
    # Since when it stands, with its choices, as it does now: a year is counted only through which it did.
    stands_since: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    choices: Mapped[list["SelfIdentificationChoice"]] = relationship(order_by="SelfIdentificationChoice.id")

    __mapper_args__ = {"version_id_col": version}


class SelfIdentificationChoice(Base):
    """One choice of a question. A retired one is not offered any more; those who chose it keep it."""

    __tablename__ = "self_identification_choice"
    # The pair is what answers refer to: nobody chooses what another question offers.
    __table_args__ = (UniqueConstraint("question_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("self_identification_question.id", name="fk_self_identification_choice_question")
    )
    text: Mapped[str]
    retired_at: Mapped[datetime | None]


class SelfIdentificationAnswer(Base):
    """What a candidate chose with one application; ``choice_id`` None: he or she would rather not say.

    When and by what page is not kept: nothing is to be found by it.
    """

    __tablename__ = "self_identification_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["question_id", "choice_id"],
            ["self_identification_choice.question_id", "self_identification_choice.id"],
            name="fk_self_identification_answer_choice",
        ),
        Index(None, "question_id"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("self_identification_question.id", name="fk_self_identification_answer_question"), primary_key=True
    )
    choice_id: Mapped[int | None]


class SelfIdentificationYear(Base):
    """What was told of a question and a calendar year: counted once, and never again.

    ``figures`` holds for each answer (the number of a choice, or a word for what is none) one number for each step of
    ``rules.self_identification.Reached``, None where it is not told. What is not told is kept nowhere. ``text`` and
    ``labels`` are the question's and the choices' words of that time, whatever they are called since.
    """

    __tablename__ = "self_identification_year"
    __table_args__ = (UniqueConstraint("question_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("self_identification_question.id", name="fk_self_identification_year_question")
    )
    year: Mapped[int]
    counted_at: Mapped[datetime]
    text: Mapped[str]
    labels: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
