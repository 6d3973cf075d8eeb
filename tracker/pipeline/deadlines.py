"""Deadlines: opened, met, cancelled, and worked out again when an interview moves (section 4).

Each change raises the deadline's revision, which makes nudges of the older one void, plans the next nudges, and is put
on the record. What people do to a running clock is in ``deadline_clock``.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment
from tracker.models.person import Person
from tracker.models.requisition import Requisition
from tracker.pipeline import nudges
from tracker.pipeline.record import note_change
from tracker.pipeline.revival import revive
from tracker.queries.calendars import calendar_of
from tracker.queries.moves import loop_ends_at
from tracker.queries.running_deadlines import kinds_ended, limit_of, running, scorecards_owed, told_until
from tracker.queries.running_deadlines import met_at as met_at_moment
from tracker.rules.deadlines import (
    DeadlineKind,
    DeadlineState,
    days_kept,
    due_at,
    is_missed,
    met_state,
)
from tracker.rules.zones import day_words, local_date

AFTER_LOOP = (DeadlineKind.DEBRIEF, DeadlineKind.DECISION, DeadlineKind.PROMISE)
_RECRUITERS = frozenset({DeadlineKind.APPLICATION_REVIEW, DeadlineKind.LOOP_INVITED, DeadlineKind.PROMISE})


def open_(
    session: Session,
    application: Application,
    kind: DeadlineKind,
    *,
    day0_at: datetime,
    owner: Person,
    now: datetime,
    subject: int = 0,
) -> Deadline:
    """Open a deadline that counts from the local date of ``day0_at`` in the requisition's region.

    Where one of this kind and subject runs already it is moved to the new day 0 instead, unless it was missed.
    """
    for current in running(session, application, (kind,), subject):
        _move(session, application, current, day0_at, now)
        return current
    calendar = calendar_of(session, application.requisition.region)
    days = limit_of(session, application, kind, local_date(day0_at, calendar.zone))
    deadline = Deadline(
        application_id=application.id,
        requisition_id=application.requisition_id,
        kind=kind,
        subject=subject,
        owner_id=owner.id,
        day0_at=day0_at,
        business_days=days,
        zone=calendar.zone,
        due_at=due_at(day0_at, days, calendar, application.requisition.plan.due_time),
        state=DeadlineState.OPEN,
        opened_at=now,
        revision=1,
    )
    session.add(deadline)
    session.flush()
    nudges.plan(session, deadline, now=now)
    text = f"{kind.label} is due {due_words(deadline)}"
    note_change(session, "deadline.open", text, by=None, now=now, application=application)
    return deadline


def meet(
    session: Session,
    application: Application,
    kind: DeadlineKind,
    *,
    now: datetime,
    subject: int | None = 0,
    by: Person | None = None,
) -> None:
    """Close the running deadline of this kind as met, or met late. Nothing happens where none runs.

    ``subject`` None means whatever its subject is.
    """
    for deadline in running(session, application, (kind,), subject):
        # A paused clock stands: what is done meanwhile is in time.
        paused = deadline.state is DeadlineState.PAUSED
        state = DeadlineState.MET if paused else met_state(deadline.due_at, now)
        _close(deadline, state, now)
        text = f"{kind.label} was {state.label.lower()}; it was due {due_words(deadline)}"
        note_change(session, "deadline.meet", text, by=by, now=now, application=application)


def cancel(
    session: Session,
    application: Application,
    kind: DeadlineKind | None = None,
    *,
    now: datetime,
    reason: str,
    subject: int | None = None,
) -> None:
    """Cancel the running deadlines of the application: all, or those of one kind (and subject)."""
    kinds = tuple(DeadlineKind) if kind is None else (kind,)
    for deadline in running(session, application, kinds, subject):
        _close(deadline, DeadlineState.CANCELLED, now)
        text = f"{deadline.kind.label} was cancelled: {reason}"
        note_change(session, "deadline.cancel", text, by=None, now=now, application=application)


def rework(session: Session, application: Application, *, now: datetime, closed_at: datetime | None = None) -> None:
    """Work out again what hangs on interviews: after one went out, was moved, was given to another or was cancelled.

    As an application is opened again, what its closing at ``closed_at`` cancelled goes on (see ``revival``).

    Met and missed deadlines never change (section 4): a promise that was broken stays broken, whenever the rest of the
    loop is held. Only a scorecard that was missed because its interview was not held is asked for anew.
    """
    session.flush()
    _rework_scorecards(session, application, now, closed_at)
    _rework_after_loop(session, application, now, closed_at)


def restore(session: Session, application: Application, kind: DeadlineKind, *, met_at: datetime, now: datetime) -> None:
    """Open anew, as it was, the deadline of a stage that a move now undone had met at ``met_at``.

    It is its present owner's: the requisition may have been handed over since.
    """
    met = met_at_moment(session, application, kind, met_at)
    if met is None:
        return
    same = (
        "application_id",
        "requisition_id",
        "kind",
        "subject",
        "day0_at",
        "resumed_at",
        "business_days",
        "extra_days",
        "extension_reason",
        "zone",
        "due_at",
        "pause_reason",
        "days_kept",
    )
    again = Deadline(**{name: getattr(met, name) for name in same}, state=DeadlineState.OPEN, opened_at=now, revision=1)
    if met.days_kept is not None:
        # Its clock stood, and stands again.
        again.state, again.paused_at = DeadlineState.PAUSED, met.closed_at
    again.owner_id = owner_of(application.requisition, kind).id
    session.add(again)
    session.flush()
    if again.state is DeadlineState.OPEN:
        nudges.plan(session, again, now=now)


def reassign(session: Session, requisition: Requisition, *, now: datetime) -> None:
    """Hand the running deadlines of a requisition to its present recruiter and hiring manager; replan their nudges."""
    theirs = select(Deadline).where(
        Deadline.requisition_id == requisition.id,
        Deadline.state.in_([DeadlineState.OPEN, DeadlineState.PAUSED]),
    )
    for deadline in session.scalars(theirs):
        if deadline.kind is not DeadlineKind.SCORECARD:
            deadline.owner_id = owner_of(requisition, deadline.kind).id
        deadline.revision += 1
        if deadline.state is DeadlineState.OPEN:
            session.flush()
            nudges.plan(session, deadline, now=now)


def owner_of(requisition: Requisition, kind: DeadlineKind) -> Person:
    """Return who owns a deadline of this kind, other than a scorecard's: the recruiter or the hiring manager."""
    return requisition.recruiter if kind in _RECRUITERS else requisition.hiring_manager


