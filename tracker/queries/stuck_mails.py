"""E-mails about candidates that wait for a person: no server took them, or nobody knows whether they arrived."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.candidate import Candidate
from tracker.models.outbox import MailState, OutboxMail, may_have_arrived
from tracker.models.requisition import Requisition
from tracker.queries import visibility
from tracker.rules.permissions import Viewer
from tracker.statements import rows

MOST = 100


@dataclass(frozen=True)
class StuckMails:
    """How many e-mails about one application could not be delivered, and of how many nobody knows."""

    application_id: int
    candidate: str
    undelivered: int
    in_doubt: int


def for_recruiter(session: Session, viewer: Viewer) -> tuple[StuckMails, ...]:
    """Return what is stuck about applications that the viewer recruits for, the newest application first.

    Nothing is told of an application of his or her own. Of 100 e-mails at the most.
    """
    found: dict[tuple[int, str], Counter[bool]] = {}
    for application_id, candidate, last_error in rows(session, _query(viewer), {}):
        found.setdefault((application_id, candidate), Counter())[may_have_arrived(last_error)] += 1
    return tuple(StuckMails(*key, undelivered=counts[False], in_doubt=counts[True]) for key, counts in found.items())


@lru_cache(maxsize=1024)
def _query(viewer: Viewer) -> AnySelect:
    return (
        select(Application.id, Candidate.name, OutboxMail.last_error)
        .join(Application, OutboxMail.application_id == Application.id)
        .join(Candidate, Application.candidate_id == Candidate.id)
        .join(Requisition, Application.requisition_id == Requisition.id)
        .where(
            OutboxMail.state == MailState.DEAD,
            Requisition.recruiter_id == viewer.person_id,
            visibility.applications(viewer),
        )
        .order_by(Application.id.desc(), OutboxMail.id)
        .limit(MOST)
    )
