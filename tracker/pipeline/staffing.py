"""People of the tracker: adding one, passwords, roles."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import available_timezones

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.mail.addresses import canonical
from tracker.models.person import Person
from tracker.pipeline.record import note_change
from tracker.rules.refused import Refused

ROLES = ("admin", "recruiter", "recruiting_lead", "senior_leader", "bar_raiser")
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200

_hasher = PasswordHasher()
# Verified against where there is no such person, so that both take as long.
_NOBODY = _hasher.hash("nobody has this password")


class EmailTaken(Refused):
    """Somebody has this address already."""


class BadPassword(Refused):
    """The password is too short or too long."""


class WrongPassword(Refused):
    """It is not the password that the person has."""


class NoSuchRole(Refused):
    """There is no role of that name."""


class LastAdmin(Refused):
    """Somebody has to be left who can set the tracker up."""


def add_person(
    session: Session,
    *,
    name: str,
    email: str,
    password: str | None,
    zone: str,
    roles: Iterable[str],
    by: Person | None,
    now: datetime,
) -> Person:
    """Add a person; without a password he or she sets one by a mailed link.

    Raises BadAddress, EmailTaken, BadPassword, NoSuchRole.
    """
    email = canonical(email.strip())
    if session.scalar(select(Person.id).where(Person.email == email)) is not None:
        raise EmailTaken(f"{email} is here already: change that person instead.", "email")
    if zone not in available_timezones():
        raise Refused(f"“{zone}” is not a time zone: choose one such as Europe/Berlin.", "zone")
    person = Person(
        name=name.strip(),
        email=email,
        zone=zone,
        created_at=now,
        password_hash=None if password is None else hashed(password),
        **_flags(roles),
    )
    session.add(person)
    session.flush()
    note_change(session, "people.add", f"{person.name} was added", by=by, now=now)
    return person


def _flags(roles: Iterable[str]) -> dict[str, bool]:
    given = set(roles)
    unknown = given - set(ROLES)
    if unknown:
        raise NoSuchRole(f"There is no role “{sorted(unknown)[0]}”; there are {', '.join(ROLES)}.", "roles")
    return {f"is_{role}": role in given for role in ROLES}


def hashed(password: str) -> str:
    """Return the hash to keep of a password. Raises BadPassword."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadPassword(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.", "password")
    return _hasher.hash(password)


def matches(person: Person | None, password: str) -> bool:
    """Whether this is the person's password; takes as long where there is no such person."""
    kept = person.password_hash if person is not None and person.password_hash else _NOBODY
    try:
        _hasher.verify(kept, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not _NOBODY


def check_password(person: Person, password: str, field: str) -> None:
    """Raise WrongPassword, about that field, unless this is the person's password."""
    if not matches(person, password):
        raise WrongPassword("This is not your present password.", field)


def set_password(session: Session, person: Person, password: str, *, by: Person | None, now: datetime) -> None:
    """Set a new password; whoever was signed in as this person is signed out. Raises BadPassword."""
    person.password_hash = hashed(password)
    end_sessions(session, person)
    note_change(session, "people.password", f"{person.name} has a new password", by=by, now=now)


def end_sessions(session: Session, person: Person) -> None:
    """Sign a person out everywhere."""
    person.session_epoch += 1
    session.flush()


def check_admin_left(session: Session, person: Person) -> None:
    """Raise LastAdmin where nobody but this person can set the tracker up."""
    # Held, so that the last two cannot take it from each other at once.
    admins = select(Person.id).where(Person.is_admin, Person.is_active).order_by(Person.id).with_for_update()
    if not set(session.scalars(admins)) - {person.id}:
        raise LastAdmin(f"{person.name} is the only admin: make somebody else admin first.", "is_admin")
