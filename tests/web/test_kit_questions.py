"""The questions of the kit: proposed, chosen, and warned of where somebody else asks the same."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.interview import Assignment, AssignmentCompetency, InterviewState
from tracker.models.question import AssignmentQuestion, Question
from tracker.models.scorecard import Scorecard
from tracker.rules.questions import QuestionKind
from tracker.rules.stages import StageKind


@pytest.fixture
def loop(world: World, at: TestClock) -> list[Assignment]:
    """A loop of two with one competency in both, tomorrow, and an earlier screen with the same."""
    at.set(MONDAY)
    application = world.application(stage=StageKind.LOOP, name="Cleo Candidate")
    screen = world.interview(application, world.person("Sina S"))
    made = world.loop(application, (world.person("Anna A"), world.person("Ben B")))
    shared = made[0].competencies[0].competency_id
    for each in (made[1], screen):
        if shared not in {row.competency_id for row in each.competencies}:
            world.keep(AssignmentCompetency(assignment_id=each.id, competency_id=shared))
    return [*made, screen]


@pytest.fixture
def bank(world: World, loop: list[Assignment]) -> list[Question]:
    competency_id = loop[0].competencies[0].competency_id
    rows = [
        Question(
            competency_id=competency_id,
            kind=QuestionKind.BEHAVIOURAL,
            text=f"Question {letter} <b>?",
            created_at=MONDAY,
            ask_result="In figures?",
            good_answer="Has numbers",
        )
        for letter in "ABCD"
    ]
    world.keep(*rows)
    return rows


def url(assignment: Assignment, tail: str = "") -> str:
    return f"/interviews/{assignment.id}{tail}"


def hold(session: Session, assignment: Assignment, question: Question) -> None:
    session.add(AssignmentQuestion(assignment_id=assignment.id, question_id=question.id, at=MONDAY))
    session.commit()


def test_three_are_proposed_and_taken_by_one_press(
    client: Client, loop: list[Assignment], bank: list[Question]
) -> None:
    client.sign_in(loop[0].person)
    page = client.get(url(loop[0])).text
    assert "What you could ask" in page
    assert "Ask these 3" in page
    assert "In figures?" in page
    assert "Has numbers" in page
    assert "Question A &lt;b&gt;?" in page
    answer = client.post(url(loop[0], "/questions"), data={"hold": [row.id for row in bank[:3]]})
    assert answer.status_code == 303
    page = client.get(url(loop[0])).text
    assert "What you ask" in page
    assert "Choose another (1)" in page
    assert "10:00–10:05" in page
    assert "Question 3" in page
    client.post(url(loop[0], "/questions"), data={"let_go": bank[0].id})
    assert "Choose another (2)" in client.get(url(loop[0])).text


@pytest.mark.parametrize("elsewhere", [1, 2], ids=["loop", "screen"])
def test_who_asks_what_another_asks_is_warned_with_an_alternative(
    client: Client, session: Session, loop: list[Assignment], bank: list[Question], elsewhere: int
) -> None:
    for assignment in (loop[0], loop[elsewhere]):
        hold(session, assignment, bank[0])
    client.sign_in(loop[0].person)
    page = client.get(url(loop[0])).text
    assert "the candidate would answer it twice" in page
    assert loop[elsewhere].interview.name in page
    assert loop[elsewhere].person.name not in page, "which interview, not who"
    assert "Ask that one" in page
    client.post(url(loop[0], "/questions"), data={"hold": bank[1].id, "let_go": bank[0].id})
    page = client.get(url(loop[0])).text
    assert "answer it twice" not in page
    loop[elsewhere].interview.state = InterviewState.CANCELLED
    session.commit()
    assert "asked in" not in client.get(url(loop[0])).text


def test_what_is_asked_elsewhere_is_not_proposed(
    client: Client, session: Session, loop: list[Assignment], bank: list[Question]
) -> None:
    for question in bank[:2]:
        hold(session, loop[1], question)
    client.sign_in(loop[0].person)
    assert "Ask these 2" in client.get(url(loop[0])).text


def test_nobody_chooses_for_another(client: Client, loop: list[Assignment], bank: list[Question], world: World) -> None:
    for person in (loop[1].person, world.admin(), loop[0].interview.application.requisition.recruiter):
        client.sign_in(person)
        assert client.post(url(loop[0], "/questions"), data={"hold": bank[0].id}).status_code == 404


@pytest.mark.parametrize("given", ["0", "-1", "99999", "100000000000000000000"])
def test_a_question_that_is_none_is_not_found(client: Client, loop: list[Assignment], given: str) -> None:
    client.sign_in(loop[0].person)
    assert client.post(url(loop[0], "/questions"), data={"hold": given}).status_code == 404


def test_a_question_of_anothers_competency_is_refused_in_words(
    client: Client, loop: list[Assignment], world: World
) -> None:
    other = Question(
        competency_id=world.competency("Elsewhere").id, kind=QuestionKind.TECHNICAL, text="Q", created_at=MONDAY
    )
    world.keep(other)
    client.sign_in(loop[0].person)
    answer = client.post(url(loop[0], "/questions"), data={"hold": other.id})
    assert "somebody else evaluates" in client.get(url(loop[0])).text or "somebody else evaluates" in answer.text


def test_the_scorecard_has_a_record_for_each_question_held(
    client: Client, session: Session, loop: list[Assignment], bank: list[Question]
) -> None:
    for question in bank[:2]:
        hold(session, loop[0], question)
    client.sign_in(loop[0].person)
    page = client.get(f"/scorecards/{loop[0].id}").text
    assert page.count("Question A &lt;b&gt;?</textarea>") == 1
    assert page.count("Question B &lt;b&gt;?</textarea>") == 1
    key = f"evidence_{loop[0].competencies[0].competency_id}"
    data = {f"{key}-0-question": bank[0].text, f"{key}-0-result": "20 %", f"{key}-1-question": bank[1].text}
    version = {"version": page.split('name="version" type="hidden" value="')[1].split('"')[0]}
    assert client.post(f"/scorecards/{loop[0].id}/draft", data=data | version).status_code == 303
    page = client.get(f"/scorecards/{loop[0].id}").text
    assert page.count("Question A &lt;b&gt;?</textarea>") == 1, "what was written is not offered again"
    assert page.count("Question B &lt;b&gt;?</textarea>") == 1


def test_a_question_that_was_not_asked_leaves_no_record(
    client: Client, session: Session, loop: list[Assignment], bank: list[Question], at: TestClock
) -> None:
    at.set(MONDAY + timedelta(days=2))
    for question in bank[:2]:
        hold(session, loop[0], question)
    client.sign_in(loop[0].person)
    key = loop[0].competencies[0].competency_id
    card = session.scalars(select(Scorecard).where(Scorecard.assignment_id == loop[0].id)).one()
    data = {
        f"evidence_{key}-0-question": bank[0].text,
        f"evidence_{key}-0-metric": "20 %",
        f"evidence_{key}-1-question": bank[1].text,
        "recommendation": "hire",
        "version": str(card.version),
    } | {f"rating_{each.competency_id}": "3" for each in loop[0].competencies}
    assert client.post(f"/scorecards/{loop[0].id}", data=data).status_code == 303
    session.expire_all()
    assert [(row.question, row.metric) for row in card.evidence] == [(bank[0].text, "20 %")]
    assert "20 %" in client.get(f"/scorecards/{loop[0].id}").text


def test_after_the_interview_nothing_is_offered_any_more_and_the_scorecard_comes_first(
    client: Client, session: Session, loop: list[Assignment], bank: list[Question], at: TestClock
) -> None:
    at.set(MONDAY + timedelta(days=2))
    client.sign_in(loop[0].person)
    page = client.get(url(loop[0])).text
    for offer in ("Ask these", "Ask this", "What you could ask", "/questions"):
        assert offer not in page, offer
    assert "Questions that were proposed (3)" in page
    assert page.index("The interview is over: write down what you heard") < page.index("When and where")
    assert page.count("Write the scorecard") == 1
    hold(session, loop[0], bank[0])
    page = client.get(url(loop[0])).text
    assert "What you meant to ask" in page
    assert "Do not ask it" not in page
    assert "were proposed" not in page


def test_who_has_handed_in_is_asked_for_no_scorecard(
    client: Client, world: World, loop: list[Assignment], at: TestClock
) -> None:
    at.set(MONDAY + timedelta(days=2))
    world.scorecard(loop[0])
    page = client.sign_in(loop[0].person).get(url(loop[0])).text
    assert "Your scorecard" in page
    assert "Write the scorecard" not in page
    assert "The interview is over" not in page
