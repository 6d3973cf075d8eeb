"""How long data is kept: from when it counts, who is held all the same, and how many months it is."""

from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.erasure import Hold
from tracker.models.person import Person
from tracker.models.record import Organisation
from tracker.pipeline.record import note_change
from tracker.rules.refused import Refused, Stale
from tracker.rules.stages import ApplicationState
from tracker.rules.words import counted

# Whoever has one of these is not to be erased by itself: it goes on, or the candidate works here by now.
KEPT_STATES = (ApplicationState.ACTIVE, ApplicationState.HIRED)


class NoReason(Refused):
    """Nobody is held without a reason."""


class NotHeld(Refused):
    """The candidate is not held (any more)."""


def count(session: Session, candidate_id: int) -> bool:
    """Set from when retention counts: the last application's closing, once none is open and none ended in a hire.

    Returns False where the candidate was erased meanwhile.
    """
    session.flush()
    of = Application.candidate_id == candidate_id
    last = select(func.max(Application.closed_at)).where(of, ~exists().where(of, Application.state.in_(KEPT_STATES)))
    change = update(Candidate).where(Candidate.id == candidate_id, Candidate.erased_at.is_(None))
    kept = change.values(kept_since=last.scalar_subquery()).returning(Candidate.id)
    return session.scalar(kept.execution_options(synchronize_session=False)) is not None


def set_months(
    session: Session, months: int | None, *, by: Person, now: datetime, seen: int | None, expected: bool = True
) -> None:
    """Set after how many months candidates are erased, None for never; nobody is before a week is over.

    ``seen`` is what the form showed before; Stale where that is not so any more and it is ``expected``.
    """
    row = session.get_one(Organisation, 1, with_for_update=True)
    if expected and row.retention_months != seen:
        raise Stale()
    if row.retention_months == months:
        return
    row.retention_months, row.retention_set_at = months, now
    said = f"after {counted(months, 'month')}" if months else "never"
    note_change(session, "retention.set", f"Candidates’ data is erased by itself: {said}", by=by, now=now)
    session.flush()


def hold(session: Session, email: str, reason: str, *, by: Person, now: datetime) -> None:
    """Hold the candidate with this address, in every row that knows him or her: nothing is erased until it is released.

    Nothing is said of whether there is one: who sets the tracker up does not see who applied. The reason is not put on
    the record, which outlives it. Raises NoReason.
    """
    if not reason.strip():
        raise NoReason("Say why the data is to be held.", "reason")
    for candidate in candidates_of(session, email):
        if standing_hold(session, [candidate.id]) is None:
            session.add(Hold(candidate_id=candidate.id, reason=reason.strip(), at=now, by_id=by.id))
            _note(session, candidate, "held", by, now)
    session.flush()


def release(session: Session, hold_id: int, *, by: Person, now: datetime) -> None:
    """Let a candidate's data be erased again, in every row that knows him or her. Raises NotHeld."""
    row = session.scalar(select(Hold).where(Hold.id == hold_id, Hold.released_at.is_(None)).with_for_update())
    if row is None:
        raise NotHeld("This candidate is not held any more: somebody was faster.")
    for candidate in candidates_of(session, row.candidate.email):
        standing = standing_hold(session, [candidate.id])
        if standing is not None:
            standing.released_at, standing.released_by_id = now, by.id
            _note(session, candidate, "no longer held", by, now)
    session.flush()


def candidates_of(session: Session, email: str) -> list[Candidate]:
    """Return the rows that know the person with this address; a confidential requisition has one of its own."""
    return list(session.scalars(select(Candidate).where(Candidate.email == email).order_by(Candidate.id)))


def standing_hold(session: Session, candidate_ids: list[int]) -> Hold | None:
    """Return a hold that stands of one of these candidates, None where there is none."""
    held = select(Hold).where(Hold.candidate_id.in_(candidate_ids), Hold.released_at.is_(None))
    return session.scalars(held.order_by(Hold.id).limit(1)).first()


def _note(session: Session, candidate: Candidate, what: str, by: Person, now: datetime) -> None:
    for application in session.scalars(select(Application).where(Application.candidate_id == candidate.id)):
        text = f"The candidate’s data is {what}: " + ("nothing is erased" if what == "held" else "it may be erased")
        note_change(session, "retention.hold", text, by=by, now=now, application=application)
