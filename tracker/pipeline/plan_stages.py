"""The stages of a plan: added, renamed, put in order, removed; never from under an application."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.models.application import Application, StageChange
from tracker.models.interview_plan import InterviewPlan, PlanStage
from tracker.models.person import Person
from tracker.pipeline.plans import facts_of, saved
from tracker.pipeline.versions import expect
from tracker.rules.plans import check_plan, reordered
from tracker.rules.refused import Refused, Stale
from tracker.rules.stages import StageKind
from tracker.rules.words import counted


class StageInUse(Refused):
    """Applications stand in the stage, or their history names it."""


@dataclass(frozen=True)
class StageWording:
    """One stage as a form gives it; ``stage_id`` None is a new one, ``place`` (1, 2, ...) None is the end."""

    kind: StageKind
    name: str
    place: int | None = None
    stage_id: int | None = None


def save_stages(
    session: Session,
    plan: InterviewPlan,
    wanted: Sequence[StageWording],
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Set the stages of a plan. Those that are not named are removed.

    Raises Stale, StageInUse where one that is used would go or become of another kind, UnusablePlan.
    """
    expect(plan, version)
    before = facts_of(plan)
    present = {row.id: row for row in plan.stages}
    ordered = _in_order(wanted, present)
    kept = {each.stage_id for each in ordered}
    for row in [row for row in plan.stages if row.id not in kept]:
        _check_unused(session, row, "cannot be removed")
        plan.stages.remove(row)
    session.flush()
    _make_room(session, plan, len(present) + len(ordered))
    for position, each in enumerate(ordered, 1):
        _place(session, plan, present.get(each.stage_id or 0), each, position)
    check_plan(facts_of(plan), before)
    saved(session, plan, "its stages", by=by, now=now)


def _in_order(wanted: Sequence[StageWording], present: dict[int, PlanStage]) -> list[StageWording]:
    if any(each.stage_id is not None and each.stage_id not in present for each in wanted):
        raise Stale()
    had = [present[each.stage_id].position if each.stage_id else None for each in wanted]
    places = [(place, each.place) for place, each in zip(had, wanted, strict=True)]
    return [wanted[index] for index in reordered(places)]


def _make_room(session: Session, plan: InterviewPlan, by_how_many: int) -> None:
    # Positions are unique in a plan: two rows cannot change places in one step.
    highest = max((row.position for row in plan.stages), default=0)
    for row in plan.stages:
        row.position += highest + by_how_many
    session.flush()


def _place(session: Session, plan: InterviewPlan, row: PlanStage | None, wording: StageWording, position: int) -> None:
    if row is None:
        plan.stages.append(PlanStage(kind=wording.kind, name=wording.name, position=position))
        return
    if row.kind is not wording.kind:
        _check_unused(session, row, "cannot become of another kind")
    row.kind, row.name, row.position = wording.kind, wording.name, position


def _check_unused(session: Session, row: PlanStage, what: str) -> None:
    standing = session.scalar(select(func.count()).where(Application.stage_id == row.id)) or 0
    named = or_(StageChange.from_stage_id == row.id, StageChange.to_stage_id == row.id)
    moves = session.scalar(select(func.count(StageChange.id)).where(named)) or 0
    if standing or moves:
        verb = "stands" if standing == 1 else "stand"
        names = "names" if moves == 1 else "name"
        raise StageInUse(
            f"“{row.name}” {what}: {counted(standing, 'application')} {verb} there, and "
            f"{counted(moves, 'move')} of the history {names} it. Rename it, or make a copy of the plan."
        )
