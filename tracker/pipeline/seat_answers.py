"""The one place where the answer of an invited person is written and forgotten."""

from datetime import datetime

from tracker.models.interview import Assignment, Interview, Invited
from tracker.rules.answers import Answer
from tracker.rules.refused import Stale


def put(
    row: Invited,
    answer: Answer,
    *,
    now: datetime,
    stamp: datetime | None = None,
    proposed_at: datetime | None = None,
) -> None:
    """Keep an answer. ``stamp`` is when it was given by the own clock of who gave it: now, where it was given here."""
    row.answer, row.answered_at, row.answer_stamp, row.proposed_at = answer, now, stamp or now, proposed_at


def expect(interview: Interview, sequence: int | None) -> None:
    """Raise Stale where the interview is another one than was shown; None: it was not said which was."""
    if sequence is not None and sequence != interview.sequence:
        raise Stale("The interview was changed since you opened this: look when and where it is now, then answer.")


def ask_anew(interview: Interview) -> None:
    """Forget what everybody answered to another time (RFC 5546, section 3.2.2.1)."""
    _forget(interview)
    for each in interview.assignments:
        if each.ended_at is None:
            _forget(each)
            each.declined_at, each.declined_reason = None, ""


def seat(assignment: Assignment) -> None:
    """Let somebody hold the interview, again or for the first time: what was answered then is another story."""
    _forget(assignment)
    assignment.ended_at, assignment.declined_at, assignment.declined_reason = None, None, ""


def _forget(row: Invited) -> None:
    row.answer, row.answered_at, row.answer_stamp, row.proposed_at = None, None, None, None
