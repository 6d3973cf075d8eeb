"""What a deadline's nudges are worked out from: its case, its receivers, and the steps that were said already.

Read for many deadlines at once with a fixed number of statements, since a changed ladder concerns all of a plan's.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.application import Application
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.interview import Assignment, Interview
from tracker.models.interview_plan import PlanLadder
from tracker.models.requisition import Requisition
from tracker.queries.calendars import calendar_of
from tracker.queries.receivers import people_of, receivers
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.ladders import DEFAULT_LADDERS, Ladder, from_data
from tracker.rules.mornings import Case

# Databases bound how many values one statement may name.
MOST_AT_ONCE = 500


@dataclass
class Chase:
    """One deadline with its case, and by person the keys of the steps that were said.

    ``waiting`` are the moments of the steps of this revision that wait, by person and step.
    """

    deadline: Deadline
    application: Application
    case: Case
    done: dict[int, set[str]] = field(default_factory=dict)
    waiting: dict[int, dict[str, datetime]] = field(default_factory=dict)

    @property
    def newcomers(self) -> set[int]:
        """Receivers for whom nothing was planned in this revision: they got their role afterwards."""
        return self.case.receivers.keys() - self.done.keys() - self.waiting.keys()


def chases(session: Session, deadlines: Collection[Deadline]) -> Iterator[Chase]:
    """Yield what is known of each of the deadlines, in their order."""
    everything = list(deadlines)
    for start in range(0, len(everything), MOST_AT_ONCE):
        yield from _chases(session, everything[start : start + MOST_AT_ONCE])


def told_last(session: Session, deadline_id: int, person_id: int) -> datetime | None:
    """Return when somebody was told of a deadline last, in whatever revision of it; None where that never was."""
    theirs = (Nudge.deadline_id == deadline_id, Nudge.person_id == person_id, Nudge.state == NudgeState.RAISED)
    return session.scalar(select(func.max(Nudge.at)).where(*theirs))


def _chases(session: Session, deadlines: Sequence[Deadline]) -> Iterator[Chase]:
    applications = _applications(session, {each.application_id for each in deadlines})
    requisitions = {row.requisition_id: row.requisition for row in applications.values()}
    ladders = _ladders(session, {row.plan_id for row in requisitions.values()})
    people = people_of(session, deadlines, list(requisitions.values()))
    ends = _ends(session, [each.subject for each in deadlines if each.kind is DeadlineKind.SCORECARD])
    found = []
    for deadline in deadlines:
        application = applications[deadline.application_id]
        requisition = application.requisition
        calendar = calendar_of(session, requisition.region)
        ladder = ladders.get((requisition.plan_id, deadline.kind), DEFAULT_LADDERS[deadline.kind])
        ends_at = ends.get(deadline.subject) if deadline.kind is DeadlineKind.SCORECARD else None
        told = receivers(people, deadline, application, calendar)
        found.append(Chase(deadline, application, Case(ladder, deadline.due_at, ends_at, calendar, told)))
    _add_steps(session, found)
    yield from found


def _applications(session: Session, ids: Collection[int]) -> dict[int, Application]:
    parts = (
        joinedload(Application.candidate),
        joinedload(Application.requisition).options(
            joinedload(Requisition.region),
            joinedload(Requisition.recruiter),
            joinedload(Requisition.hiring_manager),
        ),
    )
    rows = session.scalars(select(Application).where(Application.id.in_(ids)).options(*parts))
    return {row.id: row for row in rows}


def _ladders(session: Session, plans: Collection[int]) -> dict[tuple[int, DeadlineKind], Ladder]:
    rows = session.scalars(select(PlanLadder).where(PlanLadder.plan_id.in_(plans)))
    return {(row.plan_id, row.kind): from_data(row.steps) for row in rows}


def _ends(session: Session, assignments: Collection[int]) -> dict[int, datetime]:
    if not assignments:
        return {}
    held = select(Assignment.id, Interview.ends_at).join(Interview, Assignment.interview_id == Interview.id)
    return {row.id: row.ends_at for row in session.execute(held.where(Assignment.id.in_(assignments))) if row.ends_at}


def _add_steps(session: Session, found: Sequence[Chase]) -> None:
    """Note which steps of the deadlines' present revisions were said, and for whom one waits."""
    by_deadline = {chase.deadline.id: chase for chase in found}
    rows = session.execute(
        select(Nudge.deadline_id, Nudge.revision, Nudge.person_id, Nudge.step, Nudge.at, Nudge.state).where(
            Nudge.deadline_id.in_(by_deadline)
        )
    )
    for deadline_id, revision, person_id, step, at, state in rows:
        chase = by_deadline[deadline_id]
        if revision != chase.deadline.revision:
            continue
        if state is NudgeState.WAITING:
            chase.waiting.setdefault(person_id, {})[step] = at
        else:
            chase.done.setdefault(person_id, set()).add(step)
