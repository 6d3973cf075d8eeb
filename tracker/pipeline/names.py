"""Names that must differ: two regions, competencies or plans of one name could not be told apart."""

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.rules.refused import Refused


class NameTaken(Refused):
    """Another one has this name already."""


def check_name_free(
    session: Session,
    name: InstrumentedAttribute[str],
    row_id: InstrumentedAttribute[int],
    wanted: str,
    own_id: int | None,
) -> None:
    """Raise NameTaken where another row has the wanted name, whatever the case of its letters."""
    for other_id, other in session.execute(select(row_id, name)):
        if other_id != own_id and other.casefold() == wanted.casefold():
            raise NameTaken(f"There is one of the name “{other}” already: choose another name.", "name")
