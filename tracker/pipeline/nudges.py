"""Nudges: the next one of each deadline for each receiver is a row; the tick makes mail of those that are due.

See ``nudge_mails`` for the mail.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.orm import Session, selectinload

from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import Person
from tracker.models.region import Region
from tracker.models.requisition import Requisition
from tracker.pipeline import nudge_mails
from tracker.pipeline.nudge_mails import Letter
from tracker.queries import nudges as facts_of
from tracker.queries.nudges import Chase
from tracker.queries.told import true_nudges
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.nudges import PlannedNudge, absent, away_key, latest_due, next_nudge

# Moments are whole seconds and more: what is due at a moment comes after this much before it.
JUST_BEFORE = timedelta(milliseconds=1)
# So many due nudges are looked at for those whose turn it is.
MOST_RAISED = 100


def plan(session: Session, deadline: Deadline, *, now: datetime) -> None:
    """Plan the next nudge of an open deadline for each of its receivers, as ``plan_all`` does."""
    plan_all(session, [deadline], now=now)


def plan_all(session: Session, deadlines: Sequence[Deadline], *, now: datetime) -> None:
    """Plan the next nudges of deadlines anew; those that wait for a later moment, or for an older revision, are void.

    Those whose moment has come stay for the tick, which asks whether they are still true and plans what follows. A step
    that was raised is not planned again. Costs a fixed number of statements for some hundreds of deadlines.
    """
    for start in range(0, len(deadlines), facts_of.MOST_AT_ONCE):
        _forget(session, [each.id for each in deadlines[start : start + facts_of.MOST_AT_ONCE]], now)
    running = [each for each in deadlines if each.state is DeadlineState.OPEN]
    rows = [
        _row(chase, person_id, step)
        for chase in facts_of.chases(session, running)
        for person_id, step in _planned(chase, chase.case.receivers, now).items()
    ]
    _keep(session, rows)


def plan_ladder(session: Session, plan: InterviewPlan, kind: DeadlineKind, *, now: datetime) -> None:
    """Plan the nudges of a plan's open deadlines of one kind anew, because their ladder was changed."""
    _plan_where(session, now, Requisition.plan_id == plan.id, Deadline.kind == kind)


def plan_region(session: Session, region: Region, *, now: datetime) -> None:
    """Plan anew what is counted in a region's business days, or comes to people whose own region it is."""
    theirs = select(Nudge.deadline_id).join(Person, Nudge.person_id == Person.id)
    waiting = theirs.where(Nudge.state == NudgeState.WAITING, Person.region_id == region.id)
    _plan_where(session, now, or_(Requisition.region_id == region.id, Deadline.id.in_(waiting)))


def plan_person(session: Session, person: Person, *, now: datetime) -> None:
    """Plan anew the open deadlines in which somebody has a part: the zone, the region or the days away changed."""
    waiting = select(Nudge.deadline_id).where(Nudge.person_id == person.id, Nudge.state == NudgeState.WAITING)
    has_part = (
        Deadline.owner_id == person.id,
        Requisition.recruiter_id == person.id,
        Requisition.hiring_manager_id == person.id,
        Deadline.id.in_(waiting),
    )
    # A recruiting lead has a part in all that he or she may know of.
    _plan_where(session, now, *(() if person.is_recruiting_lead else (or_(*has_part),)))


