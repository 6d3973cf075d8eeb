"""Staff read the interviews of an application by time, those without a time last."""

import re
from datetime import timedelta

from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.rules.stages import StageKind


def test_by_time_and_those_without_one_last(client: Client, session: Session, world: World, at: TestClock) -> None:
    at.set(MONDAY)
    application = world.application(stage=StageKind.LOOP)
    people = tuple(world.person(f"{name} Interviewer") for name in ("Anna", "Ben", "Carla"))
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
