"""Whether somebody knows of an interview already, so that the next e-mail about it is an invitation or a change.

What counts is the last e-mail that reached him or her: one that waited too long was dropped and told nobody anything.
"""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.models.interview import Interview
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.person import Person

TO_HOLD = ("interview_invitation", "interview_changed", "interview_withdrawn")
TO_LEARN = ("trainee_invitation", "trainee_changed", "trainee_withdrawn")
_TAKEN_BACK = (TO_HOLD[-1], TO_LEARN[-1])


def was_invited(session: Session, interview: Interview, person: Person, kinds: tuple[str, ...]) -> bool:
    """Whether the last of these ``kinds`` of e-mails about the interview that reached a person did not take it back."""
    reached = or_(OutboxMail.state == MailState.SENT, OutboxMail.data_started_at.is_not(None))
    last = (
        select(OutboxMail.kind)
        .where(
            OutboxMail.order_key == interview.uid,
            OutboxMail.person_id == person.id,
            OutboxMail.kind.in_(kinds),
            reached,
        )
        .order_by(OutboxMail.id.desc())
        .limit(1)
    )
    return session.scalar(last) not in (None, *_TAKEN_BACK)
