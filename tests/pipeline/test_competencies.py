"""Competencies and their anchors."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.competency import CompetencyKind
from tracker.pipeline import competencies
from tracker.pipeline.competencies import CompetencyFacts, StillAsked
from tracker.pipeline.names import NameTaken
from tracker.rules.refused import Stale

FACTS = CompetencyFacts("Threat modelling", CompetencyKind.TECHNICAL, "Finds what may go wrong", ("a", "b", "c", "d"))


def test_it_is_added_with_its_anchors_and_changed(session: Session, world: World) -> None:
    admin = world.admin()
    row = competencies.add(session, FACTS, by=admin, now=MONDAY)
    assert [(anchor.rating, anchor.text) for anchor in row.anchors] == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    older = row.version
    changed = replace(FACTS, name="Threat Modelling", anchors=("a", "b", "c", "new"))
    competencies.edit(session, row, changed, by=admin, now=MONDAY, version=older)
    assert row.name == "Threat Modelling"
    assert row.anchors[3].text == "new"
    with pytest.raises(Stale):
        competencies.edit(session, row, FACTS, by=admin, now=MONDAY, version=older)


def test_two_of_one_name_are_refused(session: Session, world: World) -> None:
    competencies.add(session, FACTS, by=world.admin(), now=MONDAY)
    with pytest.raises(NameTaken):
        competencies.add(session, replace(FACTS, name="THREAT modelling"), by=world.admin(), now=MONDAY)


def test_one_that_a_plan_asks_for_is_not_retired(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    row = plan.competencies[0].competency
    retired = replace(FACTS, name=row.name, is_active=False)
    with pytest.raises(StillAsked, match="Security engineer"):
        competencies.edit(session, row, retired, by=admin, now=MONDAY)
    plan.is_active = False
    session.commit()
    competencies.edit(session, row, retired, by=admin, now=MONDAY)
    assert not row.is_active
