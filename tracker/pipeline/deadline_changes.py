"""Accepting that open deadlines move after a holiday, a region or a plan's limit changed (the process, section 4)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.person import Person
from tracker.pipeline import nudges, promise_mails
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries.deadline_changes import Change
from tracker.rules.deadlines import DeadlineState, is_missed
from tracker.rules.refused import Refused
from tracker.rules.zones import day_words, local_date


class IsOver(Refused):
    """The new moment is past: nobody could keep it, and no candidate is promised it."""


def accept(session: Session, changes: Sequence[Change], *, by: Person, now: datetime) -> None:
    """Move these deadlines to their new moments, each on the record, with its nudges planned anew.

    The candidate of a promise that moves is told. Raises Stale where one of them was changed since the list was shown,
    IsOver where one would be due at a moment that is past.
    """
    for change in sorted(changes, key=lambda each: (each.application_id, each.id)):
        application = session.get_one(Application, change.application_id)
        take_turn(session, application)
        if is_missed(DeadlineState.OPEN, change.new_due_at, now):
            due = day_words(local_date(change.new_due_at, change.zone))
            raise IsOver(
                f"{change.kind.label} of {change.candidate} would be due {due}, which is over: it stays as it is."
            )
        deadline = session.get_one(Deadline, change.id)
        expect(deadline, change.version)
        due_before = deadline.due_at
        deadline.due_at, deadline.business_days, deadline.zone = change.new_due_at, change.business_days, change.zone
        deadline.revision += 1
        session.flush()
        nudges.plan(session, deadline, now=now)
        due = day_words(local_date(change.new_due_at, change.zone))
        text = f"{change.kind.label} is now due {due} ({change.zone}): a calendar or a limit changed"
        note_change(session, "deadline.accept", text, by=by, now=now, application=application)
        promise_mails.tell(session, application, deadline, due_before=due_before, now=now)
