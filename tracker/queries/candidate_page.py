"""What a candidate sees of his or her own application, reached by a link and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models.application import Application
from tracker.models.candidate import CandidateLink, LinkPurpose
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewKind
from tracker.models.requisition import Requisition
from tracker.queries import loop_choices
from tracker.queries.calendars import calendar_of
from tracker.queries.candidate_windows import are_asked, windows_of
from tracker.queries.loop_choices import ChoiceStanding
from tracker.queries.moves import stages_of
from tracker.queries.running_deadlines import plan_limit
from tracker.queries.visibility import NotFound
from tracker.rules.busy_times import Span
from tracker.rules.candidate_windows import days_offered, what_for
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.progress import Progress, progress, visible_kind
from tracker.rules.stages import ApplicationState, StageKind
from tracker.rules.training import company
from tracker.rules.zones import local_date


class Found(Enum):
    """Whether a link still opens the page."""

    GOOD = "good"
    EXPIRED = "expired"


def by_link(
    session: Session, token_digest: str, *, now: datetime, purpose: LinkPurpose = LinkPurpose.STATUS
) -> tuple[Found, Application]:
    """Return the application that a link is for, and whether it is still good. Raises NotFound for any other token."""
    link = session.scalar(
        select(CandidateLink).where(
            CandidateLink.token_digest == token_digest,
            CandidateLink.purpose == purpose,
            CandidateLink.revoked_at.is_(None),
        )
    )
    if link is None:
        raise NotFound("link")
    application = session.scalars(
        select(Application)
        .where(Application.id == link.application_id)
        .options(
            joinedload(Application.candidate),
            joinedload(Application.stage),
            joinedload(Application.requisition).options(
                joinedload(Requisition.recruiter), joinedload(Requisition.plan), joinedload(Requisition.region)
            ),
        )
    ).one()
    return (Found.GOOD if now < link.expires_at else Found.EXPIRED), application


@dataclass(frozen=True)
class Meeting:
    """One interview as its candidate sees it. Moments are UTC."""

    words: str
    starts_at: datetime
    ends_at: datetime
    place: str
    people: str
    is_over: bool
    of_loop: bool


@dataclass(frozen=True)
class Promised:
    """When the outcome is to reach the candidate (UTC moment), or that the date is being worked out again."""

    due_at: datetime
    zone: str
    is_paused: bool
    is_late: bool


@dataclass(frozen=True)
class Asked:
    """The days for which the candidate is asked, the times (UTC) that he or she gave, and for which interviews."""

    days: Sequence[date]
    given: Sequence[Span]
    what_for: str


@dataclass(frozen=True)
class CandidatePage:
    """Everything the candidate's own page shows; ``asked`` is None while nothing is to be arranged.

    Of ``choice`` it shows whether times can be chosen, and nothing else.
    """

    application: Application
    progress: Progress
    meetings: Sequence[Meeting]
    promised: Promised | None
    business_days: int
    asked: Asked | None
    choice: ChoiceStanding

    @property
    def is_active(self) -> bool:
        """Whether the application can be withdrawn."""
        return self.application.state is ApplicationState.ACTIVE

    @property
    def prepares(self) -> bool:
        """Whether an interview may still come: none does once the loop is over."""
        loop = [each for each in self.meetings if each.of_loop]
        is_over = bool(loop) and all(each.is_over for each in loop)
        return self.is_active and self.application.stage_kind not in _AFTERWARDS and not is_over


_AFTERWARDS = (StageKind.OUTCOME, StageKind.OFFER)


def page(session: Session, application: Application, *, now: datetime) -> CandidatePage:
    """Return the page of one application."""
    stages = stages_of(session, application)
    kinds = [stage.kind for stage in stages]
    position = next(n for n, stage in enumerate(stages) if stage.id == application.stage_id)
    interviews = _interviews(session, application)
    of_step = [each for each in interviews if each.kind is _interviews_in(visible_kind(kinds, position))]
    to_come = any(not _is_over(each, now) for each in of_step)
    held = any(_is_over(each, now) for each in of_step)
    return CandidatePage(
        application=application,
        progress=progress(
            kinds,
            position,
            application.state,
            to_come=to_come,
            held=held,
        ),
        meetings=_meetings(interviews, now),
        promised=_promised(session, application, now),
        business_days=promise_days(session, application.requisition, now=now),
        asked=_asked(session, application, now, to_come=to_come, held=held),
        choice=loop_choices.standing(session, application, now),
    )


def loop_meetings(session: Session, application: Application, *, now: datetime) -> list[Meeting]:
    """Return the schedule of the loop that its candidate was sent, by time; none of what was called off."""
    interviews = _interviews(session, application)
    return _meetings([each for each in interviews if each.kind is InterviewKind.LOOP], now)


def _asked(session: Session, application: Application, now: datetime, *, to_come: bool, held: bool) -> Asked | None:
    if not are_asked(session, application):
        return None
    days = days_offered(calendar_of(session, application.requisition.region), now)
    of_loop = application.stage_kind is StageKind.LOOP
    text = what_for(of_loop=of_loop, screen_to_come=to_come, screen_held=held)
    return Asked(days, windows_of(session, application.id, now=now), text)


def _interviews_in(kind: StageKind) -> InterviewKind:
    return InterviewKind.PHONE_SCREEN if kind is StageKind.PHONE_SCREEN else InterviewKind.LOOP


def _interviews(session: Session, application: Application) -> Sequence[Interview]:
    """The interviews that the candidate was invited to: planned and cancelled ones are none of these."""
    return session.scalars(
        select(Interview)
        .where(
            Interview.application_id == application.id,
            Interview.state == InterviewState.SENT,
            Interview.starts_at.is_not(None),
        )
        .options(selectinload(Interview.assignments).joinedload(Assignment.person))
        .order_by(Interview.starts_at)
    ).all()


def _is_over(interview: Interview, now: datetime) -> bool:
    return interview.ends_at is not None and interview.ends_at <= now


def _meetings(interviews: Sequence[Interview], now: datetime) -> list[Meeting]:
    loop = [each.id for each in interviews if each.kind is InterviewKind.LOOP]
    found = []
    for each in interviews:
        if each.starts_at is None or each.ends_at is None:
            continue
        words = f"Interview {loop.index(each.id) + 1} of {len(loop)}" if each.id in loop else "Phone screen"
        standing = [seat for seat in each.assignments if seat.ended_at is None]
        leads = [seat.person.name for seat in standing if seat.role is AssignmentRole.LEAD]
        learning = [seat.person.name for seat in standing if seat.role is not AssignmentRole.LEAD]
        who = company(leads, learning)
        of_loop = each.kind is InterviewKind.LOOP
        found.append(Meeting(words, each.starts_at, each.ends_at, each.place, who, _is_over(each, now), of_loop))
    return found


def promise_days(session: Session, requisition: Requisition, *, now: datetime) -> int:
    """Return within how many business days after a loop that ended today a requisition promises the outcome."""
    return plan_limit(session, requisition.plan_id, DeadlineKind.PROMISE, local_date(now, requisition.region.zone))


def _promised(session: Session, application: Application, now: datetime) -> Promised | None:
    if application.state is not ApplicationState.ACTIVE:
        return None
    deadline = session.scalar(
        select(Deadline).where(
            Deadline.application_id == application.id,
            Deadline.kind == DeadlineKind.PROMISE,
            Deadline.closed_at.is_(None),
        )
    )
    if deadline is None:
        return None
    paused = deadline.state is DeadlineState.PAUSED
    return Promised(deadline.due_at, deadline.zone, paused, not paused and now > deadline.due_at)
