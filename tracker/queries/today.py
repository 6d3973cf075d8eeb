"""What waits for a person now: deadlines that can be acted on, steps without a deadline, interviews, failed mails."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import BindParameter, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect, UtcMoment
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.debrief import Debrief, Decision
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewKind
from tracker.models.requisition import Requisition
from tracker.models.scorecard import Scorecard
from tracker.queries import (
    beside,
    cards,
    deadline_changes,
    deadlines,
    declined,
    retention,
    stuck_mails,
    training,
    visibility,
)
from tracker.queries.deadlines import Line
from tracker.queries.declined import Empty
from tracker.queries.loop_choices import is_waited_for
from tracker.queries.open_debriefs import OpenDebrief, open_debriefs
from tracker.queries.stuck_mails import StuckMails
from tracker.queries.training import TrainingLine
from tracker.rules.deadlines import DeadlineKind, StandingState, urgency
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import ApplicationState, StageKind
from tracker.statements import rows

MOST = 100
_IN_TIME = (StandingState.ON_TRACK, StandingState.DUE_SOON, StandingState.PAUSED)
AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class InterviewLine:
    """An interview that the viewer holds, or learns in; ``beside`` says who learns beside whom, mostly nobody.

    ``is_asked``: its invitation was not answered yet, and can be; ``leads``: the viewer holds it.
    """

    assignment_id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    place: str
    candidate: str
    requisition: str
    is_declined: bool
    is_asked: bool
    leads: bool
    beside: str = ""


@dataclass(frozen=True)
class Step:
    """Something to do that no deadline asks for: a phone screen to arrange, an offer to be answered."""

    application_id: int
    stage_kind: StageKind
    stage: str
    candidate: str
    requisition: str
    since: datetime


@dataclass(frozen=True)
class Today:
    """All of it. ``now`` can be acted on; ``later`` waits for others or for its time.

    ``stuck`` are the ids of promises that are overdue and cannot be kept yet: something before them waits.
    ``to_sign_off`` are trainings that wait for the viewer's word, ``trainings`` are the viewer's own.
    ``choosing`` are the ids of applications whose candidates were asked to choose when the loop is held.
    ``moving`` counts the deadlines of both that a changed calendar or limit would move, once somebody accepts it.
    ``leaving`` counts the candidates of the viewer's own requisitions whose data is erased within a week.
    """

    now: tuple[Line, ...]
    later: tuple[Line, ...]
    stuck: frozenset[int]
    choosing: frozenset[int]
    steps: tuple[Step, ...]
    empty_seats: tuple[Empty, ...]
    debriefs: tuple[OpenDebrief, ...]
    interviews: tuple[InterviewLine, ...]
    to_sign_off: tuple[TrainingLine, ...]
    trainings: tuple[TrainingLine, ...]
    stuck_mails: tuple[StuckMails, ...]
    moving: int
    leaving: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits at all."""
        waits = (self.now, self.later, self.steps, self.empty_seats, self.debriefs, self.interviews)
        return not (any(waits) or self.to_sign_off or self.trainings or self.stuck_mails)


def of(session: Session, viewer: Viewer, now: datetime) -> Today:
    """Return what waits for the viewer, in a fixed number of statements."""
    mine = deadlines.mine(session, viewer, now, MOST)
    choosing = _choosing(session, mine)
    ready = _actionable(session, mine, choosing, now)
    # Whoever is to blame: a candidate waits, and the owner has to do something about it.
    stuck = frozenset(line.id for line in mine if line.id not in ready and _is_overdue_promise(line))
    trainings = training.concerning(session, viewer, now=now)
    return Today(
        now=_by_urgency(line for line in mine if line.id in ready or line.id in stuck),
        later=_by_urgency(line for line in mine if line.id not in ready and line.id not in stuck),
        stuck=stuck,
        choosing=choosing,
        steps=_steps(session, viewer),
        empty_seats=tuple(declined.empty_seats(session, viewer, now, MOST)) if viewer.is_recruiting else (),
        debriefs=open_debriefs(session, viewer),
        interviews=_interviews(session, viewer, now),
        to_sign_off=trainings.to_sign_off,
        trainings=trainings.own,
        stuck_mails=stuck_mails.for_recruiter(session, viewer),
        moving=_moving(session, viewer, mine, now),
        leaving=retention.soon(session, viewer, now) if viewer.is_recruiting else 0,
    )


def _by_urgency(lines: Iterable[Line]) -> tuple[Line, ...]:
    def key(line: Line) -> tuple[int, datetime]:
        stands = line.standing
        is_overdue, is_due_today = (stands.state is each for each in (StandingState.OVERDUE, StandingState.DUE_TODAY))
        return urgency(line.kind, stands.due_at, is_overdue=is_overdue, is_due_today=is_due_today)

    return tuple(sorted(lines, key=key))


def _moving(session: Session, viewer: Viewer, mine: Sequence[Line], now: datetime) -> int:
    if not viewer.is_recruiting:
        return 0
    return len(deadline_changes.pending(session, viewer, now, among={line.id for line in mine}))


def _is_overdue_promise(line: Line) -> bool:
    return line.standing.state is StandingState.OVERDUE and line.kind is DeadlineKind.PROMISE


