"""Interviewers by competencies: what was found, as a debrief reads it. Contents come through the blind rule alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import BindParameter, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from tracker.db import AnySelect, UtcMoment
from tracker.models.competency import Competency
from tracker.models.interview import Assignment, AssignmentCompetency, Interview, InterviewState
from tracker.models.person import InterviewKind, Person
from tracker.models.scorecard import Evidence, Rating, Scorecard
from tracker.queries.in_order import AS_HELD
from tracker.queries.readings import SAME_READING, to_note
from tracker.queries.scorecards import readable
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import EvidenceContent, Recommendation, ScorecardState
from tracker.statements import rows


@dataclass(frozen=True)
class Column:
    """A submitted scorecard. ``author`` and ``typed_by`` are names; ``to_note``: that the viewer reads it is news."""

    id: int
    assignment_id: int
    author_id: int
    author: str
    typed_by: str | None
    confirmed_at: datetime | None
    recommendation: Recommendation
    summary: str
    submitted_at: datetime
    kind: InterviewKind
    to_note: bool


@dataclass(frozen=True)
class Cell:
    """What one interviewer found about one competency."""

    rating: int
    evidence: tuple[EvidenceContent, ...]


@dataclass(frozen=True)
class Matrix:
    """Interviewers by competencies. ``cells`` is keyed by scorecard id and competency name."""

    scorecards: Sequence[Column]
    competencies: tuple[str, ...]
    cells: Mapping[tuple[int, str], Cell]

    def with_rows(self, names: Sequence[str]) -> "Matrix":
        """Return the matrix with rows for competencies that nobody evaluated."""
        return replace(self, competencies=(*self.competencies, *names))

    def is_rated(self, name: str) -> bool:
        """Whether anybody rated a competency."""
        return any((each.id, name) in self.cells for each in self.scorecards)


def matrices(session: Session, viewer: Viewer, application_id: int, *, now: datetime) -> dict[InterviewKind, Matrix]:
    """Return the matrix of each kind of interview: the submitted scorecards that the viewer may read.

    Those count whose interview was held by their author. Three statements, however much was written.
    """
    of = {"application": application_id, "since": now - SAME_READING}
    columns = [Column(*row) for row in rows(session, _columns(viewer), of)]
    ids = {"scorecards": [each.id for each in columns]}
    told: dict[tuple[int, int], list[EvidenceContent]] = defaultdict(list)
    for scorecard_id, *parts in rows(session, _EVIDENCE, ids):
        told[scorecard_id, parts[0]].append(EvidenceContent(*parts))
    asked: dict[int, dict[str, Cell | None]] = {each.id: {} for each in columns}
    for scorecard_id, competency_id, name, rating in rows(session, _RATINGS, ids):
        evidence = tuple(told.get((scorecard_id, competency_id), ()))
        asked[scorecard_id][name] = Cell(rating, evidence) if rating is not None else None
    return {kind: _matrix([each for each in columns if each.kind is kind], asked) for kind in InterviewKind}


def _matrix(columns: list[Column], asked: Mapping[int, Mapping[str, Cell | None]]) -> Matrix:
    names = dict.fromkeys(name for each in columns for name in asked[each.id])
    found = ((each.id, name, cell) for each in columns for name, cell in asked[each.id].items())
    return Matrix(columns, tuple(names), {(key, name): cell for key, name, cell in found if cell is not None})


@lru_cache(maxsize=1024)
def _columns(viewer: Viewer) -> AnySelect:
    typist = aliased(Person)
    return (
        select(
            Scorecard.id,
            Scorecard.assignment_id,
            Scorecard.author_id,
            Person.name,
            typist.name,
            Scorecard.confirmed_at,
            Scorecard.recommendation,
            Scorecard.summary,
            Scorecard.submitted_at,
            Interview.kind,
            to_note(viewer.person_id, bindparam("since", type_=UtcMoment())),
        )
        .join(Assignment, Scorecard.assignment_id == Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Person, Scorecard.author_id == Person.id)
        .outerjoin(typist, Scorecard.typed_by_id == typist.id)
        .where(
            Scorecard.application_id == bindparam("application"),
            Scorecard.state == ScorecardState.SUBMITTED,
            Assignment.ended_at.is_(None),
            Interview.state == InterviewState.SENT,
            readable(viewer),
        )
        .order_by(*AS_HELD, Scorecard.id)
    )


_THESE: BindParameter[list[int]] = bindparam("scorecards", expanding=True)
_RATINGS = (
    select(Scorecard.id, Competency.id, Competency.name, Rating.rating)
    .join(AssignmentCompetency, AssignmentCompetency.assignment_id == Scorecard.assignment_id)
    .join(Competency, AssignmentCompetency.competency_id == Competency.id)
    .outerjoin(Rating, and_(Rating.scorecard_id == Scorecard.id, Rating.competency_id == Competency.id))
    .where(Scorecard.id.in_(_THESE))
    .order_by(AssignmentCompetency.id)
)
_EVIDENCE: AnySelect = (
    select(
        Evidence.scorecard_id, Evidence.competency_id, Evidence.question, Evidence.situation, Evidence.task,
        Evidence.action, Evidence.result, Evidence.metric,
    )
    .where(Evidence.scorecard_id.in_(_THESE))
    .order_by(Evidence.position)
)  # fmt: skip
