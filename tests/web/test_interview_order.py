"""Staff read the interviews of an application by time, those without a time last."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.debrief import Debrief
from tracker.pipeline import debrief, decision
from tracker.rules.decisions import Grounds
from tracker.rules.stages import DecisionKind, StageKind

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = ("Anna", "Ben", "Carla")


def test_by_time_and_those_without_one_last(client: Client, session: Session, world: World, at: TestClock) -> None:
    at.set(MONDAY)
    application = world.application(stage=StageKind.LOOP)
    people = tuple(world.person(f"{name} Interviewer") for name in NAMES)
    rows = [each.interview for each in world.loop(application, people)]
    names = ["Depth", "Breadth", "Trust"]
    for row, name in zip(rows, names, strict=True):
        row.name = name
    begins = rows[0].starts_at
    assert begins is not None
    rows[2].starts_at, rows[2].ends_at = begins - timedelta(hours=2), begins - timedelta(hours=1)
    rows[0].starts_at = rows[0].ends_at = None
    session.commit()
    client.sign_in(application.requisition.recruiter)
    page = client.get(f"/applications/{application.id}").text
    for part in re.split(r"<section", page):
        if all(name in part for name in names):
            found = sorted(names, key=part.index)
            assert found == ["Trust", "Breadth", "Depth"]
            return
    raise AssertionError("the page lists no interviews")


@pytest.fixture
def decided(client: Client, session: Session, world: World, at: TestClock) -> Application:
    """A decided loop: by position Anna, Ben, Carla; held by Carla first, then Ben; Anna's has lost its time."""
    at.set(MONDAY + 2 * DAY)
    application = world.application(stage=StageKind.OUTCOME)
    seats = world.loop(application, tuple(world.person(f"{name} Interviewer") for name in NAMES))
    anna, _, carla = (each.interview for each in seats)
    begins = anna.starts_at
    assert begins is not None
    carla.starts_at, carla.ends_at = begins - 2 * HOUR, begins - HOUR
    for each in seats:
        world.scorecard(each)
    manager = application.requisition.hiring_manager
    with client.application.app_context():
        debrief.open_if_ready(session, application, now=MONDAY + 2 * DAY)
        row = session.scalars(select(Debrief)).one()
        debrief.hold(session, application, row, by=manager, now=MONDAY + 2 * DAY)
        decision.decide(
            session, application, DecisionKind.HIRE, Grounds("Because", ""), by=manager, now=MONDAY + 2 * DAY
        )
    anna.starts_at = anna.ends_at = None
    session.commit()
    return application


@pytest.mark.parametrize(("path", "parts"), [("debrief", 2), ("decision/record", 2), ("decision/record.pdf", 1)])
def test_debrief_and_record_list_them_as_they_were_held(
    client: Client, decided: Application, path: str, parts: int
) -> None:
    client.sign_in(decided.requisition.recruiter)
    answer = client.get(f"/applications/{decided.id}/{path}")
    assert answer.status_code == 200
    text = answer.text if answer.mimetype == "text/html" else _words(answer.data)
    found = [part.split("</table")[0] for part in re.split("<table", text)]
    # Who read what is listed by names.
    tables = [part for part in found if all(name in part for name in NAMES) and "Who read" not in part]
    assert len(tables) >= parts
    for part in tables:
        names = sorted(NAMES, key=part.index)
        assert names == ["Carla", "Ben", "Anna"], re.sub(r"<[^>]*>|\s+", " ", part)[:300]


def _words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
