"""For whom the blind rule was lifted, by whom, when and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.blind_override import BlindOverride
from tracker.models.person import Person
from tracker.queries import scorecards
from tracker.rules.permissions import Viewer
from tracker.statements import rows

# What the settings show of a list that grows.
MOST = 100


def latest(session: Session) -> Sequence[BlindOverride]:
    """Return the latest overrides: for admins, who learn nothing of the application but its number."""
    both = (joinedload(BlindOverride.person), joinedload(BlindOverride.by))
    return session.scalars(select(BlindOverride).options(*both).order_by(BlindOverride.id.desc()).limit(MOST)).all()


@dataclass(frozen=True)
class Lifted:
    """The rule was lifted for a person, by another (names)."""

    person: str
    by: str
    at: datetime
    reason: str


def of_application(session: Session, viewer: Viewer, application_id: int) -> tuple[Lifted, ...]:
    """Return those of an application, to whom the blind rule lets read what they opened."""
    return tuple(Lifted(*row) for row in rows(session, _of_application(viewer), {"application": application_id}))


@lru_cache(maxsize=1024)
def _of_application(viewer: Viewer) -> AnySelect:
    by = aliased(Person)
    return (
        select(Person.name, by.name, BlindOverride.at, BlindOverride.reason)
        .join(Person, BlindOverride.person_id == Person.id)
        .join(by, BlindOverride.by_id == by.id)
        .join(Application, BlindOverride.application_id == Application.id)
        .where(Application.id == bindparam("application"), scorecards.unblind(viewer))
        .order_by(BlindOverride.id)
    )


def people(session: Session) -> Sequence[Person]:
    """Return whom it may be lifted for: everybody who is active, by name."""
    return session.scalars(select(Person).where(Person.is_active).order_by(Person.name, Person.id)).all()


def person_of(session: Session, person_id: int) -> Person | None:
    """Return one of them, None where there is none."""
    return session.scalar(select(Person).where(Person.id == person_id, Person.is_active))
