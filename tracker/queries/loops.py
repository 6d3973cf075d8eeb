"""The loop of an application: its interviews, what stands against it, and who could hold what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models.application import Application
from tracker.models.competency import Competency, CompetencyKind
from tracker.models.deadline import Deadline
from tracker.models.interview import (
    Assignment,
    AssignmentCompetency,
    CapOverride,
    Interview,
    InterviewState,
    Loop,
    LoopState,
)
from tracker.models.interview_plan import PlanCompetency, PlanInterview
from tracker.models.person import InterviewKind
from tracker.queries import busy_feeds
from tracker.queries.calendars import calendar_of
from tracker.queries.candidate_windows import windows_of
from tracker.queries.interviewers import Community, community
from tracker.queries.running_deadlines import limit_of, running
from tracker.queries.visibility import NotFound
from tracker.rules.busy_times import stale_words
from tracker.rules.candidate_windows import is_outside, outside_words
from tracker.rules.coverage import Coverage, PlanNeed, Problem, ProblemCode, Seat, check_loop
from tracker.rules.deadlines import DeadlineKind, due_at
from tracker.rules.in_the_way import in_the_way
from tracker.rules.loop_planning import broken_by, idle_words, with_focus
from tracker.rules.odd_hours import Meeting, cautions, short_notice
from tracker.rules.suggestions import Suggestion, suggest
from tracker.rules.working_hours import hours_of
from tracker.rules.zones import moment_words


@dataclass(frozen=True)
class PlanPart:
    """One competency of the plan's loop."""

    need: PlanNeed
    kind: CompetencyKind


@dataclass(frozen=True)
class LoopStanding:
    """A loop against the rules. ``seats`` are its interviews in their order, empty ones with what they would evaluate.

    ``soft`` are problems that come only from interviews which others plan but have not sent. ``check`` holds other
    seats against the same rules and people.
    """

    parts: Sequence[PlanPart]
    seats: list[Seat]
    people: Community
    coverage: Coverage
    soft: list[Problem]
    check: Callable[[Sequence[Seat]], Coverage]

    @property
    def needs(self) -> list[PlanNeed]:
        """What the loop has to cover."""
        return [part.need for part in self.parts]

    def against_leaving(self, interview_id: int) -> list[Problem]:
        """Return what a loop that went out would break by losing one interview; nothing where it can be cancelled."""
        rest = [seat for seat in self.seats if seat.interview_id != interview_id]
        return broken_by(self.coverage, self.check(rest))

    def suggestions(self, interview_id: int) -> list[Suggestion]:
        """Return who could hold an interview, the best first."""
        return suggest(self.needs, self.seats, self.people.planned, interview_id)


def current_loop(session: Session, application: Application) -> Loop | None:
    """Return the application's loop that was not cancelled, with everything in it."""
    return session.scalar(
        select(Loop)
        .where(Loop.application_id == application.id, Loop.state != LoopState.CANCELLED)
        .options(
            selectinload(Loop.overrides).options(joinedload(CapOverride.person), joinedload(CapOverride.by)),
            selectinload(Loop.interviews)
            .selectinload(Interview.assignments)
            .options(
                joinedload(Assignment.person),
                selectinload(Assignment.competencies).joinedload(AssignmentCompetency.competency),
            ),
        )
    )


def get_loop(session: Session, application: Application) -> Loop:
    """Return the application's loop. Raises NotFound where there is none."""
    loop = current_loop(session, application)
    if loop is None:
        raise NotFound(f"loop of application {application.id}")
    return loop


def get_interview(loop: Loop, interview_id: int) -> Interview:
    """Return one interview of the loop that was not cancelled. Raises NotFound."""
    for interview in interviews_of(loop):
        if interview.id == interview_id:
            return interview
    raise NotFound(f"interview {interview_id} of loop {loop.id}")


def interviews_of(loop: Loop) -> list[Interview]:
    """Return the interviews of a loop that were not cancelled, in the loop's order."""
    standing = (each for each in loop.interviews if each.state is not InterviewState.CANCELLED)
    return sorted(standing, key=lambda each: each.position)


def went_out(loop: Loop) -> bool:
    """Whether somebody was invited to an interview of the loop that stands; of a plain draft nobody was."""
    return any(each.state is InterviewState.SENT for each in loop.interviews)


def is_empty(loop: Loop) -> bool:
    """Whether nothing was put into the loop yet: no interview has its time or its interviewer."""
    return all(each.starts_at is None and not each.assignments for each in interviews_of(loop))


def is_held(interview: Interview) -> bool:
    """Whether an interview in a draft was held: the loop went out once, and then a part of it was called off."""
    in_draft = interview.loop is not None and interview.loop.state is LoopState.DRAFT
    return in_draft and interview.state is InterviewState.SENT


def has_begun(interview: Interview, now: datetime) -> bool:
    """Whether an interview that went out has begun: nobody steps in any more, what is left to do is its scorecard."""
    begun = interview.starts_at is not None and interview.starts_at <= now
    return begun and interview.state is InterviewState.SENT


def to_come(loop: Loop, now: datetime) -> list[Interview]:
    """Return the interviews that move with the loop: what was held stays, and what has begun once it went out."""
    sent = loop.state is LoopState.SENT
    standing = (each for each in interviews_of(loop) if not is_held(each))
    return [each for each in standing if not sent or each.starts_at is None or each.starts_at > now]


