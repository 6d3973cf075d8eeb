"""The debrief and the decision through the pages: closed, open, voted in, held, decided; and who is refused."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.debrief import Debrief, Decision, Vote, VotePhase
from tracker.models.interview import Assignment
from tracker.models.outbox import OutboxMail
from tracker.models.outcome import Outcome
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard, ScorecardRead
from tracker.pipeline import debrief as verbs
from tracker.rules.scorecards import Recommendation, ScorecardState, rating_field
from tracker.rules.stages import ApplicationState, Disposition, StageKind

AFTER = MONDAY + timedelta(days=2)
SECRET = "quokka"


@pytest.fixture
def loop(world: World, at: TestClock) -> list[Assignment]:
    """A loop of two, held yesterday, nothing written."""
    at.set(AFTER)
    application = world.application(stage=StageKind.OUTCOME, name="Cleo Candidate")
    return world.loop(application, (world.person("Anna A"), world.person("Ben B")))


@pytest.fixture
def application(loop: list[Assignment]) -> Application:
    return loop[0].interview.application


@pytest.fixture
def opened(client: Client, session: Session, world: World, loop: list[Assignment], application: Application) -> str:
    """The address of the open debrief: Anna says strong hire, Ben no hire."""
    for each, recommendation in zip(loop, (Recommendation.STRONG_HIRE, Recommendation.NO_HIRE), strict=True):
        world.scorecard(each, text=SECRET, recommendation=recommendation)
    with client.application.app_context():
        verbs.open_if_ready(session, application, now=AFTER)
        session.commit()
    return f"/applications/{application.id}/debrief"


def test_closed_it_says_who_is_missing_to_those_who_may_know(
    client: Client, world: World, loop: list[Assignment], application: Application
) -> None:
    world.scorecard(loop[0], text=SECRET)
    url = f"/applications/{application.id}/debrief"
    page = client.sign_in(application.requisition.recruiter).get(url).text
    assert "Ben B" in page
    assert "missing since" in page
    assert f"/scorecards/{loop[1].id}/waive" in page
    assert SECRET not in page
    page = client.sign_in(loop[0].person).get(url).text
    assert "Ben B" in page
    assert "/waive" not in page
    page = client.sign_in(loop[1].person).get(url).text
    assert "Your scorecard comes first" in page
    assert "Anna" not in page
    assert SECRET not in page


@pytest.mark.parametrize("who", ["stranger", "admin", "screener"])
def test_others_find_nothing_there(
    client: Client, world: World, opened: str, application: Application, who: str
) -> None:
    screener = world.person()
    world.interview(application, screener)
    person = {"stranger": world.person(), "admin": world.admin(), "screener": screener}[who]
    client.sign_in(person)
    assert client.get(opened).status_code == 404
    for tail in ("/vote", "/notes", "/hold"):
        assert client.post(opened + tail, data={"recommendation": "hire"}).status_code == 404
    assert client.get(f"/applications/{application.id}/decision").status_code == 404


def test_open_it_shows_the_matrix_and_notes_the_reading(
    client: Client, session: Session, opened: str, application: Application
) -> None:
    page = client.sign_in(application.requisition.recruiter).get(opened).text
    assert SECRET in page
    assert "Strong hire" in page
    assert "Meets the bar" in page
    assert len(session.scalars(select(ScorecardRead)).all()) == 2


def test_an_interviewer_sees_the_others_and_votes(
    client: Client, session: Session, loop: list[Assignment], opened: str
) -> None:
    client.sign_in(loop[0].person)
    assert "Vote again" in client.get(opened).text
    assert client.post(opened + "/vote", data={}).status_code == 422
    assert client.post(opened + "/vote", data={"recommendation": "perhaps"}).status_code == 422
    answer = client.post(opened + "/vote", data={"recommendation": "no_hire", "reason": "wallaby"})
    assert answer.status_code == 303
    assert "wallaby" in client.get(opened).text
    other = client.sign_in(loop[1].person).get(opened).text
    assert "wallaby" not in other
    assert "not shown yet" in other
    client.post(opened + "/vote", data={"recommendation": "strong_hire"})
    assert "wallaby" in client.get(opened).text


def test_a_vote_stands_once_all_are_shown(
    client: Client, session: Session, loop: list[Assignment], opened: str
) -> None:
    for mine in loop:
        client.sign_in(mine.person)
        assert client.post(opened + "/vote", data={"recommendation": "no_hire"}).status_code == 303
        is_last = mine is loop[-1]
        assert ("Change my vote" in client.get(opened).text) is not is_last
        answer = client.post(opened + "/vote", data={"recommendation": "hire", "reason": "it was no slip"})
        assert answer.status_code == (422 if is_last else 303)
        assert ("the second votes: they stand" in answer.text) is is_last
    client.sign_in(loop[0].person)
    assert client.post(opened + "/vote", data={"recommendation": "no_hire"}).status_code == 422
    votes = select(Vote.recommendation).where(Vote.phase == VotePhase.SECOND).order_by(Vote.id)
    assert session.scalars(votes).all() == [Recommendation.HIRE] * (len(loop) - 1) + [Recommendation.NO_HIRE]


def test_of_a_closed_application_it_is_read_alone(
    client: Client, session: Session, opened: str, application: Application
) -> None:
    client.sign_in(application.requisition.hiring_manager)
    assert "Close the debrief" in client.get(opened).text
    application.state, application.closed_at = ApplicationState.WITHDRAWN, AFTER
    application.disposition = Disposition.CANDIDATE_WITHDREW
    session.commit()
    page = client.get(opened).text
    assert "Broken off: withdrawn" in page
    assert "Close the debrief" not in page
    assert "Save the notes" not in page
    for verb, data in (("hold", {}), ("notes", {"notes": "n"})):
        answer = client.post(f"{opened}/{verb}", data=data)
        assert answer.status_code == 422
        assert "The application is closed" in answer.text


def test_the_recruiter_does_not_vote(client: Client, opened: str, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    answer = client.post(opened + "/vote", data={"recommendation": "hire"})
    assert answer.status_code == 422
    assert "interviewers vote" in answer.text


def test_notes_by_two_at_once(client: Client, session: Session, opened: str, application: Application) -> None:
    client.sign_in(application.requisition.recruiter)
    version = session.scalars(select(Debrief.version)).one()
    assert client.post(opened + "/notes", data={"notes": "first", "version": version}).status_code == 303
    late = client.post(opened + "/notes", data={"notes": "second", "version": version})
    assert late.status_code == 409
    assert "second" in late.text
    assert "What was saved meanwhile" in late.text
    assert ">first<" in late.text
    closing = client.post(opened + "/hold", data={"notes": "second", "version": version})
    assert closing.status_code == 409
    assert ">first<" in closing.text
    session.expire_all()
    assert session.scalars(select(Debrief.notes)).one() == "first"


def test_what_was_noted_and_not_saved_is_kept_as_it_is_closed(
    client: Client, session: Session, opened: str, application: Application
) -> None:
    page = client.sign_in(application.requisition.recruiter).get(opened).text
    assert 'form="notes-form"' in page
    version = session.scalars(select(Debrief.version)).one()
    too_long = client.post(opened + "/hold", data={"notes": "n" * 20_001, "version": version})
    assert too_long.status_code == 422
    assert client.post(opened + "/hold", data={"notes": "Agreed on hire", "version": version}).status_code == 303
    session.expire_all()
    row = session.scalars(select(Debrief)).one()
    assert row.notes == "Agreed on hire"
    assert row.held_at is not None


def test_an_interviewer_neither_notes_nor_closes(client: Client, opened: str, loop: list[Assignment]) -> None:
    client.sign_in(loop[0].person)
    for tail in ("/notes", "/hold"):
        assert client.post(opened + tail, data={"notes": "n"}).status_code == 404


def held(client: Client, session: Session, opened: str, by: Person) -> None:
    version = session.scalars(select(Debrief.version)).one()
    assert client.sign_in(by).post(opened + "/hold", data={"version": version}).status_code == 303


def test_deciding_shows_the_votes_and_asks_before_it_stands(
    client: Client, session: Session, opened: str, application: Application
) -> None:
    manager = application.requisition.hiring_manager
    url = f"/applications/{application.id}/decision"
    client.sign_in(manager)
    assert "Close the debrief first" in client.get(url).text
    assert client.post(url, data={"kind": "hire", "rationale": "r"}).status_code == 422
    held(client, session, opened, manager)
    form = {"kind": "hire", "rationale": "numbat", "dissent": "Ben doubts"}
    assert client.post(url, data=form | {"rationale": " "}).status_code == 422
    asked = client.post(url, data=form | {"dissent": ""})
    assert asked.status_code == 422
    assert "Ben B voted otherwise" in asked.text
    assert "numbat" in asked.text, "what was typed stays"
    confirm = client.post(url, data=form)
    assert confirm.status_code == 200
    assert "numbat" in confirm.text
    assert "Before the debrief" in confirm.text
    assert session.scalars(select(Decision)).all() == []
    assert client.post(url, data=form | {"change": "yes"}).status_code == 200
    for _ in range(2):
        assert client.post(url, data=form | {"confirmed": "yes", "once": "k"}).status_code == 303
    assert session.scalars(select(Decision.rationale)).one() == "numbat"
    page = client.get(url).text
    assert "Ben doubts" in page
    assert client.post(url, data=form | {"confirmed": "yes"}).status_code == 422


@pytest.fixture
def decided(
    client: Client, session: Session, world: World, opened: str, application: Application, loop: list[Assignment]
) -> Assignment:
    """The debrief was held without the scorecard of a recruiter who interviews, which was waived; it is decided."""
    assignment = loop[1]
    card = session.scalars(select(Scorecard).where(Scorecard.assignment_id == assignment.id)).one()
    session.delete(session.scalars(select(Vote).where(Vote.person_id == assignment.person_id)).one())
    card.state, card.submitted_at, card.waived_at, card.waived_reason = ScorecardState.WAIVED, None, AFTER, "ill"
    assignment.person.is_recruiter = True
    held(client, session, opened, application.requisition.hiring_manager)
    form = {"kind": "no_hire", "rationale": "numbat", "dissent": "x", "confirmed": "yes"}
    assert client.post(f"/applications/{application.id}/decision", data=form).status_code == 303
    return assignment


def test_the_decision_is_closed_to_who_owes_a_scorecard(
    client: Client, session: Session, decided: Assignment, application: Application
) -> None:
    """Not on its page nor in the outcome, the history, the moves and the e-mails; until it is in."""
    urls = [f"/applications/{application.id}{tail}" for tail in ("/decision", "/outcome", "", "?history=all")]
    told = re.compile("no[ _]hire|numbat|not to go on", re.IGNORECASE)
    client.sign_in(decided.person)
    for url in urls:
        page = re.sub(r"<form\b.*?</form>", "", client.get(url).text, flags=re.DOTALL)
        assert not told.search(page), url
    assert "own scorecard comes first" in client.get(urls[1]).text
    answer = client.post(urls[1], data={"subject": "s", "text": "t"})
    assert "own scorecard comes first" in answer.text
    assert session.scalars(select(Outcome)).all() == []
    card = session.scalars(select(Scorecard).where(Scorecard.assignment_id == decided.id)).one()
    card.state, card.waived_at, card.submitted_at = ScorecardState.SUBMITTED, None, AFTER
    for url in urls[:3]:
        assert told.search(client.get(url).text), url


def test_the_outcomes_e_mail_is_closed_to_who_owes_a_scorecard(
    client: Client, session: Session, decided: Assignment, application: Application
) -> None:
    url = f"/applications/{application.id}/outcome"
    letter = {"subject": "wombat", "text": "platypus", "version": session.scalars(select(Decision.id)).one()}
    client.sign_in(application.requisition.recruiter).post(url, data=letter)
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "outcome")).one()
    address = f"/applications/{application.id}/mails/{mail.id}"
    assert "platypus" in client.get(address).text
    client.sign_in(decided.person)
    assert client.get(address).status_code == 404
    assert "wombat" not in client.get(f"/applications/{application.id}").text
    assert "platypus" not in client.get(url).text
    row = session.scalars(select(Outcome)).one()
    row.delivered_at = AFTER
    assert client.get(address).status_code == 200, "the candidate knows, and all see where it ended"


def test_what_came_in_after_the_debrief_is_shown_as_late(
    client: Client, session: Session, decided: Assignment, application: Application, at: TestClock
) -> None:
    at.set(AFTER + timedelta(hours=1))
    form = {"recommendation": "strong_hire", "summary": "late words"}
    form |= {rating_field(each.competency_id): "4" for each in decided.competencies}
    client.sign_in(decided.person)
    answer = client.post(f"/scorecards/{decided.id}", data=form, follow_redirects=True)
    assert "readers see that it is late" in answer.text
    client.sign_in(application.requisition.hiring_manager)
    for tail in ("debrief", "decision"):
        assert "late: came in after the debrief" in client.get(f"/applications/{application.id}/{tail}").text


def test_only_the_hiring_manager_decides(
    client: Client, session: Session, opened: str, application: Application, loop: list[Assignment]
) -> None:
    held(client, session, opened, application.requisition.recruiter)
    waits = client.sign_in(application.requisition.recruiter).get(f"/applications/{application.id}/decision").text
    assert f"It waits for {application.requisition.hiring_manager.name}" in waits
    assert client.sign_in(loop[0].person).get(f"/applications/{application.id}/decision").status_code == 404
    for person in (application.requisition.recruiter, loop[0].person):
        client.sign_in(person)
        answer = client.post(
            f"/applications/{application.id}/decision", data={"kind": "hire", "rationale": "r", "confirmed": "yes"}
        )
        assert answer.status_code == 404


def test_the_button_of_a_decision_leads_who_may_not_make_it_to_the_debrief(
    client: Client, session: Session, opened: str, application: Application
) -> None:
    held(client, session, opened, application.requisition.recruiter)
    page = client.get(f"/applications/{application.id}").text
    assert "See the debrief" in page
    assert f"Waits for {application.requisition.hiring_manager.name}" in page
    page = client.sign_in(application.requisition.hiring_manager).get(f"/applications/{application.id}").text
    assert "See the debrief" not in page
    assert f'href="/applications/{application.id}/decision"' in page


def test_interviewers_are_asked_for_their_second_votes_today(
    client: Client, opened: str, loop: list[Assignment]
) -> None:
    client.sign_in(loop[0].person)
    assert "Vote in the debrief" in client.get("/").text
    client.post(opened + "/vote", data={"recommendation": "hire"})
    assert "Vote in the debrief" not in client.get("/").text


def test_without_a_loop_the_page_says_so(client: Client, world: World) -> None:
    application = world.application()
    page = client.sign_in(application.requisition.recruiter).get(f"/applications/{application.id}/debrief").text
    assert "There is no loop yet" in page
