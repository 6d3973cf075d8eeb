"""The e-mails of the demo's past: they went out in their own days, so that they read as sent then, and not today."""

import smtplib
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.outbox import MailState, OutboxMail

# What was posted later than that is left to the worker, as on any day.
JUST_NOW = timedelta(hours=1)
ON_ITS_WAY = timedelta(seconds=9)


def deliver(session: Session, host: str, port: int, now: datetime) -> int:
    """Hand all that the story posted before ``now`` to the mail server, in its order; return how many that were.

    Each mail was true when it was posted; the worker, asking today, would drop most of them.
    """
    posted = (
        select(OutboxMail)
        .where(OutboxMail.state == MailState.WAITING, OutboxMail.created_at < now - JUST_NOW)
        .order_by(OutboxMail.created_at, OutboxMail.id)
    )
    rows = session.scalars(posted).all()
    with smtplib.SMTP(host, port) as server:
        for row in rows:
            server.sendmail("demo@localhost", [row.receiver], row.message)
            row.state, row.attempts = MailState.SENT, 1
            row.data_started_at = row.ended_at = row.created_at + ON_ITS_WAY
    return len(rows)
