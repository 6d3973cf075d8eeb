"""Interviews of an application, the loop they belong to, and who evaluates what in them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Base, unique_where
from tracker.models.application import Application
from tracker.models.competency import Competency
from tracker.models.person import InterviewKind, Person
from tracker.rules.answers import Answer


class InterviewState(StrEnum):
    """Planned ones are nobody's business yet; sent ones were mailed; cancelled ones were called off."""

    PLANNED = "planned"
    SENT = "sent"
    CANCELLED = "cancelled"


class LoopState(StrEnum):
    """A loop is put together, goes out as a whole, and may be cancelled as a whole."""

    DRAFT = "draft"
    SENT = "sent"
    CANCELLED = "cancelled"


class AssignmentRole(StrEnum):
    """What an interviewer does in an interview; only the lead writes a scorecard that counts."""

    LEAD = "lead"
    SHADOW = "shadow"
    REVERSE_SHADOW = "reverse_shadow"


class Loop(Base):
    """The interviews of one application together; at most one that is not cancelled."""

    __tablename__ = "loop"
    __table_args__ = (
        unique_where("uq_loop_current", "application_id", where="state != 'cancelled'"),
        # The unique index above serves only those that are not cancelled, and only where that is said literally.
        Index(None, "application_id"),
        Index(None, "awaited_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    state: Mapped[LoopState] = mapped_column(default=LoopState.DRAFT)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    # The end of its last interview while the application waits for that, else None: a tick reads those that are over.
    awaited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    application: Mapped[Application] = relationship()
    interviews: Mapped[list["Interview"]] = relationship(back_populates="loop", order_by="Interview.position")
    overrides: Mapped[list["CapOverride"]] = relationship(back_populates="loop", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}


class Invited:
    """What an invited person answered last, None before that; ``answer_stamp`` is when he or she did, by the own clock.

    ``proposed_at`` is the beginning of another time that was asked for, where it could be read.
    """

    answer: Mapped[Answer | None]
    answered_at: Mapped[datetime | None]
    answer_stamp: Mapped[datetime | None]
    proposed_at: Mapped[datetime | None]


class Interview(Invited, Base):
    """One meeting of one candidate with its interviewer(s). Planned without a time at first.

    The answer is the candidate's, who is asked where the interview is a phone screen.

    ``position`` is the number of the phone screen, or the place in the loop. ``uid`` and ``sequence`` are those of its
    calendar event (RFC 5545): the uid never changes, the sequence rises with every change that was mailed.
    """

    __tablename__ = "interview"
    __table_args__ = (
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="both_ends"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="order"),
        CheckConstraint("(kind = 'loop') = (loop_id IS NOT NULL)", name="loop"),
        Index(None, "application_id", "starts_at"),
        Index(None, "loop_id"),
        Index(None, "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    loop_id: Mapped[int | None] = mapped_column(ForeignKey("loop.id"))
    kind: Mapped[InterviewKind]
    position: Mapped[int]
    name: Mapped[str]
    minutes: Mapped[int]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    # Where it takes place: a link, a room, a number.
    place: Mapped[str] = mapped_column(default="")
    state: Mapped[InterviewState] = mapped_column(default=InterviewState.PLANNED)
    uid: Mapped[str] = mapped_column(unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    application: Mapped[Application] = relationship()
    loop: Mapped[Loop | None] = relationship(back_populates="interviews")
    assignments: Mapped[list["Assignment"]] = relationship(back_populates="interview", order_by="Assignment.id")
    __mapper_args__ = {"version_id_col": version}

    @property
    def lead(self) -> "Assignment | None":
        """The seat of the interviewer who leads it now."""
        leads = (each for each in self.assignments if each.role is AssignmentRole.LEAD and each.ended_at is None)
        return next(leads, None)

    @property
    def trainees(self) -> list["Assignment"]:
        """The seats of those who sit in to learn: one at most."""
        seats = (each for each in self.assignments if each.role is not AssignmentRole.LEAD)
        return [each for each in seats if each.ended_at is None]


class Assignment(Invited, Base):
    """Interviewer x interview x the competencies that he or she evaluates.

    Taken back with ``ended_at`` once the interview went out, so that the record keeps who was asked before.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        unique_where("uq_assignment_current", "interview_id", "person_id", where="ended_at IS NULL"),
        Index(None, "interview_id"),
        Index(None, "person_id", "ended_at", "interview_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[AssignmentRole] = mapped_column(default=AssignmentRole.LEAD)
    ended_at: Mapped[datetime | None]
    # Its person said beforehand that he or she cannot hold the interview; somebody else is looked for.
    declined_at: Mapped[datetime | None]
    declined_reason: Mapped[str] = mapped_column(default="")

    interview: Mapped[Interview] = relationship(back_populates="assignments")
    person: Mapped[Person] = relationship()
    competencies: Mapped[list["AssignmentCompetency"]] = relationship(
        back_populates="assignment", cascade="all, delete-orphan", order_by="AssignmentCompetency.id"
    )


class AssignmentCompetency(Base):
    """One competency that an interviewer evaluates in an interview."""

    __tablename__ = "assignment_competency"
    __table_args__ = (UniqueConstraint("assignment_id", "competency_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"))
    competency_id: Mapped[int] = mapped_column(ForeignKey("competency.id"))

    assignment: Mapped[Assignment] = relationship(back_populates="competencies")
    competency: Mapped[Competency] = relationship()


class CapOverride(Base):
    """Somebody took it upon himself or herself to let a person interview beyond the cap in one loop."""

    __tablename__ = "cap_override"
    __table_args__ = (UniqueConstraint("loop_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    loop_id: Mapped[int] = mapped_column(ForeignKey("loop.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    loop: Mapped[Loop] = relationship(back_populates="overrides")
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    by: Mapped[Person] = relationship(foreign_keys=by_id)
