"""The words that a person gave an e-mail before it went out: written into it in the transaction that posts it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox
from tracker.mail.editing import edited
from tracker.mail.kinds import KINDS
from tracker.mail.messages import Words
from tracker.mail.outbox import Posted
from tracker.models.application import Application
from tracker.models.person import Person
from tracker.pipeline.record import note_change


def apply(session: Session, posted: Sequence[Posted], edits: Mapping[int, Words], *, by: Person, now: datetime) -> None:
    """Let mails that this transaction posted go out in other words, and put that on the record.

    ``edits`` are by the mail's place in ``posted``. Raises BadWords where a fact is missing or a field unknown.
    """
    for place, words in edits.items():
        mail, row = posted[place].mail, posted[place].row
        outbox.write(row, edited(mail, words), now=now)
        application = session.get(Application, row.application_id) if row.application_id else None
        text = f"The words of an e-mail were edited before it went out: {KINDS[mail.kind].label}, to {row.receiver}"
        note_change(session, "mails.edit", text, by=by, now=now, application=application)
    session.flush()
