"""What a verb would send, before it is done: it is done, its e-mails are read, and all of it is taken back."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from tracker.models.outbox import OutboxMail
from tracker.web.doing import session
from tracker.web.mail_text import readable_text


@dataclass(frozen=True)
class Rehearsed:
    """One e-mail that would be sent."""

    receiver: str
    subject: str
    text: str


def rehearse(act: Callable[[], object]) -> list[Rehearsed]:
    """Return the e-mails that ``act`` would write. Raises what it raises; nothing of it stays."""
    last = session().scalar(select(func.max(OutboxMail.id))) or 0
    try:
        act()
        rows = session().scalars(select(OutboxMail).where(OutboxMail.id > last).order_by(OutboxMail.id))
        return [Rehearsed(row.receiver, row.subject, readable_text(row)) for row in rows]
    finally:
        session().rollback()
