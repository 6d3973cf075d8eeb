"""The record says what was changed of an interview, and nothing of what was not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import community, seat, sent
from tracker.models.record import RecordEntry
from tracker.pipeline.changed_words import what_changed
from tracker.pipeline.interviews import Arrangement
from tracker.rules.stages import StageKind

ZONE = "Europe/Berlin"


def test_only_what_is_other_is_said(session: Session, world: World) -> None:
    ana, ben = world.person("Ana"), world.person("Ben")
    deep, wide = world.competency("Depth"), world.competency("Breadth")
    before = Arrangement(ana.id, MONDAY, 60, "Room 1", (deep.id, wide.id))
    for after, said in (
        (before, "nothing but that everybody is told again"),
        (replace(before, competency_ids=(wide.id, deep.id)), "nothing but that everybody is told again"),
        (replace(before, place="Room 2"), "place: “Room 2” instead of “Room 1”"),
        (replace(before, place=""), "place: none instead of “Room 1”"),
        (replace(before, competency_ids=(wide.id,)), "evaluates Breadth instead of Breadth and Depth"),
        (replace(before, minutes=45, person_id=ben.id), "45 minutes instead of 60; with Ben instead of Ana"),
        (replace(before, starts_at=MONDAY + timedelta(days=1)), "now Tue 3 Nov 2026, 10:00 (Europe/Berlin)"),
    ):
        assert what_changed(session, before, after, ZONE) == said


@pytest.mark.usefixtures("in_app")
def test_it_is_on_the_record_of_a_loop(session: Session, world: World) -> None:
    application = world.application(stage=StageKind.LOOP)
    row = sent(session, application, community(world, application.requisition.plan))
    seat(session, row, 1, application.requisition.recruiter, place="Room 2")
    [text] = session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "loop.change"))
    assert text == "Interview 2 was changed: place: “Room 2” instead of none"
