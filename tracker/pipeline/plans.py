"""Interview plans: a new one, a copy, and the parts that are saved one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.models.competency import Competency
from tracker.models.interview_plan import (
    InterviewPlan,
    PlanCompetency,
    PlanInterview,
    PlanLadder,
    PlanLimit,
    PlanStage,
)
from tracker.models.person import Person
from tracker.pipeline import loop_choice_mails
from tracker.pipeline.names import check_name_free
from tracker.pipeline.record import note_change
from tracker.pipeline.seed import INTERVIEWS, STAGES
from tracker.pipeline.versions import expect
from tracker.rules.deadlines import DEFAULT_LIMITS
from tracker.rules.loop_choices import MOST_MOVES, MOST_NOTICE, limits_words
from tracker.rules.plans import PlanFacts, check_plan, why_unusable
from tracker.rules.refused import Refused
from tracker.rules.stages import ScreensMode
from tracker.rules.training import MOST_SEATS, MOST_TRAINEES, Path

SHORTEST, LONGEST = 5, 480


class OutOfBounds(Refused):
    """A number that the plan cannot hold."""


class NoSuchCompetency(Refused):
    """A competency that is not there was chosen."""


@dataclass(frozen=True)
class Basics:
    """What a form says of the plan as a whole; ``preparation`` is Markdown for candidates."""

    name: str
    description: str
    preparation: str
    screens_mode: ScreensMode
    screen_minutes: int
    due_time: time
    is_active: bool
    screens_open: bool = False
    substitutes_sought: bool = True
    candidates_choose: bool = True
    choice_moves: int = 1
    choice_notice_days: int = 2


@dataclass(frozen=True)
class LoopInterview:
    """One interview of the loop, as a form gives it."""

    name: str
    minutes: int


@dataclass(frozen=True)
class Coverage:
    """How many interviews of the loop evaluate a competency, and whether phone screens do."""

    loop_times: int
    in_phone_screen: bool


def facts_of(plan: InterviewPlan) -> PlanFacts:
    """Return what the rules need to know of a plan."""
    return PlanFacts(
        kinds=tuple(stage.kind for stage in sorted(plan.stages, key=lambda stage: stage.position)),
        screens_mode=plan.screens_mode,
        interviews=len(plan.interviews),
        loop_times={each.competency.name: each.loop_times for each in plan.competencies},
    )


def problems(plan: InterviewPlan) -> list[str]:
    """Return why the plan cannot be used; empty where it can."""
    return why_unusable(facts_of(plan))


def add(session: Session, name: str, description: str, *, by: Person, now: datetime) -> InterviewPlan:
    """Add a plan with the usual stages, interviews and limits, and without competencies. Raises NameTaken."""
    check_name_free(session, InterviewPlan.name, InterviewPlan.id, name, None)
    plan = InterviewPlan(name=name, description=description, screens_mode=ScreensMode.SECOND_IF_INCONCLUSIVE)
    plan.stages = [PlanStage(position=n, kind=kind, name=words) for n, (kind, words) in enumerate(STAGES, 1)]
    plan.interviews = [PlanInterview(position=n, name=f"Interview {n}", minutes=60) for n in range(1, INTERVIEWS + 1)]
    plan.limits = [PlanLimit(kind=kind, business_days=days) for kind, days in DEFAULT_LIMITS.items()]
    session.add(plan)
    session.flush()
    note_change(session, "plans.add", f"The interview plan {name} was added", by=by, now=now)
    return plan


def duplicate(session: Session, plan: InterviewPlan, name: str, *, by: Person, now: datetime) -> InterviewPlan:
    """Add a plan that is another one's copy in all but its name. Raises NameTaken."""
    check_name_free(session, InterviewPlan.name, InterviewPlan.id, name, None)
    copy = InterviewPlan(
        name=name,
        description=plan.description,
        preparation=plan.preparation,
        screens_mode=plan.screens_mode,
        screen_minutes=plan.screen_minutes,
        screens_open=plan.screens_open,
        substitutes_sought=plan.substitutes_sought,
        shadows=plan.shadows,
        reverse_shadows=plan.reverse_shadows,
        most_trainees=plan.most_trainees,
        candidates_choose=plan.candidates_choose,
        choice_moves=plan.choice_moves,
        choice_notice_days=plan.choice_notice_days,
        due_time=plan.due_time,
    )
    copy.stages = [PlanStage(position=row.position, kind=row.kind, name=row.name) for row in plan.stages]
    copy.interviews = [
        PlanInterview(position=row.position, name=row.name, minutes=row.minutes) for row in plan.interviews
    ]
    copy.competencies = [
        PlanCompetency(competency_id=row.competency_id, loop_times=row.loop_times, in_phone_screen=row.in_phone_screen)
        for row in plan.competencies
    ]
    copy.limits = [
        PlanLimit(kind=row.kind, business_days=row.business_days, valid_from=row.valid_from, valid_to=row.valid_to)
        for row in plan.limits
    ]
    copy.ladders = [PlanLadder(kind=row.kind, steps=row.steps) for row in plan.ladders]
    session.add(copy)
    session.flush()
    text = f"The interview plan {name} was made as a copy of {plan.name}"
    note_change(session, "plans.duplicate", text, by=by, now=now)
    return copy


