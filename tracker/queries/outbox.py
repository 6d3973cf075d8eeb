"""How the outbox stands: what waits, and what is stuck and needs a person."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select, text
from sqlalchemy.orm import Session

from tracker.db import AnyRow, AnySelect
from tracker.models.application import Application
from tracker.models.outbox import (
    UNKNOWN,
    UNNOTED,
    UNSENT,
    MailState,
    OutboxMail,
    OutboxPause,
    may_have_arrived,
)
from tracker.models.requisition import Requisition
from tracker.queries.visibility import not_own, requisitions
from tracker.rules.permissions import Viewer

MOST = 100
# A server's reply begins with its code (RFC 5321, section 4.2; RFC 3463); the words after it repeat the address.
CODE = re.compile(r"\d{3}([ -]\d\.\d{1,3}\.\d{1,3})?")
UNSETTLED = (MailState.WAITING, MailState.CLAIMED, MailState.DEAD)


@dataclass(frozen=True)
class MailLine:
    """One mail. ``receiver`` is None where the viewer may not know of the application it is about; ``last_error`` then
    has no word of the server's.

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
        return may_have_arrived(self.last_error)


@dataclass(frozen=True)
class Held:
    """What waits for a person while the outbox is paused: since when, the backup's moment, and the oldest mails."""

    at: datetime
    backup_at: datetime
    count: int
    lines: list[MailLine]


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
    """Return the outbox as an admin sees it: counts, stuck mails (the newest 100), and those that failed and wait.

    Those about an application of his or her own are for other admins.
    """
    counts = unsettled(session)
    stuck = _lines(viewer).where(OutboxMail.state == MailState.DEAD).order_by(OutboxMail.id.desc())
    late = _lines(viewer).where(OutboxMail.state == MailState.WAITING, OutboxMail.last_error != "")
    return Outbox(
        waiting=counts[MailState.WAITING],
        in_hand=counts[MailState.CLAIMED],
        stuck=_count_stuck(session, viewer),
        oldest_at=oldest_unsent_at(session),
        stuck_lines=[_line(row) for row in session.execute(stuck.limit(MOST))],
        late_lines=[_line(row) for row in session.execute(late.order_by(OutboxMail.next_try_at).limit(MOST))],
    )


def may_settle(session: Session, viewer: Viewer, mail_id: int) -> bool:
    """Whether an admin may say what becomes of a mail: of any but one about an application of his or her own."""
    return session.scalar(_lines(viewer).where(OutboxMail.id == mail_id)) is not None


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


def held(session: Session, viewer: Viewer) -> Held | None:
    """Return what would go out once it is released (the oldest 100), None where the outbox is not paused."""
    row = pause(session)
    if row is None:
        return None
    unsent = _lines(viewer).where(text(f"outbox_mail.{UNSENT}")).order_by(OutboxMail.created_at, OutboxMail.id)
    lines = [_line(each) for each in session.execute(unsent.limit(MOST))]
    return Held(row.at, row.backup_at, written_before(session, None), lines)


def written_before(session: Session, moment: datetime | None) -> int:
    """Return how many of the mails that are not sent were written before a moment; None counts all."""
    unsent = select(func.count()).select_from(OutboxMail).where(text(UNSENT))
    return session.scalar(unsent if moment is None else unsent.where(OutboxMail.created_at < moment)) or 0


def _count_stuck(session: Session, viewer: Viewer) -> int:
    of_others = select(func.count(OutboxMail.id)).outerjoin(Application, OutboxMail.application_id == Application.id)
    return session.scalar(of_others.where(OutboxMail.state == MailState.DEAD, _not_about(viewer))) or 0


def _line(row: AnyRow) -> MailLine:
    line = MailLine(*row)
    return line if line.receiver is not None else replace(line, last_error=_without_words(line.last_error))


def _without_words(error: str) -> str:
    if error.startswith(UNKNOWN):
        return f"{UNKNOWN} it may have arrived"
    if error.startswith(UNNOTED):
        return f"{UNNOTED} but what follows from it failed"
    code = CODE.match(error)
    return code.group() if code else "not taken"


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
        .where(_not_about(viewer))
    )


def _not_about(viewer: Viewer) -> ColumnElement[bool]:
    return or_(OutboxMail.application_id.is_(None), not_own(viewer))


def _may_know(viewer: Viewer) -> ColumnElement[bool]:
    """Staff's addresses are no secret to an admin; a candidate's is where the requisition is."""
    on_it = or_(Requisition.is_confidential.is_(False), requisitions(viewer))
    return or_(OutboxMail.application_id.is_(None), OutboxMail.person_id.is_not(None), on_it)
