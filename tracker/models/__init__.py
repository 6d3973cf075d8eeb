"""Rows: typed, small, one file for each noun. Importing this package registers every table."""

from tracker.models import (
    application,
    candidate,
    competency,
    deadline,
    debrief,
    interview,
    interview_plan,
    mail_words,
    outbox,
    outcome,
    person,
    record,
    region,
    requisition,
    scorecard,
    tick_fault,
)

__all__ = [
    "application",
    "candidate",
    "competency",
    "deadline",
    "debrief",
    "interview",
    "interview_plan",
    "mail_words",
    "outbox",
    "outcome",
    "person",
    "record",
    "region",
    "requisition",
    "scorecard",
    "tick_fault",
]
