"""The record of a decision: whole, with what came later marked, and closed to whom the blind rule binds."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.competency import Competency, CompetencyKind
from tracker.models.debrief import Decision
from tracker.models.interview import Assignment, AssignmentCompetency
from tracker.models.record import RecordEntry
from tracker.models.scorecard import ScorecardRead, ScorecardVersion
from tracker.pipeline import debrief, decision, scorecards
from tracker.queries.debriefs import debrief_of
from tracker.rules.decisions import Grounds
from tracker.rules.scorecards import Recommendation
from tracker.rules.stages import DecisionKind, StageKind

AFTER = MONDAY + timedelta(days=2)


@pytest.fixture
def loop(app: Flask, session: Session, world: World, at: TestClock) -> list[Assignment]:
    """A loop of three that was decided: Anna and Ben wrote, Wim was waived."""
    at.set(AFTER)
    application = world.application(stage=StageKind.OUTCOME, name="Cleo Candidate")
    found = world.loop(application, tuple(world.person(name) for name in ("Anna A", "Ben B", "Wim W")))
    for each in found[:2]:
        world.scorecard(each, text="quokka", recommendation=Recommendation.HIRE)
    manager = application.requisition.hiring_manager
    with app.app_context():
        scorecards.waive(session, found[2], reason="Ill", by=application.requisition.recruiter, now=AFTER)
        row = debrief_of(session, found[0].interview.loop)
        debrief.hold(session, application, row, by=manager, now=AFTER)
        grounds = Grounds("Rolled back in minutes", "Ben saw no data")
        decision.decide(session, application, DecisionKind.HIRE, grounds, by=manager, now=AFTER)
        session.commit()
    return found


def url_of(loop: list[Assignment]) -> str:
    return f"/applications/{loop[0].interview.application_id}/decision/record"


def test_all_of_it_is_on_one_page_and_its_reading_is_noted(
    client: Client, session: Session, loop: list[Assignment]
) -> None:
    manager = loop[0].interview.application.requisition.hiring_manager
    page = client.sign_in(manager).get(url_of(loop)).text
    said = ("Rolled back in minutes", "Ben saw no data", manager.name, "Waived by", "Ill", "3&nbsp;of&nbsp;4")
    for text in (*said, "Anna A", "Ben B", "Version 1"):
        assert text in page, text
    assert "after the decision" not in page
    assert "superseded" not in page
    assert session.query(ScorecardRead).filter_by(person_id=manager.id).count() == 2


def test_what_nobody_evaluated_is_named_wherever_one_decides(
    client: Client, session: Session, world: World, loop: list[Assignment]
) -> None:
    application = loop[0].interview.application
    unheard = Competency(name="Wombat care", kind=CompetencyKind.TECHNICAL)
    world.keep(unheard)
    loop[2].competencies = [AssignmentCompetency(competency_id=unheard.id)]
    session.commit()
    client.sign_in(application.requisition.hiring_manager)
    record = client.get(url_of(loop)).text
    debriefed = client.get(f"/applications/{application.id}/debrief").text
    anew = client.get(f"/applications/{application.id}/decision/change").text
    for page in (record, debriefed, anew):
        assert "Wombat care" in page
        assert page.lower().count("nobody rated it") == 1
    assert f'waived by <span dir="auto">{application.requisition.recruiter.name}' in debriefed
    assert "All scorecards are in or waived (1): the debrief is open" in history_of(session)
    said = {"kind": "hire", "rationale": "r", "dissent": "d", "reason": "Said more", "confirmed": "yes"}
    number = len(loop[:2])
    said |= {f"ground_{number}": "Judged from the resume", "version": session.scalars(select(Decision.id)).one()}
    assert client.post(f"/applications/{application.id}/decision/change", data=said).status_code == 303
    assert "Judged from the resume" in client.get(url_of(loop)).text


def history_of(session: Session) -> list[str]:
    return list(session.scalars(select(RecordEntry.text)))


def test_what_was_written_after_the_decision_is_marked(
    client: Client, session: Session, world: World, loop: list[Assignment]
) -> None:
    card = scorecards.ensure(session, loop[0])
    later = {"ratings": [{"competency": "Competency A", "rating": 1}]}
    world.keep(ScorecardVersion(scorecard_id=card.id, number=2, content=later, at=AFTER + timedelta(hours=1)))
    page = client.sign_in(loop[0].interview.application.requisition.recruiter).get(url_of(loop)).text
    assert page.count("after the decision, which rested on an earlier version") == 1
    assert "1&nbsp;of&nbsp;4" not in page


def test_who_may_not_read_gets_nothing(client: Client, world: World, loop: list[Assignment]) -> None:
    requisition = loop[0].interview.application.requisition
    for person in (loop[0].person, loop[2].person, world.person("Zoe Stranger"), world.admin()):
        assert client.sign_in(person).get(url_of(loop)).status_code == 404
    requisition.recruiter = loop[2].person  # who was waived, and is blind
    assert client.sign_in(loop[2].person).get(url_of(loop)).status_code == 404


def test_without_a_decision_there_is_no_record(client: Client, world: World) -> None:
    application = world.application(stage=StageKind.OUTCOME)
    recruiter = application.requisition.recruiter
    assert client.sign_in(recruiter).get(f"/applications/{application.id}/decision/record").status_code == 404


def pdf_of(client: Client, loop: list[Assignment]) -> str:
    """The words of the PDF, as a reader of PDFs finds them."""
    answer = client.get(url_of(loop) + ".pdf")
    assert answer.mimetype == "application/pdf"
    pages = PdfReader(BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_pdf_says_the_same(client: Client, session: Session, loop: list[Assignment]) -> None:
    manager = loop[0].interview.application.requisition.hiring_manager
    text = pdf_of(client.sign_in(manager), loop)
    said = ("Rolled back in minutes", "Ben saw no data", manager.name, "Anna A 3 of 4", "Waived by", "Ill", "Version 1")
    for each in ("Decision record: Cleo Candidate", *said):
        assert each in text, each
    assert session.query(ScorecardRead).filter_by(person_id=manager.id).count() == 2


def test_the_pdf_takes_any_text(client: Client, session: Session, loop: list[Assignment]) -> None:
    """Markup is text there, letters that the font lacks stand as one sign, and pages are as many as needed."""
    application = loop[0].interview.application
    application.candidate.name = "Żółć <b>& Ωmega"
    row = session.scalars(select(Decision)).one()
    row.rationale = "<para>x & </b> مرحبا " + "word " * 4000 + "w" * 1000
    text = pdf_of(client.sign_in(application.requisition.recruiter), loop)
    assert "Żółć <b>& Ωmega" in text
    assert "<para>x & </b> \ufffd\ufffd\ufffd\ufffd\ufffd" in text
    assert text.count("word") == 4000


def test_the_pdf_is_closed_to_whom_the_page_is(client: Client, world: World, loop: list[Assignment]) -> None:
    for person in (loop[0].person, loop[2].person, world.person("Zoe Stranger"), world.admin()):
        assert client.sign_in(person).get(url_of(loop) + ".pdf").status_code == 404
