"""Erasing a candidate: nothing is deleted but by this (the process, section 6, rule 7)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, text
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_candidates
from tracker.mail.messages import Address
from tracker.models.application import Application
from tracker.models.candidate import Candidate, CandidateLink
from tracker.models.erasure import Erasure
from tracker.models.outbox import LAST_WORD, MailAbout, MailState, OutboxMail
from tracker.models.person import Person
from tracker.pipeline import moves, nudges
from tracker.pipeline.erased_words import RECORDED, UNSETTLED, cut_mentions, erase_words, is_of
from tracker.pipeline.record import note_change
from tracker.pipeline.retention import candidates_of, standing_hold
from tracker.pipeline.turns import take_turn
from tracker.queries.organisation import organisation_name
from tracker.rules.refused import Refused, Stale
from tracker.rules.retention import ErasureKind
from tracker.rules.stages import ApplicationState, Disposition


class Held(Refused):
    """Somebody decided that nothing of this candidate's may be erased."""


class OtherName(Refused):
    """What was typed to confirm is not the candidate's name."""


def confirm(candidate: Candidate, typed: str) -> None:
    """Raise OtherName unless the candidate's name was typed, in whatever case and with whatever blanks."""
    if " ".join(typed.split()).casefold() != " ".join(candidate.name.split()).casefold():
        raise OtherName("This is not the candidate’s name. Type it as it stands at the top of the page.", "name")


def erase(
    session: Session,
    candidate: Candidate,
    kind: ErasureKind,
    *,
    by: Person | None,
    now: datetime,
    tell_from: Application | None = None,
) -> bool:
    """Erase all that is known of the person, in every row that knows his or her address. It cannot be undone.

    In order, in one transaction: nobody else changes the applications; the words go, and files are noted for removal;
    what is open is closed as withdrawn, its interviews called off in mails that name nobody; the candidate's links
    and waiting mails go; the record and a row of its own say who, when and why, in no words of anybody's. With
    ``tell_from``, one of the applications, a last e-mail from its recruiter tells the candidate that it was done; it is
    erased itself once it is settled.

    Returns False where it was done already. Raises Stale where the person applied at this very moment, and Held, but
    for what a restored backup brought back.
    """
    session.flush()
    ids = [each.id for each in candidates_of(session, candidate.email)]
    applications = _take_turns(session, ids)
    rows = _hold_rows(session, ids, applications)
    if candidate.erased_at is not None:
        return False
    if kind is not ErasureKind.RESTORED and standing_hold(session, ids) is not None:
        raise Held("This candidate’s data is held: nothing may be erased until an admin releases it.")
    name, email = candidate.name, candidate.email
    chased = _nudges_told_together(session, [each.id for each in applications])
    erase_words(session, ids, now=now)
    cut_mentions(session, name=name, email=email)
    _close(session, applications, by=by, now=now)
    nudges.put_back(session, chased)
    _note(session, rows, applications, kind, by=by, now=now)
    if tell_from is not None:
        _say_last_word(session, tell_from, Address(name, email), now=now)
    return True


def go_through_again(session: Session, erasure: Erasure, *, now: datetime) -> None:
    """Take out what somebody wrote in the very moment of an erasure; from now on it is finished."""
    erase_words(session, [erasure.candidate_id], now=now, since=erasure.at)
    session.refresh(erasure)
    erasure.finished_at = now
    session.flush()


def erase_last_words(session: Session) -> int:
    """Erase the mails that were let go out once more, now that they are settled; return how many there were."""
    found = session.scalars(select(OutboxMail).where(*settled_last_words()).with_for_update(skip_locked=True)).all()
    for mail in found:
        mail.subject, mail.message, mail.fact, mail.last_error = "Erased", b"", {}, ""
        mail.receiver = f"erased-{mail.id}@erased.example"
        mail.dedupe_key = mail.message_id = f"erased-{mail.id}"
        mail.order_key = mail.is_last_word = None
        if mail.state is MailState.DEAD:
            # Nothing is left that could be tried again.
            mail.state = MailState.DROPPED
    session.flush()
    return len(found)


