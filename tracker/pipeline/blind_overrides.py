"""Lifting the blind rule for one person and one application: an admin's alone, with a reason, on the record."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.blind_override import BlindOverride
from tracker.models.person import Person
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.queries import scorecards
from tracker.queries.visibility import viewer_of
from tracker.rules.permissions import may_set_up
from tracker.rules.refused import Refused, reason_given


class NotAdmin(Refused):
    """Only an admin lifts the rule, and never for himself or herself."""


class NotBound(Refused):
    """The rule does not bind that person there (any more)."""


def lift(
    session: Session, application_id: int, person: Person, *, reason: str, by: Person, now: datetime
) -> BlindOverride:
    """Let a person read what the others found in one application before the own scorecard is in (section 5).

    He or she reads then what the role lets read, and no more. The hiring manager sees who, when and why.
    Raises NotAdmin, NotBound, ReasonMissing.
    """
    if not may_set_up(viewer_of(session, by)):
        raise NotAdmin("Only an admin lifts the blind rule.")
    if person.id == by.id:
        raise NotAdmin("Nobody lifts the blind rule for himself or herself: ask another admin.", field="person_id")
    reason = reason_given(reason, "Say why: the hiring manager reads it.")
    application = session.get(Application, application_id)
    if application is not None:
        take_turn(session, application)
    if application is None or not scorecards.is_bound(session, viewer_of(session, person), application_id):
        text = "The blind rule does not bind this person there: no scorecard of his or hers is missing."
        raise NotBound(text, field="person_id")
    row = BlindOverride(application_id=application_id, person_id=person.id, by_id=by.id, reason=reason, at=now)
    session.add(row)
    text = f"The blind rule was lifted for {person.name}: {reason}"
    note_change(session, "blind.lift", text, by=by, now=now, application=application)
    session.flush()
    return row
