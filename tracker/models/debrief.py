"""The debrief after all scorecards are in, its votes, and the decision that stands at its end."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, unique_where
from tracker.models.person import Person
from tracker.rules.scorecards import Recommendation
from tracker.rules.stages import DecisionKind


class VotePhase(StrEnum):
    """First votes are the recommendations of the scorecards; second ones are given after reading."""

    FIRST = "first"
    SECOND = "second"


class Debrief(Base):
    """The meeting of one loop: opened when all is in, held, closed."""

    __tablename__ = "debrief"

    id: Mapped[int] = mapped_column(primary_key=True)
    loop_id: Mapped[int] = mapped_column(ForeignKey("loop.id"), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    opened_at: Mapped[datetime]
    held_at: Mapped[datetime | None]
    notes: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    votes: Mapped[list["Vote"]] = relationship(back_populates="debrief", order_by="Vote.id")
    __mapper_args__ = {"version_id_col": version}


class Vote(Base):
    """One person's vote in one phase. Second votes may be given again until the debrief was held."""

    __tablename__ = "vote"
    __table_args__ = (UniqueConstraint("debrief_id", "person_id", "phase"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    debrief_id: Mapped[int] = mapped_column(ForeignKey("debrief.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    phase: Mapped[VotePhase]
    recommendation: Mapped[Recommendation]
    reason: Mapped[str] = mapped_column(default="")
    # What a bar raiser says beyond the vote; empty in everybody else's.
    word: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]

    debrief: Mapped[Debrief] = relationship(back_populates="votes")
    person: Mapped[Person] = relationship()


class Decision(Base):
    """The recorded result: owner, rationale, dissent. At most one stands; none is ever changed.

    What is decided anew, or changed, is a row of its own, and supersedes the one before it with a reason.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("length(trim(rationale)) > 0", name="rationale"),
        unique_where("uq_decision_current", "application_id", where="superseded_at IS NULL"),
        Index(None, "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    debrief_id: Mapped[int | None] = mapped_column(ForeignKey("debrief.id"))
    kind: Mapped[DecisionKind]
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rationale: Mapped[str]
    # The level at which to hire, in the organisation's words.
    level: Mapped[str] = mapped_column(default="")
    # The rationale competency by competency: words by the competency's name as it was.
    by_competency: Mapped[dict[str, Any]] = mapped_column(default=dict)
    dissent: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    superseded_reason: Mapped[str] = mapped_column(default="")

    owner: Mapped[Person] = relationship()


class Presence(Base):
    """Somebody has the debrief open: when the page, or its script, last said so."""

    __tablename__ = "presence"
    __table_args__ = (UniqueConstraint("debrief_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    debrief_id: Mapped[int] = mapped_column(ForeignKey("debrief.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime]
