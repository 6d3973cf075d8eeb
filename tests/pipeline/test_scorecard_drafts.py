"""Drafts that are saved as one types: the same rows as by the mapper, nothing lost, and only by whom it may."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.test_scorecards import full
from tracker.models.interview import Assignment, AssignmentCompetency, InterviewState
from tracker.models.question import AssignmentQuestion, Question
from tracker.models.scorecard import Scorecard
from tracker.pipeline import scorecard_drafts, scorecards
from tracker.pipeline.scorecard_contents import content_of
from tracker.queries.scorecard_drafts import OwnDraft, held_texts, own_draft
from tracker.queries.visibility import viewer_of
from tracker.rules.permissions import Viewer
from tracker.rules.questions import QuestionKind
from tracker.rules.scorecard_merge import merge
from tracker.rules.scorecards import EvidenceContent, Recommendation, ScorecardContent
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

AFTER = MONDAY + timedelta(days=2)
PARTS = ("question", "situation", "task", "action", "result", "metric")


@pytest.fixture
def mine(session: Session, world: World, in_app: Flask) -> Assignment:
    """An interview of a loop, held on Tuesday, with three competencies."""
    application = world.application(stage=StageKind.LOOP)
    made, _ = world.loop(application, (world.person("Anna A"), world.person("Ben B")))
    more = [world.competency(f"One more {number}").id for number in range(2)]
    world.keep(*(AssignmentCompetency(assignment_id=made.id, competency_id=each) for each in more))
    session.commit()
    return made


def viewer(session: Session, assignment: Assignment) -> Viewer:
    return viewer_of(session, assignment.person)


def draft(session: Session, assignment: Assignment) -> OwnDraft:
    found = own_draft(session, viewer(session, assignment), assignment.id)
    assert found is not None
    return found


def save(session: Session, mine: Assignment, content: ScorecardContent, version: int | None = None) -> tuple[int, bool]:
    own = draft(session, mine)
    return scorecard_drafts.save(session, own, content, now=AFTER, version=own.version if version is None else version)


def stands(session: Session, mine: Assignment) -> ScorecardContent:
    session.expire_all()
    return content_of(session.scalars(select(Scorecard).where(Scorecard.assignment_id == mine.id)).one())


def contents(ids: list[int]) -> st.SearchStrategy[ScorecardContent]:
    texts = st.text(st.sampled_from("ab c"), max_size=4).map(str.strip)
    records = st.builds(EvidenceContent, competency_id=st.sampled_from(ids), **dict.fromkeys(PARTS, texts))
    return st.builds(
        ScorecardContent,
        recommendation=st.none() | st.sampled_from(Recommendation),
        summary=texts,
        ratings=st.dictionaries(st.sampled_from(ids), st.none() | st.integers(1, 4)),
        evidence=st.lists(records, max_size=4).map(tuple),
    )


def as_rows(content: ScorecardContent) -> ScorecardContent:
    ratings = {key: value for key, value in content.ratings.items() if value}
    evidence = tuple(each for each in content.evidence if not each.is_empty)
    return ScorecardContent(content.recommendation, content.summary, ratings, evidence)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_the_rows_are_those_that_the_mapper_writes(session: Session, mine: Assignment, data: st.DataObject) -> None:
    ids = [each.competency_id for each in mine.competencies]
    for content in data.draw(st.lists(contents(ids), min_size=1, max_size=3)):
        before = draft(session, mine)
        assert before.content == stands(session, mine)
        assert save(session, mine, content) == (before.version + 1, False)
        assert stands(session, mine) == as_rows(content)
        other = draft(session, mine)
        assert list(other.names) == ids
        scorecards.save_draft(session, mine, content, by=mine.person, now=AFTER, version=other.version)
        assert stands(session, mine) == as_rows(content), "the mapper agrees, and takes the version for the row's"


def in_order(content: ScorecardContent, ids: list[int]) -> ScorecardContent:
    """The content as the form shows it: records by competency."""
    records = sorted(content.evidence, key=lambda each: ids.index(each.competency_id))
    return replace(content, evidence=tuple(records))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_of_two_devices_nothing_is_lost(session: Session, mine: Assignment, data: st.DataObject) -> None:
    ids = [each.competency_id for each in mine.competencies]
    seen = draft(session, mine).version
    before = data.draw(contents(ids))
    save(session, mine, before)
    late = data.draw(contents(ids))
    _, is_merged = save(session, mine, late, seen)
    assert stands(session, mine) == as_rows(merge(as_rows(before), late))
    assert is_merged is (in_order(stands(session, mine), ids) != in_order(as_rows(late), ids))


def test_what_is_sent_again_because_its_answer_was_lost_is_no_merging(session: Session, mine: Assignment) -> None:
    seen = draft(session, mine).version
    save(session, mine, full(mine), seen)
    assert save(session, mine, full(mine), seen) == (seen + 2, False)
    assert stands(session, mine) == full(mine)


def test_what_is_about_other_competencies_is_left_out(session: Session, mine: Assignment, world: World) -> None:
    other = world.competency("Another").id
    save(session, mine, ScorecardContent(ratings={other: 3}, evidence=(EvidenceContent(other, "Q", action="done"),)))
    assert stands(session, mine) == ScorecardContent()


@pytest.mark.parametrize("path", ["as one types", "by the form"])
def test_what_was_written_of_a_competency_comes_back_with_it(
    session: Session, mine: Assignment, world: World, path: str
) -> None:
    taken, kept = mine.competencies[0], mine.competencies[1].competency_id
    before = taken.competency_id
    records = (EvidenceContent(before, "Q", action="precious"), EvidenceContent(kept, "R", action="done"))
    save(session, mine, ScorecardContent(ratings={before: 3, kept: 2}, evidence=records))
    taken.competency_id = world.competency("Another").id
    session.commit()
    typed = ScorecardContent(summary="Later", ratings={kept: 4}, evidence=records[1:])
    if path == "as one types":
        save(session, mine, typed)
    else:
        scorecards.save_draft(session, mine, typed, by=mine.person, now=AFTER)
    found = stands(session, mine)
    assert (found.summary, found.ratings, found.evidence) == ("Later", {before: 3, kept: 4}, records[::-1])
    scorecards.submit(session, mine, full(mine), by=mine.person, now=AFTER)
    assert before not in {each.competency_id for each in stands(session, mine).evidence}


def test_a_draft_is_its_interviewers_alone(session: Session, mine: Assignment, world: World) -> None:
    save(session, mine, full(mine))
    session.commit()
    strangers = [world.admin(), world.recruiter("Rita R"), mine.interview.application.requisition.hiring_manager]
    for person in strangers:
        assert own_draft(session, viewer_of(session, person), mine.id) is None
    assert own_draft(session, viewer(session, mine), 4711) is None
    mine.interview.application.candidate.email = mine.person.email
    session.commit()
    assert own_draft(session, viewer(session, mine), mine.id) is None, "one's own application"


@pytest.mark.parametrize("why", ["submitted", "handed over", "cancelled", "shadow"])
def test_none_where_it_is_not_asked_for_any_more(session: Session, mine: Assignment, why: str) -> None:
    """The same cases as ``why_not_writable`` has words for."""
    card = scorecards.ensure(session, mine)
    assert scorecards.why_not_writable(mine, card) is None
    if why == "submitted":
        scorecards.submit(session, mine, full(mine), by=mine.person, now=AFTER)
    elif why == "handed over":
        mine.ended_at = AFTER
    elif why == "cancelled":
        mine.interview.state = InterviewState.CANCELLED
    else:
        mine.role = type(mine.role).SHADOW
    session.flush()
    assert scorecards.why_not_writable(mine, card)
    assert own_draft(session, viewer(session, mine), mine.id) is None


def test_a_waived_one_may_still_be_written(session: Session, mine: Assignment) -> None:
    recruiter = mine.interview.application.requisition.recruiter
    scorecards.waive(session, mine, reason="She is ill", by=recruiter, now=AFTER)
    save(session, mine, full(mine))
    assert stands(session, mine) == full(mine)


def test_where_nothing_else_changed_four_statements_save_it(session: Session, mine: Assignment) -> None:
    save(session, mine, full(mine))
    session.commit()
    who, content = viewer(session, mine), full(mine, summary="One sentence more.")
    seen: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: seen.append(args[2]))
    own = own_draft(session, who, mine.id)
    assert own is not None
    scorecard_drafts.save(session, own, content, now=AFTER, version=own.version)
    asked = [each.split()[0] for each in seen if not each.startswith("BEGIN")]
    assert asked == ["SELECT", "SELECT", "SELECT", "UPDATE"]


def test_the_questions_held_are_named(session: Session, mine: Assignment, world: World) -> None:
    assert held_texts(session, mine.id) == frozenset()
    question = Question(
        competency_id=mine.competencies[0].competency_id, kind=QuestionKind.BEHAVIOURAL, text="Why?", created_at=MONDAY
    )
    world.keep(question)
    world.keep(AssignmentQuestion(assignment_id=mine.id, question_id=question.id, at=MONDAY))
    assert held_texts(session, mine.id) == {"Why?"}


@pytest.mark.postgresql
def test_a_draft_waits_for_who_submits_and_comes_too_late(session: Session, mine: Assignment, in_app: Flask) -> None:
    who, engine, found = viewer(session, mine), session.get_bind(), list[object]()
    assignment_id = mine.id
    scorecards.submit(session, mine, full(mine), by=mine.person, now=AFTER)

    def write() -> None:
        with Session(engine) as own:
            own.execute(text("SET lock_timeout = '10s'"))
            found.append(own_draft(own, who, assignment_id))

    other = threading.Thread(target=write)
    other.start()
    other.join(0.5)
    assert other.is_alive(), "it waits"
    session.commit()
    other.join()
    assert found == [None]


@pytest.mark.postgresql
def test_two_devices_at_the_same_moment_lose_nothing(session: Session, mine: Assignment, in_app: Flask) -> None:
    who, engine, assignment_id = viewer(session, mine), session.get_bind(), mine.id
    seen = draft(session, mine).version
    save(session, mine, ScorecardContent(summary="of the phone"), seen)

    def write() -> None:
        with Session(engine) as own:
            found = own_draft(own, who, assignment_id)
            assert found is not None
            scorecard_drafts.save(own, found, ScorecardContent(summary="of the laptop"), now=AFTER, version=seen)
            own.commit()

    other = threading.Thread(target=write)
    other.start()
    other.join(0.5)
    session.commit()
    other.join()
    summary = stands(session, mine).summary
    assert "of the phone" in summary
    assert "of the laptop" in summary
