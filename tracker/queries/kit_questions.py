"""The questions of an interview kit: those its interviewer holds or is proposed, and who else holds them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.interview import Assignment, Interview, InterviewState
from tracker.models.question import AssignmentQuestion, Question
from tracker.queries.visibility import NotFound
from tracker.rules.questions import Banked, alternative, propose


@dataclass(frozen=True)
class KitQuestion:
    """A question of the kit. ``also_in`` names the other interviews of the application in which it is asked."""

    question: Question
    also_in: tuple[str, ...] = ()
    instead: Question | None = None


@dataclass(frozen=True)
class KitQuestions:
    """What the interviewer asks (``held``), what is proposed where nothing is held yet, and what else the bank has."""

    held: tuple[KitQuestion, ...]
    proposed: tuple[KitQuestion, ...]
    others: tuple[KitQuestion, ...]


def held(session: Session, assignment_id: int) -> Sequence[Question]:
    """Return the questions that are asked in an assignment's interview, in the order in which they were chosen."""
    return session.scalars(
        select(Question)
        .join(AssignmentQuestion, AssignmentQuestion.question_id == Question.id)
        .where(AssignmentQuestion.assignment_id == assignment_id)
        .order_by(AssignmentQuestion.id)
    ).all()


def for_kit(session: Session, assignment: Assignment) -> KitQuestions:
    """Return the questions of one's own kit. It says in which interview a question is asked, never what came of it."""
    mine = held(session, assignment.id)
    elsewhere = _elsewhere(session, assignment)
    bank = _bank(session, assignment)
    rows = {row.id: row for row, _ in bank} | {row.id: row for row in mine}
    banked = [Banked(row.id, row.competency_id, uses) for row, uses in bank]
    own = {row.id for row in mine}

    def shown(row: Question) -> KitQuestion:
        also_in = tuple(elsewhere.get(row.id, ()))
        if not also_in:
            return KitQuestion(row)
        of = Banked(row.id, row.competency_id)
        found = alternative(banked, of, elsewhere.keys(), own, turn=assignment.id)
        return KitQuestion(row, also_in, rows[found] if found is not None else None)

    competency_ids = [each.competency_id for each in assignment.competencies]
    proposed = [] if mine else propose(banked, competency_ids, elsewhere.keys(), turn=assignment.id)
    rest = [row for row, _ in bank if row.id not in own and row.id not in proposed]
    return KitQuestions(
        held=tuple(map(shown, mine)),
        proposed=tuple(shown(rows[each]) for each in proposed),
        others=tuple(map(shown, sorted(rest, key=lambda row: (row.id in elsewhere, row.id)))),
    )


def asked(session: Session, question_id: int) -> Question:
    """Return a question. Raises NotFound."""
    found = session.get(Question, question_id)
    if found is None:
        raise NotFound(f"question {question_id}")
    return found


def _bank(session: Session, assignment: Assignment) -> Sequence[tuple[Question, int]]:
    ids = [each.competency_id for each in assignment.competencies]
    uses = select(func.count()).where(AssignmentQuestion.question_id == Question.id).scalar_subquery()
    query = select(Question, uses).where(Question.competency_id.in_(ids), Question.retired_at.is_(None))
    return [(row, count) for row, count in session.execute(query.options(joinedload(Question.competency)))]


def _elsewhere(session: Session, assignment: Assignment) -> dict[int, list[str]]:
    """Return the names of the interviews in which others ask a question, by the question's id."""
    rows = session.execute(
        select(AssignmentQuestion.question_id, Interview.name)
        .join(Assignment, AssignmentQuestion.assignment_id == Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(
            Interview.application_id == assignment.interview.application_id,
            Interview.state == InterviewState.SENT,
            Assignment.ended_at.is_(None),
            Assignment.id != assignment.id,
        )
        .order_by(Interview.kind.desc(), Interview.position)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for question_id, name in rows:
        if name not in found[question_id]:
            found[question_id].append(name)
    return dict(found)