def save_basics(
    session: Session, plan: InterviewPlan, basics: Basics, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Change what is said of the plan as a whole. Raises Stale, NameTaken, OutOfBounds, UnusablePlan."""
    expect(plan, version)
    check_name_free(session, InterviewPlan.name, InterviewPlan.id, basics.name, plan.id)
    _check_minutes(basics.screen_minutes, "screen_minutes")
    before = facts_of(plan)
    plan.name, plan.description, plan.preparation = basics.name, basics.description, basics.preparation
    plan.screens_mode, plan.screen_minutes = basics.screens_mode, basics.screen_minutes
    plan.due_time = basics.due_time
    was_let, chosen = plan.candidates_choose, _set_choices(plan, basics)
    opened, plan.screens_open = plan.screens_open, basics.screens_open
    plan.substitutes_sought = basics.substitutes_sought
    # A plan that is taken into use has to be right in every part.
    taken_up = basics.is_active and not plan.is_active
    plan.is_active = basics.is_active
    check_plan(facts_of(plan), None if taken_up else before)
    saved(session, plan, "its description", by=by, now=now)
    if chosen:
        saved(session, plan, chosen, by=by, now=now)
    if opened != plan.screens_open:
        text = "open to the loop's interviewers beforehand" if plan.screens_open else "hidden until the own are in"
        saved(session, plan, f"phone screens' scorecards are {text}", by=by, now=now)
    if plan.candidates_choose and not was_let:
        loop_choice_mails.ask_all_again(session, plan, now=now)


def _set_choices(plan: InterviewPlan, basics: Basics) -> str:
    """Set whether and how candidates choose; return in words what changed, if anything. Raises OutOfBounds."""
    if not 0 <= basics.choice_moves <= MOST_MOVES:
        raise OutOfBounds(f"A loop is moved 0 to {MOST_MOVES} times.", "choice_moves")
    if not 0 <= basics.choice_notice_days <= MOST_NOTICE:
        raise OutOfBounds(f"Give 0 to {MOST_NOTICE} business days.", "choice_notice_days")
    wanted = (basics.candidates_choose, basics.choice_moves, basics.choice_notice_days)
    if wanted == (plan.candidates_choose, plan.choice_moves, plan.choice_notice_days):
        return ""
    plan.candidates_choose, plan.choice_moves, plan.choice_notice_days = wanted
    if not basics.candidates_choose:
        return "candidates are not let choose when the loop is held"
    return f"candidates may choose when the loop is held. {limits_words(*wanted[1:])}"


def save_interviews(
    session: Session,
    plan: InterviewPlan,
    wanted: Sequence[LoopInterview],
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Set the interviews of the loop; loops that are planned already keep theirs.

    Raises Stale, OutOfBounds, UnusablePlan.
    """
    expect(plan, version)
    for each in wanted:
        _check_minutes(each.minutes, None)
    before = facts_of(plan)
    rows = sorted(plan.interviews, key=lambda row: row.position)
    for position, each in enumerate(wanted, 1):
        if position <= len(rows):
            rows[position - 1].name, rows[position - 1].minutes = each.name, each.minutes
        else:
            plan.interviews.append(PlanInterview(position=position, name=each.name, minutes=each.minutes))
    for row in rows[len(wanted) :]:
        plan.interviews.remove(row)
    check_plan(facts_of(plan), before)
    saved(session, plan, "the interviews of the loop", by=by, now=now)


def save_competencies(
    session: Session,
    plan: InterviewPlan,
    wanted: Mapping[int, Coverage],
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Set what the loop and the phone screens evaluate, by competency; one that neither does is left out.

    Raises Stale, NoSuchCompetency, UnusablePlan.
    """
    expect(plan, version)
    before = facts_of(plan)
    present = {row.competency_id: row for row in plan.competencies}
    kept = {key: each for key, each in wanted.items() if each.loop_times or each.in_phone_screen}
    for competency_id, row in present.items():
        if competency_id not in kept:
            plan.competencies.remove(row)
    for competency_id, each in kept.items():
        row = present.get(competency_id) or _new_coverage(session, plan, competency_id)
        row.loop_times, row.in_phone_screen = each.loop_times, each.in_phone_screen
    check_plan(facts_of(plan), before)
    saved(session, plan, "its competencies", by=by, now=now)


def save_training(
    session: Session,
    plan: InterviewPlan,
    wanted: tuple[Path, int],
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Set how often who learns to interview shadows and reverse-shadows, and how many of them may sit in one loop.

    It holds at once for those in training, too. Raises Stale, OutOfBounds.
    """
    expect(plan, version)
    path, most = wanted
    if not all(0 <= each <= MOST_SEATS for each in (path.shadows, path.reverse_shadows)):
        raise OutOfBounds(f"One shadows and reverse-shadows 0 to {MOST_SEATS} times.")
    if not 0 <= most <= MOST_TRAINEES:
        raise OutOfBounds(f"0 to {MOST_TRAINEES} people in training may sit in one loop.", "most_trainees")
    plan.shadows, plan.reverse_shadows, plan.most_trainees = path.shadows, path.reverse_shadows, most
    what = f"one shadows {path.shadows} and reverse-shadows {path.reverse_shadows} times, {most} at most in a loop"
    saved(session, plan, f"the training ({what})", by=by, now=now)


def saved(session: Session, plan: InterviewPlan, what: str, *, by: Person, now: datetime) -> None:
    """Let the plan's version rise, since its parts are rows of their own, and note what was changed."""
    flag_modified(plan, "name")
    session.flush()
    note_change(session, "plans.edit", f"The interview plan {plan.name} was changed: {what}", by=by, now=now)


def _new_coverage(session: Session, plan: InterviewPlan, competency_id: int) -> PlanCompetency:
    competency = session.get(Competency, competency_id)
    if competency is None or not competency.is_active:
        raise NoSuchCompetency("A competency that is not in use was chosen: reload the page.")
    row = PlanCompetency(competency=competency)
    plan.competencies.append(row)
    return row


def _check_minutes(minutes: int, field: str | None) -> None:
    if not SHORTEST <= minutes <= LONGEST:
        raise OutOfBounds(f"An interview lasts {SHORTEST} to {LONGEST} minutes.", field)
