"""Which deadlines of an application run, and what their due moments are worked out from."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.debrief import Decision
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.interview_plan import InterviewPlan, PlanLimit
from tracker.models.outcome import Outcome
from tracker.models.scorecard import Scorecard
from tracker.queries.debriefs import was_held
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.limits import Limit, limit_on
from tracker.rules.scorecards import ScorecardState
from tracker.statements import rows


def running(
    session: Session, application: Application, kinds: Iterable[DeadlineKind], subject: int | None
) -> list[Deadline]:
    """Return the open and paused deadlines of these kinds; ``subject`` None means whatever theirs is."""
    query = select(Deadline).where(
        Deadline.application_id == application.id,
        Deadline.kind.in_(tuple(kinds)),
        Deadline.closed_at.is_(None),
    )
    if subject is not None:
        query = query.where(Deadline.subject == subject)
    return list(session.scalars(query))


def limit_of(session: Session, application: Application, kind: DeadlineKind, on: date) -> int:
    """Return the business days that the plan gives to a kind of deadline whose day 0 is that date."""
    return plan_limit(session, application.requisition.plan_id, kind, on)


def plan_limit(session: Session, plan_id: int, kind: DeadlineKind, on: date) -> int:
    """Return the business days that a plan gives to a kind of deadline whose day 0 is that date."""
    return limit_on(limits_of(session, [plan_id]).get((plan_id, kind), ()), kind, on)


def limits_of(session: Session, plan_ids: Collection[int]) -> dict[tuple[int, DeadlineKind], list[Limit]]:
    """Return all limits of some plans, past and coming ones too, by plan and kind."""
    found: dict[tuple[int, DeadlineKind], list[Limit]] = {}
    for plan_id, kind, *limit in rows(session, _LIMITS, {"plans": list(plan_ids)}):
        found.setdefault((plan_id, kind), []).append(Limit(*limit))
    return found


_LIMITS = select(
    PlanLimit.plan_id, PlanLimit.kind, PlanLimit.valid_from, PlanLimit.valid_to, PlanLimit.business_days
).where(PlanLimit.plan_id.in_(bindparam("plans", expanding=True)))


def limits_of_kind(plan: InterviewPlan, kind: DeadlineKind) -> list[Limit]:
    """Return the limits of one kind, past and coming ones too, of a plan that was read with its parts."""
    return [_limit(row) for row in plan.limits if row.kind is kind]


def _limit(row: PlanLimit) -> Limit:
    return Limit(row.valid_from, row.valid_to, row.business_days)


def scorecards_owed(session: Session, application: Application) -> Iterable[Assignment]:
    """Return the lead assignments of interviews that went out whose scorecard is neither submitted nor waived.

    Who declined the interview, or to write its scorecard, is not chased any more.
    """
    return session.scalars(
        select(Assignment)
        .join(Interview, Assignment.interview_id == Interview.id)
        .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
        .where(
            Interview.application_id == application.id,
            Interview.state == InterviewState.SENT,
            Assignment.ended_at.is_(None),
            Assignment.role == AssignmentRole.LEAD,
            Assignment.declined_at.is_(None),
            (Scorecard.id.is_(None)) | and_(Scorecard.state == ScorecardState.DRAFT, Scorecard.declined_at.is_(None)),
        )
        .options(joinedload(Assignment.interview), joinedload(Assignment.person))
    )


def told_until(session: Session, application: Application) -> datetime | None:
    """Return when the application was last reopened although the candidate had been told its outcome.

    What was told is void since then, and another outcome owed. None where that never was.
    """
    told = exists().where(Outcome.decision_id == Decision.id, Outcome.delivered_at.is_not(None))
    return session.scalar(
        select(func.max(Decision.superseded_at)).where(Decision.application_id == application.id, told)
    )


def kinds_ended(
    session: Session, application: Application, kinds: Iterable[DeadlineKind], *, since: datetime | None
) -> set[DeadlineKind]:
    """Return those of the kinds that were met, in time or late, and are not asked for anew ``since`` then.

    A debrief that was held stands: another decision may rest on it.
    """
    ended = select(Deadline.kind).where(
        Deadline.application_id == application.id,
        Deadline.kind.in_(tuple(kinds)),
        Deadline.state.in_([DeadlineState.MET, DeadlineState.MET_LATE]),
    )
    if since is not None:
        ended = ended.where(Deadline.closed_at > since)
    stands = {DeadlineKind.DEBRIEF} if was_held(session, application.id) else set()
    return set(session.scalars(ended)) | stands


def met_at(session: Session, application: Application, kind: DeadlineKind, moment: datetime) -> Deadline | None:
    """Return the deadline of this kind that was met at exactly this moment."""
    return session.scalar(
        select(Deadline).where(
            Deadline.application_id == application.id,
            Deadline.kind == kind,
            Deadline.closed_at == moment,
            Deadline.state != DeadlineState.CANCELLED,
        )
    )
