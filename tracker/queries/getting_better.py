"""How interviewers judge, write and share the work: from closed applications alone, and never what one is blind of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.db import AnyRow
from tracker.models.application import Application
from tracker.models.competency import Competency
from tracker.models.deadline import Deadline
from tracker.models.debrief import Debrief, Decision, Vote, VotePhase
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.models.requisition import Requisition
from tracker.models.scorecard import Evidence, Rating, Scorecard
from tracker.queries import scorecards, visibility
from tracker.queries.own_interviews import own_leads
from tracker.rules import getting_better as rules
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.getting_better import Calibration, Evenness, Gap, Habits, Written
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import DecisionKind

LOOP = InterviewKind.LOOP
_PARTS = (Evidence.question, Evidence.situation, Evidence.task, Evidence.action, Evidence.result, Evidence.metric)


@dataclass(frozen=True)
class Line:
    """One person's numbers. ``loops`` and ``handed_in`` are what they rest on, also where that is too few."""

    person_id: int
    name: str
    loops: int
    gap: Gap | None
    handed_in: int
    habits: Habits | None
    weeks: tuple[int, ...]

    @property
    def load(self) -> int:
        """The interviews of the last weeks."""
        return sum(self.weeks)


@dataclass(frozen=True)
class Foretold:
    """How well a competency's ratings foretold; ``hired`` and ``not_hired`` are how many there are of each."""

    name: str
    hired: int
    not_hired: int
    calibration: Calibration | None


@dataclass(frozen=True)
class Community:
    """All of it: a line for each, all together, how even the load is, and each competency."""

    lines: tuple[Line, ...]
    habits: Habits | None
    handed_in: int
    evenness: Evenness | None
    foretold: tuple[Foretold, ...]

    @property
    def busiest_week(self) -> int:
        """The most interviews that anybody held in a week: the measure of all bars."""
        return max((max(line.weeks) for line in self.lines), default=0)


def own(session: Session, viewer: Viewer, name: str, now: datetime) -> tuple[Line, float | None]:
    """Return the viewer's own numbers, and the usual load of the community, None where that is too small."""
    # Those of erased candidates too, of which nobody reads anything any more: numbers stay.
    part = or_(visibility.applications(viewer), Application.id.in_(own_leads(viewer, kind=LOOP)))
    of = and_(scorecards.settled(viewer, now - rules.PERIOD, now), part)
    written = and_(scorecards.settled(viewer, now - rules.PERIOD, now), Scorecard.author_id == viewer.person_id)
    community = [key for key, _ in _community(session)]
    held = _held(session, now, Assignment.person_id.in_([*community, viewer.person_id]))
    lines = _lines([(viewer.person_id, name)], rules.gaps(_first_votes(session, of)), _written(session, written), held)
    return lines[0], rules.usual_load({key: sum(held.get(key, ())) for key in community})


def community(session: Session, viewer: Viewer, now: datetime) -> Community:
    """Return everybody's numbers, a month after each could see the own ones; without confidential requisitions."""
    confidential = select(Requisition.id).where(Requisition.is_confidential)
    closed = scorecards.settled(viewer, now - rules.PERIOD, now - rules.PRIVATELY)
    of = and_(closed, Application.requisition_id.not_in(confidential))
    people = _community(session)
    written = _written(session, of)
    lines = _lines(
        people,
        rules.gaps(_first_votes(session, of)),
        written,
        _held(session, now, Assignment.person_id.in_([key for key, _ in people])),
    )
    return Community(
        lines=lines,
        habits=rules.habits(written),
        handed_in=len(written),
        evenness=rules.evenness({each.person_id: each.load for each in lines}),
        foretold=_foretold(session, of),
    )


def _community(session: Session) -> list[tuple[int, str]]:
    """Return (id, name) of everybody who is qualified to interview."""
    qualified = exists().where(InterviewerQualification.person_id == Person.id)
    rows = session.execute(
        select(Person.id, Person.name).where(Person.is_active, qualified).order_by(Person.name, Person.id)
    )
    return [(key, name) for key, name in rows]


