"""The board of one requisition: its stages as columns, the longest waiting on top, a page of cards each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, and_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from tracker.db import AnyRow, AnySelect
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.interview_plan import PlanStage
from tracker.models.requisition import Requisition
from tracker.queries import cards as cards_of
from tracker.queries.calendars import calendar_of
from tracker.queries.visibility import not_own
from tracker.rules.deadlines import Calendar, Standing
from tracker.rules.permissions import Viewer
from tracker.rules.stages import ApplicationState, StageKind
from tracker.statements import objects, rows

PAGE = 20
_STAGES = select(PlanStage).where(PlanStage.plan_id == bindparam("plan")).order_by(PlanStage.position)


@dataclass(frozen=True)
class Card:
    """One active application. ``done`` of ``total`` scorecards are in; ``days_in_stage`` are calendar days."""

    id: int
    version: int
    stage_id: int
    name: str
    entered_stage_at: datetime
    days_in_stage: int
    due: cards_of.Due | None
    promise: Standing | None
    next_interview_at: datetime | None
    done: int
    total: int


@dataclass(frozen=True)
class Column:
    """One stage: how many stand in it, the first page of them, and where the next page begins (None: nowhere)."""

    id: int
    name: str
    kind: StageKind
    count: int
    cards: tuple[Card, ...]
    after: int | None


def columns(session: Session, viewer: Viewer, requisition: Requisition, now: datetime) -> list[Column]:
    """Return all columns with their first cards, in seven statements however many applications there are."""
    stages = objects(session, _STAGES, {"plan": requisition.plan_id}).scalars().all()
    counts = stage_counts(session, viewer, requisition)
    query = _first_pages(viewer, tuple(stage.id for stage in stages))
    found = rows(session, query, {"requisition": requisition.id}).all()
    cards = _cards(session, requisition, found, now)
    return [_column(stage, counts.get(stage.id, 0), cards) for stage in stages]


def stage_counts(session: Session, viewer: Viewer, requisition: Requisition) -> dict[int, int]:
    """Return how many active applications stand in each stage, by stage id."""
    found = rows(session, _counts(viewer), {"requisition": requisition.id})
    return {stage_id: count for stage_id, count in found}


@lru_cache(maxsize=256)
def _counts(viewer: Viewer) -> AnySelect:
    return (
        select(Application.stage_id, func.count())
        .where(Application.requisition_id == bindparam("requisition"), Application.state == ApplicationState.ACTIVE)
        .where(not_own(viewer))
        .group_by(Application.stage_id)
    )


def more_cards(
    session: Session, viewer: Viewer, requisition: Requisition, stage_id: int, after: int | None, now: datetime
) -> tuple[tuple[Card, ...], int | None]:
    """Return the page of a column that follows the card of application ``after``, and where the next begins."""
    found = session.execute(_page(viewer, stage_id, after), {"requisition": requisition.id}).all()
    return _cut(_cards(session, requisition, found, now))


@lru_cache(maxsize=256)
def _first_pages(viewer: Viewer, stage_ids: tuple[int, ...]) -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(*(select(_page(viewer, stage_id, None).subquery()) for stage_id in stage_ids))


def _page(viewer: Viewer, stage_id: int, after: int | None) -> AnySelect:
    """One card more than a page, so that it shows whether there is a next one; by one index, in its order."""
    query = (
        select(
            Application.id,
            Application.version,
            Application.stage_id,
            Application.entered_stage_at,
            Candidate.name,
        )
        .join(Candidate, Application.candidate_id == Candidate.id)
        .where(
            Application.requisition_id == bindparam("requisition"),
            Application.state == ApplicationState.ACTIVE,
            Application.stage_id == literal(stage_id),
            not_own(viewer),
        )
        .order_by(Application.entered_stage_at, Application.id)
        .limit(PAGE + 1)
    )
    if after is None:
        return query
    # A card of another board, or of the viewer's own application, answers as none would.
    last = select(Application.entered_stage_at).where(
        Application.id == after, Application.requisition_id == bindparam("requisition"), not_own(viewer)
    )
    entered = last.correlate(None).scalar_subquery()
    later = or_(
        Application.entered_stage_at > entered,
        and_(Application.entered_stage_at == entered, Application.id > after),
    )
    # The first half alone bounds the index; the second sorts out those that entered in the same moment.
    return query.where(Application.entered_stage_at >= entered, later)


def _cards(session: Session, requisition: Requisition, found: Sequence[AnyRow], now: datetime) -> tuple[Card, ...]:
    calendar = calendar_of(session, requisition.region)
    ids = [row.id for row in found]
    clocks = cards_of.clocks(session, dict.fromkeys(ids, calendar), now)
    interviews = cards_of.next_interviews(session, ids, now)
    scorecards = cards_of.scorecards_in(session, ids)
    return tuple(_card(row, calendar, clocks, interviews, scorecards, now) for row in found)


def _card(
    row: AnyRow,
    calendar: Calendar,
    clocks: dict[int, cards_of.Clocks],
    interviews: dict[int, datetime],
    scorecards: dict[int, tuple[int, int]],
    now: datetime,
) -> Card:
    clock = clocks.get(row.id)
    done, total = scorecards.get(row.id, (0, 0))
    return Card(
        id=row.id,
        version=row.version,
        stage_id=row.stage_id,
        name=row.name,
        entered_stage_at=row.entered_stage_at,
        days_in_stage=(calendar.today(now) - calendar.today(row.entered_stage_at)).days,
        due=clock.due if clock else None,
        promise=clock.promise if clock else None,
        next_interview_at=interviews.get(row.id),
        done=done,
        total=total,
    )


def _cut(cards: Iterable[Card]) -> tuple[tuple[Card, ...], int | None]:
    cards = tuple(cards)
    return (cards[:PAGE], cards[PAGE - 1].id) if len(cards) > PAGE else (cards, None)


def _column(stage: PlanStage, count: int, cards: tuple[Card, ...]) -> Column:
    shown, after = _cut(card for card in cards if card.stage_id == stage.id)
    return Column(id=stage.id, name=stage.name, kind=stage.kind, count=count, cards=shown, after=after)
