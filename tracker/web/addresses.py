"""Addresses that several pages write or read: where a deadline is acted on, and numbers of rows in a query string."""

from flask import url_for

from tracker.models.person import InterviewKind
from tracker.queries.deadlines import Line
from tracker.queries.declined import Empty
from tracker.rules.deadlines import DeadlineKind
from tracker.web.converters import LARGEST_ID


def deadline_url(line: Line) -> str:
    """Return the page on which a deadline is met."""
    if line.kind is DeadlineKind.SCORECARD:
        return url_for("scorecards.show", assignment_id=line.subject)
    endpoint = {
        DeadlineKind.APPLICATION_REVIEW: "qualifications.show",
        DeadlineKind.PHONE_SCREEN_OUTCOME: "screens.outcome",
        DeadlineKind.LOOP_INVITED: "loops.show",
        DeadlineKind.DEBRIEF: "debriefs.show",
        DeadlineKind.DECISION: "decisions.show",
        DeadlineKind.PROMISE: "outcomes.show",
    }[line.kind]
    return url_for(endpoint, application_id=line.application_id)


def seat_url(seat: Empty) -> str:
    """Return the page on which an interview is given to somebody else."""
    endpoint = "loop_planning.substitutes" if seat.kind is InterviewKind.LOOP else "screens.edit"
    return url_for(endpoint, application_id=seat.application_id, interview_id=seat.interview_id)


def row_number(text: str | None) -> int | None:
    """Return the number of a row that an address or a hidden field names; None where it names none."""
    if not text or len(text) > 10 or not text.isascii() or not text.isdecimal():
        return None
    return int(text) if 0 < int(text) <= LARGEST_ID else None
