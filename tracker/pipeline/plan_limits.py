"""The limits of an interview plan: a change holds from a day on, and what was promised before stays as it was."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.models.interview_plan import InterviewPlan, PlanLimit
from tracker.models.person import Person
from tracker.pipeline.plans import saved
from tracker.pipeline.versions import expect
from tracker.queries.running_deadlines import limits_of_kind
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.limits import Limit, check_change, with_change, without_change
from tracker.rules.refused import Refused
from tracker.rules.words import counted
from tracker.rules.zones import day_words, local_date


class NoComingChange(Refused):
    """The change has begun to hold, or somebody took it back before."""


def change(
    session: Session,
    plan: InterviewPlan,
    kind: DeadlineKind,
    days: int,
    on: date,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Let a kind of deadline have so many business days where its day 0 is ``on`` or later, until the next change.

    Open deadlines whose day 0 lies then are listed as such that would move. "Today" is that of the person's zone.
    Raises Stale, IllegalLimit.
    """
    expect(plan, version)
    check_change(on, days, local_date(now, by.zone))
    _write(plan, kind, with_change(limits_of_kind(plan, kind), kind, on, days))
    what = f"{kind.label} has {counted(days, 'business day')} from {day_words(on)} on"
    saved(session, plan, what, by=by, now=now)


def take_back(
    session: Session,
    plan: InterviewPlan,
    limit_id: int,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Take back a change that was to hold from a coming day on. Raises Stale, NoComingChange."""
    expect(plan, version)
    row = next((row for row in plan.limits if row.id == limit_id), None)
    if row is None or row.valid_from <= local_date(now, by.zone):
        raise NoComingChange("This change is none that is still to come: reload the page.")
    kind, on = row.kind, row.valid_from
    _write(plan, kind, without_change(limits_of_kind(plan, kind), kind, on))
    what = f"{kind.label} is not changed from {day_words(on)} on after all"
    saved(session, plan, what, by=by, now=now)


def _write(plan: InterviewPlan, kind: DeadlineKind, wanted: Sequence[Limit]) -> None:
    """Bring the rows of one kind to what is wanted: a row is known by the day from which it holds."""
    present = {row.valid_from: row for row in plan.limits if row.kind is kind}
    for limit in wanted:
        row = present.pop(limit.valid_from, None)
        if row is None:
            row = PlanLimit(kind=kind, valid_from=limit.valid_from)
            plan.limits.append(row)
        row.business_days, row.valid_to = limit.business_days, limit.valid_to
    for row in present.values():
        plan.limits.remove(row)
