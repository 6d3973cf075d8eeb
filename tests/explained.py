"""How a database means to answer a statement: by an index, or by reading a table from end to end."""

from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tests.factories import MONDAY
from tracker.models.outbox import MailState, OutboxMail


def send_thousands(session: Session) -> None:
    """What was sent must not be read again, not even by a planner that knows that most mails are of this state."""
    facts = {"kind": "nudge", "subject": "x", "message": b"x", "fact": {}, "state": MailState.SENT, "receiver": "a@b.c"}
    moments = dict.fromkeys(("created_at", "next_try_at", "ended_at"), MONDAY)
    rows = [{"dedupe_key": f"{n}", "message_id": f"<{n}>", "order_key": f"{n % 50}"} for n in range(3000)]
    session.execute(insert(OutboxMail), [facts | moments | row for row in rows])
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()


def explained(session: Session, statement: str, given: object) -> str:
    """Return the database's plan for a statement and what it is given."""
    connection = session.connection()
    if connection.dialect.name == postgresql.dialect.name:
        # On empty tables a scan is always cheaper: what matters is whether an index could answer.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = connection.exec_driver_sql(f"EXPLAIN {statement}", given)  # type: ignore[arg-type]
        return "\n".join(row[0] for row in rows)
    assert connection.dialect.name == sqlite.dialect.name
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)  # type: ignore[arg-type]
    return "\n".join(row[-1] for row in rows)
