"""Interview plans: copies, parts, and stages that are in use."""

from datetime import time
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.interview_plan import InterviewPlan
from tracker.pipeline import plans
from tracker.pipeline.names import NameTaken
from tracker.pipeline.plan_stages import StageInUse, StageWording, save_stages
from tracker.pipeline.plans import Basics, Coverage, LoopInterview, NoSuchCompetency, OutOfBounds
from tracker.rules.deadlines import DEFAULT_LIMITS
from tracker.rules.plans import UnusablePlan
from tracker.rules.refused import Stale
from tracker.rules.stages import ScreensMode, StageKind


def basics(**changes: Any) -> Basics:
    given: dict[str, Any] = {
        "name": "Security engineer",
        "description": "",
        "preparation": "Read **this**",
        "screens_mode": ScreensMode.ONE,
        "screen_minutes": 45,
        "due_time": time(18),
        "is_active": True,
    }
    return Basics(**(given | changes))


@pytest.mark.parametrize("changes", [{"choice_moves": 6}, {"choice_moves": -1}, {"choice_notice_days": 11}])
def test_how_candidates_choose_has_its_bounds(session: Session, world: World, changes: dict[str, int]) -> None:
    with pytest.raises(OutOfBounds):
        plans.save_basics(session, world.plan(), basics(**changes), by=world.admin(), now=MONDAY)


def wordings(plan: InterviewPlan) -> list[StageWording]:
    return [StageWording(row.kind, row.name, row.position, row.id) for row in plan.stages]


def names(session: Session, plan: InterviewPlan) -> list[str]:
    session.flush()
    session.refresh(plan)
    return [row.name for row in plan.stages]


def test_a_new_plan_can_be_used_at_once(session: Session, world: World) -> None:
    plan = plans.add(session, "Analyst", "", by=world.admin(), now=MONDAY)
    assert plans.problems(plan) == []
    assert {row.kind: row.business_days for row in plan.limits} == DEFAULT_LIMITS
    with pytest.raises(NameTaken):
        plans.add(session, "ANALYST", "", by=world.admin(), now=MONDAY)


