"""Self-identification: what is counted of a year, when, and that it never changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import World
from tests.self_identified import ask, choose
from tracker.models.application import Application, StageChange
from tracker.models.self_identification import SelfIdentificationAnswer, SelfIdentificationYear
from tracker.pipeline import erasure
from tracker.pipeline import self_identification as verbs
from tracker.pipeline.turns import Erased
from tracker.queries import self_identification as queries
from tracker.rules.retention import ErasureKind
from tracker.rules.stages import ApplicationState, StageKind
from tracker.worker import tasks

LAST_OF_YEAR = datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("in_app")


def applied(world: World, at: datetime = LAST_OF_YEAR, **facts: Any) -> Application:
    return world.application(world.requisition(f"R {world.candidate().id}"), applied_at=at, **facts)


def figures(session: Session) -> dict[int, dict[str, list[int | None]]]:
    session.expire_all()
    found = {row.year: row.figures for row in session.scalars(sa.select(SelfIdentificationYear))}
    session.commit()
    return found


def test_each_counts_as_far_as_he_or_she_came_at_least(session: Session, world: World) -> None:
    row = ask(world, now=LAST_OF_YEAR)
    woman, man, another = (str(each.id) for each in row.choices)
    for stage in (StageKind.APPLICATION, StageKind.PHONE_SCREEN_OUTCOME, StageKind.LOOP, StageKind.OUTCOME):
        choose(session, applied(world, stage=stage), row)
    choose(session, applied(world, state=ApplicationState.HIRED), row, "Man")
    choose(session, applied(world, stage=StageKind.OFFER), row, "")
    # Sent back: how far somebody came stays. Nor does it count what belongs to another question, or another year.
    sent_back = applied(world, stage=StageKind.LOOP)
    stage = world.stage(sent_back.requisition, StageKind.APPLICATION)
    of = {"application_id": sent_back.id, "to_stage_id": stage.id, "to_state": ApplicationState.ACTIVE}
    world.keep(StageChange(at=LAST_OF_YEAR, **of))
    choose(session, sent_back, ask(world, "Your age?"))
    for at in (LAST_OF_YEAR + timedelta(seconds=1), datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC)):
        choose(session, applied(world, at), row)

    assert queries.tally(session, row, 2025) == {
        woman: [4, 3, 2, 0],
        man: [1, 1, 1, 1],
        another: [0, 0, 0, 0],
        "rather_not_say": [1, 1, 1, 1],
        "no_answer": [1, 1, 1, 0],
    }


def test_a_year_is_counted_once_and_nothing_changes_it(app: Flask, session: Session, world: World) -> None:
    row = ask(world, choices=("Woman", "Man"), now=LAST_OF_YEAR - timedelta(days=365))
    requisition = world.requisition()
    everybody = [world.application(requisition, applied_at=LAST_OF_YEAR) for _ in range(32)]
    for n, each in enumerate(everybody):
        choose(session, each, row, "Woman" if n < 11 else "Man" if n < 22 else "")
    tasks.sweep(APRIL - timedelta(seconds=1))
    assert figures(session) == {}
    tasks.sweep(APRIL)
    woman, man = (str(each.id) for each in row.choices)
    # Nobody went on, and of the no answers there are none: with them hides who would rather not say.
    told = {
        woman: [11, None, None, None],
        man: [11, None, None, None],
        "rather_not_say": [None] * 4,
        "no_answer": [None] * 4,
    }
    assert figures(session) == {2025: told}
    verbs.take_back(session, everybody[0])
    choose(session, everybody[1], row, "Man")
    erasure.erase(session, everybody[2].candidate, ErasureKind.RETENTION, by=None, now=APRIL)
    session.commit()
    tasks.sweep(APRIL + timedelta(days=300))
    assert figures(session) == {2025: told}
    tasks.sweep(APRIL + timedelta(days=366))
    assert set(figures(session)) == {2025, 2026}
    assert "Your gender?" in [each.text for each in queries.told(session, 2026)]
    assert queries.years(session) == [2026, 2025]


def test_of_the_erased_no_answer_is_left_and_none_is_taken(session: Session, world: World) -> None:
    row, other = ask(world), world.application()
    application = world.application(world.requisition("Other"))
    for each in (application, other):
        choose(session, each, row)
    erasure.erase(session, application.candidate, ErasureKind.RETENTION, by=None, now=world.now)
    session.commit()
    assert session.scalars(sa.select(SelfIdentificationAnswer.application_id)).all() == [other.id]
    with pytest.raises(Erased):
        choose(session, application, row)


def test_what_is_retired_is_not_offered_any_more(session: Session, world: World) -> None:
    row, application = ask(world), world.application()
    texts = [verbs.Choice(each.text, each.text != "Man", each.id) for each in row.choices]
    verbs.edit(session, row, verbs.Facts(row.text, texts), by=world.admin(), now=world.now)
    session.commit()
    with pytest.raises(verbs.NotOffered):
        choose(session, application, row, "Man")
    session.rollback()
    verbs.edit(session, row, verbs.Facts(row.text, texts, is_asked=False), by=world.admin(), now=world.now)
    session.commit()
    assert not queries.is_any_asked(session)
    assert not queries.asked(session, application.id)
    with pytest.raises(verbs.NotOffered):
        choose(session, application, row)
