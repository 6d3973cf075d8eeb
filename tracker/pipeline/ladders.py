"""The ladders of a plan: which nudges each kind of deadline has, changed and put back to the default."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.interview_plan import InterviewPlan, PlanLadder
from tracker.models.person import Person
from tracker.pipeline import nudges
from tracker.pipeline.plans import saved
from tracker.pipeline.versions import expect
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import DEFAULT_LADDERS, Ladder, check_ladder, to_data


def save(
    session: Session,
    plan: InterviewPlan,
    kind: DeadlineKind,
    ladder: Ladder,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Set the nudges of one kind of deadline, also of those that are open: what was raised is not raised again.

    Raises Stale, BadLadder.
    """
    expect(plan, version)
    check_ladder(kind, ladder)
    row = next((row for row in plan.ladders if row.kind is kind), None)
    # A plan that says what the default says has none of its own: should the default ever change, it follows.
    if ladder == DEFAULT_LADDERS[kind]:
        if row is not None:
            plan.ladders.remove(row)
    elif row is None:
        plan.ladders.append(PlanLadder(kind=kind, steps=to_data(ladder)))
    else:
        row.steps = to_data(ladder)
    saved(session, plan, f"its reminders of “{kind.label}”", by=by, now=now)
    nudges.plan_ladder(session, plan, kind, now=now)


def reset(
    session: Session, plan: InterviewPlan, kind: DeadlineKind, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Put the nudges of one kind of deadline back to the default. Raises Stale."""
    save(session, plan, kind, DEFAULT_LADDERS[kind], by=by, now=now, version=version)
