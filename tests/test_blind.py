"""The blind rule on every surface: what is written bears a mark, and every page is opened by everybody.

New pages are visited without being listed here: the routes are read from the application itself.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.conftest import Client, TestClock, browser_of
from tests.factories import MONDAY, World
from tracker.models.application import Application, ScreenOutcome
from tracker.models.debrief import Debrief, Vote, VotePhase
from tracker.models.interview import Assignment
from tracker.models.person import InterviewKind, Person
from tracker.models.record import RecordEntry
from tracker.models.scorecard import Scorecard
from tracker.pipeline import candidates
from tracker.rules.scorecards import Recommendation, ScorecardState
from tracker.rules.stages import ScreenChoice, StageKind

NOW = MONDAY + timedelta(days=5)
MARK = "quokka"
# What an author plants is found by this.
MARKED = re.compile(MARK + r"-(\d+)-")
# In forms these words are choices; anywhere else they tell what somebody recommended.
FORMS = re.compile(r"<form\b.*?</form>", re.S)
TOLD = re.compile(r"strong[ _]no[ _]hire", re.I)


class Stage:
    """An application with two phone screens and a loop, some of it written, and everybody who might look."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.manager = world.person("Hana Manager")
        self.recruiter = world.recruiter("Rita Recruiter")
        self.interviewing_recruiter = world.recruiter("Ines Recruiter")
        self.requisition = world.requisition(hiring_manager=self.manager, recruiter=self.recruiter)
        candidate = world.candidate("Cleo Candidate", email="cleo@candidates.example")
        self.application = world.application(self.requisition, candidate=candidate, stage=StageKind.LOOP)
        self.author, self.waiting, self.replaced = (world.person(name) for name in ("Anna A", "Ben B", "Nele N"))
        self.screener, self.late_screener = world.person("Sina S"), world.person("Lars L")
        self.assignments = [
            world.interview(self.application, self.screener),
            world.interview(self.application, self.late_screener, position=2),
            *world.loop(self.application, (self.author, self.waiting, self.manager, self.interviewing_recruiter)),
        ]
        for assignment in self.assignments:
            self.plant(assignment)
        self.replace()
        self.debrief()
        self.screen_outcome()

    def plant(self, assignment: Assignment) -> None:
        """The screener and Anna have submitted; everybody else has a draft."""
        person = assignment.person
        state = ScorecardState.SUBMITTED if person in (self.screener, self.author) else ScorecardState.DRAFT
        text = f"{MARK}-{person.id}-"
        self.world.scorecard(assignment, text=text, recommendation=Recommendation.STRONG_NO_HIRE, state=state)

    def replace(self) -> None:
        """Nele was to interview, wrote a draft, and was replaced."""
        interview = self.assignments[-1].interview
        gone = Assignment(interview=interview, person=self.replaced, ended_at=MONDAY)
        self.world.keep(gone)
        self.world.keep(
            Scorecard(
                assignment_id=gone.id, application_id=self.application.id, author_id=self.replaced.id,
                summary=f"{MARK}-{self.replaced.id}-",
            )
        )  # fmt: skip
        self.assignments.append(gone)

    def debrief(self) -> None:
        """A debrief that was open before an interview was added: its votes and notes are there."""
        loop = self.assignments[2].interview.loop
        assert loop is not None
        text = f"{MARK}-{self.author.id}-"
        row = Debrief(loop_id=loop.id, application_id=self.application.id, opened_at=MONDAY, notes=text)
        self.world.keep(row)
        for phase in VotePhase:
            vote = Vote(debrief_id=row.id, person_id=self.author.id, phase=phase, reason=text, at=MONDAY)
            vote.recommendation = Recommendation.STRONG_NO_HIRE
            self.world.keep(vote)


    def screen_outcome(self) -> None:
        """Why the recruiter wanted a second phone screen, kept and on the record."""
        text, by = f"{MARK}-{self.recruiter.id}-", self.recruiter.id
        choice = {"choice": ScreenChoice.SECOND_SCREEN, "reason": text, "at": MONDAY, "by_id": by}
        self.world.keep(ScreenOutcome(application_id=self.application.id, screen=1, **choice))
        for verb, said in (("screens.decide", "After phone screen 1: second"), ("application.move", "Moved to Screen")):
            facts = {"verb": verb, "text": f"{said}: {text}", "at": MONDAY, "by_id": by}
            self.world.keep(RecordEntry(application_id=self.application.id, **facts))


@pytest.fixture
def stage(world: World, at: TestClock) -> Stage:
    at.set(NOW)
    return Stage(world)


