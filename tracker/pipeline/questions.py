"""The question bank: added to, changed, retired, replaced, taken in from a file; and who asks what."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models.competency import Competency
from tracker.models.interview import Assignment, AssignmentRole, InterviewState
from tracker.models.person import Person
from tracker.models.question import AssignmentQuestion, Question
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.rules.questions import BadFile, Entry, QuestionKind, QuestionLevel
from tracker.rules.refused import Refused
from tracker.rules.words import counted

MOST_HELD = 5


class QuestionTaken(Refused):
    """The competency has this question already."""


class Retired(Refused):
    """The question is not asked any more."""


class NotYours(Refused):
    """The question cannot be held for this interview."""


@dataclass(frozen=True)
class QuestionFacts:
    """What a form says about a question."""

    competency_id: int
    kind: QuestionKind
    level: QuestionLevel
    text: str
    good_answer: str = ""
    weak_answer: str = ""
    ask_situation: str = ""
    ask_task: str = ""
    ask_action: str = ""
    ask_result: str = ""


def add(session: Session, facts: QuestionFacts, *, by: Person, now: datetime) -> Question:
    """Add a question. Raises QuestionTaken."""
    row = Question(created_at=now)
    _assign(session, row, facts)
    session.add(row)
    session.flush()
    note_change(session, "questions.add", f"A question for {_about(session, row)} was added", by=by, now=now)
    return row


def edit(
    session: Session, row: Question, facts: QuestionFacts, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Change the words of a question; for another question, replace it. Raises Stale, QuestionTaken."""
    expect(row, version)
    _assign(session, row, facts)
    session.flush()
    note_change(session, "questions.edit", f"A question for {_about(session, row)} was changed", by=by, now=now)


def replace(
    session: Session, row: Question, facts: QuestionFacts, *, by: Person, now: datetime, version: int | None = None
) -> Question:
    """Retire a question and add the one that is asked instead; what was asked before stays what it was.

    Raises Stale, Retired, QuestionTaken.
    """
    expect(row, version)
    if row.retired_at is not None:
        raise Retired("This question was retired already. Add the new one by itself.")
    made = Question(created_at=now)
    _assign(session, made, facts)
    session.add(made)
    session.flush()
    row.retired_at, row.replaced_by_id = now, made.id
    session.flush()
    note_change(session, "questions.replace", f"A question for {_about(session, row)} was replaced", by=by, now=now)
    return made


def retire(session: Session, row: Question, *, by: Person, now: datetime, version: int | None = None) -> None:
    """Propose a question no more. Who holds it already may still ask it. Raises Stale, Retired."""
    expect(row, version)
    if row.retired_at is not None:
        raise Retired("This question was retired already.")
    row.retired_at = now
    session.flush()
    note_change(session, "questions.retire", f"A question for {_about(session, row)} was retired", by=by, now=now)


def bring_back(session: Session, row: Question, *, by: Person, now: datetime, version: int | None = None) -> None:
    """Propose a retired question again. Raises Stale."""
    expect(row, version)
    row.retired_at = row.replaced_by_id = None
    session.flush()
    note_change(session, "questions.bring_back", f"A question for {_about(session, row)} is back", by=by, now=now)


def take_in(session: Session, entries: Sequence[Entry], *, by: Person | None, now: datetime) -> tuple[int, int]:
    """Take in a file: a question that the competency has already is changed, any other is added.

    Returns how many were added and how many changed. Raises BadFile, where a competency is not known; nothing of the
    file is taken in then.
    """
    known = {name.casefold(): key for key, name in session.execute(select(Competency.id, Competency.name))}
    there = {(row.competency_id, row.text): row for row in session.scalars(select(Question))}
    added = changed = 0
    for number, each in enumerate(entries, 1):
        competency_id = known.get(each.competency.casefold())
        if competency_id is None:
            raise BadFile(f"Question {number}: there is no competency “{each.competency}”.", field="file")
        said = {field.name: getattr(each, field.name) for field in fields(Entry)}
        said["kind"], said["level"] = QuestionKind(each.kind), QuestionLevel(each.level)
        del said["competency"]
        text = said.pop("question")
        row = there.get((competency_id, text))
        if row is None:
            row = there[competency_id, text] = Question(competency_id=competency_id, text=text, created_at=now)
            session.add(row)
            added += 1
        elif any(getattr(row, name) != value for name, value in said.items()):
            changed += 1
        _set(row, said)
    session.flush()
    if by is not None and added + changed:
        text = f"{counted(added, 'question')} were added and {changed} changed from a file"
        note_change(session, "questions.take_in", text, by=by, now=now)
    return added, changed


def hold(session: Session, assignment: Assignment, question: Question, *, by: Person, now: datetime) -> None:
    """Note that the interviewer asks a question in this interview; the others of the loop are warned of it.

    Raises NotYours, Retired.
    """
    take_turn(session, assignment.interview.application)
    _check_own(assignment, question, by)
    held = list(
        session.scalars(select(AssignmentQuestion).where(AssignmentQuestion.assignment_id == assignment.id)).all()
    )
    if any(each.question_id == question.id for each in held):
        return
    if question.retired_at is not None:
        raise Retired("This question is not asked any more: choose another.")
    if len(held) >= MOST_HELD:
        raise NotYours(f"{MOST_HELD} questions are more than an hour holds: let one go first.")
    session.add(AssignmentQuestion(assignment_id=assignment.id, question_id=question.id, at=now))
    session.flush()


def let_go(session: Session, assignment: Assignment, question: Question, *, by: Person) -> None:
    """Take back that a question is asked in this interview. Raises NotYours."""
    take_turn(session, assignment.interview.application)
    _check_own(assignment, question, by)
    row = session.scalar(
        select(AssignmentQuestion).where(
            AssignmentQuestion.assignment_id == assignment.id, AssignmentQuestion.question_id == question.id
        )
    )
    if row is not None:
        session.delete(row)
        session.flush()


def _check_own(assignment: Assignment, question: Question, by: Person) -> None:
    if assignment.person_id != by.id or assignment.role is not AssignmentRole.LEAD or assignment.ended_at is not None:
        raise NotYours("Only the interviewer who leads an interview chooses its questions.")
    if assignment.interview.state is not InterviewState.SENT:
        raise NotYours("This interview was cancelled: nothing is asked in it.")
    if question.competency_id not in {each.competency_id for each in assignment.competencies}:
        raise NotYours("This question is about a competency that somebody else evaluates.")


def _assign(session: Session, row: Question, facts: QuestionFacts) -> None:
    with session.no_autoflush:
        same = select(Question.id).where(
            Question.competency_id == facts.competency_id, func.lower(Question.text) == facts.text.lower()
        )
        taken = session.scalar(same.where(Question.id != row.id) if row.id else same)
    if taken is not None:
        raise QuestionTaken("The bank has this question for this competency already.", field="text")
    _set(row, {field.name: getattr(facts, field.name) for field in fields(QuestionFacts)})


def _set(row: Question, said: dict[str, Any]) -> None:
    for name, value in said.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _about(session: Session, row: Question) -> str:
    return session.get_one(Competency, row.competency_id).name
