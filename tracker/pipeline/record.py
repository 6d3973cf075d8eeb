"""The record of every change: who, when, what, in words."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.person import Person
from tracker.models.record import RecordEntry
from tracker.models.requisition import Requisition


def note_change(
    session: Session,
    verb: str,
    text: str,
    *,
    by: Person | None,
    now: datetime,
    application: Application | None = None,
    requisition: Requisition | None = None,
    data: dict[str, Any] | None = None,
) -> RecordEntry:
    """Put one change on the record, in the transaction of the change itself.

    ``verb`` names the verb ("loop.send"), ``text`` is the sentence people read. ``by`` None is the candidate or the
    tracker. Never pass scorecard content: the record is read by people whom the blind rule binds.
    """
    if application is not None and requisition is None:
        requisition = application.requisition
    entry = RecordEntry(
        at=now,
        by_id=by.id if by else None,
        verb=verb,
        text=text,
        application_id=application.id if application else None,
        requisition_id=requisition.id if requisition else None,
        data=data or {},
    )
    session.add(entry)
    return entry
