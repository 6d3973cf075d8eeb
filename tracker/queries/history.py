"""The history of an application: its entries of the record, as far as the viewer may read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.db import AnySelect
from tracker.models.application import Application
from tracker.models.person import Person
from tracker.models.record import RecordEntry
from tracker.statements import rows

# What a page shows of a history that grows; "all" shows the rest.
MOST_ENTRIES = 30
# How much of these may be read by everybody, up to a colon: what follows says why, in words that may tell what was
# found and thought of the candidate.
_WITH_GROUNDS = {
    "application.move": 1,
    "application.close": 1,
    "application.reopen": 1,
    "blind.lift": 1,
    "deadline.cancel": 1,
    "decision.change": 1,
    "decision.record": 1,
    "interview.decline": 1,
    "scorecard.decline": 1,
    "scorecard.waive": 1,
    "screens.decide": 2,
}


@dataclass(frozen=True)
class Entry:
    """One change; ``author`` None is the candidate or the tracker."""

    verb: str
    text: str
    at: datetime
    by_id: int | None
    author: str | None


def entries_of(session: Session, application: Application, *, is_bound: bool, whole: bool) -> Sequence[Entry]:
    """Return the latest entries (or the ``whole`` history), the latest first.

    ``is_bound``: the blind rule binds the viewer, who then reads what happened and not why.
    """
    found = rows(session, _WHOLE if whole else _LATEST, {"application": application.id})
    return tuple(
        Entry(row.verb, _bare(row.verb, row.text) if is_bound else row.text, row.at, row.by_id, row.author)
        for row in found
    )


def _bare(verb: str, text: str) -> str:
    return ": ".join(text.split(": ")[: _WITH_GROUNDS[verb]]) if verb in _WITH_GROUNDS else text


_WHOLE: AnySelect = (
    select(RecordEntry.verb, RecordEntry.text, RecordEntry.at, RecordEntry.by_id, Person.name.label("author"))
    .outerjoin(Person, RecordEntry.by_id == Person.id)
    .where(RecordEntry.application_id == bindparam("application"))
    .order_by(RecordEntry.id.desc())
)
# Deadlines begin with what else happened, many at once: only the whole history repeats them.
_LATEST = _WHOLE.where(RecordEntry.verb != "deadline.open").limit(MOST_ENTRIES)
