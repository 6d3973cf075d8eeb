"""Changing the organisation's own words for a kind of e-mail, and going back to the standard ones."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.mail.clean import one_line
from tracker.mail.merge_fields import Kind
from tracker.mail.messages import Words
from tracker.mail.own_words import problems_of, row_of
from tracker.models.mail_words import MailWords
from tracker.models.person import Person
from tracker.pipeline.record import note_change
from tracker.rules.refused import Refused, Stale

# One sentence of many: what is wrong first is mended first.
SAID = 3


class UnusableWords(Refused):
    """E-mails cannot be made of these words."""


def save(
    session: Session, kind: Kind, words: Words, *, by: Person, now: datetime, version: int | None = None
) -> MailWords:
    """Let e-mails of a kind go out in these words from now on. ``version`` 0 is of a kind that has no row yet.

    Raises Stale, UnusableWords with line and field.
    """
    row = row_of(session, kind.name)
    _expect(row, version)
    words = Words(one_line(words.subject), words.text.strip())
    for field, problems in zip(("subject", "text"), problems_of(kind, words), strict=True):
        if problems:
            raise UnusableWords(" ".join(problems[:SAID]), field=field)
    before = _as_data(row)
    if row is None:
        row = MailWords(kind=kind.name)
    row.subject, row.text, row.is_used = words.subject, words.text, True
    row.changed_at, row.changed_by_id = now, by.id
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        # Somebody gave this kind its first own words in this very moment.
        raise Stale() from error
    _note(session, kind, f"The words of the e-mail “{kind.label}” were changed", before, row, by, now)
    return row


def use_standard(session: Session, kind: Kind, *, by: Person, now: datetime, version: int | None = None) -> None:
    """Let e-mails of a kind go out in the standard words again. Raises Stale."""
    row = row_of(session, kind.name)
    _expect(row, version)
    if row is None or not row.is_used:
        return
    before = _as_data(row)
    row.is_used, row.changed_at, row.changed_by_id = False, now, by.id
    session.flush()
    _note(session, kind, f"The e-mail “{kind.label}” has its standard words again", before, row, by, now)


def _expect(row: MailWords | None, version: int | None) -> None:
    if version is not None and version != (row.version if row else 0):
        raise Stale()


def _as_data(row: MailWords | None) -> dict[str, str] | None:
    return {"subject": row.subject, "text": row.text} if row is not None and row.is_used else None


def _note(
    session: Session,
    kind: Kind,
    text: str,
    before: dict[str, str] | None,
    row: MailWords,
    by: Person,
    now: datetime,
) -> None:
    data = {"kind": kind.name, "before": before, "after": _as_data(row)}
    note_change(session, "mail_words.change", text, by=by, now=now, data=data)
    session.flush()
