"""Who learns to interview: how far each has come, in whose interviews, and who may sign whom off.

Nothing here names a candidate: a training is about the interviewer, and is read by people who see no applications.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.db import UtcMoment
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.models.training import Training, TrainingState
from tracker.queries.trainees import SeatLine, path_of, rows_of, sat_of
from tracker.queries.visibility import NotFound
from tracker.rules.permissions import Viewer, may_see_community
from tracker.rules.training import Progress, TrainingRole, progress, why_not_sign_off
from tracker.rules.words import sort_name
from tracker.statements import rows


@dataclass(frozen=True)
class TrainingLine:
    """One training: its row, how far it has come and by which interviews, the earliest first.

    ``why_not`` says why the viewer cannot sign it off; None where he or she can.
    """

    row: Training
    progress: Progress
    seats: tuple[SeatLine, ...]
    why_not: str | None

    @property
    def competencies(self) -> tuple[str, ...]:
        """What is learnt, by name."""
        return tuple(sorted((each.competency.name for each in self.row.competencies), key=sort_name))

    @property
    def next_seat(self) -> SeatLine | None:
        """The next interview that he or she sits in."""
        coming = {(each.part, each.starts_at) for each in self.progress.coming}
        return next((each for each in self.seats if (each.part, each.starts_at) in coming), None)

    @property
    def has_sat(self) -> bool:
        """Whether an interview of the path was held: from then on nothing new comes to what is learnt."""
        return self.progress.shadowed + self.progress.reverse_shadowed > 0

    @property
    def is_ready(self) -> bool:
        """Whether only the sign-off is missing."""
        return self.row.state is TrainingState.OPEN and self.progress.is_ready


@dataclass(frozen=True)
class Concerning:
    """What concerns one person: the own trainings, and those that wait for nothing but his or her word."""

    own: tuple[TrainingLine, ...]
    to_sign_off: tuple[TrainingLine, ...]


def get(session: Session, viewer: Viewer, training_id: int, *, now: datetime) -> TrainingLine:
    """Return a training to the recruiting side, admins, the person, and leads who watched. Raises NotFound."""
    found = _lines(session, viewer, Training.id == training_id, now)
    if found:
        line = found[0]
        if may_see_community(viewer) or viewer.person_id in {line.row.person_id, *_watchers(line, now)}:
            return line
    raise NotFound(f"training {training_id}")


def going_on(session: Session, viewer: Viewer, *, now: datetime) -> list[TrainingLine]:
    """Return the trainings that go on of people who are here, who is ready first, then by name."""
    here = Training.person_id.in_(select(Person.id).where(Person.is_active))
    lines = _lines(session, viewer, and_(Training.state == TrainingState.OPEN, here), now)
    return sorted(lines, key=lambda line: (not line.is_ready, sort_name(line.row.person.name), line.row.id))


def lately_signed_off(session: Session, viewer: Viewer, *, since: datetime, now: datetime) -> list[TrainingLine]:
    """Return the trainings that were signed off since then, the latest first."""
    of = and_(Training.state == TrainingState.SIGNED_OFF, Training.closed_at > since)
    return sorted(_lines(session, viewer, of, now), key=lambda line: line.row.closed_at or now, reverse=True)


def concerning(session: Session, viewer: Viewer, *, now: datetime) -> Concerning:
    """Return the viewer's own trainings that go on, and those that he or she can sign off now."""
    ids = [each for (each,) in rows(session, _CONCERNING, {"viewer": viewer.person_id, "now": now})]
    lines = _lines(session, viewer, Training.id.in_(ids), now) if ids else []
    return Concerning(
        own=tuple(line for line in lines if line.row.person_id == viewer.person_id),
        to_sign_off=tuple(
            line for line in lines if line.is_ready and line.why_not is None and line.row.person.is_active
        ),
    )


_VIEWER, _LEAD, _SEAT = bindparam("viewer", type_=Integer()), aliased(Assignment), aliased(Assignment)
_WATCHED = (
    select(_SEAT.person_id)
    .join(_LEAD, and_(_LEAD.interview_id == _SEAT.interview_id, _LEAD.role == AssignmentRole.LEAD))
    .join(Interview, Interview.id == _SEAT.interview_id)
    .where(
        _LEAD.person_id == _VIEWER,
        _LEAD.ended_at.is_(None),
        _LEAD.declined_at.is_(None),
        _SEAT.role == AssignmentRole.REVERSE_SHADOW,
        Interview.ends_at <= bindparam("now", type_=UtcMoment()),
    )
)
# Whom it may concern: who learns, who began it, who watched somebody who reverse-shadowed.
_CONCERNING = select(Training.id).where(
    Training.state == TrainingState.OPEN,
    or_(Training.person_id == _VIEWER, Training.begun_by_id == _VIEWER, Training.person_id.in_(_WATCHED)),
)


def _lines(session: Session, viewer: Viewer, condition: ColumnElement[bool], now: datetime) -> list[TrainingLine]:
    trainings = rows_of(session, condition)
    seats = sat_of(session, [row.id for row in trainings], (InterviewState.SENT,))
    qualified = _qualified(session, viewer, trainings)
    found = []
    for row in trainings:
        sat = [each.sat for each in seats[row.id] if each.counts(now)]
        line = TrainingLine(row, progress(path_of(row), sat, now), tuple(seats[row.id]), None)
        knows = {each.competency_id for each in row.competencies} <= qualified.get(row.kind, set())
        has_watched = knows and viewer.person_id in _watchers(line, now)
        why_not = why_not_sign_off(viewer, row.person_id, has_watched, line.progress.is_ready)
        if why_not is None and not row.person.is_active:
            why_not = f"{row.person.name} is not active any more, and cannot be qualified: end the training."
        found.append(TrainingLine(row, line.progress, line.seats, why_not))
    return found


def _watchers(line: TrainingLine, now: datetime) -> set[int]:
    """Return who led an interview that was reverse-shadowed and is over."""
    over = (each for each in line.seats if each.part is TrainingRole.REVERSE_SHADOW and each.ends_at <= now)
    return {each.lead_id for each in over if each.lead_id is not None}


def _qualified(session: Session, viewer: Viewer, trainings: Iterable[Training]) -> dict[InterviewKind, set[int]]:
    found: defaultdict[InterviewKind, set[int]] = defaultdict(set)
    if trainings:
        query = select(InterviewerQualification.kind, InterviewerQualification.competency_id)
        for kind, competency_id in session.execute(query.where(InterviewerQualification.person_id == viewer.person_id)):
            found[kind].add(competency_id)
    return found
