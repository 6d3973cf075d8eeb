"""How far the telling of a decision has come: nothing yet, on its way, delivered, or stuck."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.models.deadline import Deadline
from tracker.models.debrief import Decision
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.outcome import Outcome
from tracker.queries.debriefs import standing_decision
from tracker.queries.scorecards import may_read_votes
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.permissions import Viewer

# The kind of the e-mail that carries an outcome.
OUTCOME = "outcome"
ON_ITS_WAY = (MailState.WAITING, MailState.CLAIMED)


class Delivery(StrEnum):
    """Where the outcome stands."""

    UNDECIDED = "undecided"
    TO_WRITE = "to_write"
    ON_ITS_WAY = "on_its_way"
    STUCK = "stuck"
    DELIVERED = "delivered"


@dataclass(frozen=True)
class OutcomeStanding:
    """The decision that stands, its outcome and the e-mail that carries it, as far as there are any."""

    delivery: Delivery
    decision: Decision | None
    outcome: Outcome | None
    mail: OutboxMail | None
    promise: Deadline | None


def standing(session: Session, application_id: int) -> OutcomeStanding:
    """Return how far the outcome of an application has come."""
    decision = standing_decision(session, application_id)
    outcome = outcome_of(session, decision) if decision else None
    mail = mail_of(session, outcome) if outcome else None
    delivery = _delivery(decision, outcome, mail)
    return OutcomeStanding(delivery, decision, outcome, mail, _promise(session, application_id))


def may_know_decision(session: Session, viewer: Viewer, application_id: int) -> bool:
    """Whether a viewer who may read the application may know what was decided.

    Whom the blind rule binds may not (section 5), until the candidate was told: then all see where it ended. Who made
    the decision knows it.
    """
    if may_read_votes(session, viewer, application_id):
        return True
    decision = standing_decision(session, application_id)
    outcome = outcome_of(session, decision) if decision else None
    is_told = outcome is not None and outcome.delivered_at is not None
    return is_told or (decision is not None and decision.owner_id == viewer.person_id)


def outcome_of(session: Session, decision: Decision) -> Outcome | None:
    """Return the outcome of a decision, None where none was released."""
    return session.scalar(
        select(Outcome).where(Outcome.decision_id == decision.id).options(joinedload(Outcome.released_by))
    )


def mails_of(session: Session, outcome: Outcome) -> list[OutboxMail]:
    """Return the e-mails that carried (or should carry) an outcome, the latest first."""
    rows = session.scalars(
        select(OutboxMail)
        .where(OutboxMail.application_id == outcome.application_id, OutboxMail.kind == OUTCOME)
        .order_by(OutboxMail.id.desc())
    )
    return [row for row in rows if row.fact.get("outcome") == outcome.id]


def mail_of(session: Session, outcome: Outcome) -> OutboxMail | None:
    """Return the latest e-mail of an outcome, None where it was told by a call alone."""
    return next(iter(mails_of(session, outcome)), None)


def _delivery(decision: Decision | None, outcome: Outcome | None, mail: OutboxMail | None) -> Delivery:
    if decision is None:
        return Delivery.UNDECIDED
    if outcome is None:
        return Delivery.TO_WRITE
    if outcome.delivered_at is not None:
        return Delivery.DELIVERED
    return Delivery.ON_ITS_WAY if mail is not None and mail.state in ON_ITS_WAY else Delivery.STUCK


def _promise(session: Session, application_id: int) -> Deadline | None:
    return session.scalar(
        select(Deadline)
        .where(Deadline.application_id == application_id, Deadline.kind == DeadlineKind.PROMISE)
        .order_by(Deadline.id.desc())
        .limit(1)
    )