def _lines(
    people: Iterable[tuple[int, str]],
    gaps: dict[int, list[float]],
    written: Sequence[Written],
    held: dict[int, tuple[int, ...]],
) -> tuple[Line, ...]:
    of_each: dict[int, list[Written]] = defaultdict(list)
    for each in written:
        of_each[each.person_id].append(each)
    return tuple(
        Line(
            person_id=key,
            name=name,
            loops=len(gaps.get(key, ())),
            gap=rules.severity(gaps.get(key, ())),
            handed_in=len(of_each[key]),
            habits=rules.habits(of_each[key]),
            weeks=held.get(key, rules.by_week(())),
        )
        for key, name in people
    )


def _first_votes(session: Session, of: ColumnElement[bool]) -> Sequence[AnyRow]:
    return session.execute(
        select(Vote.debrief_id, Vote.person_id, Vote.recommendation)
        .join(Debrief, Vote.debrief_id == Debrief.id)
        .join(Application, Debrief.application_id == Application.id)
        .where(Vote.phase == VotePhase.FIRST, of)
    ).all()


def _written(session: Session, of: ColumnElement[bool]) -> list[Written]:
    evidence = (
        select(func.coalesce(func.sum(sum((func.length(part) for part in _PARTS[1:]), func.length(_PARTS[0]))), 0))
        .where(Evidence.scorecard_id == Scorecard.id)
        .scalar_subquery()
    )
    is_late = exists().where(
        Deadline.kind == DeadlineKind.SCORECARD,
        Deadline.application_id == Scorecard.application_id,
        Deadline.subject == Scorecard.assignment_id,
        Deadline.state == DeadlineState.MET_LATE,
    )
    rows = session.execute(
        select(
            Scorecard.author_id,
            Interview.ends_at,
            Scorecard.submitted_at,
            is_late,
            (func.length(Scorecard.summary) + evidence),
        )
        .join(Assignment, Scorecard.assignment_id == Assignment.id)
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Application, Scorecard.application_id == Application.id)
        .where(Scorecard.state == ScorecardState.SUBMITTED, Interview.ends_at.is_not(None), of)
    )
    return [
        Written(author, max((at - ends_at) / timedelta(hours=1), 0.0), late, characters)
        for author, ends_at, at, late, characters in rows
        if at is not None and ends_at is not None
    ]


def _held(session: Session, now: datetime, whose: ColumnElement[bool]) -> dict[int, tuple[int, ...]]:
    rows = session.execute(
        select(Assignment.person_id, Interview.ends_at)
        .join(Interview, Assignment.interview_id == Interview.id)
        .where(
            Interview.ends_at.between(now - rules.WEEKS * timedelta(days=7), now),
            Interview.state == InterviewState.SENT,
            Assignment.ended_at.is_(None),
            Assignment.role == AssignmentRole.LEAD,
            whose,
        )
    )
    weeks: dict[int, list[int]] = defaultdict(list)
    for key, ends_at in rows:
        if ends_at is not None:
            weeks[key].append((now - ends_at).days // 7)
    return {key: rules.by_week(those) for key, those in weeks.items()}


def _foretold(session: Session, of: ColumnElement[bool]) -> tuple[Foretold, ...]:
    rows = session.execute(
        select(Competency.name, Decision.kind, Rating.rating, func.count())
        .join(Rating, Rating.competency_id == Competency.id)
        .join(Scorecard, Rating.scorecard_id == Scorecard.id)
        .join(Application, Scorecard.application_id == Application.id)
        .join(Decision, Decision.application_id == Application.id)
        .where(Scorecard.state == ScorecardState.SUBMITTED, Decision.superseded_at.is_(None), of)
        .group_by(Competency.name, Decision.kind, Rating.rating)
    )
    sides: dict[str, tuple[Counter[int], Counter[int]]] = defaultdict(lambda: (Counter(), Counter()))
    for name, kind, rating, count in rows:
        sides[name][kind is not DecisionKind.HIRE][rating] += count
    return tuple(
        Foretold(name, hired.total(), not_hired.total(), rules.calibration(hired, not_hired))
        for name, (hired, not_hired) in sorted(sides.items())
    )
