"""How often the promise is kept: by requisition and by team, over a period, as far as the viewer may see."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select, text
from sqlalchemy.orm import Session

from tracker.db import AnyRow, AnySelect, UtcMoment
from tracker.models.application import Application
from tracker.models.deadline import IS_PROMISE, Deadline
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.rules.deadlines import DeadlineState
from tracker.rules.kept import Kept, Period
from tracker.rules.permissions import Viewer
from tracker.rules.zones import moment_of

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One requisition with its promises."""

    requisition_id: int
    title: str
    team: str
    kept: Kept


@dataclass(frozen=True)
class Report:
    """All promises that were due in a period, those of each team, and a page of requisitions, the worst first."""

    whole: Kept
    teams: tuple[tuple[str, Kept], ...]
    lines: tuple[Line, ...]
    number: int
    has_more: bool


def report(
    session: Session,
    viewer: Viewer,
    period: Period,
    zone: str,
    now: datetime,
    *,
    team: str | None = None,
    number: int = 1,
) -> Report:
    """Return the promises due in a period of days in ``zone``, in one statement; ``team`` narrows the requisitions."""
    rows = session.execute(_counted(viewer).where(*_within(period, zone)), {"now": now}).all()
    lines = [Line(row.id, row.title, row.team, _kept(row)) for row in rows]
    teams: dict[str, Kept] = {}
    for line in lines:
        teams[line.team] = teams.get(line.team, Kept()) + line.kept
    shown = sorted((line for line in lines if team in (None, line.team)), key=_worst_first)
    page = shown[(number - 1) * PAGE : number * PAGE]
    return Report(
        whole=sum(teams.values(), Kept()),
        teams=tuple(sorted(teams.items(), key=lambda each: each[0].casefold())),
        lines=tuple(page),
        number=number,
        has_more=len(shown) > number * PAGE,
    )


def of_requisition(
    session: Session, viewer: Viewer, requisition_id: int, period: Period, zone: str, now: datetime
) -> Kept:
    """Return the promises of one requisition that the viewer was let in to."""
    query = _counted(viewer).where(Deadline.requisition_id == requisition_id, *_within(period, zone))
    row = session.execute(query, {"now": now}).one_or_none()
    return Kept() if row is None else _kept(row)


def _within(period: Period, zone: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    first = moment_of(period.first, time(0), zone)
    after = moment_of(period.last + timedelta(days=1), time(0), zone)
    return Deadline.due_at >= first, Deadline.due_at < after


@lru_cache(maxsize=256)
def _counted(viewer: Viewer) -> AnySelect:
    """Counts by requisition, of what the index of promises holds."""
    is_open, is_met = Deadline.state == DeadlineState.OPEN, Deadline.state == DeadlineState.MET
    is_over = Deadline.due_at < bindparam("now", type_=UtcMoment())
    # One whose clock stood as the application ended had not run out: it was called off in time.
    stood = Deadline.days_kept.is_not(None)
    is_broken_off = and_(Deadline.state == DeadlineState.CANCELLED, Deadline.closed_at > Deadline.due_at, ~stood)
    query = (
        select(
            Requisition.id,
            Requisition.title,
            Requisition.team,
            _number(is_met).label("kept"),
            _number(Deadline.state == DeadlineState.MET_LATE).label("kept_late"),
            _number(and_(is_open, is_over)).label("overdue"),
            _number(is_broken_off).label("missed"),
            _number(or_(and_(is_open, ~is_over), Deadline.state == DeadlineState.PAUSED)).label("still_open"),
            _number(and_(is_met, Deadline.extra_days > 0)).label("extended"),
        )
        .join(Requisition, Deadline.requisition_id == Requisition.id)
        .where(text(IS_PROMISE), visibility.requisitions(viewer))
        .group_by(Requisition.id, Requisition.title, Requisition.team)
    )
    if viewer.own_candidate_ids:
        own = select(Application.id).where(Application.candidate_id.in_(viewer.own_candidate_ids))
        query = query.where(Deadline.application_id.not_in(own))
    return query


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _kept(row: AnyRow) -> Kept:
    names = ("kept", "kept_late", "overdue", "missed", "still_open", "extended")
    return Kept(**{name: getattr(row, name) for name in names})


def _worst_first(line: Line) -> tuple[int, int, str, int]:
    return -line.kept.overdue, line.kept.kept - line.kept.settled, line.title.casefold(), line.requisition_id
