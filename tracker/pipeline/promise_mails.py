"""The e-mail that tells a candidate of another date for the outcome than the one that was promised."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_candidates
from tracker.mail.messages import Address
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.pipeline.candidate_links import linked
from tracker.queries.organisation import organisation_name
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.zones import moment_words


def tell_moved(
    session: Session,
    application: Application,
    deadline: Deadline,
    *,
    due_before: datetime,
    now: datetime,
    why: str = "",
) -> None:
    """Tell the candidate that the promise is now for another moment; nothing of other deadlines, or where it is not.

    Dropped unsent where the promise moved again, was kept or was called off before: its next e-mail tells then.
    """
    if deadline.kind is not DeadlineKind.PROMISE or deadline.due_at == due_before:
        return
    recruiter = application.requisition.recruiter
    mail = words_candidates.promise_moved(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        promise=moment_words(deadline.due_at, deadline.zone),
        promise_before=moment_words(due_before, deadline.zone),
        why=why,
        recruiter=Address.of(recruiter),
    )
    outbox.post(
        session,
        linked(session, application, mail, now=now),
        now=now,
        dedupe_key=f"promise:{deadline.id}:v{deadline.revision}",
        fact={"promise": deadline.id, "due_at": deadline.due_at.isoformat()},
        order_key=f"promise:{deadline.id}",
        application=application,
    )
