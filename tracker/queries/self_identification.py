"""Self-identification as it may be read, and the only module that reads it (the process, section 5).

A candidate's own choices are read for his or her own page, by its link alone; all else here is questions and counts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, selectinload

from tracker.models.application import Application, StageChange
from tracker.models.interview_plan import PlanStage
from tracker.models.requisition import Requisition
from tracker.models.self_identification import (
    SelfIdentificationAnswer,
    SelfIdentificationQuestion,
    SelfIdentificationYear,
)
from tracker.queries.visibility import NotFound
from tracker.rules.self_identification import RATHER_NOT_SAY, Reached, last_counted
from tracker.rules.stages import ApplicationState, StageKind

# What stands in place of the number of a choice.
NOT_SAID, NO_ANSWER = "rather_not_say", "no_answer"
NO_ANSWER_LABEL = "No answer"
_FURTHEST = {
    StageKind.PHONE_SCREEN: 1,
    StageKind.PHONE_SCREEN_OUTCOME: 1,
    StageKind.LOOP: 2,
    StageKind.OUTCOME: 2,
    StageKind.OFFER: 3,
}


@dataclass(frozen=True)
class Asked:
    """A question as a candidate sees it: choices are (value, label); ``chosen`` is the value of the own one, or ""."""

    question_id: int
    text: str
    choices: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True)
class Told:
    """What is told of a question: a label for each answer, with a number or None for each of ``Reached``."""

    text: str
    lines: tuple[tuple[str, Sequence[int | None]], ...]


def is_any_asked(session: Session) -> bool:
    """Whether candidates are asked anything."""
    standing = select(SelfIdentificationQuestion.id).where(SelfIdentificationQuestion.retired_at.is_(None))
    return session.scalar(standing.limit(1)) is not None


def asked(session: Session, application_id: int | None = None) -> Sequence[Asked]:
    """Return what is asked with an application (None: one of which nothing is shown), and what was answered before:
    that can be changed and taken back though it is not asked any more."""
    answers = select(SelfIdentificationAnswer).where(SelfIdentificationAnswer.application_id == application_id)
    given = {row.question_id: row.choice_id for row in session.scalars(answers)} if application_id else {}
    return [_asked(each, given) for each in questions(session) if each.id in given or each.retired_at is None]


def _asked(row: SelfIdentificationQuestion, given: Mapping[int, int | None]) -> Asked:
    chosen = given.get(row.id)
    offered = [(str(each.id), each.text) for each in row.choices if each.retired_at is None or each.id == chosen]
    value = "" if row.id not in given else NOT_SAID if chosen is None else str(chosen)
    return Asked(row.id, row.text, (*offered, (NOT_SAID, RATHER_NOT_SAY)), value)


def questions(session: Session) -> Sequence[SelfIdentificationQuestion]:
    """Return all questions with their choices, in the order in which they were added."""
    every = select(SelfIdentificationQuestion).options(selectinload(SelfIdentificationQuestion.choices))
    return session.scalars(every.order_by(SelfIdentificationQuestion.id)).all()


def question(session: Session, question_id: int) -> SelfIdentificationQuestion:
    """Return one question. Raises NotFound."""
    row = session.get(SelfIdentificationQuestion, question_id)
    if row is None:
        raise NotFound("question")
    return row


def years(session: Session) -> Sequence[int]:
    """Return the years that were counted, the last first."""
    counted = select(SelfIdentificationYear.year).distinct()
    return session.scalars(counted.order_by(SelfIdentificationYear.year.desc())).all()


def told(session: Session, year: int) -> Sequence[Told]:
    """Return what is told of a year that was counted, in the words of then; erased candidates count too."""
    of_year = select(SelfIdentificationYear).where(SelfIdentificationYear.year == year)
    found = session.scalars(of_year.order_by(SelfIdentificationYear.question_id))
    return [Told(row.text, tuple((label, row.figures[key]) for key, label in row.labels.items())) for row in found]


def labels_of(row: SelfIdentificationQuestion) -> dict[str, str]:
    """Return what the answers to a question are called, in the order in which they are counted."""
    choices = {str(each.id): each.text for each in row.choices}
    return choices | {NOT_SAID: RATHER_NOT_SAY, NO_ANSWER: NO_ANSWER_LABEL}


def next_to_count(session: Session, now: datetime, without: Collection[int]) -> int | None:
    """Return a question of which a year is to be counted, other than ``without``; None where none is."""
    rows = session.scalars(select(SelfIdentificationQuestion).order_by(SelfIdentificationQuestion.id))
    return next((row.id for row in rows if row.id not in without and years_to_count(session, row, now)), None)


def years_to_count(session: Session, row: SelfIdentificationQuestion, now: datetime) -> Sequence[int]:
    """Return the years that may be counted at ``now`` and were not, through the whole of which the question stood.

    Of one that was changed or retired within a year nothing is told: who else was asked meanwhile could be worked out.
    """
    if row.retired_at is not None:
        return []
    counted = set(
        session.scalars(select(SelfIdentificationYear.year).where(SelfIdentificationYear.question_id == row.id))
    )
    since = row.stands_since.astimezone(UTC)
    first = since.year if since == datetime(since.year, 1, 1, tzinfo=UTC) else since.year + 1
    return [year for year in range(first, last_counted(now) + 1) if year not in counted]


def tally(session: Session, row: SelfIdentificationQuestion, year: int) -> dict[str, list[int]]:
    """Count those who applied in a year (UTC): for each answer how many came how far at least, in the order of
    ``Reached``. All answers are there, no answer last. For the verb that keeps what may be told of it, and nobody else.

    A person counts once, however often he or she applied: as far as the best application came, with the last answer.
    Confidential requisitions are left out: a sum would tell that there are some.
    """
    begins, ends = (datetime(each, 1, 1, tzinfo=UTC) for each in (year, year + 1))
    step = case(
        (Application.state == ApplicationState.HIRED, 3),
        *((PlanStage.kind == kind, step) for kind, step in _FURTHEST.items()),
        else_=0,
    )
    furthest = (
        select(Application.id, Application.candidate_id, func.max(step).label("step"))
        .select_from(Application)
        .outerjoin(StageChange, StageChange.application_id == Application.id)
        .outerjoin(PlanStage, PlanStage.id == StageChange.to_stage_id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .where(Application.applied_at >= begins, Application.applied_at < ends, ~Requisition.is_confidential)
        .group_by(Application.id, Application.candidate_id)
        .subquery()
    )
    answer = SelfIdentificationAnswer
    key = case((answer.application_id.is_(None), -1), (answer.choice_id.is_(None), 0), else_=answer.choice_id)
    of_question = and_(answer.application_id == furthest.c.id, answer.question_id == row.id)
    chosen = select(furthest.c.candidate_id, key, furthest.c.step).select_from(furthest).outerjoin(answer, of_question)

    people: dict[int, tuple[str, int]] = {}
    for candidate_id, number, came in session.execute(chosen.order_by(furthest.c.id)):
        before, best = people.get(candidate_id, (NO_ANSWER, 0))
        said = {-1: before, 0: NOT_SAID}.get(number, str(number))
        people[candidate_id] = (said, max(came, best))
    found = {each: [0] * len(Reached) for each in labels_of(row)}
    for said, came in people.values():
        for each in range(came + 1):
            found[said][each] += 1
    return found