def test_a_copy_is_the_same_and_stands_alone(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    copy = plans.duplicate(session, plan, "Copy", by=admin, now=MONDAY)
    assert [row.name for row in copy.stages] == [row.name for row in plan.stages]
    assert len(copy.interviews) == len(plan.interviews)
    assert {row.competency_id for row in copy.competencies} == {row.competency_id for row in plan.competencies}
    save_stages(session, copy, wordings(copy)[:-1], by=admin, now=MONDAY)
    assert len(names(session, copy)) == len(names(session, plan)) - 1
    with pytest.raises(NameTaken):
        plans.duplicate(session, plan, "Security Engineer", by=admin, now=MONDAY)


def test_stages_are_added_renamed_put_in_order_and_removed(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    offer = wordings(plan)[-1]
    wanted = wordings(plan)[:-1]
    wanted[0] = StageWording(StageKind.APPLICATION, "First look", 1, wanted[0].stage_id)
    wanted.append(StageWording(StageKind.CUSTOM, "Reference check", 2))
    save_stages(session, plan, wanted, by=admin, now=MONDAY, version=plan.version)
    assert names(session, plan)[:3] == ["First look", "Reference check", "Technical phone screen"]
    assert offer.name not in names(session, plan)
    assert [row.position for row in plan.stages] == [1, 2, 3, 4, 5, 6]
    moved = [StageWording(each.kind, each.name, 3 if each.place == 2 else each.place, each.stage_id)
             for each in wordings(plan)]  # fmt: skip
    save_stages(session, plan, moved, by=admin, now=MONDAY)
    assert names(session, plan)[:3] == ["First look", "Technical phone screen", "Reference check"]


def test_a_stage_in_use_is_not_removed_nor_made_another_kind(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    world.application(world.requisition(plan=plan), stage=StageKind.OFFER)
    offer = plan.stages[-1]
    with pytest.raises(StageInUse, match="1 application stands there, and 1 move of the history names it"):
        save_stages(session, plan, wordings(plan)[:-1], by=admin, now=MONDAY)
    session.rollback()
    changed = [*wordings(plan)[:-1], StageWording(StageKind.CUSTOM, offer.name, offer.position, offer.id)]
    with pytest.raises(StageInUse):
        save_stages(session, plan, changed, by=admin, now=MONDAY)
    session.rollback()
    renamed = [*wordings(plan)[:-1], StageWording(StageKind.OFFER, "Offer talk", offer.position, offer.id)]
    save_stages(session, plan, renamed, by=admin, now=MONDAY)
    assert names(session, plan)[-1] == "Offer talk"


def test_stages_that_lead_nowhere_are_refused(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    with pytest.raises(UnusablePlan):
        save_stages(session, plan, wordings(plan)[1:], by=admin, now=MONDAY)
    session.rollback()
    other = world.plan("Other").stages[0]
    with pytest.raises(Stale):
        save_stages(session, plan, [StageWording(StageKind.APPLICATION, "x", 1, other.id)], by=admin, now=MONDAY)


def test_basics_are_saved_and_checked(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    plans.save_basics(session, plan, basics(), by=admin, now=MONDAY, version=plan.version)
    assert (plan.screens_mode, plan.due_time, plan.screen_minutes) == (ScreensMode.ONE, time(18), 45)
    with pytest.raises(OutOfBounds):
        plans.save_basics(session, plan, basics(screen_minutes=4), by=admin, now=MONDAY)
    session.rollback()
    short = world.plan(
        "Short",
        screens_mode=ScreensMode.NONE,
        stages=((StageKind.APPLICATION, "A"), (StageKind.LOOP, "L"), (StageKind.OUTCOME, "O")),
    )
    with pytest.raises(UnusablePlan, match="no stage for them"):
        plans.save_basics(session, short, basics(name="Short"), by=admin, now=MONDAY)


def test_a_retired_plan_is_taken_up_only_when_it_is_right(session: Session, world: World) -> None:
    plan, admin = world.plan(is_active=False), world.admin()
    plan.interviews = []
    session.commit()
    with pytest.raises(UnusablePlan, match="without interviews"):
        plans.save_basics(session, plan, basics(), by=admin, now=MONDAY)


def test_interviews_are_set_and_enough_for_the_competencies(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    wanted = [LoopInterview("Coding", 90), LoopInterview("Design", 45)]
    plans.save_interviews(session, plan, wanted, by=admin, now=MONDAY)
    session.refresh(plan)
    assert [(row.position, row.name, row.minutes) for row in plan.interviews] == [(1, "Coding", 90), (2, "Design", 45)]
    for refused in ([], [LoopInterview("Long", 481)]):
        with pytest.raises((UnusablePlan, OutOfBounds)):
            plans.save_interviews(session, plan, refused, by=admin, now=MONDAY)
        session.rollback()


def test_competencies_are_set_and_not_more_often_than_there_are_interviews(session: Session, world: World) -> None:
    plan, admin = world.plan(), world.admin()
    first, second = (row.competency_id for row in plan.competencies[:2])
    new = world.competency("Threat modelling").id
    wanted = {first: Coverage(2, False), second: Coverage(0, False), new: Coverage(0, True)}
    plans.save_competencies(session, plan, wanted, by=admin, now=MONDAY)
    session.refresh(plan)
    found = {row.competency_id: (row.loop_times, row.in_phone_screen) for row in plan.competencies}
    assert found == {first: (2, False), new: (0, True)}
    with pytest.raises(UnusablePlan, match="6 times"):
        plans.save_competencies(session, plan, {first: Coverage(6, False)}, by=admin, now=MONDAY)
    session.rollback()
    with pytest.raises(NoSuchCompetency):
        plans.save_competencies(session, plan, {999: Coverage(1, False)}, by=admin, now=MONDAY)
