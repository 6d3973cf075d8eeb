"""For whom the blind rule was lifted, by whom, when and why."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tracker.models.application import Application
from tracker.models.blind_override import BlindOverride
from tracker.models.person import Person
from tracker.queries import scorecards
from tracker.rules.permissions import Viewer

# What the settings show of a list that grows.
MOST = 100


def latest(session: Session) -> Sequence[BlindOverride]:
    """Return the latest overrides: for admins, who learn nothing of the application but its number."""
    return session.scalars(_all().order_by(BlindOverride.id.desc()).limit(MOST)).all()


def of_application(session: Session, viewer: Viewer, application_id: int) -> Sequence[BlindOverride]:
    """Return those of an application, to whom the blind rule lets read what they opened."""
    return session.scalars(_of_application(viewer), {"application": application_id}).all()


@lru_cache(maxsize=1024)
def _of_application(viewer: Viewer) -> Select[BlindOverride]:
    of = _all().join(Application, BlindOverride.application_id == Application.id)
    mine = of.where(Application.id == bindparam("application"), scorecards.unblind(viewer))
    return mine.order_by(BlindOverride.id)


def people(session: Session) -> Sequence[Person]:
    """Return whom it may be lifted for: everybody who is active, by name."""
    return session.scalars(select(Person).where(Person.is_active).order_by(Person.name, Person.id)).all()


def _all() -> Select[BlindOverride]:
    return select(BlindOverride).options(joinedload(BlindOverride.person), joinedload(BlindOverride.by))