def _plan_where(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> None:
    running = (
        select(Deadline)
        .join(Requisition, Deadline.requisition_id == Requisition.id)
        .where(Deadline.state == DeadlineState.OPEN, *conditions)
        .order_by(Deadline.id)
    )
    plan_all(session, session.scalars(running).all(), now=now)


def due_receivers(session: Session, now: datetime, without: Collection[int] = ()) -> list[int]:
    """Return the ids of the people whose due nudges have waited longest, some dozens at the most, empty if nobody's is.

    To be raised in one transaction, which holds up everybody else's on SQLite.
    """
    due = select(Nudge.person_id).where(Nudge.state == NudgeState.WAITING, Nudge.at <= now)
    if without:
        due = due.where(Nudge.person_id.not_in(without))
    return list(dict.fromkeys(session.scalars(due.order_by(Nudge.at, Nudge.person_id).limit(MOST_RAISED))))


def raise_for(session: Session, people: Sequence[int], *, now: datetime) -> None:
    """Write one mail of all nudges that are due to each of these receivers, in this order, and plan what comes next.

    What is no longer true is dropped; of one deadline only the latest step counts, since after a standstill the earlier
    ones say nothing new. Nudges that another worker holds at this moment are left to it. Costs a fixed number of
    statements for some hundreds of nudges.
    """
    letters: dict[int, Letter] = {}
    coming: list[dict[str, Any]] = []
    by_deadline = _take(session, people, now)
    running = [next(iter(rows.values()))[-1].deadline for rows in by_deadline.values()]
    for chase in facts_of.chases(session, running):
        told = by_deadline[chase.deadline.id]
        raised: dict[int, Nudge] = {}
        for person_id, rows in told.items():
            latest = _latest(session, chase, rows, now)
            if latest is not None:
                raised[person_id] = latest
                coming += _told(chase, latest, now)
        # Who became a receiver since the deadline was planned (a new recruiting lead) is planned for as well.
        planned = _planned(chase, told.keys() | chase.newcomers, now)
        coming += [_row(chase, each, step) for each, step in planned.items()]
        for person_id, nudge in raised.items():
            ends = list(chase.waiting.get(person_id, {}).values())
            ends += [step.at for each, step in planned.items() if each == person_id]
            letters.setdefault(person_id, Letter()).add(nudge, chase, ends)
    _keep(session, coming)
    nudge_mails.post(session, [letters[each] for each in people if each in letters], now=now)


def put_back(session: Session, ids: Iterable[int]) -> None:
    """Let nudges wait again whose mail was dropped because another one in it was no longer true."""
    still = true_nudges(session, list(ids))
    session.execute(update(Nudge).where(Nudge.id.in_(still)).values(state=NudgeState.WAITING))


def _take(session: Session, people: Sequence[int], now: datetime) -> dict[int, dict[int, list[Nudge]]]:
    """Take people's due nudges in hand; return by deadline and person, the oldest first, those of deadlines of which
    the person may still be told. All are marked as dropped until they are raised."""
    due = session.scalars(
        select(Nudge)
        .where(Nudge.person_id.in_(people), Nudge.state == NudgeState.WAITING, Nudge.at <= now)
        .order_by(Nudge.at, Nudge.id)
        .options(selectinload(Nudge.deadline).selectinload(Deadline.owner), selectinload(Nudge.person))
        .with_for_update(skip_locked=True)
    ).all()
    taken: dict[tuple[int, int], list[Nudge]] = {}
    for nudge in due:
        nudge.state = NudgeState.DROPPED
        taken.setdefault((nudge.deadline_id, nudge.person_id), []).append(nudge)
    still = set(true_nudges(session, [nudge.id for nudge in due]))
    by_deadline: dict[int, dict[int, list[Nudge]]] = {}
    for (deadline_id, person_id), rows in taken.items():
        if rows[-1].id in still:
            by_deadline.setdefault(deadline_id, {})[person_id] = rows
    return by_deadline


def _forget(session: Session, ids: Sequence[int], now: datetime) -> None:
    revision = select(Deadline.revision).where(Deadline.id == Nudge.deadline_id).scalar_subquery()
    is_void = or_(Nudge.at > now, Nudge.revision != revision)
    session.execute(delete(Nudge).where(Nudge.deadline_id.in_(ids), Nudge.state == NudgeState.WAITING, is_void))


def _latest(session: Session, chase: Chase, rows: Sequence[Nudge], now: datetime) -> Nudge | None:
    """Return, of the due nudges of one deadline, the one that is raised; it says what is true now.

    The step is worked out from the facts as they are: it may have been moved, or is none any more; then it is None.
    """
    nudge = rows[-1]
    if nudge.person_id not in chase.case.receivers:
        return None
    since = rows[0].at - JUST_BEFORE
    mine = {row.step for row in rows}
    done = (chase.done.get(nudge.person_id, set()) - mine) | chase.waiting.get(nudge.person_id, {}).keys()
    latest = latest_due(chase.case, nudge.person_id, after=since, now=now, done=done)
    if latest is None:
        for row in rows:
            session.delete(row)
        chase.done.get(nudge.person_id, set()).difference_update(mine)
        return None
    nudge = next((row for row in rows if row.step == latest.step_key), nudge)
    nudge.state, nudge.step, nudge.at, nudge.role = NudgeState.RAISED, latest.step_key, latest.at, latest.role
    chase.done.setdefault(nudge.person_id, set()).add(nudge.step)
    return nudge


def _planned(chase: Chase, people: Iterable[int], after: datetime) -> dict[int, PlannedNudge]:
    """Return the first step after a moment for each of these people, but for those for whom one waits already."""
    found = {}
    for person_id in people:
        if person_id in chase.case.receivers and person_id not in chase.waiting:
            done = chase.done.get(person_id, set())
            step = next_nudge(chase.case, person_id, after=after, done=done)
            if step is not None:
                found[person_id] = step
    return found


def _told(chase: Chase, nudge: Nudge, now: datetime) -> list[dict[str, Any]]:
    """Return rows that keep in mind that a mail says who is away, so that it need not be said by one of its own."""
    keys = {away_key(absence) for _, absence in absent(chase.case, nudge.person_id, now)}
    done = chase.done.setdefault(nudge.person_id, set())
    new = keys - done - chase.waiting.get(nudge.person_id, {}).keys()
    done |= new
    steps = [PlannedNudge(key, nudge.at, nudge.role) for key in sorted(new)]
    return [_row(chase, nudge.person_id, step, NudgeState.RAISED) for step in steps]


def _row(chase: Chase, person_id: int, planned: PlannedNudge, state: NudgeState = NudgeState.WAITING) -> dict[str, Any]:
    return {
        "deadline_id": chase.deadline.id,
        "revision": chase.deadline.revision,
        "person_id": person_id,
        "role": planned.role,
        "step": planned.step_key,
        "at": planned.at,
        "state": state,
    }


def _keep(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.flush()
        session.execute(insert(Nudge), rows)
