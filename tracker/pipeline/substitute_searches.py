"""The search for a substitute, begun where somebody declines; the worker takes it up (see ``loop_replacing``)."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.models.interview import Assignment, LoopState
from tracker.models.reply import SearchResult, SubstituteSearch
from tracker.queries import outbox
from tracker.rules.answers import Search, may_search, search_now

# Those that came to nothing because there was nothing to look for any more do not count.
_COUNTED = (SearchResult.FOUND, SearchResult.NOBODY)


def begin(session: Session, assignment: Assignment, *, now: datetime) -> bool:
    """Let the tracker look for a substitute for who declined; return whether it does (see ``would_begin``)."""
    if not would_begin(session, assignment, now=now):
        return False
    if running(session, assignment) is None:
        session.add(SubstituteSearch(interview_id=assignment.interview_id, assignment_id=assignment.id, asked_at=now))
        session.flush()
    return True


def would_begin(session: Session, assignment: Assignment, *, now: datetime) -> bool:
    """Whether the tracker looks for a substitute where this person declines now. Reads only.

    Only in a loop that went out, with notice enough, not too often, and where the interview plan wants it; never for a
    confidential requisition, of which nobody hears whom a person did not choose (section 5).
    """
    interview = assignment.interview
    if interview.loop is None or interview.loop.state is not LoopState.SENT:
        return False
    if interview.application.requisition.is_confidential:
        return False
    if running(session, assignment) is not None:
        return True
    made = select(func.count()).where(
        SubstituteSearch.interview_id == interview.id,
        or_(SubstituteSearch.result.is_(None), SubstituteSearch.result.in_(_COUNTED)),
    )
    is_on = interview.application.requisition.plan.substitutes_sought
    return may_search(interview.starts_at, session.scalar(made) or 0, is_on, now)


def would_be(session: Session, assignment: Assignment, *, now: datetime) -> Search:
    """Return what would become of the search for a substitute where this person declines now. Reads only."""
    interview = assignment.interview
    return search_now(
        interview.starts_at,
        is_asked=would_begin(session, assignment, now=now),
        is_confidential=interview.application.requisition.is_confidential,
        is_paused=outbox.pause(session) is not None,
        now=now,
    )


def running(session: Session, assignment: Assignment) -> SubstituteSearch | None:
    """Return the search that goes on for who declined."""
    return session.scalar(
        select(SubstituteSearch).where(
            SubstituteSearch.assignment_id == assignment.id, SubstituteSearch.ended_at.is_(None)
        )
    )
