"""The debrief's page against its floor, and the saving of a draft against a bare view that writes one row.

    python -m bench.evaluation
    python -m bench.evaluation --databases sqlite postgresql --rounds 200

The floor of the page is the same HTML from data in memory. The draft has two: a bare view that changes one column of
one row of the same database, with the same settings, commits and answers, whoever asks; and the same view within the
tracker, behind its sign-in, which no view of the tracker goes without.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bench.floor import bare, captured
from bench.generate import NOW, fill
from bench.pages import application_on, database, statements
from bench.timing import side_by_side
from tracker import clock
from tracker.db import db, make_engine
from tracker.models.application import Application
from tracker.models.competency import Competency, CompetencyKind, RatingAnchor
from tracker.models.interview import Assignment, AssignmentCompetency, Interview, InterviewState, Loop, LoopState
from tracker.models.person import InterviewKind, Person
from tracker.models.scorecard import Scorecard
from tracker.pipeline import debrief, scorecards
from tracker.rules.scorecards import EvidenceContent, Recommendation, ScorecardContent
from tracker.rules.stages import ApplicationState, StageKind

INTERVIEWERS, COMPETENCIES, RECORDS = 5, 12, 5
TABLE = cast(sa.Table, Scorecard.__table__)
# Applications beside the one that is measured.
OTHERS = 1_000
NUMBER = 77
Clock = Callable[[], float]
SAID = "Drew the data flows with the team, found the open interface, proposed and wrote a small proxy. " * 3


def loop_of(session: Session, *, whole: bool) -> list[Assignment]:
    """Write a loop of five over twelve competencies, shared out or (``whole``) all for each; not yet judged."""
    application = session.get_one(Application, NUMBER)
    stage = next(each for each in application.requisition.plan.stages if each.kind is StageKind.OUTCOME)
    application.stage, application.stage_kind = stage, StageKind.OUTCOME
    application.state, application.closed_at = ApplicationState.ACTIVE, None
    competencies = [_competency(number) for number in range(COMPETENCIES)]
    loop = Loop(application_id=NUMBER, state=LoopState.SENT, created_at=NOW, sent_at=NOW)
    session.add_all([loop, *competencies])
    session.flush()
    return [
        _assignment(session, loop, number, competencies if whole else competencies[number::INTERVIEWERS])
        for number in range(INTERVIEWERS)
    ]


def _competency(number: int) -> Competency:
    row = Competency(name=f"Competency {number}", kind=CompetencyKind.TECHNICAL)
    row.anchors = [RatingAnchor(rating=n, text=SAID[:90]) for n in (1, 2, 3, 4)]
    return row


def _assignment(session: Session, loop: Loop, number: int, of: list[Competency]) -> Assignment:
    email, starts_at = f"i{number}@bench.example", NOW - timedelta(days=1, hours=number)
    person = Person(name=f"Interviewer {number}", email=email, password_hash=None, zone="UTC", created_at=NOW)
    interview = Interview(
        application_id=NUMBER, loop_id=loop.id, kind=InterviewKind.LOOP, position=number + 1, minutes=60,
        name=f"Interview {number + 1}", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
        state=InterviewState.SENT, uid=f"{number}@bench.example",
    )  # fmt: skip
    made = Assignment(interview=interview, person=person)
    made.competencies = [AssignmentCompetency(competency=each) for each in of]
    session.add_all([interview, made])
    session.flush()
    return made


def judge(session: Session, loop: list[Assignment]) -> None:
    """Let all of them hand in, a STAR record for each competency: the debrief opens."""
    for each in loop:
        ids = [held.competency_id for held in each.competencies]
        evidence = tuple(EvidenceContent(key, "What did you do?", SAID, SAID, SAID, SAID, "30 days") for key in ids)
        content = ScorecardContent(Recommendation.HIRE, SAID, dict.fromkeys(ids, 3), evidence)
        scorecards.submit(session, each, content, by=each.person, now=NOW)
    assert debrief.open_if_ready(session, loop[0].interview.application, now=NOW)


def browser_of(app: Flask, person: Person) -> FlaskClient:
    """Return a browser in which somebody is signed in."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = person.get_id(), True
    return client


def page(app: Flask, rounds: int, counting: Clock) -> tuple[float, float, int]:
    """Return the seconds of the debrief's page, those of its floor, and the page's statements that read."""
    with app.app_context():
        # The page commits that it was read; what it was given shall stay readable for the floor.
        db.session.remove()
        db.session.configure(expire_on_commit=False)
        manager = db.session.get_one(Application, NUMBER).requisition.hiring_manager
        client, engine = browser_of(app, manager), db.engine
    address = f"/applications/{NUMBER}/debrief"
    with captured(app) as pages, statements(engine) as seen:
        answer = client.get(address)
    assert answer.status_code == 200, answer.status
    assert f"Competency {COMPETENCIES - 1}" in answer.text
    floor = bare(app, {"page": pages[-1]})
    assert abs(len(client.get(address).text) - len(floor.get("/floor/page").text)) < 200
    spent = side_by_side(
        {"page": lambda: client.get(address).data, "floor": lambda: floor.get("/floor/page").data},
        rounds,
        clock=counting,
    )
    return spent["page"], spent["floor"], len(seen)


