"""The links that let a candidate in to his or her own page; a leaf, so that every step can put them in its mails."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from tracker.mail.links import url
from tracker.mail.messages import Mail, with_own_page
from tracker.models.application import Application
from tracker.models.candidate import CandidateLink, LinkPurpose

LINK_DAYS = 180


def digest(token: str) -> str:
    """Return what is stored of a link's token (SHA-256, hexadecimal): a stolen table opens no page."""
    return hashlib.sha256(token.encode()).hexdigest()


def status_link(session: Session, application: Application, *, now: datetime) -> str:
    """Return the path, with a new token, of the candidate's own page; it is good for 180 days.

    The token itself is kept nowhere, so each mail carries a link of its own. Earlier ones stay good.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        CandidateLink(
            token_digest=digest(token),
            application_id=application.id,
            purpose=LinkPurpose.STATUS,
            created_at=now,
            expires_at=now + timedelta(days=LINK_DAYS),
        )
    )
    session.flush()
    return f"/my/{token}"


def linked(session: Session, application: Application, mail: Mail, *, now: datetime) -> Mail:
    """Return a mail to the candidate with the way to his or her own page, by a link of its own, in its foot."""
    return with_own_page(mail, url(status_link(session, application, now=now)))