def plan_parts(session: Session, application: Application) -> list[PlanPart]:
    """Return what the plan's loop evaluates: technical competencies first."""
    rows = session.execute(
        select(Competency.id, Competency.name, PlanCompetency.loop_times, Competency.kind)
        .join(PlanCompetency, PlanCompetency.competency_id == Competency.id)
        .where(PlanCompetency.plan_id == application.requisition.plan_id, PlanCompetency.loop_times > 0)
        .order_by(PlanCompetency.id)
    )
    parts = [PlanPart(PlanNeed(each, name, times), kind) for each, name, times, kind in rows]
    return sorted(parts, key=lambda part: part.kind is not CompetencyKind.TECHNICAL)


def loop_size(session: Session, application: Application) -> int:
    """Return how many interviews the plan's loop has."""
    counted = select(func.count()).where(PlanInterview.plan_id == application.requisition.plan_id)
    return session.scalar(counted) or 0


def seats_of(loop: Loop) -> list[Seat]:
    """Return the loop's interviews as the rules see them."""
    return [seat_of(interview) for interview in interviews_of(loop)]


def seats_at(loop: Loop, now: datetime) -> list[Seat]:
    """Return the seats as ``seats_of`` does; what is over of a loop that went out was held, and stays as it was."""
    sent = loop.state is LoopState.SENT
    return [
        replace(seat, is_held=True) if sent and seat.ends_at is not None and seat.ends_at <= now else seat
        for seat in seats_of(loop)
    ]


def no_longer_right(loop: Loop, coverage: Coverage) -> list[Problem]:
    """Return what has come to stand against a loop since it went out: its bar raiser is on the hiring team by now.

    ``coverage`` is of ``seats_at``.
    """
    if loop.state is not LoopState.SENT:
        return []
    return [problem for problem in in_the_way(coverage) if problem.code is not ProblemCode.IN_THE_PAST]


def standing(session: Session, loop: Loop, *, now: datetime, seats: Sequence[Seat] | None = None) -> LoopStanding:
    """Hold the loop (or ``seats`` in its place) against the plan and the people, in a fixed number of statements."""
    application = loop.application
    parts = plan_parts(session, application)
    needs = [part.need for part in parts]
    seats = list(seats) if seats is not None else seats_of(loop)
    people = community(
        session,
        application,
        InterviewKind.LOOP,
        [need.competency_id for need in needs],
        now=now,
        also=[seat.person_id for seat in seats if seat.person_id is not None],
        without_loop=loop.id,
    )
    overrides = frozenset(override.person_id for override in loop.overrides)
    size = loop_size(session, application)
    focused = with_focus(needs, seats)

    def check(seats: Sequence[Seat]) -> Coverage:
        return check_loop(needs, seats, people.sent, overrides, size, now, people.candidate_busy)

    hard = check(focused)
    known = {problem.text for problem in (*hard.problems, *hard.warnings)}
    both = check_loop(needs, focused, people.planned, overrides, size, now, people.candidate_busy)
    soft = [problem for problem in both.problems if problem.text not in known]
    return LoopStanding(parts, focused, people, hard, soft, check)


def worth_a_look(session: Session, loop: Loop, now: datetime) -> list[str]:
    """Return cautions about the hours, days and places of a loop's interviews that have their time, of who evaluates
    nothing, and of whose calendar is not known as it stands now."""
    candidate = loop.application.candidate
    meetings = [
        Meeting(
            name=each.name,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
            place=each.place,
            zones=[
                (candidate.name, candidate.zone),
                *((seat.person.name, seat.person.zone) for seat in each.assignments if seat.ended_at is None),
            ],
            hours={seat.person.name: hours_of(seat.person.hours) for seat in each.assignments},
            interviewers={seat.person.name for seat in each.assignments},
        )
        for each in interviews_of(loop)
        if each.starts_at is not None and each.ends_at is not None
    ]
    region = loop.application.requisition.region
    people = {seat.person_id for each in interviews_of(loop) for seat in each.assignments if seat.ended_at is None}
    stale = busy_feeds.stale_since(session, people, now)
    old = [stale_words(name, moment_words(read_at, region.zone) if read_at else None) for name, read_at in stale]
    soon = [] if loop.state is LoopState.SENT else short_notice(meetings, now)
    given = windows_of(session, loop.application_id, now=now)
    outside = [outside_words(each.name) for each in meetings if is_outside(given, each.starts_at, each.ends_at)]
    idle = idle_words(seats_at(loop, now))
    return [*soon, *outside, *idle, *cautions(meetings, calendar_of(session, region)), *old]


@dataclass(frozen=True)
class WouldBe:
    """The moment (UTC) that would be promised; ``doubt`` says why it may be too early, mostly it is empty."""

    at: datetime
    doubt: str


def would_be_promised(session: Session, application: Application, ends_at: datetime) -> WouldBe:
    """Return what the candidate would be promised if the last interview ended at ``ends_at``."""
    calendar = calendar_of(session, application.requisition.region)
    days = limit_of(session, application, DeadlineKind.PROMISE, calendar.today(ends_at))
    moment = due_at(ends_at, days, calendar, application.requisition.plan.due_time)
    return WouldBe(moment, calendar.doubt_about(moment))


def promise_of(session: Session, application: Application) -> Deadline | None:
    """Return the running promise of an application."""
    found = running(session, application, (DeadlineKind.PROMISE,), None)
    return found[0] if found else None


def seat_of(interview: Interview) -> Seat:
    """Return one interview, of a loop or a phone screen, as the rules see it."""
    lead = interview.lead
    return Seat(
        interview_id=interview.id,
        label=interview.name,
        starts_at=interview.starts_at,
        ends_at=interview.ends_at,
        person_id=lead.person_id if lead else None,
        person_name=lead.person.name if lead else "",
        competency_ids=tuple(each.competency_id for each in lead.competencies) if lead else (),
        is_held=is_held(interview),
        has_declined=lead is not None and lead.declined_at is not None,
    )
