"""What erasing writes: the words of candidates are taken out of every row that has any (see ``models/personal.py``).

It may be done again at any time: what is erased already stays as it is.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Table, and_, case, delete, literal, or_, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from tracker.db import Base, upsert
from tracker.models.application import Application
from tracker.models.candidate import Document
from tracker.models.erasure import FileRemoval
from tracker.models.outbox import MailAbout, MailState, OutboxMail
from tracker.models.personal import (
    CANDIDATE,
    ERASED,
    ERASED_NAME,
    KEPT_KEYS,
    MENTIONS,
    ROWS,
    Treatment,
    candidates_rows,
)
from tracker.models.record import OnceKey, RecordEntry
from tracker.models.scorecard import ScorecardFile
from tracker.rules.words import sort_name

# The entries that say that somebody was erased stay: they name nobody.
RECORDED = "candidates.erase"
# E-mails to staff that a meeting is called off, written after the name was gone, still have to go out.
WITHDRAWN = ("interview_withdrawn", "trainee_withdrawn")
UNSETTLED = (MailState.WAITING, MailState.CLAIMED)

Condition = ColumnElement[bool]


def erase_words(
    session: Session, candidate_ids: Sequence[int], *, now: datetime, since: datetime | None = None
) -> None:
    """Take all words of these candidates out of the database, and note which files are to be removed.

    ``since``: it was done before, at that moment; mails to interviewers that the erasure itself caused are let go out.
    """
    session.flush()
    ids = _table("candidate").c.id.in_(candidate_ids)
    _note_files(session, ids, now)
    _settle_mails(session, ids, now, since)
    for name in ROWS:
        session.execute(delete(_table(name)).where(_theirs(_table(name), ids)))
    for name, columns in CANDIDATE.items():
        table = _table(name)
        rows = and_(_theirs(table, ids), *_spared(name, since))
        values = {each: _erased(table.c[each], how) for each, how in columns.items() if how is not Treatment.SHAPE}
        if values:
            session.execute(update(table).where(rows).values(values))
        for each, how in columns.items():
            if how is Treatment.SHAPE:
                _keep_shape(session, table, each, rows)
    session.expire_all()


def cut_mentions(session: Session, *, name: str, email: str) -> None:
    """Cut a candidate's name and address out of texts about something else; a name of one word is left alone there.

    Answers that forms sent twice would get are blanked where they name the candidate: they are of use for minutes.
    """
    named = [email, *([name] if " " in name.strip() else [])]
    for table_name, columns in MENTIONS.items():
        table = _table(table_name)
        for column in (table.c[each] for each in columns):
            if table_name == OnceKey.__tablename__:
                says = or_(*(column.contains(each, autoescape=True) for each in (email, name)))
                session.execute(update(table).where(says).values({column.key: ""}))
                continue
            # What belongs to an application is that candidate's, and another's is not ours to change.
            free = [table.c.application_id.is_(None)] if "application_id" in table.c else []
            for each in named:
                _cut(session, column, each, *free)
    session.expire_all()


def _cut(session: Session, column: Column[str], words: str, *conditions: Condition) -> None:
    """Cut words out of the rows of a column in large letters and small: no database replaces both.

    Nor does SQLite know the small letter of an accented one, so that any sign will do for these at first.
    """
    table = column.table
    alike = "".join(each if each.isascii() and each.isalnum() else "_" for each in words)
    says = select(table.c.id, column).where(column.ilike(f"%{alike}%"), *conditions)
    pattern = re.compile(re.escape(words), re.IGNORECASE)
    for key, text in session.execute(says).all():
        cut = {column.key: pattern.sub(ERASED, text)}
        session.execute(update(table).where(table.c.id == key).values(cut))


def erased_shape(value: Any) -> Any:
    """Return JSON with its texts replaced, but for those under KEPT_KEYS; numbers and empty texts stay."""
    if isinstance(value, dict):
        return {key: each if key in KEPT_KEYS else erased_shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [erased_shape(each) for each in value]
    return ERASED if isinstance(value, str) and value else value


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _theirs(table: Table, ids: Condition) -> Condition:
    rows = candidates_rows(table, ids)
    assert rows is not None, table.name  # noqa: S101 - held by a test of the register
    if table.name == OutboxMail.__tablename__:
        of_several = select(MailAbout.mail_id).where(_theirs(_table("mail_about"), ids))
        return or_(rows, table.c.id.in_(of_several))
    return rows


def _spared(name: str, since: datetime | None) -> tuple[Condition, ...]:
    """Return the conditions that leave alone what is to stay, or has still to go out."""
    if name == RecordEntry.__tablename__:
        return (_table(name).c.verb != RECORDED,)
    return (_goes_still(since),) if name == OutboxMail.__tablename__ else ()


def _goes_still(since: datetime | None) -> Condition:
    mail = _table("outbox_mail")
    later = mail.c.is_last_word.is_not(True)
    if since is None:
        return later
    is_call = and_(mail.c.kind.in_(WITHDRAWN), mail.c.created_at >= since, mail.c.state.in_(UNSETTLED))
    return and_(later, ~is_call)


def _settle_mails(session: Session, ids: Condition, now: datetime, since: datetime | None) -> None:
    """Nothing of them waits any more, and nothing can be sent again."""
    mail = _table("outbox_mail")
    open_ = mail.c.state.in_([*UNSETTLED, MailState.DEAD])
    given_up = {"state": MailState.DROPPED, "ended_at": now, "leased_until": None, "data_started_at": None}
    session.execute(update(mail).where(_theirs(mail, ids), open_, _goes_still(since)).values(given_up))


def _note_files(session: Session, ids: Condition, now: datetime) -> None:
    for model in (Document, ScorecardFile):
        table = cast(Table, model.__table__)
        digests = session.scalars(select(table.c.sha256).where(_theirs(table, ids)).distinct()).all()
        if digests:
            rows = [{"sha256": each, "due_at": now} for each in digests]
            session.execute(upsert(session, FileRemoval).on_conflict_do_nothing(), rows)


def _erased(column: ColumnElement[Any], how: Treatment) -> Any:
    numbered = literal("erased-") + sql_cast(cast(Any, column).table.c.id, Text)
    said = case((or_(column.is_(None), sql_cast(column, Text) == ""), column), else_=ERASED)
    made: dict[Treatment, Any] = {
        Treatment.BLANK: "",
        Treatment.NONE: None,
        Treatment.EMPTY: {},
        Treatment.BYTES: b"",
        Treatment.NUMBERED: numbered,
        Treatment.ADDRESS: numbered + "@erased.example",
        Treatment.NAME: ERASED_NAME,
        Treatment.SORTED: sort_name(ERASED_NAME),
        Treatment.ZONE: "UTC",
    }
    return said if how is Treatment.SAID else made[how]


def _keep_shape(session: Session, table: Table, name: str, rows: Condition) -> None:
    column = table.c[name]
    for row_id, value in session.execute(select(table.c.id, column).where(rows)).all():
        changed = erased_shape(value)
        if changed != value:
            session.execute(update(table).where(table.c.id == row_id).values({name: changed}))


def is_of(candidate_ids: Sequence[int]) -> Condition:
    """Return the condition on Application for those of these candidates."""
    return Application.candidate_id.in_(candidate_ids)
