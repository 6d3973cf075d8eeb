"""The deadlines that run: a page of them for a person, his or her team's, or all that he or she may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from tracker.db import AnyRow, AnySelect
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.deadline import Deadline
from tracker.models.person import Person
from tracker.models.region import Region
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.queries.calendars import calendars_of
from tracker.queries.visibility import NotFound
from tracker.rules.deadlines import DeadlineKind, DeadlineState, Standing, standing
from tracker.rules.permissions import Viewer
from tracker.rules.zones import local_date, moment_of
from tracker.statements import rows

PAGE = 50
DAYS_OF_A_WEEK = 7


class Whose(StrEnum):
    """Whose deadlines are listed."""

    MINE = "mine"
    TEAM = "team"
    ALL = "all"


class When(StrEnum):
    """Which due moments are listed; the days end at midnight of whoever looks."""

    ANY = "any"
    OVERDUE = "overdue"
    TODAY = "today"  # by tonight, what is overdue included
    WEEK = "week"  # within seven days, what is overdue included


@dataclass(frozen=True)
class Filters:
    """What the address bar says. ``after`` is the deadline that ended the page before."""

    whose: Whose = Whose.MINE
    state: DeadlineState = DeadlineState.OPEN
    kind: DeadlineKind | None = None
    requisition_id: int | None = None
    region_id: int | None = None
    due: When = When.ANY
    after: int | None = None


@dataclass(frozen=True)
class Line:
    """One running deadline. ``subject`` is the assignment of a scorecard."""

    id: int
    version: int
    revision: int
    kind: DeadlineKind
    subject: int
    application_id: int
    candidate: str
    requisition_id: int
    requisition: str
    owner_id: int
    owner: str
    region: str
    standing: Standing
    pause_reason: str


@dataclass(frozen=True)
class Page:
    """Lines, the soonest due first, and the deadline after which the next page begins (None: this is the last)."""

    lines: tuple[Line, ...]
    after: int | None


def page(session: Session, viewer: Viewer, filters: Filters, now: datetime, zone: str = "UTC") -> Page:
    """Return one page of running deadlines, overdue first, in two statements and one more for each new region.

    ``zone`` is that of the person, whose midnight ends the days of the filter.
    """
    until = {} if filters.due is When.ANY else {"until": _until(filters.due, now, zone)}
    found = rows(session, _page(viewer, filters), until).all()
    shown = found[:PAGE]
    return Page(lines(session, shown, now), shown[-1].id if len(found) > PAGE else None)


def one(session: Session, viewer: Viewer, deadline_id: int, now: datetime) -> Line:
    """Return one running deadline that the viewer may see. Raises NotFound."""
    row = session.execute(_columns(viewer).where(Deadline.id == deadline_id, _visible(viewer))).one_or_none()
    if row is None:
        raise NotFound(f"deadline {deadline_id}")
    return lines(session, [row], now)[0]


def mine(session: Session, viewer: Viewer, now: datetime, most: int) -> tuple[Line, ...]:
    """Return the deadlines that the viewer owns and that run, the soonest due first."""
    return lines(session, rows(session, _mine(viewer, most), {}).all(), now)


@lru_cache(maxsize=1024)
def _mine(viewer: Viewer, most: int) -> AnySelect:
    return _query(viewer, Filters()).limit(most)


def lines(session: Session, found: Sequence[AnyRow], now: datetime) -> tuple[Line, ...]:
    """Work out how each row stands."""
    regions = calendars_of(session, {row.region_id: row.calendar_token for row in found})
    return tuple(
        Line(
            standing=standing(row.state, row.due_at, now, regions[row.region_id], kept=row.days_kept),
            **{name: getattr(row, name) for name in Line.__dataclass_fields__ if name != "standing"},
        )
        for row in found
    )


@lru_cache(maxsize=256)
def _columns(viewer: Viewer) -> AnySelect:
    return (
        select(
            Deadline.id,
            Deadline.version,
            Deadline.revision,
            Deadline.kind,
            Deadline.subject,
            Deadline.application_id,
            Deadline.state,
            Deadline.due_at,
            Deadline.days_kept,
            Deadline.owner_id,
            Deadline.pause_reason,
            Candidate.name.label("candidate"),
            Requisition.id.label("requisition_id"),
            Requisition.title.label("requisition"),
            Requisition.region_id,
            Region.calendar_token,
            Region.name.label("region"),
            Person.name.label("owner"),
        )
        .join(Application, Deadline.application_id == Application.id)
        .join(Candidate, Application.candidate_id == Candidate.id)
        .join(Requisition, Deadline.requisition_id == Requisition.id)
        .join(Region, Requisition.region_id == Region.id)
        .join(Person, Deadline.owner_id == Person.id)
        .where(visibility.not_own(viewer))
    )


@lru_cache(maxsize=128)
def _page(viewer: Viewer, filters: Filters) -> AnySelect:
    query = _query(viewer, filters).limit(PAGE + 1)
    return query if filters.due is When.ANY else query.where(Deadline.due_at < bindparam("until"))


def _query(viewer: Viewer, filters: Filters) -> AnySelect:
    query = _columns(viewer).where(Deadline.state == filters.state, _whose(viewer, filters.whose))
    if filters.kind is not None:
        query = query.where(Deadline.kind == filters.kind)
    if filters.requisition_id is not None:
        query = query.where(Deadline.requisition_id == filters.requisition_id)
    if filters.region_id is not None:
        query = query.where(Requisition.region_id == filters.region_id)
    if filters.after is not None:
        query = query.where(_later(viewer, filters.after))
    return query.order_by(Deadline.due_at, Deadline.id)


def _until(due: When, now: datetime, zone: str) -> datetime:
    if due is When.OVERDUE:
        return now
    days = 1 if due is When.TODAY else DAYS_OF_A_WEEK
    return moment_of(local_date(now, zone) + timedelta(days=days), time(0), zone)


def _whose(viewer: Viewer, whose: Whose) -> ColumnElement[bool]:
    if whose is Whose.MINE:
        return _owned(viewer)
    if whose is Whose.ALL:
        return _visible(viewer)
    team = select(Requisition.id).where(
        or_(Requisition.recruiter_id == viewer.person_id, Requisition.hiring_manager_id == viewer.person_id)
    )
    return and_(Deadline.requisition_id.in_(team), visibility.applications(viewer))


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    return or_(visibility.applications(viewer), _owned(viewer))


def _owned(viewer: Viewer) -> ColumnElement[bool]:
    """The own ones, while one may see their application: what is over keeps its owner, who may be out of it by now."""
    may_see = or_(visibility.applications(viewer), visibility.assigned(viewer))
    return and_(Deadline.owner_id == viewer.person_id, may_see)


def _later(viewer: Viewer, after: int) -> ColumnElement[bool]:
    """Those that come after one; one that the viewer may not see answers as none would, or it told when it is due."""
    last = (
        select(Deadline.due_at)
        .join(Application, Deadline.application_id == Application.id)
        .where(Deadline.id == after, visibility.not_own(viewer), _visible(viewer))
    )
    due = last.correlate(None).scalar_subquery()
    return and_(Deadline.due_at >= due, or_(Deadline.due_at > due, Deadline.id > after))


def region_choices(session: Session) -> Sequence[AnyRow]:
    """Return (id, name) of the regions."""
    return session.execute(select(Region.id, Region.name).order_by(Region.name)).all()
