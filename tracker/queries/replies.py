"""Answers to invitations as pages show them: what people wrote, what was refused, and what goes on because of a no."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.interview import Assignment, Interview
from tracker.models.person import Person
from tracker.models.reply import Reply, ReplyBox, SubstituteSearch
from tracker.models.requisition import Requisition
from tracker.queries import outbox
from tracker.queries.own_interviews import owing
from tracker.queries.visibility import not_own, requisitions
from tracker.rules.answers import Search, search_now
from tracker.rules.permissions import Viewer
from tracker.rules.replies import Verdict

# Nothing came of these, and nobody but who runs the tracker learns of it.
UNTAKEN = (Verdict.REFUSED, Verdict.UNREADABLE, Verdict.UNKNOWN, Verdict.STALE, Verdict.LATE)
MOST_WORDS = 20


@dataclass(frozen=True)
class Words:
    """What somebody wrote in answer to an invitation. ``who`` None is the candidate; ``sender`` is another address than
    the invited one, mostly "". ``text`` is None where the blind rule binds the viewer."""

    interview: str
    who: str | None
    at: datetime
    sender: str
    text: str | None


@dataclass(frozen=True)
class Line:
    """An e-mail of which nothing came. ``sender`` is "" where the viewer may not know of the application."""

    at: datetime
    verdict: Verdict
    why: str
    sender: str


def words_of(session: Session, viewer: Viewer, application_id: int) -> Sequence[Words]:
    """Return what was written about the interviews of an application that the viewer may know of, the latest first."""
    may_read = Interview.application_id.not_in(owing(viewer))
    rows = session.execute(
        select(
            Interview.name,
            Person.name,
            Reply.received_at,
            case((may_read, Reply.sender), else_=""),
            case((may_read, Reply.text)),
        )
        .select_from(Reply)
        .join(Interview, Reply.interview_id == Interview.id)
        .outerjoin(Person, Reply.person_id == Person.id)
        .where(
            Interview.application_id == application_id,
            Reply.verdict.in_((Verdict.TAKEN, Verdict.NOTED)),
            Reply.text != "",
        )
        .order_by(Reply.id.desc())
        .limit(MOST_WORDS)
    )
    return [Words(*row) for row in rows]


def searched(session: Session, interview_ids: Collection[int], now: datetime) -> dict[int, Search]:
    """Return those of the interviews for which the tracker looks for a substitute, or does once it is let."""
    going_on = session.execute(
        select(Interview.id, Interview.starts_at, Requisition.is_confidential)
        .join(SubstituteSearch, SubstituteSearch.interview_id == Interview.id)
        .join(Assignment, SubstituteSearch.assignment_id == Assignment.id)
        .join(Application, Interview.application_id == Application.id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .where(
            Interview.id.in_(interview_ids),
            SubstituteSearch.ended_at.is_(None),
            Assignment.declined_at.is_not(None),
            Assignment.ended_at.is_(None),
        )
    ).all()
    is_paused = bool(going_on) and outbox.pause(session) is not None
    found = {
        number: search_now(starts_at, is_asked=True, is_confidential=secret, is_paused=is_paused, now=now)
        for number, starts_at, secret in going_on
    }
    return {number: search for number, search in found.items() if search is not Search.NOT}


def next_search(session: Session, without: Collection[int]) -> int | None:
    """Return the oldest search for a substitute that nobody has made yet (for the tick)."""
    going_on = select(SubstituteSearch.id).where(SubstituteSearch.ended_at.is_(None))
    if without:
        going_on = going_on.where(SubstituteSearch.id.not_in(without))
    return session.scalar(going_on.order_by(SubstituteSearch.id).limit(1))


def box(session: Session) -> ReplyBox | None:
    """Return how the reading of the mailbox stands; None before the first time."""
    return session.get(ReplyBox, 1)


def untaken(session: Session, viewer: Viewer, most: int) -> Sequence[Line]:
    """Return the e-mails of which nothing came, the latest first."""
    may_know = requisitions(viewer) & not_own(viewer)
    rows = session.execute(
        select(
            Reply.received_at,
            Reply.verdict,
            Reply.why,
            case((Reply.interview_id.is_(None) | may_know, Reply.sender), else_=""),
        )
        .outerjoin(Interview, Reply.interview_id == Interview.id)
        .outerjoin(Application, Interview.application_id == Application.id)
        .outerjoin(Requisition, Application.requisition_id == Requisition.id)
        .where(Reply.verdict.in_(UNTAKEN))
        .order_by(Reply.received_at.desc(), Reply.id.desc())
        .limit(most)
    )
    return [Line(*row) for row in rows]


def taken_since(session: Session, since: datetime) -> int:
    """Return how many answers were taken in since a moment."""
    taken = select(func.count()).where(Reply.received_at >= since, Reply.verdict == Verdict.TAKEN)
    return session.scalar(taken) or 0
