"""Who is due to be erased by retention, now and soon, who is held, and what the erasures still ask for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.erasure import Erasure, Hold
from tracker.models.record import Organisation
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.rules import retention as rules
from tracker.rules.permissions import Viewer
from tracker.rules.retention import AHEAD, ANNOUNCED

# What a page shows of lists that grow.
MOST = 200
# What was written in the moment of an erasure is in the database by then.
SETTLED = timedelta(minutes=1)


@dataclass(frozen=True)
class Setting:
    """After how many months candidates are erased, and when that was set."""

    months: int
    set_at: datetime


@dataclass(frozen=True)
class Foreseen:
    """How many people a retention would erase if it were set now: in the first moment in which it takes effect, and up
    to a later one, those of the first moment among them."""

    first_at: datetime
    at_first: int
    until: datetime
    by_then: int


@dataclass(frozen=True)
class Leaving:
    """A candidate who is due, by the application that was closed last of those that the viewer may see."""

    application_id: int
    name: str
    requisition: str
    closed_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Held:
    """A candidate who is held; ``name`` and ``application_id`` are None to whom he or she is not shown."""

    id: int
    candidate_id: int
    name: str | None
    application_id: int | None
    reason: str
    at: datetime
    by: str


def setting(session: Session) -> Setting | None:
    """Return the organisation's retention, None where nobody is erased by itself."""
    row = session.get(Organisation, 1)
    if row is None or row.retention_months is None or row.retention_set_at is None:
        return None
    return Setting(row.retention_months, row.retention_set_at)


def next_due(session: Session, now: datetime, without: Collection[int] = ()) -> int | None:
    """Return the candidate who has been due the longest, None where nobody is."""
    condition = _due_until(session, now)
    if condition is None:
        return None
    query = select(Candidate.id).where(condition, Candidate.id.not_in(without))
    return session.scalar(query.order_by(Candidate.kept_since, Candidate.id).limit(1))


def is_due(session: Session, candidate_id: int, now: datetime) -> bool:
    """Whether a candidate is due now."""
    condition = _due_until(session, now)
    return condition is not None and bool(session.scalar(select(condition).where(Candidate.id == candidate_id)))


def foreseen(session: Session, months: int, now: datetime) -> Foreseen:
    """Return whom so many months would erase if they were set now, as things stand: told as counts, to any admin."""
    given, first_at, until = Setting(months, now), now + ANNOUNCED, now + AHEAD
    return Foreseen(first_at, _people(session, given, first_at), until, _people(session, given, until))


def leaving(session: Session, viewer: Viewer, now: datetime) -> tuple[Sequence[Leaving], int]:
    """Return who is due in the coming 30 days, the first first, as far as the viewer may see them; and how many others
    there are, for those who set the tracker up."""
    condition, given = _due_until(session, now + AHEAD), setting(session)
    if condition is None or given is None:
        return (), 0
    rows = session.execute(
        _last_visible(viewer, condition)
        .add_columns(Candidate.name, Requisition.title, Application.closed_at, Candidate.kept_since)
        .order_by(Candidate.kept_since, Candidate.id)
        .limit(MOST)
    )
    lines: dict[int, Leaving] = {}
    for row in rows:
        due_at = rules.due_at(row.kept_since, given.months, given.set_at)
        lines.setdefault(row.candidate_id, Leaving(row.id, row.name, row.title, row.closed_at, due_at))
    total = session.scalar(select(func.count(Candidate.id)).where(condition)) or 0
    return tuple(lines.values()), total - len(lines) if viewer.is_admin else 0


def soon(session: Session, viewer: Viewer, now: datetime) -> int:
    """Return how many candidates of the viewer's own requisitions are due within a week."""
    condition = _due_until(session, now + ANNOUNCED)
    if condition is None:
        return 0
    mine = _last_visible(viewer, condition).where(Requisition.recruiter_id == viewer.person_id).limit(MOST)
    return len({row.candidate_id for row in session.execute(mine)})


def held(session: Session, viewer: Viewer) -> Sequence[Held]:
    """Return all holds that stand; of candidates whom the viewer may not see their numbers alone."""
    rows = session.scalars(
        select(Hold).where(Hold.released_at.is_(None)).order_by(Hold.id.desc()).limit(MOST).options(joinedload(Hold.by))
    ).all()
    seen = (
        select(Application.candidate_id, func.max(Application.id), func.max(Candidate.name))
        .join(Candidate, Application.candidate_id == Candidate.id)
        .where(Application.candidate_id.in_([row.candidate_id for row in rows]), visibility.applications(viewer))
        .group_by(Application.candidate_id)
    )
    shown = {candidate_id: (number, name) for candidate_id, number, name in session.execute(seen)}
    return tuple(
        Held(
            row.id,
            row.candidate_id,
            name=shown.get(row.candidate_id, (None, None))[1],
            application_id=shown.get(row.candidate_id, (None, None))[0],
            reason=row.reason,
            at=row.at,
            by=row.by.name,
        )
        for row in rows
    )


def is_held(session: Session, candidate: Candidate) -> bool:
    """Whether a hold of the person stands, in whatever row."""
    return bool(session.scalar(select(_held_person(Candidate)).where(Candidate.id == candidate.id)))


def erasure_of(session: Session, candidate_id: int) -> Erasure | None:
    """Return the erasure of a candidate, with who asked for it."""
    return session.scalar(select(Erasure).where(Erasure.candidate_id == candidate_id).options(joinedload(Erasure.by)))


def unfinished(session: Session, now: datetime, without: Collection[int] = ()) -> int | None:
    """Return the erasure that is to be gone through once more, the oldest first, None where there is none."""
    query = select(Erasure.id).where(Erasure.finished_at.is_(None), Erasure.at <= now - SETTLED)
    return session.scalar(query.where(Erasure.id.not_in(without)).order_by(Erasure.at, Erasure.id).limit(1))


def _due_until(session: Session, moment: datetime) -> ColumnElement[bool] | None:
    """Condition on Candidate: due by that moment, held by nobody, and no other row of the same person is to be kept."""
    given = setting(session)
    return _due_with(given, moment) if given else None


def _due_with(given: Setting, moment: datetime) -> ColumnElement[bool] | None:
    until = rules.latest_due(moment, given.months, given.set_at)
    if until is None:
        return None
    other = aliased(Candidate)
    goes_on = exists().where(
        other.email == Candidate.email,
        other.id != Candidate.id,
        other.erased_at.is_(None),
        or_(other.kept_since.is_(None), other.kept_since > until),
    )
    return and_(Candidate.kept_since <= until, ~goes_on, ~_held_person(Candidate))


def _people(session: Session, given: Setting, moment: datetime) -> int:
    """Return how many people would be due by a moment; of one there can be several rows, with one address."""
    condition = _due_with(given, moment)
    if condition is None:
        return 0
    return session.scalar(select(func.count(Candidate.email.distinct())).where(condition)) or 0


def _held_person(candidate: type[Candidate]) -> ColumnElement[bool]:
    same = aliased(Candidate)
    return exists().where(Hold.candidate_id == same.id, Hold.released_at.is_(None), same.email == candidate.email)


def _last_visible(viewer: Viewer, condition: ColumnElement[bool]) -> AnySelect:
    return (
        select(Application.id, Application.candidate_id)
        .join(Candidate, Application.candidate_id == Candidate.id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .where(condition, visibility.applications(viewer))
    )
