"""The statements of a debrief that are the same for everybody, built once: to build one takes longer than to ask it."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from tracker.models.debrief import Debrief, Decision, Vote, VotePhase
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState, Loop, LoopState
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard
from tracker.queries.in_order import AS_HELD

LOOP = select(Loop).where(Loop.application_id == bindparam("application"), Loop.state == LoopState.SENT)
DEBRIEF = select(Debrief).where(Debrief.loop_id == bindparam("loop"))
DECISION = (
    select(Decision)
    .where(Decision.application_id == bindparam("application"), Decision.superseded_at.is_(None))
    .options(joinedload(Decision.owner))
)
LEADS = (
    select(Assignment, Scorecard.state)
    .join(Interview, Assignment.interview_id == Interview.id)
    .outerjoin(Scorecard, Scorecard.assignment_id == Assignment.id)
    .where(
        Interview.loop_id == bindparam("loop"),
        Interview.state == InterviewState.SENT,
        Assignment.ended_at.is_(None),
        Assignment.role == AssignmentRole.LEAD,
    )
    .order_by(*AS_HELD, Assignment.id)
    .options(joinedload(Assignment.interview), joinedload(Assignment.person))
)
LEAD_LINES = LEADS.with_only_columns(
    Assignment.id, Assignment.person_id, Person.name, Interview.name, Interview.ends_at, Scorecard.state
).join(Person, Assignment.person_id == Person.id)
SECOND_VOTES = select(Vote.person_id).where(Vote.debrief_id == bindparam("debrief"), Vote.phase == VotePhase.SECOND)
