"""What people do to a running clock: pause it, let it run again, extend it. Each with who and why, on the record.

A promise that gets another date is told to the candidate in the same transaction.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.person import Person
from tracker.pipeline import loop_choice_mails, nudges, promise_mails
from tracker.pipeline.deadlines import due_words
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries.calendars import calendar_of
from tracker.rules.clock_checks import check_extension, check_pause, check_resume
from tracker.rules.deadlines import DeadlineState, days_kept, due_at, resumed_due_at
from tracker.rules.words import counted


def pause(
    session: Session,
    application: Application,
    deadline: Deadline,
    *,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Stop a running deadline's clock; the rest of its business days is kept. Raises Stale, IllegalPause."""
    take_turn(session, application)
    expect(deadline, version)
    check_pause(deadline.state, deadline.due_at, now, reason)
    deadline.state = DeadlineState.PAUSED
    deadline.paused_at = now
    deadline.pause_reason = reason.strip()
    deadline.days_kept = days_kept(now, deadline.due_at, calendar_of(session, application.requisition.region))
    deadline.revision += 1
    text = f"{deadline.kind.label} was paused: {deadline.pause_reason}"
    note_change(session, "deadline.pause", text, by=by, now=now, application=application)


def resume(
    session: Session,
    application: Application,
    deadline: Deadline,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Let a paused clock run again with the business days that were kept. Raises Stale, IllegalPause.

    The candidate is told a promise that is for another date now, and asked again to choose times where the pause kept
    the e-mail from going out.
    """
    take_turn(session, application)
    expect(deadline, version)
    check_resume(deadline.state)
    calendar = calendar_of(session, application.requisition.region)
    due_before = deadline.due_at
    deadline.resumed_at, deadline.business_days = now, deadline.days_kept or 0
    deadline.due_at = resumed_due_at(now, deadline.business_days, calendar, application.requisition.plan.due_time)
    deadline.state = DeadlineState.OPEN
    deadline.paused_at = None
    deadline.pause_reason = ""
    deadline.days_kept = None
    deadline.revision += 1
    nudges.plan(session, deadline, now=now)
    text = f"{deadline.kind.label} runs again and is due {due_words(deadline)}"
    note_change(session, "deadline.resume", text, by=by, now=now, application=application)
    promise_mails.tell(session, application, deadline, due_before=due_before, now=now)
    loop_choice_mails.ask_again(session, application, now=now)


def extend(
    session: Session,
    application: Application,
    deadline: Deadline,
    until: date,
    *,
    reason: str,
    told: str = "",
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Give a deadline until the end of a later business day of its region. Raises Stale, IllegalExtension.

    Of a promise the candidate is told the new date at once; ``told`` is what he or she reads as the reason, ``reason``
    stays with the staff. If day 0 moves afterwards, the deadline keeps the business days by which it was extended.
    """
    take_turn(session, application)
    expect(deadline, version)
    calendar = calendar_of(session, application.requisition.region)
    check_extension(deadline.state, deadline.due_at, now, until, reason, calendar)
    due_before, days_before = deadline.due_at, deadline.business_days
    # Counted from its start, so that it falls on that very day whatever became of the calendar meanwhile.
    deadline.business_days = calendar.days_between(calendar.today(deadline.counts_from), until)
    deadline.extra_days += deadline.business_days - days_before
    deadline.extension_reason = reason.strip()
    deadline.zone = calendar.zone
    due_time = application.requisition.plan.due_time
    deadline.due_at = due_at(deadline.counts_from, deadline.business_days, calendar, due_time)
    deadline.revision += 1
    session.flush()
    nudges.plan(session, deadline, now=now)
    by_days = counted(calendar.days_between(calendar.today(due_before), until), "business day")
    text = f"{deadline.kind.label} was extended by {by_days}, to {due_words(deadline)}: {deadline.extension_reason}"
    note_change(session, "deadline.extend", text, by=by, now=now, application=application)
    promise_mails.tell(session, application, deadline, due_before=due_before, why=told.strip(), now=now)
