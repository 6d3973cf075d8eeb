"""The organisation's own words for a kind of e-mail; and the standard ones, where those cannot be used.

They are checked when they are saved and again each time one is written: a later version of the tracker may have other
fields. What fails then does not stop an e-mail; ``broken`` says so to admins.
"""

import logging
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.mail import merge
from tracker.mail.editing import TEXT_LENGTH
from tracker.mail.kinds import KINDS
from tracker.mail.merge_fields import Kind
from tracker.mail.messages import SUBJECT_LENGTH, Address, Mail, Words, reworded
from tracker.models.mail_words import MailWords

log = logging.getLogger(__name__)

SAMPLE_RECEIVER = Address("Ada Lovelace", "ada@example.org")
SAMPLE_WHY = "You get this e-mail because …"


def row_of(session: Session, kind: str) -> MailWords | None:
    """Return the row of a kind, in use or not; None where nobody has ever changed its words."""
    return session.scalar(select(MailWords).where(MailWords.kind == kind))


def in_own_words(session: Session, mail: Mail) -> Mail:
    """Return the mail in the organisation's own words, where it has some that can be used."""
    return all_in_own_words(session, [mail])[0]


def all_in_own_words(session: Session, mails: Sequence[Mail]) -> list[Mail]:
    """Return mails in the organisation's own words, with one statement for all of them."""
    kinds = {mail.kind for mail in mails if mail.words is not None}
    used = select(MailWords).where(MailWords.kind.in_(kinds), MailWords.is_used)
    rows = {row.kind: row for row in session.scalars(used)} if kinds else {}
    return [_in_words_of(rows[mail.kind], mail) if mail.words and mail.kind in rows else mail for mail in mails]


def _in_words_of(row: MailWords, mail: Mail) -> Mail:
    words = Words(row.subject, row.text)
    try:
        return mail if any(problems_of(KINDS[mail.kind], words)) else reworded(mail, words)
    except Exception:
        # Whatever it is that nobody foresaw: a candidate shall not wait for it.
        log.exception("own words of %s cannot be used", mail.kind)
        return mail


def problems_of(kind: Kind, words: Words) -> tuple[list[str], list[str]]:
    """Return what stands against these words, of the subject and of the text; both empty where nothing does."""
    subject = merge.problems(words.subject, kind.names, where="Subject")
    text = merge.problems(words.text, kind.names)
    if not words.subject.strip():
        subject.append("Subject: please fill this in.")
    if len(words.subject) > SUBJECT_LENGTH:
        subject.append(f"The subject has {len(words.subject)} characters; {SUBJECT_LENGTH} is the most.")
    if len(words.text) > TEXT_LENGTH:
        text.append(f"The text has {len(words.text):,} characters; {TEXT_LENGTH:,} is the most.")
    there = merge.FIELD.findall(words.text)
    gone = [field for field in kind.fields if field.is_needed and field.name not in there]
    return subject, text + [f"{merge.mark(field.name)} is missing: {field.meaning}." for field in gone]


def sample(kind: Kind, words: Words, organisation: str) -> Mail:
    """Return an e-mail of a kind in these words, with an example for each field. Ask ``problems_of`` first."""
    values = kind.samples | {"organisation": organisation}
    why = merge.fill(kind.why, values) or SAMPLE_WHY
    return reworded(Mail(kind.name, SAMPLE_RECEIVER, "", "", "", why=why, values=values), words)


def broken(session: Session) -> list[Kind]:
    """Return the kinds whose own words are in use and cannot be: their standard words go out instead."""
    rows = session.scalars(select(MailWords).where(MailWords.is_used, MailWords.kind.in_(KINDS)))
    return [KINDS[row.kind] for row in rows if any(problems_of(KINDS[row.kind], Words(row.subject, row.text)))]