def addresses(app: Flask, stage: Stage, token: str) -> list[str]:
    """Every address that answers to GET, filled with the ids of this world."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint != "static"]
    with app.test_request_context():
        found = [app.url_for(rule.endpoint, **values) for rule in rules for values in fillings(rule, stage, token)]
    return sorted(set(found))


def fillings(rule: Rule, stage: Stage, token: str) -> Iterator[dict[str, object]]:
    known: dict[str, list[object]] = {
        "application_id": [stage.application.id],
        "assignment_id": [each.id for each in stage.assignments],
        "requisition_id": [stage.requisition.id],
        "stage_id": [each.id for each in stage.requisition.plan.stages][:5],
        "token": [token],
    }
    values: list[dict[str, object]] = [{}]
    for name in sorted(rule.arguments):
        is_id = type(rule._converters[name]).__name__ == "IdConverter"
        choices = known.get(name) or ([1, 2, 3] if is_id else ["x"])
        values = [given | {name: choice} for given in values for choice in choices]
    yield from values


def leaks(client: Client, urls: list[str], own: int | None) -> list[str]:
    """The addresses at which somebody finds what others wrote, as a page or as data."""
    found = []
    for url in urls:
        for accept in ("text/html", "application/json"):
            answer = client.get(url, headers={"Accept": accept})
            assert answer.status_code != 500, f"{url} failed"
            text = answer.get_data(as_text=True)
            others = {int(number) for number in MARKED.findall(text)} - {own}
            if others or TOLD.search(FORMS.sub("", text)):
                found.append(url)
    return found


def test_nobody_who_is_blind_finds_a_trace_anywhere(
    app: Flask, session: Session, world: World, stage: Stage
) -> None:
    with app.app_context():
        token = candidates.status_link(session, stage.application, now=NOW).rsplit("/", 1)[1]
        session.commit()
    urls = addresses(app, stage, token)
    assert len(urls) > 30, "the routes were not found"
    blind: list[Person | None] = [
        stage.waiting,
        stage.late_screener,
        stage.manager,
        stage.interviewing_recruiter,
        stage.replaced,
        world.person("Zoe Stranger"),
        world.admin(),
        world.recruiter("Cleo herself", email="cleo@candidates.example"),
        None,
    ]
    for person in blind:
        client = browser_of(app, session)
        if person is not None:
            client.sign_in(person)
        found = leaks(client, urls, person.id if person else None)
        assert not found, f"{person.name if person else 'a stranger'} reads what others wrote at {found}"


def test_who_held_a_phone_screen_has_no_part_in_the_loop(app: Flask, session: Session, stage: Stage) -> None:
    client = browser_of(app, session).sign_in(stage.screener)
    for url in addresses(app, stage, "x"):
        others = {int(number) for number in MARKED.findall(client.get(url).get_data(as_text=True))}
        assert others <= {stage.screener.id}, url


def test_those_who_may_read_do_find_it(app: Flask, session: Session, stage: Stage) -> None:
    """Else the test above could not fail."""
    urls = addresses(app, stage, "x")
    seen = {}
    for person in (stage.recruiter, stage.author):
        seen[person.name] = leaks(browser_of(app, session).sign_in(person), urls, person.id)
    anna = stage.assignments[2].id
    assert f"/scorecards/{anna}" in seen[stage.recruiter.name]
    assert f"/scorecards/{stage.assignments[0].id}" in seen[stage.author.name]


def test_drafts_are_their_authors_alone(app: Flask, session: Session, stage: Stage) -> None:
    drafts = {
        person.id
        for person in session.scalars(select(Person).join(Scorecard, Scorecard.author_id == Person.id))
        if person not in (stage.screener, stage.author)
    }
    assert len(drafts) == 5
    for person in (stage.recruiter, stage.author, stage.screener):
        client = browser_of(app, session).sign_in(person)
        for url in addresses(app, stage, "x"):
            text = client.get(url).get_data(as_text=True)
            assert not drafts & {int(number) for number in MARKED.findall(text)}, f"{person.name} at {url}"


def test_phone_screens_open_with_the_own_scorecard(app: Flask, session: Session, world: World, stage: Stage) -> None:
    screen = f"/scorecards/{stage.assignments[0].id}"
    client = browser_of(app, session).sign_in(stage.waiting)
    assert client.get(screen).status_code == 404
    ben = next(each for each in stage.assignments if each.person is stage.waiting)
    card = session.scalars(select(Scorecard).where(Scorecard.assignment_id == ben.id)).one()
    card.state, card.submitted_at = ScorecardState.SUBMITTED, NOW
    session.commit()
    assert client.get(screen).status_code == 200
    assert ben.interview.kind is InterviewKind.LOOP
    assert session.get(Application, stage.application.id) is not None
