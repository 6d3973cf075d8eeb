"""What a change made of an interview that went out, in words for the record."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.competency import Competency
from tracker.models.person import Person
from tracker.pipeline.interviews import Arrangement
from tracker.rules.words import listed
from tracker.rules.zones import moment_words


def what_changed(session: Session, before: Arrangement, after: Arrangement, zone: str) -> str:
    """Return "now Fri 6 Mar 2026, 10:00 (Europe/Berlin); with Ana instead of Ben": all that is other than before."""
    said = []
    if after.starts_at != before.starts_at:
        said.append(f"now {moment_words(after.starts_at, zone) if after.starts_at else 'without a time'}")
    if after.minutes != before.minutes:
        said.append(f"{after.minutes} minutes instead of {before.minutes}")
    if after.person_id != before.person_id:
        said.append(f"with {_name(session, after.person_id)} instead of {_name(session, before.person_id)}")
    if after.place != before.place:
        said.append(f"place: {_place(after)} instead of {_place(before)}")
    if set(after.competency_ids) != set(before.competency_ids):
        said.append(f"evaluates {_names(session, after)} instead of {_names(session, before)}")
    return "; ".join(said) or "nothing but that everybody is told again"


def _name(session: Session, person_id: int | None) -> str:
    return session.get_one(Person, person_id).name if person_id is not None else "nobody"


def _place(arrangement: Arrangement) -> str:
    return f"“{arrangement.place}”" if arrangement.place else "none"


def _names(session: Session, arrangement: Arrangement) -> str:
    query = select(Competency.name).where(Competency.id.in_(arrangement.competency_ids)).order_by(Competency.name)
    return listed(list(session.scalars(query))) or "nothing"