def _choosing(session: Session, lines: Sequence[Line]) -> frozenset[int]:
    ids = {line.application_id for line in lines if line.kind is DeadlineKind.LOOP_INVITED}
    if not ids:
        return frozenset()
    return frozenset(session.scalars(select(Application.id).where(Application.id.in_(ids), is_waited_for())))


def _actionable(session: Session, lines: Sequence[Line], choosing: frozenset[int], now: datetime) -> set[int]:
    """The deadlines whose owner can act: what comes before them is done."""
    ids = {line.application_id for line in lines}
    scorecards = cards.scorecards_in(session, ids)
    these = {"ids": list(ids)}
    held = {each for (each,) in rows(session, _HELD, these)}
    decided = {each for (each,) in rows(session, _DECIDED, these)}
    subjects = [line.subject for line in lines if line.kind is DeadlineKind.SCORECARD]
    begun = {each for (each,) in rows(session, _BEGUN, {"ids": subjects, "now": now})}

    def can_act(line: Line) -> bool:
        if line.kind is DeadlineKind.SCORECARD:
            return line.subject in begun
        if line.kind is DeadlineKind.LOOP_INVITED:
            # Its candidate was asked to choose. Once it is due somebody has to see to it, whoever is waited for.
            return line.application_id not in choosing or line.standing.state not in _IN_TIME
        if line.kind is DeadlineKind.DEBRIEF:
            done, total = scorecards.get(line.application_id, (0, 0))
            return 0 < total == done
        if line.kind is DeadlineKind.DECISION:
            return line.application_id in held
        return line.kind is not DeadlineKind.PROMISE or line.application_id in decided

    return {line.id for line in lines if can_act(line)}


_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_AT = bindparam("now", type_=UtcMoment())
_HELD = select(Debrief.application_id).where(Debrief.application_id.in_(_IDS), Debrief.held_at.is_not(None))
_DECIDED = select(Decision.application_id).where(Decision.application_id.in_(_IDS), Decision.superseded_at.is_(None))
_BEGUN = (
    select(Assignment.id)
    .join(Interview, Assignment.interview_id == Interview.id)
    .where(Assignment.id.in_(_IDS), Interview.starts_at <= _AT)
)

# To build a statement takes longer than to ask it: each is built once for a viewer.
_kept = lru_cache(maxsize=1024)


def _steps(session: Session, viewer: Viewer) -> tuple[Step, ...]:
    return tuple(
        Step(row.id, row.stage_kind, row.stage_kind.label, row.name, row.title, row.entered_stage_at)
        for row in rows(session, _steps_query(viewer), {})
    )


@_kept
def _steps_query(viewer: Viewer) -> AnySelect:
    # One whose scorecard was waived does not count: it is held anew.
    waived = exists().where(
        Assignment.interview_id == Interview.id,
        Assignment.ended_at.is_(None),
        Scorecard.assignment_id == Assignment.id,
        Scorecard.state == ScorecardState.WAIVED,
    )
    arranged = exists().where(
        Interview.application_id == Application.id,
        Interview.kind == InterviewKind.PHONE_SCREEN,
        Interview.state == InterviewState.SENT,
        Interview.ends_at >= Application.entered_stage_at,
        ~waived,
    )
    return (
        select(
            Application.id,
            Application.stage_kind,
            Application.entered_stage_at,
            Candidate.name,
            Requisition.title,
        )
        .join(Candidate, Application.candidate_id == Candidate.id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .where(
            Requisition.recruiter_id == viewer.person_id,
            visibility.applications(viewer),
            Application.state == ApplicationState.ACTIVE,
            Application.stage_kind.in_([StageKind.PHONE_SCREEN, StageKind.OFFER, StageKind.CUSTOM]),
            or_(Application.stage_kind != StageKind.PHONE_SCREEN, ~arranged),
        )
        .order_by(Application.entered_stage_at, Application.id)
        .limit(MOST)
    )


def _interviews(session: Session, viewer: Viewer, now: datetime) -> tuple[InterviewLine, ...]:
    within = {"now": now, "until": now + AHEAD}
    found = rows(session, _interviews_query(viewer), within).all()
    learning = beside.words_of(session, [row[0] for row in found]) if found else {}
    return tuple(replace(InterviewLine(*row), beside=learning.get(row[0], "")) for row in found)


@_kept
def _interviews_query(viewer: Viewer) -> AnySelect:
    """What is to come within a fortnight, and whatever the viewer has not answered yet."""
    is_asked = and_(
        Assignment.answer.is_(None),
        Assignment.declined_at.is_(None),
        Interview.starts_at > _AT,
    )
    return (
        select(
            Assignment.id,
            Interview.name,
            Interview.starts_at,
            Interview.ends_at,
            Interview.place,
            Candidate.name.label("candidate"),
            Requisition.title,
            Assignment.declined_at.is_not(None),
            is_asked,
            Assignment.role == AssignmentRole.LEAD,
        )
        .join(Interview, Assignment.interview_id == Interview.id)
        .join(Application, Interview.application_id == Application.id)
        .join(Candidate, Application.candidate_id == Candidate.id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .where(
            Assignment.person_id == viewer.person_id,
            Assignment.ended_at.is_(None),
            Interview.state == InterviewState.SENT,
            Interview.ends_at > _AT,
            or_(Interview.starts_at < bindparam("until", type_=UtcMoment()), is_asked),
            visibility.not_own(viewer),
        )
        .order_by(Interview.starts_at)
        .limit(MOST)
    )