def draft(app: Flask, assignment_id: int, rounds: int, counting: Clock) -> dict[str, float]:
    """Return the seconds of saving a draft as the form's script does while one types, and those of two bare views.

    "bare" is open to everybody, "signed in" stands in the tracker, behind its sign-in.
    """
    app.add_url_rule("/bare", "bare", _in_tracker(assignment_id), methods=["POST"])
    with app.app_context():
        row = db.session.get_one(Assignment, assignment_id)
        client, engine = browser_of(app, row.person), db.engine
        ids = [each.competency_id for each in row.competencies]
    form = {"recommendation": "hire", "summary": SAID, **{f"rating_{each}": "3" for each in ids}}
    for number in range(RECORDS):
        key = ids[number % len(ids)]
        for part in ("question", "situation", "task", "action", "result", "metric"):
            form[f"evidence_{key}-{number // len(ids)}-{part}"] = SAID[:200]
    bare_client = one_row(engine, assignment_id)
    turn = [0]

    def save() -> None:
        turn[0] += 1
        answer = client.post(
            f"/scorecards/{assignment_id}/draft",
            data=form | {"version": str(version[0]), "summary": f"{SAID} {turn[0]}"},
            headers={"Accept": "application/json"},
        )
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        version[0] = answer.json["version"]

    version = [_version(engine, assignment_id)]

    def writing(through: FlaskClient, address: str) -> Callable[[], None]:
        def write() -> None:
            turn[0] += 1
            answer = through.post(address, data=form | {"summary": f"{SAID} {turn[0]}"})
            assert answer.status_code == 200, answer.text

        return write

    signed_in = writing(client, "/bare")
    return side_by_side(
        {"save": save, "bare": writing(bare_client, "/"), "signed in": signed_in}, rounds, clock=counting
    )


def _in_tracker(assignment_id: int) -> Callable[[], str]:
    def write() -> str:
        named = TABLE.c.assignment_id == assignment_id
        db.session.execute(sa.update(TABLE).where(named).values(summary=request.form["summary"]))
        db.session.commit()
        return "saved"

    return write


def _version(engine: Engine, assignment_id: int) -> int:
    with engine.connect() as connection:
        version = select(Scorecard.version).where(Scorecard.assignment_id == assignment_id)
        return connection.scalar(version) or 0


def one_row(engine: Engine, assignment_id: int) -> FlaskClient:
    """Return a browser on an application of one view, which writes one column of the scorecard's row."""
    app = Flask("bare")

    @app.post("/")
    def write() -> str:
        with engine.begin() as connection:
            named = TABLE.c.assignment_id == assignment_id
            connection.execute(sa.update(TABLE).where(named).values(summary=request.form["summary"]))
        return "saved"

    return app.test_client()


def measured(kind: str, folder: Path, rounds: int, counting: Clock) -> list[str]:
    """Return the lines of one database."""
    lines = []
    for whole in (False, True):
        with database(kind, folder) as url:
            engine = make_engine(url)
            fill(engine, OTHERS)
            engine.dispose()
            app = application_on(url, folder)
            with app.test_request_context():
                loop = loop_of(db.session(), whole=whole)
                for each in loop:
                    scorecards.ensure(db.session(), each)
                first = loop[0].id
                db.session.commit()
            saved = draft(app, first, rounds, counting)
            with app.test_request_context():
                judge(db.session(), [db.session.get_one(Assignment, first + n) for n in range(INTERVIEWERS)])
                db.session.commit()
            spent, floor, reads = page(app, rounds, counting)
        size = "all 12 by each" if whole else "12 shared by 5"
        lines.append(_line(kind, f"debrief, {size}", spent, floor) + f"  ({reads} reads)")
        for floor_of in ("bare", "signed in"):
            what = f"draft, {12 if whole else 3} ratings, {floor_of}"
            lines.append(_line(kind, what, saved["save"], saved[floor_of]))
    return lines


def _line(kind: str, what: str, spent: float, floor: float) -> str:
    return f"{kind:11} {what:28} {spent * 1000:8.2f} ms {floor * 1000:8.2f} ms {spent / floor:6.2f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--databases", nargs="+", default=["sqlite"], choices=["sqlite", "postgresql"])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--processor", action="store_true", help="count the processor's time in this process alone")
    chosen = parser.parse_args()
    counting = time.process_time if chosen.processor else time.perf_counter
    clock.now = lambda: NOW  # the generated data is of this moment
    print(f"{'database':11} {'what':28} {'tracker':>11} {'floor':>11} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for kind in chosen.databases:
            for line in measured(kind, Path(folder), chosen.rounds, counting):
                print(line)


if __name__ == "__main__":
    main()
