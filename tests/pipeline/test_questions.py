"""The question bank and who holds what."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.debrief import Decision
from tracker.models.question import AssignmentQuestion, Question
from tracker.pipeline import questions
from tracker.pipeline.questions import NotYours, QuestionFacts, QuestionTaken, Retired
from tracker.pipeline.seed import QUESTIONS
from tracker.queries import questions as queries
from tracker.queries.visibility import viewer_of
from tracker.rules.questions import BadFile, QuestionKind, QuestionLevel, from_csv
from tracker.rules.refused import Stale
from tracker.rules.stages import DecisionKind, StageKind


def facts(world: World, text: str = "What did you do?", competency_id: int | None = None) -> QuestionFacts:
    key = competency_id or world.competency("Own it").id
    return QuestionFacts(key, QuestionKind.BEHAVIOURAL, QuestionLevel.ANY, text)


def test_it_is_added_changed_replaced_retired_and_brought_back(session: Session, world: World) -> None:
    admin, said = world.admin(), facts(world)
    row = questions.add(session, said, by=admin, now=MONDAY)
    with pytest.raises(QuestionTaken):
        questions.add(session, replace(said, text=said.text.upper()), by=admin, now=MONDAY)
    questions.edit(session, row, replace(said, good_answer="Numbers"), by=admin, now=MONDAY, version=row.version)
    assert row.good_answer == "Numbers"
    with pytest.raises(Stale):
        questions.edit(session, row, said, by=admin, now=MONDAY, version=row.version - 1)
    made = questions.replace(session, row, replace(said, text="Another?"), by=admin, now=MONDAY)
    assert (row.replaced_by_id, row.retired_at, made.retired_at) == (made.id, MONDAY, None)
    with pytest.raises(Retired):
        questions.retire(session, row, by=admin, now=MONDAY)
    questions.bring_back(session, row, by=admin, now=MONDAY)
    assert (row.replaced_by_id, row.retired_at) == (None, None)


def test_a_file_is_taken_in_whole_or_not_at_all(session: Session, world: World) -> None:
    entries = from_csv(QUESTIONS.read_text(encoding="utf-8"))
    with pytest.raises(BadFile, match="there is no competency"):
        questions.take_in(session, entries, by=None, now=MONDAY)
    session.rollback()
    for name in {each.competency for each in entries}:
        world.competency(name)
    assert questions.take_in(session, entries, by=None, now=MONDAY) == (len(entries), 0)
    assert sorted(map(repr, queries.entries(session))) == sorted(map(repr, entries)), "and comes out as it was"
    again = [replace(entries[0], weak_answer="new"), *entries[1:]]
    assert questions.take_in(session, again, by=world.admin(), now=MONDAY) == (0, 1)
    assert session.scalar(select(func.count(Question.id))) == len(entries)


def test_only_the_lead_holds_questions_of_his_or_her_competencies(session: Session, world: World) -> None:
    application = world.application(stage=StageKind.LOOP)
    mine, other = world.loop(application, (world.person(), world.person()))
    own = questions.add(
        session, facts(world, competency_id=mine.competencies[0].competency_id), by=world.admin(), now=MONDAY
    )
    for _ in range(2):
        questions.hold(session, mine, own, by=mine.person, now=MONDAY)
    assert session.scalar(select(func.count(AssignmentQuestion.id))) == 1
    with pytest.raises(NotYours, match="only the interviewer|Only the interviewer"):
        questions.hold(session, mine, own, by=other.person, now=MONDAY)
    with pytest.raises(NotYours, match="somebody else evaluates"):
        questions.hold(session, other, own, by=other.person, now=MONDAY)
    assert [(each.uses, each.people) for each in queries.bank(session, queries.Filters())] == [(1, 1)]
    assert queries.users(session, own.id) == [(mine.person.name, 1)]
    questions.let_go(session, mine, own, by=mine.person)
    assert session.scalar(select(func.count(AssignmentQuestion.id))) == 0


def test_what_a_question_separates_is_held_back_while_small(session: Session, world: World) -> None:
    admin = world.admin()
    row = None
    for number in range(10):
        application = world.application(stage=StageKind.OUTCOME)
        assignment = world.loop(application, (world.person(),))[0]
        competency = assignment.competencies[0].competency_id
        row = row or questions.add(session, facts(world, competency_id=competency), by=admin, now=MONDAY)
        questions.hold(session, assignment, row, by=assignment.person, now=MONDAY)
        assert queries.separates(session, viewer_of(session, admin), row) is None
        is_hire = number % 2 == 0
        world.scorecard(assignment, rating=4 if is_hire else 2)
        kind = DecisionKind.HIRE if is_hire else DecisionKind.NO_HIRE
        world.keep(
            Decision(
                application_id=application.id, kind=kind, owner_id=admin.id, rationale="x", decided_at=MONDAY
            )
        )  # fmt: skip
    assert row is not None
    found = queries.separates(session, viewer_of(session, admin), row)
    assert found is not None
    assert found.difference == 2
