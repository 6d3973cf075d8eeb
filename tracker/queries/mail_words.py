"""Which kinds of e-mails go out in the organisation's own words."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.mail_words import MailWords


def kinds_in_use(session: Session) -> set[str]:
    """Return the names of those kinds."""
    return set(session.scalars(select(MailWords.kind).where(MailWords.is_used)))
