"""The draft that an interviewer writes, read as cheaply as it is saved: as often as somebody pauses in typing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.competency import Competency
from tracker.models.interview import Assignment, AssignmentCompetency, AssignmentRole, Interview, InterviewState
from tracker.models.question import AssignmentQuestion, Question
from tracker.models.scorecard import Evidence, Rating, Scorecard
from tracker.queries import visibility
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import EvidenceContent, ScorecardContent, ScorecardState
from tracker.statements import rows


@dataclass(frozen=True)
class OwnDraft:
    """What stands in a draft, with the names of its assignment's competencies by id, in their order on the form."""

    scorecard_id: int
    version: int
    names: Mapping[int, str]
    content: ScorecardContent


def own_draft(session: Session, viewer: Viewer, assignment_id: int) -> OwnDraft | None:
    """Return the viewer's own draft of an assignment, held against everybody else until the transaction ends.

    None where he or she cannot write it (any more), for whatever reason: ``own_assignment`` and ``why_not_writable``
    know which. One statement asks all that those two ask, and holds the row: what submits, amends or dictates the
    scorecard changes that row too, and finds the version raised.
    """
    card = rows(session, _draft(viewer), {"assignment": assignment_id}).one_or_none()
    if card is None:
        return None
    of = {"assignment": assignment_id, "scorecard": card.id}
    rated = rows(session, _RATED, of).all()
    evidence = tuple(EvidenceContent(*row) for row in rows(session, _EVIDENCE, of))
    ratings = {row.competency_id: row.rating for row in rated if row.rating is not None}
    content = ScorecardContent(card.recommendation, card.summary, ratings, evidence)
    return OwnDraft(card.id, card.version, {row.competency_id: row.name for row in rated}, content)


def held_texts(session: Session, assignment_id: int) -> frozenset[str]:
    """Return the texts of the questions that are asked in an assignment's interview."""
    return frozenset(text for (text,) in rows(session, _HELD, {"assignment": assignment_id}))


@lru_cache(maxsize=1024)
def _draft(viewer: Viewer) -> AnySelect:
    return (
        select(Scorecard.id, Scorecard.version, Scorecard.recommendation, Scorecard.summary)
        .join(Assignment, Scorecard.assignment_id == Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Application, Scorecard.application_id == Application.id)
        .where(
            Scorecard.assignment_id == bindparam("assignment"),
            Scorecard.author_id == viewer.person_id,
            Scorecard.state != ScorecardState.SUBMITTED,
            Assignment.person_id == viewer.person_id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.ended_at.is_(None),
            Interview.state == InterviewState.SENT,
            Application.erased_at.is_(None),
            visibility.not_own(viewer),
        )
        .with_for_update(of=Scorecard, key_share=True)
    )


_RATED = (
    select(AssignmentCompetency.competency_id, Competency.name, Rating.rating)
    .join(Competency, AssignmentCompetency.competency_id == Competency.id)
    .outerjoin(
        Rating,
        and_(Rating.competency_id == AssignmentCompetency.competency_id, Rating.scorecard_id == bindparam("scorecard")),
    )
    .where(AssignmentCompetency.assignment_id == bindparam("assignment"))
    .order_by(AssignmentCompetency.id)
)
_EVIDENCE: AnySelect = (
    select(
        Evidence.competency_id, Evidence.question, Evidence.situation, Evidence.task, Evidence.action, Evidence.result,
        Evidence.metric,
    )
    .where(Evidence.scorecard_id == bindparam("scorecard"))
    .order_by(Evidence.position)
)  # fmt: skip
_HELD = (
    select(Question.text)
    .join(AssignmentQuestion, AssignmentQuestion.question_id == Question.id)
    .where(AssignmentQuestion.assignment_id == bindparam("assignment"))
)
