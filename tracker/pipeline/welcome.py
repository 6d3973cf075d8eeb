"""E-mails by which a person sets a password: the first one, or a new one."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_people
from tracker.mail.links import url
from tracker.mail.messages import Address, Mail
from tracker.models.person import Person
from tracker.queries.organisation import organisation_name


def tell_welcome(session: Session, person: Person, path: str, *, now: datetime) -> None:
    """Write the welcome of a new person; ``path`` leads to where he or she sets a password."""
    _tell(session, person, "welcome", path, now)


def tell_forgotten(session: Session, person: Person, path: str, *, now: datetime) -> None:
    """Write the mail with the link to a new password."""
    _tell(session, person, "forgotten", path, now)


def tell_nobody(session: Session, email: str, path: str, *, now: datetime) -> None:
    """Do for an address that is nobody's what ``tell_forgotten`` does, and take it back.

    Else the answer would say the same to everybody, and how long it takes would tell who is here.
    """
    attempt = session.begin_nested()
    outbox.post(session, _mail(session, Address(email, email), "forgotten", path), now=now, dedupe_key=path)
    attempt.rollback()


def _tell(session: Session, person: Person, kind: str, path: str, now: datetime) -> None:
    mail = _mail(session, Address.of(person), kind, path)
    outbox.post(session, mail, now=now, dedupe_key=f"{kind}:{person.id}:{now.isoformat()}", person=person)


def _mail(session: Session, receiver: Address, kind: str, path: str) -> Mail:
    return words_people.password_link(kind, receiver=receiver, organisation=organisation_name(session), link=url(path))
