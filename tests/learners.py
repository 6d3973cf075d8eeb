"""People in training, for tests: put on the way, and seated in interviews of the past and the future."""

from datetime import datetime, timedelta

from tests.factories import MONDAY, World
from tracker.models.interview import Assignment, AssignmentRole
from tracker.models.interview_plan import InterviewPlan
from tracker.models.person import InterviewKind, Person
from tracker.models.training import Training, TrainingCompetency
from tracker.rules.training import TrainingRole


def in_training(
    world: World,
    person: Person,
    plan: InterviewPlan,
    *,
    letters: str = "ABCDE",
    kind: InterviewKind = InterviewKind.LOOP,
    begun_at: datetime = MONDAY - timedelta(days=30),
    by: Person | None = None,
) -> Training:
    """A training that goes on, for the competencies of the plan with these letters."""
    row = Training(person=person, plan=plan, kind=kind, begun_at=begun_at, begun_by=by or world.admin("Abe Admin"))
    wanted = {f"Competency {letter}" for letter in letters}
    row.competencies = [
        TrainingCompetency(competency=each.competency) for each in plan.competencies if each.competency.name in wanted
    ]
    world.keep(row)
    return row


LOOP = InterviewKind.LOOP


def seat(
    world: World, person: Person, lead: Person, part: TrainingRole, starts_at: datetime, kind: InterviewKind = LOOP
) -> Assignment:
    """Somebody sits beside a lead in an interview of an application of its own, which went out."""
    if kind is LOOP:
        held = world.loop(world.application(), (lead,), starts_at=starts_at)[0]
    else:
        held = world.interview(world.application(), lead, starts_at=starts_at, kind=kind)
    row = Assignment(interview=held.interview, person=person, role=AssignmentRole(part.value))
    world.keep(row)
    return row


def gone(world: World, person: Person, lead: Person, shadows: int = 2, reverse_shadows: int = 2) -> None:
    """Let somebody have gone so much of the way in the last weeks."""
    parts = [TrainingRole.SHADOW] * shadows + [TrainingRole.REVERSE_SHADOW] * reverse_shadows
    for number, part in enumerate(parts):
        seat(world, person, lead, part, MONDAY - timedelta(days=20 - number))
