"""The scorecard's pages: the form that saves itself, handing in, amending, reading, waiving; and who is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.interview import Assignment, InterviewState
from tracker.models.scorecard import Scorecard, ScorecardRead, ScorecardVersion
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import StageKind

AFTER = MONDAY + timedelta(days=2)
JSON = {"Accept": "application/json"}


@pytest.fixture
def loop(world: World, at: TestClock) -> list[Assignment]:
    """A loop of two, held yesterday."""
    at.set(AFTER)
    application = world.application(stage=StageKind.OUTCOME, name="Cleo Candidate")
    return world.loop(application, (world.person("Anna A"), world.person("Ben B")))


def url(assignment: Assignment, tail: str = "") -> str:
    return f"/scorecards/{assignment.id}{tail}"


def typed(assignment: Assignment, **changes: str) -> dict[str, str]:
    competency = assignment.competencies[0].competency_id
    given = {
        "recommendation": "hire",
        "summary": "Solid, curious, honest.",
        f"rating_{competency}": "3",
        f"evidence_{competency}-0-question": "A hard incident?",
        f"evidence_{competency}-0-result": "Down from 4 h to 20 min",
    }
    return given | changes


def card_of(session: Session, assignment: Assignment) -> Scorecard:
    session.expire_all()
    return session.scalars(select(Scorecard).where(Scorecard.assignment_id == assignment.id)).one()


def test_the_form_shows_competency_and_anchors(client: Client, loop: list[Assignment]) -> None:
    page = client.sign_in(loop[0].person).get(url(loop[0])).text
    competency = loop[0].competencies[0].competency
    assert competency.name in page
    for rating in (1, 2, 3, 4):
        assert f"{competency.name}, anchor {rating}" in page
    assert "Strong no hire" in page
    assert "neutral" not in page.lower()


def test_a_missing_row_is_made_when_the_form_opens(client: Client, session: Session, loop: list[Assignment]) -> None:
    session.delete(card_of(session, loop[0]))
    session.commit()
    assert client.sign_in(loop[0].person).get(url(loop[0])).status_code == 200
    assert card_of(session, loop[0]).state is ScorecardState.DRAFT


def test_what_is_typed_is_saved_and_comes_back(client: Client, session: Session, loop: list[Assignment]) -> None:
    client.sign_in(loop[0].person)
    version = card_of(session, loop[0]).version
    answer = client.post(url(loop[0], "/draft"), data=typed(loop[0], version=str(version)), headers=JSON)
    assert answer.json is not None
    assert answer.json["version"] == version + 1
    assert answer.json["saved"] == "10:00 CET", "in the person’s own zone"
    assert any("has no action yet" in each for each in answer.json["checks"])
    page = client.get(url(loop[0])).text
    assert "Down from 4 h to 20 min" in page
    assert "Solid, curious, honest." in page


def test_without_the_script_a_button_saves(client: Client, session: Session, loop: list[Assignment]) -> None:
    client.sign_in(loop[0].person)
    answer = client.post(url(loop[0], "/draft"), data=typed(loop[0]))
    assert answer.status_code == 303
    assert card_of(session, loop[0]).summary == "Solid, curious, honest."


def test_too_much_is_said_and_stays(client: Client, session: Session, loop: list[Assignment]) -> None:
    client.sign_in(loop[0].person)
    long = typed(loop[0], summary="x" * 100_000)
    answer = client.post(url(loop[0], "/draft"), data=long, headers=JSON)
    assert answer.status_code == 422
    assert answer.json is not None
    assert "100,000 characters; 20,000 is the most" in answer.json["message"]
    for tail in ("/draft", ""):
        page = client.post(url(loop[0], tail), data=long)
        assert page.status_code == 422
        assert "x" * 100_000 in page.text
        assert "20,000 is the most" in page.text
    part = typed(loop[0])
    part[f"evidence_{loop[0].competencies[0].competency_id}-0-situation"] = "y" * 20_001
    answer = client.post(url(loop[0], "/draft"), data=part, headers=JSON)
    assert answer.json is not None
    assert "Situation has 20,001 characters" in answer.json["message"]


def test_emoji_and_right_to_left_text_are_kept(client: Client, session: Session, loop: list[Assignment]) -> None:
    client.sign_in(loop[0].person)
    client.post(url(loop[0], "/draft"), data=typed(loop[0], summary="שלום 🦘\nzweite Zeile"))
    assert card_of(session, loop[0]).summary == "שלום 🦘\nzweite Zeile"


def test_submitting_names_what_is_missing_and_keeps_the_rest(
    client: Client, session: Session, loop: list[Assignment]
) -> None:
    client.sign_in(loop[0].person)
    answer = client.post(url(loop[0]), data={"summary": "half", "once": "k1"})
    assert answer.status_code == 422
    assert "Choose a recommendation." in answer.text
    assert f"Rate {loop[0].competencies[0].competency.name} from 1 to 4." in answer.text
    card = card_of(session, loop[0])
    assert (card.state, card.summary) == (ScorecardState.DRAFT, "half")
    assert f'name="version" type="hidden" value="{card.version}"' in answer.text


def test_submitting_once_twice_and_reading_it(client: Client, session: Session, loop: list[Assignment]) -> None:
    client.sign_in(loop[0].person)
    for _ in range(2):
        answer = client.post(url(loop[0]), data=typed(loop[0], once="k2"))
        assert answer.status_code == 303
    assert len(session.scalars(select(ScorecardVersion)).all()) == 1
    page = client.get(url(loop[0])).text
    assert "Solid, curious, honest." in page
    assert "<textarea" not in page
    assert "Amend" in page
    assert client.post(url(loop[0]), data=typed(loop[0])).status_code == 422


def test_who_submits_without_evidence_is_told_so(client: Client, loop: list[Assignment]) -> None:
    client.sign_in(loop[0].person)
    bare = {name: value for name, value in typed(loop[0]).items() if not name.startswith("evidence_")}
    assert client.post(url(loop[0]), data=bare).status_code == 303
    assert "It has no evidence" in client.get("/").text
    client.sign_in(loop[1].person)
    assert client.post(url(loop[1]), data=typed(loop[1])).status_code == 303
    assert "It has no evidence" not in client.get("/").text


def test_nothing_is_submitted_before_the_interview(
    client: Client, session: Session, loop: list[Assignment], at: TestClock
) -> None:
    at.set(MONDAY)
    client.sign_in(loop[0].person)
    assert "has not begun" in client.get(url(loop[0])).text
    answer = client.post(url(loop[0]), data=typed(loop[0]))
    assert answer.status_code == 422
    assert "has not begun" in answer.text
    assert "Down from 4 h to 20 min" in answer.text


def test_amending_needs_a_reason_and_shows_both_versions(
    client: Client, session: Session, loop: list[Assignment]
) -> None:
    client.sign_in(loop[0].person)
    assert client.get(url(loop[0], "/amend")).status_code == 422
    client.post(url(loop[0]), data=typed(loop[0]))
    assert "Solid, curious, honest." in client.get(url(loop[0], "/amend")).text
    changed = typed(loop[0], summary="On reflection, weaker.")
    answer = client.post(url(loop[0], "/amend"), data=changed)
    assert answer.status_code == 422
    assert "Say why you change it" in answer.text
    assert "On reflection" in answer.text
    assert client.post(url(loop[0], "/amend"), data=changed | {"reason": "misheard"}).status_code == 303
    page = client.get(url(loop[0])).text
    assert "On reflection, weaker." in page
    assert "Solid, curious, honest." in page
    assert "misheard" in page


def test_reading_anothers_is_noted_and_shown(
    client: Client, session: Session, world: World, loop: list[Assignment]
) -> None:
    world.scorecard(loop[0])
    recruiter = loop[0].interview.application.requisition.recruiter
    assert client.sign_in(recruiter).get(url(loop[0])).status_code == 200
    assert session.scalars(select(ScorecardRead.person_id)).all() == [recruiter.id]
    client.sign_in(loop[0].person)
    assert recruiter.name in client.get(url(loop[0])).text
    assert len(session.scalars(select(ScorecardRead)).all()) == 1


@pytest.mark.parametrize("who", ["Ben", "stranger", "admin"])
def test_others_find_nothing_there(client: Client, world: World, loop: list[Assignment], who: str) -> None:
    world.scorecard(loop[0])
    person = {"Ben": loop[1].person, "stranger": world.person(), "admin": world.admin()}[who]
    client.sign_in(person)
    assert client.get(url(loop[0])).status_code == 404
    assert client.get(url(loop[0], "/amend")).status_code == 404
    assert client.get(url(loop[0], "/waive")).status_code == 404
    for tail in ("", "/draft", "/amend", "/waive"):
        assert client.post(url(loop[0], tail), data=typed(loop[0]) | {"reason": "r"}).status_code == 404


def test_a_recruiter_writes_nobodys_scorecard(client: Client, loop: list[Assignment]) -> None:
    client.sign_in(loop[0].interview.application.requisition.recruiter)
    assert client.get(url(loop[0])).status_code == 404
    assert client.post(url(loop[0]), data=typed(loop[0])).status_code == 404


@pytest.mark.parametrize("how", ["cancelled", "replaced"])
def test_a_lost_interview_says_so_and_shows_the_draft(
    client: Client, session: Session, loop: list[Assignment], how: str
) -> None:
    client.sign_in(loop[0].person)
    client.post(url(loop[0], "/draft"), data=typed(loop[0]))
    if how == "cancelled":
        loop[0].interview.state = InterviewState.CANCELLED
    else:
        loop[0].ended_at = AFTER
    page = client.get(url(loop[0]))
    assert page.status_code == 200
    assert "Solid, curious, honest." in page.text
    assert "<textarea" not in page.text
    answer = client.post(url(loop[0], "/draft"), data=typed(loop[0]), headers=JSON)
    assert answer.status_code == 422
    assert answer.json is not None
    assert "What you wrote is kept" in answer.json["message"]


def test_waiving_asks_for_a_reason(client: Client, session: Session, loop: list[Assignment]) -> None:
    application = loop[0].interview.application
    client.sign_in(application.requisition.hiring_manager)
    assert "Anna A" in client.get(url(loop[0], "/waive")).text
    assert client.post(url(loop[0], "/waive"), data={"reason": " "}).status_code == 422
    why = "The others agree already"
    assert client.post(url(loop[0], "/waive"), data={"reason": why}).status_code == 303
    assert card_of(session, loop[0]).waived_reason == why
    again = client.post(url(loop[0], "/waive"), data={"reason": "ill"})
    assert again.status_code == 422
    assert "already" in again.text
    # Its interviewer is still blind: that nobody waits for it, and not why.
    page = client.sign_in(loop[0].person).get(url(loop[0])).text
    assert "Nobody waits for this scorecard any more" in page
    assert why not in page


def test_a_planned_interview_is_nobodys_business_yet(client: Client, loop: list[Assignment]) -> None:
    loop[0].interview.state = InterviewState.PLANNED
    assert client.sign_in(loop[0].person).get(url(loop[0])).status_code == 404


def test_nobody_scores_himself_or_herself(client: Client, loop: list[Assignment]) -> None:
    loop[0].interview.application.candidate.email = loop[0].person.email
    assert client.sign_in(loop[0].person).get(url(loop[0])).status_code == 404
