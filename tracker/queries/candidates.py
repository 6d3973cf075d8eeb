"""The list of candidates: filtered, sorted, searched, a page at a time, always by an index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker.db import AnyRow, AnySelect
from tracker.models.application import Application
from tracker.models.candidate import Candidate, CandidateWord
from tracker.models.interview_plan import PlanStage
from tracker.models.region import Region
from tracker.models.requisition import Requisition
from tracker.queries import cards as cards_of
from tracker.queries import visibility
from tracker.queries.calendars import calendars_of
from tracker.queries.words import beginning, begins
from tracker.rules.deadlines import Calendar
from tracker.rules.permissions import Viewer
from tracker.rules.stages import ApplicationState, StageKind
from tracker.rules.words import fold_words
from tracker.statements import rows

PAGE = 50
MOST_WORDS = 5
MOST_PEOPLE = 200
# How far the people are counted who have a word: the one that fewest have leads, and what is beyond is many.
COUNTED = 20_000
SORTS = {
    "newest": (Application.applied_at, True),
    "oldest": (Application.applied_at, False),
    "name": (Application.sort_name, False),
}


@dataclass(frozen=True)
class Filters:
    """What the address bar says. ``after`` is the application that ended the page before."""

    q: str = ""
    requisition_id: int | None = None
    state: ApplicationState | None = None
    stage: StageKind | None = None
    sort: str = "newest"
    after: int | None = None


@dataclass(frozen=True)
class Line:
    """One application in the list."""

    id: int
    name: str
    email: str
    requisition_id: int
    requisition: str
    stage: str
    state: ApplicationState
    applied_at: datetime
    clocks: cards_of.Clocks | None


@dataclass(frozen=True)
class Page:
    """A page of lines, and the application after which the next one begins (None: this is the last).

    ``too_many``: more people match the search than are looked at.
    """

    lines: tuple[Line, ...]
    after: int | None
    too_many: bool


def page(session: Session, viewer: Viewer, filters: Filters, now: datetime) -> Page:
    """Return one page of the applications that the viewer may see, in at most seven statements."""
    words = fold_words(filters.q)[:MOST_WORDS]
    if filters.q.strip() and not words:
        return Page((), None, too_many=False)
    typed = filters.q.strip().casefold()
    matching = _people(session, viewer, typed, words) if words and _searches_everywhere(viewer, filters) else None
    if matching is not None and not matching.ids:
        return Page((), None, matching.too_many)
    found = _found(session, viewer, filters, words, matching.ids if matching else None)
    shown = found[:PAGE]
    calendars = _calendars(session, shown)
    clocks = cards_of.clocks(session, calendars, now)
    lines = tuple(_line(row, clocks.get(row.id)) for row in shown)
    after = shown[-1].id if len(found) > PAGE else None
    return Page(lines, after, too_many=matching is not None and matching.too_many)


def requisition_choices(session: Session, viewer: Viewer) -> Sequence[AnyRow]:
    """Return (id, title, team) of the requisitions that the list can be narrowed to: at most 200, open ones first."""
    return rows(session, _choices(viewer), {}).all()


@lru_cache(maxsize=256)
def _choices(viewer: Viewer) -> AnySelect:
    return (
        select(Requisition.id, Requisition.title, Requisition.team)
        .where(visibility.requisitions(viewer))
        .order_by(Requisition.state.desc(), Requisition.title, Requisition.id)
        .limit(200)
    )


def _searches_everywhere(viewer: Viewer, filters: Filters) -> bool:
    """Whether the search ranges over (nearly) all applications: then the words lead, else the applications do."""
    return viewer.is_recruiting and filters.requisition_id is None


@dataclass(frozen=True)
class _People:
    """Candidates whom a search finds; ``too_many``: more do than are looked at."""

    ids: list[int]
    too_many: bool


def _people(session: Session, viewer: Viewer, typed: str, words: Sequence[str]) -> _People:
    """Return the candidates who have all the words, those first whose name begins so. Where an address is typed, those
    alone whose address begins so, if there are any.

    Only people of whom the viewer may see an application: others would push these out, and tell by it that they exist.
    """
    is_address = "@" in typed
    whole = typed if is_address else " ".join(words)
    found = _who_have(session, viewer, [whole])
    # The words of an address are no way to it: half of all candidates may share its host.
    if len(words) == 1 or found.too_many or (is_address and found.ids):
        return found
    counted = rows(session, _counts(len(words)), _beginnings(words)).one()
    by_number = sorted(zip(counted, words, strict=True))
    more = _who_have(session, viewer, [word for _, word in by_number])
    ids = list(dict.fromkeys([*found.ids, *more.ids]))
    return _People(ids[:MOST_PEOPLE], more.too_many or len(ids) > MOST_PEOPLE)


def _who_have(session: Session, viewer: Viewer, beginnings: Sequence[str]) -> _People:
    first, *others = beginnings
    # Several words of one person may begin so.
    most = 4 * MOST_PEOPLE + 1
    asked = beginning("first", first) | _beginnings(others) | {"most": most}
    found = [each for (each,) in rows(session, _having(viewer, len(others)), asked)]
    ids = list(dict.fromkeys(found))
    return _People(ids[:MOST_PEOPLE], too_many=len(ids) > MOST_PEOPLE or len(found) == most)


@lru_cache(maxsize=MOST_WORDS)
def _counts(number: int) -> AnySelect:
    """How many have each of the words, as far as they are counted."""
    each = (_beginning_with(f"word_{n}").limit(COUNTED).subquery() for n in range(number))
    return select(*(select(func.count()).select_from(some).scalar_subquery() for some in each))


def _beginning_with(name: str) -> Select[int]:
    return select(CandidateWord.candidate_id).where(begins(CandidateWord.word, name))


@lru_cache(maxsize=256)
def _having(viewer: Viewer, others: int) -> AnySelect:
    """Candidates of whom one word begins so, and one each with every other beginning; once for each such word.

    What is asked of each is asked by an index, for each: the offset of nothing keeps PostgreSQL from reading instead
    all who have the other word, however many, which it takes for few. The other words come before who may be seen: on
    SQLite the first condition is asked first, and it is the cheaper.
    """
    their = CandidateWord.candidate_id
    is_seen = select(Application.id).where(Application.candidate_id == their, visibility.applications(viewer))
    rest = _have_words(their, others)
    return _beginning_with("first").where(*rest, is_seen.offset(0).exists()).limit(bindparam("most"))


def _have_words(candidate_id: Any, number: int) -> Iterator[ColumnElement[bool]]:
    """Conditions that somebody has so many words; see ``_beginnings``."""
    for each in range(number):
        word = aliased(CandidateWord)
        has = select(word.word).where(word.candidate_id == candidate_id, begins(word.word, f"word_{each}"))
        yield has.offset(0).exists()


def _beginnings(words: Sequence[str]) -> dict[str, str]:
    asked: dict[str, str] = {}
    for number, word in enumerate(words):
        asked |= beginning(f"word_{number}", word)
    return asked


@lru_cache(maxsize=256)
def _visible(viewer: Viewer) -> AnySelect:
    return (
        select(
            Application.id,
            Application.requisition_id,
            Application.state,
            Application.applied_at,
            Candidate.name,
            Candidate.email,
            Requisition.title,
            Requisition.region_id,
            Region.calendar_token,
            PlanStage.name.label("stage"),
        )
        .join(Candidate, Application.candidate_id == Candidate.id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .join(Region, Requisition.region_id == Region.id)
        .join(PlanStage, Application.stage_id == PlanStage.id)
        .where(visibility.applications(viewer))
        .limit(PAGE + 1)
    )


@dataclass(frozen=True)
class _Shape:
    """What a statement is made of, but for the values: one is made for each shape and kept."""

    sort: str
    by: frozenset[str]
    is_continued: bool
    words: int


def _found(
    session: Session, viewer: Viewer, filters: Filters, words: Sequence[str], people: list[int] | None
) -> Sequence[AnyRow]:
    """Return the rows of a page, and one more where another page follows."""
    asked: dict[str, Any] = {"requisition": filters.requisition_id, "state": filters.state, "stage": filters.stage}
    asked["people"] = people
    asked = {name: value for name, value in asked.items() if value is not None}
    alone = words if people is None else ()
    shape = _Shape(filters.sort, frozenset(asked), filters.after is not None, len(alone))
    return rows(session, _query(viewer, shape), asked | _beginnings(alone) | {"after": filters.after}).all()


@lru_cache(maxsize=256)
def _query(viewer: Viewer, shape: _Shape) -> AnySelect:
    conditions = [_CHOSEN[name] for name in sorted(shape.by)]
    conditions += _have_words(Application.candidate_id, shape.words)
    query = _visible(viewer)
    return _ordered(query.where(*conditions) if conditions else query, viewer, shape)


_CHOSEN: dict[str, ColumnElement[bool]] = {
    "requisition": Application.requisition_id == bindparam("requisition"),
    "state": Application.state == bindparam("state"),
    "stage": Application.stage_kind == bindparam("stage"),
    "people": Application.candidate_id.in_(bindparam("people", expanding=True)),
}


def _ordered(query: AnySelect, viewer: Viewer, shape: _Shape) -> AnySelect:
    column, falls = SORTS[shape.sort]
    identity: Any = Application.id
    query = query.order_by(column.desc(), identity.desc()) if falls else query.order_by(column, identity)
    if not shape.is_continued:
        return query
    # One that the viewer may not see answers as none would: where a page begins would tell where it stands.
    after: Any = bindparam("after")
    last = select(column).where(Application.id == after, visibility.applications(viewer))
    value = last.correlate(None).scalar_subquery()
    if falls:
        return query.where(column <= value, or_(column < value, and_(column == value, identity < after)))
    return query.where(column >= value, or_(column > value, and_(column == value, identity > after)))


def _calendars(session: Session, shown: Sequence[AnyRow]) -> dict[int, Calendar]:
    calendars = calendars_of(session, {row.region_id: row.calendar_token for row in shown})
    return {row.id: calendars[row.region_id] for row in shown}


def _line(row: AnyRow, clocks: cards_of.Clocks | None) -> Line:
    return Line(
        id=row.id,
        name=row.name,
        email=row.email,
        requisition_id=row.requisition_id,
        requisition=row.title,
        stage=row.stage,
        state=row.state,
        applied_at=row.applied_at,
        clocks=clocks,
    )
