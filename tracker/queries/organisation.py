"""The organisation itself."""

from sqlalchemy.orm import Session

from tracker.models.record import Organisation

UNNAMED = "Hiring"


def organisation_name(session: Session) -> str:
    """Return the organisation's name, a plain word before it was given one."""
    row = session.get(Organisation, 1)
    return row.name if row else UNNAMED
