"""The e-mails of a debrief and of the decision after it: that there is something to do, and nothing of what it says."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_outcomes
from tracker.mail.messages import Address
from tracker.models.application import Application
from tracker.models.debrief import Debrief, Decision
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.person import Person
from tracker.queries.due_words import by_when
from tracker.queries.organisation import organisation_name
from tracker.rules.deadlines import DeadlineKind

DECIDED = ("decision_made", "decision_changed")


def tell(
    session: Session,
    application: Application,
    person: Person,
    about: Debrief | Decision,
    now: datetime,
    *,
    to_vote: bool = False,
    before: Decision | None = None,
) -> None:
    """Write that the debrief is open (to lead it, or to vote in it) or the decision recorded (in place of ``before``).

    Again, where that was not true as the mail before it came to be sent: an interview had been added, and its scorecard
    is in now.
    """
    is_open = isinstance(about, Debrief)
    kind, manager = DeadlineKind.DEBRIEF if is_open else DeadlineKind.PROMISE, application.requisition.hiring_manager
    said: dict[str, Any] = {
        "receiver": Address.of(person),
        "organisation": organisation_name(session),
        "candidate": application.candidate.name,
        "requisition": application.requisition.title,
        "due": by_when(session, application, kind, person.zone, now=now),
        "application_id": application.id,
    }
    if to_vote:
        mail = words_outcomes.debrief_vote(**said)
    elif is_open:
        mail = words_outcomes.debrief_ready(led_by=None if person.id == manager.id else manager.name, **said)
    else:
        is_anew = before is not None and _knew(session, before, person)
        mail = words_outcomes.decision_made(is_anew=is_anew, **said)
    key = f"{mail.kind}:{about.id}:{person.id}"
    dropped = outbox.times_dropped(session, mail.kind, person, application)
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"{key}:again {dropped}" if dropped else key,
        fact={"debrief" if is_open else "decision": about.id},
        person=person,
        application=application,
    )


def _knew(session: Session, before: Decision, person: Person) -> bool:
    """Whether somebody recorded a decision, or was told of it or of one that it replaced; what was dropped told
    nobody anything."""
    reached = or_(OutboxMail.state == MailState.SENT, OutboxMail.data_started_at.is_not(None))
    told = exists().where(
        OutboxMail.application_id == before.application_id,
        OutboxMail.person_id == person.id,
        OutboxMail.kind.in_(DECIDED),
        reached,
    )
    return before.owner_id == person.id or bool(session.scalar(select(told)))
