"""How the outbox stands: what waits, and what is stuck and needs a person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, text
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.outbox import UNSENT, MailState, OutboxMail, OutboxPause
from tracker.models.requisition import Requisition
from tracker.queries.visibility import not_own, requisitions
from tracker.rules.permissions import Viewer

MOST = 100
UNSETTLED = (MailState.WAITING, MailState.CLAIMED, MailState.DEAD)


@dataclass(frozen=True)
class MailLine:
    """One mail. ``receiver`` is None where the viewer may not know of the application it is about.

    The subject is not shown at all: it names people.
    """

    id: int
    kind: str
    receiver: str | None
    state: MailState
    created_at: datetime
    next_try_at: datetime
    attempts: int
    last_error: str

    @property
    def may_have_arrived(self) -> bool:
        """Whether a person must find out before it is sent again."""
        return self.last_error.startswith(("fate unknown:", "sent,"))


@dataclass(frozen=True)
class Outbox:
    """``oldest_at`` is when the oldest mail that is not sent was written, None where all are."""

    waiting: int
    in_hand: int
    stuck: int
    oldest_at: datetime | None
    stuck_lines: list[MailLine]
    late_lines: list[MailLine]


def standing(session: Session, viewer: Viewer) -> Outbox:
    """Return the outbox as an admin sees it: counts, stuck mails (the newest 100), and those that failed and wait."""
    counts = unsettled(session)
    stuck = _lines(viewer).where(OutboxMail.state == MailState.DEAD).order_by(OutboxMail.id.desc())
    late = _lines(viewer).where(OutboxMail.state == MailState.WAITING, OutboxMail.last_error != "")
    return Outbox(
        waiting=counts[MailState.WAITING],
        in_hand=counts[MailState.CLAIMED],
        stuck=counts[MailState.DEAD],
        oldest_at=oldest_unsent_at(session),
        stuck_lines=[MailLine(*row) for row in session.execute(stuck.limit(MOST))],
        late_lines=[MailLine(*row) for row in session.execute(late.order_by(OutboxMail.next_try_at).limit(MOST))],
    )


def unsettled(session: Session) -> dict[MailState, int]:
    """Return how many mails wait, are in hand, and are stuck."""
    counted = select(OutboxMail.state, func.count()).where(OutboxMail.state.in_(UNSETTLED)).group_by(OutboxMail.state)
    return dict.fromkeys(UNSETTLED, 0) | {state: count for state, count in session.execute(counted)}


def oldest_unsent_at(session: Session) -> datetime | None:
    """Return when the oldest mail that waits or is in hand was written, None where there is none."""
    unsent = select(OutboxMail.created_at).where(text(UNSENT))
    return session.scalar(unsent.order_by(OutboxMail.created_at).limit(1))


def sent_since(session: Session, since: datetime) -> int:
    """Return how many mails were sent since a moment."""
    sent = select(func.count()).where(OutboxMail.ended_at > since, OutboxMail.state == MailState.SENT)
    return session.scalar(sent) or 0


def pause(session: Session) -> OutboxPause | None:
    """Return since when, and why, nothing is raised and nothing goes out; None where all goes its way."""
    return session.scalar(select(OutboxPause))


def _lines(viewer: Viewer) -> AnySelect:
    return (
        select(
            OutboxMail.id,
            OutboxMail.kind,
            case((_may_know(viewer), OutboxMail.receiver), else_=None),
            OutboxMail.state,
            OutboxMail.created_at,
            OutboxMail.next_try_at,
            OutboxMail.attempts,
            OutboxMail.last_error,
        )
        .outerjoin(Application, OutboxMail.application_id == Application.id)
        .outerjoin(Requisition, Application.requisition_id == Requisition.id)
    )


def _may_know(viewer: Viewer) -> ColumnElement[bool]:
    """Staff's addresses are no secret to an admin; a candidate's is where the requisition is, or the run is the own."""
    on_it = and_(not_own(viewer), or_(Requisition.is_confidential.is_(False), requisitions(viewer)))
    return or_(OutboxMail.application_id.is_(None), OutboxMail.person_id.is_not(None), on_it)
