"""What is still to come of an application's interviews is called off as it is closed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.models.application import Application
from tracker.models.interview import Assignment, Interview, InterviewState, Loop, LoopState
from tracker.models.person import InterviewKind, Person
from tracker.pipeline import interview_mails, interviews
from tracker.pipeline.record import note_change


def cancel_open(session: Session, application: Application, *, by: Person | None, now: datetime, reason: str) -> None:
    """Cancel what is still to come: every interview that is not over, and the loop if none of it was held; what is left
    of a loop is a draft again, since it covers less than what went out.

    The interviewers and the candidate get cancellations. Called as an application is closed.
    """
    coming = [each for each in open_interviews(session, application) if each.ends_at is None or each.ends_at > now]
    coming = [each for each in coming if not interviews.is_evaluated(session, each)]
    sent = [each for each in coming if each.state is InterviewState.SENT]
    for interview in coming:
        interviews.call_off(session, interview, now=now)
    _drop_loop(session, application, called_off=any(each.kind is InterviewKind.LOOP for each in sent))
    interview_mails.tell_cancelled(session, application, sent, now=now)
    if sent:
        text = f"Interviews were cancelled, because {reason}: {', '.join(each.name for each in sent)}"
        note_change(session, "interview.cancel", text, by=by, now=now, application=application)
    session.flush()


def open_interviews(session: Session, application: Application) -> list[Interview]:
    """Return the interviews of an application that are not cancelled, with their people, in the order of their ids."""
    return list(
        session.scalars(
            select(Interview)
            .where(Interview.application_id == application.id, Interview.state != InterviewState.CANCELLED)
            .order_by(Interview.id)
            .options(
                selectinload(Interview.assignments).options(
                    joinedload(Assignment.person), selectinload(Assignment.competencies)
                )
            )
        )
    )


def _drop_loop(session: Session, application: Application, *, called_off: bool) -> None:
    loop = session.scalar(select(Loop).where(Loop.application_id == application.id, Loop.state != LoopState.CANCELLED))
    if loop is None:
        return
    loop.awaited_at = None
    if all(each.state is not InterviewState.SENT for each in loop.interviews):
        loop.state = LoopState.CANCELLED
    elif called_off:
        loop.state = LoopState.DRAFT
    session.flush()
