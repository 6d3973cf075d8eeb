"""The question bank as its pages show it: who uses a question, how often, and what it tells apart."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.competency import Competency
from tracker.models.interview import Assignment
from tracker.models.person import Person
from tracker.models.question import AssignmentQuestion, Question
from tracker.queries.scorecards import ratings_by_decision
from tracker.queries.visibility import NotFound
from tracker.rules.permissions import Viewer
from tracker.rules.questions import Entry, QuestionKind, QuestionLevel, Separation, separation


@dataclass(frozen=True)
class Filters:
    """What the list of questions is narrowed to; None: all."""

    competency_id: int | None = None
    kind: QuestionKind | None = None
    level: QuestionLevel | None = None
    with_retired: bool = False


@dataclass(frozen=True)
class Listed:
    """One line of the bank: ``uses`` counts the interviews, ``people`` those who asked it."""

    question: Question
    uses: int
    people: int


def bank(session: Session, filters: Filters) -> Sequence[Listed]:
    """Return the questions, by competency, each with how often it is asked."""
    uses = select(func.count()).where(AssignmentQuestion.question_id == Question.id).scalar_subquery()
    people = (
        select(func.count(Assignment.person_id.distinct()))
        .join(AssignmentQuestion, AssignmentQuestion.assignment_id == Assignment.id)
        .where(AssignmentQuestion.question_id == Question.id)
        .scalar_subquery()
    )
    query = select(Question, uses, people).join(Question.competency).options(joinedload(Question.competency))
    if filters.competency_id is not None:
        query = query.where(Question.competency_id == filters.competency_id)
    if filters.kind is not None:
        query = query.where(Question.kind == filters.kind)
    if filters.level is not None:
        query = query.where(Question.level == filters.level)
    if not filters.with_retired:
        query = query.where(Question.retired_at.is_(None))
    order = (Competency.kind.desc(), Competency.name, Question.retired_at.is_not(None), Question.id)
    return [Listed(*row) for row in session.execute(query.order_by(*order))]


def entries(session: Session) -> list[Entry]:
    """Return the bank as it goes into a file: the questions that are in use."""
    return [
        Entry(
            competency=row.competency.name,
            kind=row.kind.value,
            level=row.level.value,
            question=row.text,
            good_answer=row.good_answer,
            weak_answer=row.weak_answer,
            ask_situation=row.ask_situation,
            ask_task=row.ask_task,
            ask_action=row.ask_action,
            ask_result=row.ask_result,
        )
        for row in (each.question for each in bank(session, Filters()))
    ]


def question(session: Session, question_id: int) -> Question:
    """Return a question. Raises NotFound."""
    found = session.get(Question, question_id, options=[joinedload(Question.competency)])
    if found is None:
        raise NotFound(f"question {question_id}")
    return found


def users(session: Session, question_id: int) -> Sequence[tuple[str, int]]:
    """Return who asks a question and in how many interviews, the most first."""
    rows = session.execute(
        select(Person.name, func.count())
        .join(Assignment, Assignment.person_id == Person.id)
        .join(AssignmentQuestion, AssignmentQuestion.assignment_id == Assignment.id)
        .where(AssignmentQuestion.question_id == question_id)
        .group_by(Person.id, Person.name)
        .order_by(func.count().desc(), Person.name)
    )
    return [(name, count) for name, count in rows]


def separates(session: Session, viewer: Viewer, row: Question) -> Separation | None:
    """Return how a question separates hire from no hire; None where there are too few ratings to tell."""
    asked = select(AssignmentQuestion.assignment_id).where(AssignmentQuestion.question_id == row.id)
    sides: dict[bool, Counter[int]] = defaultdict(Counter)
    for is_hire, rating, count in ratings_by_decision(session, viewer, asked, row.competency_id):
        sides[is_hire][rating] += count
    return separation(sides[True], sides[False])


def competencies(session: Session) -> list[tuple[int, str]]:
    """Return (id, name) of the competencies, to choose from."""
    rows = session.execute(select(Competency.id, Competency.name).order_by(Competency.name))
    return [(key, name) for key, name in rows]
