"""The e-mail that tells a candidate of another date for the outcome than the one that he or she was told."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_candidates
from tracker.mail.messages import Address
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.pipeline.candidate_links import linked
from tracker.pipeline.told_promises import promising, told
from tracker.queries.organisation import organisation_name
from tracker.rules.deadlines import DeadlineKind, DeadlineState, is_missed
from tracker.rules.zones import moment_words


def tell(
    session: Session,
    application: Application,
    deadline: Deadline,
    *,
    due_before: datetime | None,
    now: datetime,
    why: str = "",
) -> None:
    """Tell the candidate the moment of the promise, unless it is what he or she was told last, or is about to be.

    ``due_before`` counts as told where no mail was ever to tell it. Nothing of other deadlines, nor of a promise that
    is paused or was missed. Dropped unsent where the promise moves, is paused, kept or called off before: who lets it
    run again tells anew. The caller has the application's turn, so that no mail is dropped meanwhile.
    """
    session.flush()
    if deadline.kind is not DeadlineKind.PROMISE or deadline.state is not DeadlineState.OPEN:
        return
    known = told(session, deadline, otherwise=due_before)
    is_news = known.due_at != deadline.due_at and (bool(why) or not known.is_on_its_way)
    if not is_news or is_missed(deadline.state, deadline.due_at, now):
        return
    recruiter = application.requisition.recruiter
    mail = words_candidates.promise_moved(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        promise=moment_words(deadline.due_at, deadline.zone),
        promise_before=moment_words(known.due_at, deadline.zone) if known.due_at else "",
        why=why,
        recruiter=Address.of(recruiter),
    )
    outbox.post(
        session,
        linked(session, application, mail, now=now),
        now=now,
        dedupe_key=f"promise:{deadline.id}:v{deadline.revision}",
        fact=promising(deadline, now),
        order_key=f"promise:{deadline.id}",
        application=application,
    )
