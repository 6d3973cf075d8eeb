"""In which applications somebody interviews, or learns to, and where that makes him or her blind (section 5)."""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from tracker.models.application import Application
from tracker.models.blind_override import BlindOverride
from tracker.models.debrief import Decision
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewKind
from tracker.models.scorecard import Scorecard
from tracker.rules.permissions import Viewer
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import ApplicationState


def own_leads(
    viewer: Viewer, *, unsubmitted: bool = False, kind: InterviewKind | None = None, sent: bool = False
) -> Select[int]:
    """The applications in which the viewer leads an interview (of a kind) that was not cancelled (that went out).

    Of aliases, so that it means the same inside a statement that reads interviews itself.
    """
    assignment, interview, own = aliased(Assignment), aliased(Interview), aliased(Scorecard)
    leads = (
        select(interview.application_id)
        .join(assignment, assignment.interview_id == interview.id)
        .where(
            assignment.person_id == viewer.person_id,
            assignment.ended_at.is_(None),
            assignment.role == AssignmentRole.LEAD,
            interview.state == InterviewState.SENT if sent else interview.state != InterviewState.CANCELLED,
        )
    )
    if kind is not None:
        leads = leads.where(interview.kind == kind)
    if not unsubmitted:
        return leads
    unconfirmed = and_(own.typed_by_id.is_not(None), own.confirmed_at.is_(None))
    missing = or_(own.id.is_(None), own.state != ScorecardState.SUBMITTED, unconfirmed)
    lifted = _lifted(viewer, interview.application_id)
    return leads.outerjoin(own, own.assignment_id == assignment.id).where(missing, ~lifted)


def learning_in(viewer: Viewer) -> Select[int]:
    """The applications that are not decided yet in which the viewer sits in an interview to learn.

    He or she writes no scorecard after which the others' could open: until the decision there is none to read. Whoever
    leads an interview of the loop writes one: then ``own_leads`` alone says how long he or she is blind.
    """
    seat, interview, application = aliased(Assignment), aliased(Interview), aliased(Application)
    decided = exists().where(Decision.application_id == interview.application_id, Decision.superseded_at.is_(None))
    return (
        select(interview.application_id)
        .join(seat, seat.interview_id == interview.id)
        .join(application, interview.application_id == application.id)
        .where(
            seat.person_id == viewer.person_id,
            seat.ended_at.is_(None),
            seat.role != AssignmentRole.LEAD,
            interview.state != InterviewState.CANCELLED,
            application.state == ApplicationState.ACTIVE,
            ~decided,
            interview.application_id.not_in(own_leads(viewer, kind=InterviewKind.LOOP)),
            ~_lifted(viewer, interview.application_id),
        )
    )


def _lifted(viewer: Viewer, application_id: Any) -> ColumnElement[bool]:
    return exists().where(BlindOverride.application_id == application_id, BlindOverride.person_id == viewer.person_id)


def owing(viewer: Viewer) -> CompoundSelect[int]:
    """The ids of the applications in which a scorecard of the viewer's own is not submitted: there he or she is blind.

    A waived one was not submitted either, nor one that somebody else entered, until its interviewer has confirmed it.
    A loop that is still being put together binds too. Who sits in to learn is blind until the decision. Where an admin
    lifted the rule for the viewer, it binds no more.
    """
    return own_leads(viewer, unsubmitted=True).union_all(learning_in(viewer))