def settled_last_words() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on OutboxMail for the mails that ``erase_last_words`` erases, which read an index."""
    return text(LAST_WORD), OutboxMail.state.not_in(UNSETTLED)  # type: ignore[return-value]


def _hold_rows(session: Session, ids: Sequence[int], applications: Sequence[Application]) -> list[Candidate]:
    """Return the candidate rows of the person, held against new applications and another erasure.

    After the applications, as the verbs do it: they close one, and count then from when its candidate is kept.
    """
    locked = select(Candidate).where(Candidate.id.in_(ids)).order_by(Candidate.id)
    rows = list(session.scalars(locked.with_for_update().execution_options(populate_existing=True)))
    numbers = session.scalars(select(Application.id).where(is_of(ids))).all()
    if set(numbers) != {each.id for each in applications}:
        raise Stale()
    return rows


def _take_turns(session: Session, ids: Sequence[int]) -> list[Application]:
    """Take the turn of all applications, in the order of their numbers.

    Their mails first: a sender holds one, and asks then for its application.
    """
    numbers = session.scalars(select(Application.id).where(is_of(ids)).order_by(Application.id)).all()
    _let_leave_mails_go(session, numbers)
    of_several = select(MailAbout.mail_id).where(MailAbout.application_id.in_(numbers))
    theirs = or_(OutboxMail.application_id.in_(numbers), OutboxMail.id.in_(of_several))
    session.scalars(select(OutboxMail.id).where(theirs).order_by(OutboxMail.id).with_for_update()).all()
    applications = [session.get_one(Application, each) for each in numbers]
    for application in applications:
        if application.erased_at is None:
            take_turn(session, application)
    return applications


def _let_leave_mails_go(session: Session, numbers: Sequence[int]) -> None:
    """What tells of an absence speaks of others' interviews too, and is told once: it goes out, and is erased then."""
    theirs = select(MailAbout.mail_id).where(MailAbout.application_id.in_(numbers))
    waiting = select(OutboxMail).where(OutboxMail.id.in_(theirs), OutboxMail.state.in_(UNSETTLED))
    for mail in session.scalars(waiting.with_for_update()):
        if "leave" in mail.fact:
            mail.is_last_word = True
    session.flush()


def _nudges_told_together(session: Session, numbers: Sequence[int]) -> list[int]:
    """Return the nudges of waiting digests that name the candidate beside others, which are to be told anew."""
    theirs = select(MailAbout.mail_id).where(MailAbout.application_id.in_(numbers))
    waiting = select(OutboxMail.fact).where(OutboxMail.id.in_(theirs), OutboxMail.state.in_(UNSETTLED))
    return [each for fact in session.scalars(waiting) for each in fact.get("nudges", ())]


def _close(session: Session, applications: Sequence[Application], *, by: Person | None, now: datetime) -> None:
    """Close what is open. Interviewers hear that the meeting is called off; what the candidate would hear is not kept,
    since the address is gone."""
    numbers = [each.id for each in applications]
    for application in applications:
        if application.state is ApplicationState.ACTIVE:
            moves.close(session, application, ApplicationState.WITHDRAWN, Disposition.ERASED, by=by, now=now)
    to_candidate = (OutboxMail.person_id.is_(None), OutboxMail.state == MailState.WAITING)
    session.execute(delete(OutboxMail).where(OutboxMail.application_id.in_(numbers), *to_candidate))
    session.execute(delete(CandidateLink).where(CandidateLink.application_id.in_(numbers)))


def _note(
    session: Session,
    rows: Sequence[Candidate],
    applications: Sequence[Application],
    kind: ErasureKind,
    *,
    by: Person | None,
    now: datetime,
) -> None:
    for row in rows:
        row.erased_at, row.kept_since = now, None
        session.add(Erasure(candidate_id=row.id, kind=kind, at=now, by_id=by.id if by else None))
    for application in applications:
        application.erased_at = now
        said = f"The data of candidate {application.candidate_id} was erased: {kind.label.lower()}"
        note_change(session, RECORDED, said, by=by, now=now, application=application)
    session.flush()


def _say_last_word(session: Session, application: Application, receiver: Address, *, now: datetime) -> None:
    title = application.requisition.title
    mail = words_candidates.erased(receiver=receiver, organisation=organisation_name(session), title=title)
    row = outbox.post(session, mail, now=now, dedupe_key=f"erased:{application.id}", application=application)
    row.is_last_word = True
    session.flush()