def _rework_scorecards(session: Session, application: Application, now: datetime, closed_at: datetime | None) -> None:
    wanted = {assignment.id: assignment for assignment in scorecards_owed(session, application)}
    for deadline in running(session, application, (DeadlineKind.SCORECARD,), None):
        owed = wanted.get(deadline.subject)
        if owed is None:
            _drop(session, application, deadline, "its interview was cancelled or given to somebody else", now)
        elif is_missed(deadline.state, deadline.due_at, now) and _ends_at(owed) > now:
            _drop(session, application, deadline, "its interview was not held then", now)
    session.flush()
    kind = DeadlineKind.SCORECARD
    for subject, assignment in wanted.items():
        day0_at, owner = _ends_at(assignment), assignment.person
        if closed_at is not None:
            revive(session, application, kind, closed_at=closed_at, owner=owner, now=now, subject=subject)
        open_(session, application, kind, day0_at=day0_at, owner=owner, now=now, subject=subject)


def _ends_at(assignment: Assignment) -> datetime:
    assert assignment.interview.ends_at is not None  # noqa: S101 - an interview that went out has its time
    return assignment.interview.ends_at


def _drop(session: Session, application: Application, deadline: Deadline, why: str, now: datetime) -> None:
    _close(deadline, DeadlineState.CANCELLED, now)
    text = f"A scorecard is no longer asked for: {why}"
    note_change(session, "deadline.cancel", text, by=None, now=now, application=application)


def _rework_after_loop(session: Session, application: Application, now: datetime, closed_at: datetime | None) -> None:
    ends_at = loop_ends_at(session, application)
    if ends_at is None:
        for kind in AFTER_LOOP:
            cancel(session, application, kind, now=now, reason="the loop was called off")
        return
    # Who was told and is reopened is owed another outcome: its promise counts from the reopening, or a later loop.
    since = told_until(session, application)
    ended = kinds_ended(session, application, AFTER_LOOP, since=since)
    day0_at = ends_at if since is None else max(ends_at, since)
    for kind in AFTER_LOOP:
        if kind not in ended:
            owner = owner_of(application.requisition, kind)
            if closed_at is not None:
                revive(session, application, kind, closed_at=closed_at, owner=owner, now=now)
            open_(session, application, kind, day0_at=day0_at, owner=owner, now=now)


def _move(session: Session, application: Application, deadline: Deadline, day0_at: datetime, now: datetime) -> None:
    """Count anew from another day 0, with the limit that is valid on it and by as much longer as it was extended.

    Where day 0 stays nothing moves: what a calendar or a limit changed meanwhile waits until a person accepts it. Nor
    does what was missed, nor what was resumed with days kept that end later than those after the new day 0.
    """
    if is_missed(deadline.state, deadline.due_at, now):
        return
    calendar = calendar_of(session, application.requisition.region)
    day0_before, deadline.day0_at = deadline.day0_at, day0_at
    # Only what is due on day 0 itself looks at the hour: see `due_at`.
    looks_at_hour = deadline.business_days == 0 and deadline.resumed_at is None
    if calendar.today(day0_at) == calendar.today(day0_before) and not looks_at_hour:
        _ask_at_new_hour(session, deadline, now)
        return
    limit = limit_of(session, application, deadline.kind, local_date(day0_at, calendar.zone))
    days, due_before = limit + deadline.extra_days, deadline.due_at
    moment = due_at(day0_at, days, calendar, application.requisition.plan.due_time)
    if deadline.resumed_at is not None and moment <= due_before:
        return
    deadline.resumed_at, deadline.zone = None, calendar.zone
    deadline.business_days, deadline.due_at = days, moment
    if moment == due_before:
        _ask_at_new_hour(session, deadline, now)
        return
    deadline.revision += 1
    if deadline.state is DeadlineState.PAUSED and deadline.paused_at is not None:
        deadline.days_kept = days_kept(deadline.paused_at, deadline.due_at, calendar)
    else:
        session.flush()
        nudges.plan(session, deadline, now=now)
    text = f"{deadline.kind.label} is now due {due_words(deadline)}"
    note_change(session, "deadline.rework", text, by=None, now=now, application=application)


def _ask_at_new_hour(session: Session, deadline: Deadline, now: datetime) -> None:
    """Plan a scorecard's nudges anew: due as before, but its interview ends at another hour, maybe an earlier one."""
    if deadline.kind is DeadlineKind.SCORECARD:
        session.flush()
        nudges.plan(session, deadline, now=now)


def _close(deadline: Deadline, state: DeadlineState, now: datetime) -> None:
    deadline.state = state
    deadline.closed_at = now
    deadline.paused_at = None
    deadline.revision += 1


def due_words(deadline: Deadline) -> str:
    """Return the day on which a deadline is due and the zone that ends it."""
    return f"{day_words(local_date(deadline.due_at, deadline.zone))} ({deadline.zone})"
