"""E-mails that came to reply addresses, taken in: each once, each with a verdict that the operator can read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.mail import reply_addresses
from tracker.mail.received import Received
from tracker.models.application import Application
from tracker.models.interview import Assignment, Interview, InterviewState
from tracker.models.person import FormerAddress
from tracker.models.reply import Reply
from tracker.pipeline import answers
from tracker.pipeline.declining import has_begun
from tracker.pipeline.turns import take_turn
from tracker.rules.answers import Answer
from tracker.rules.refused import Refused
from tracker.rules.replies import Asked, Judgement, Verdict, judge
from tracker.rules.stages import ApplicationState

# What one person wrote about one interview: after so many no further e-mail is sent because of it.
MOST_NOTES = 10


@dataclass(frozen=True)
class Taken:
    """What became of an e-mail, and why, for who runs the tracker and for its sender."""

    verdict: Verdict
    why: str


@dataclass(frozen=True)
class _Invited:
    """Whom an e-mail's address names: the interviewer of ``assignment``, or the candidate of the interview."""

    interview: Interview
    assignment: Assignment | None

    @property
    def application(self) -> Application:
        return self.interview.application


def take(session: Session, mail: Received, *, now: datetime) -> Taken:
    """Take one e-mail in: judge it, do what it says where it counts, and keep what became of it.

    One that came before has no effect again: its key is unique, also where two workers have it in hand at once.
    """
    row = Reply(key=mail.key, received_at=now, verdict=Verdict.KNOWN)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return Taken(Verdict.KNOWN, "It came before.")
    invited, found = _invited(session, mail)
    if invited is not None and invited.application.erased_at is not None:
        # Nothing of it is kept, not even who sent it.
        row.verdict, row.why = Verdict.REFUSED, "Its address is of an interview whose candidate was erased."
        return Taken(row.verdict, row.why)
    if invited is not None:
        take_turn(session, invited.application)
        row.interview_id = invited.interview.id
        row.person_id = invited.assignment.person_id if invited.assignment else None
        found = _judged(session, mail, invited, now)
        if found.verdict is Verdict.TAKEN:
            found = _act(session, mail, invited, found, now)
        elif found.verdict is Verdict.NOTED:
            _note(session, mail, invited, now)
    row.verdict, row.why = found.verdict, found.why
    row.text, row.sender = _kept(mail, found, invited)
    session.flush()
    return Taken(found.verdict, found.why)


def failed(session: Session, mail: Received, *, now: datetime) -> Taken:
    """Keep that an e-mail could not be taken in because of an error in the tracker, so that no other has to wait."""
    taken = Taken(Verdict.UNREADABLE, "The tracker failed to take it in; it is where it came from.")
    if session.scalar(select(Reply.id).where(Reply.key == mail.key)) is None:
        session.add(Reply(key=mail.key, received_at=now, verdict=taken.verdict, why=taken.why, sender=mail.sender))
        session.flush()
    return taken


def _invited(session: Session, mail: Received) -> tuple[_Invited | None, Judgement]:
    """Return whom the address of an e-mail names, or None and why."""
    if mail.is_automatic and mail.said is None:
        return None, Judgement(Verdict.AUTOMATIC, "A machine wrote it, and it answers nothing.")
    tokens = reply_addresses.tokens_in(mail.addressed) - {""}
    if not tokens:
        return None, Judgement(Verdict.UNKNOWN, "It was not sent to the address of an invitation.")
    named = {each for each in map(reply_addresses.invitation_in, tokens) if each is not None}
    if not named:
        return None, Judgement(Verdict.REFUSED, "Its address is none that the tracker made.")
    if len(named) > 1:
        return None, Judgement(Verdict.UNREADABLE, "It was sent to the addresses of several invitations at once.")
    [invitation] = named
    assignment = None if invitation.is_candidate else session.get(Assignment, invitation.key)
    interview = session.get(Interview, invitation.key) if invitation.is_candidate else None
    interview = assignment.interview if assignment else interview
    if interview is None:
        return None, Judgement(Verdict.REFUSED, "Its address is of no interview that there is.")
    return _Invited(interview, assignment), Judgement(Verdict.TAKEN, "")


def _judged(session: Session, mail: Received, invited: _Invited, now: datetime) -> Judgement:
    asked = _asked(session, invited, now)
    if mail.trouble:
        return Judgement(Verdict.UNREADABLE, mail.trouble)
    if mail.said is not None and mail.said.is_answer:
        return judge(mail.said, asked, mail.sender, now)
    if mail.is_automatic:
        return Judgement(Verdict.AUTOMATIC, "A machine wrote it, and it answers nothing.")
    known = "" if mail.sender in asked.addresses else "It does not come from the address that was invited."
    return Judgement(Verdict.NOTED, known)


def _asked(session: Session, invited: _Invited, now: datetime) -> Asked:
    interview, assignment = invited.interview, invited.assignment
    addresses = {invited.application.candidate.email}
    is_here = True
    if assignment is not None:
        former = select(FormerAddress.email).where(FormerAddress.person_id == assignment.person_id)
        addresses = {assignment.person.email, *session.scalars(former)}
        is_here = assignment.ended_at is None and assignment.person.is_active
    row = assignment or interview
    return Asked(
        addresses=frozenset(each.lower() for each in addresses),
        uid=interview.uid,
        sequence=interview.sequence,
        stands=is_here
        and interview.state is InterviewState.SENT
        and invited.application.state is ApplicationState.ACTIVE,
        has_begun=has_begun(interview, now),
        answer=row.answer,
        stamp=row.answer_stamp,
    )


def _act(session: Session, mail: Received, invited: _Invited, found: Judgement, now: datetime) -> Judgement:
    """Do what an answer says; what a verb refuses came too late."""
    assert mail.said is not None  # noqa: S101 - it was judged
    assert found.answer is not None  # noqa: S101
    try:
        with session.begin_nested():
            if invited.assignment is None:
                answers.answer_candidate(
                    session, invited.interview, found.answer, now=now, stamp=found.stamp, proposed_at=found.proposed_at
                )
            else:
                answers.answer_seat(
                    session,
                    invited.assignment,
                    found.answer,
                    by=invited.assignment.person,
                    now=now,
                    stamp=found.stamp,
                    reason=mail.said.comment,
                    proposed_at=found.proposed_at,
                )
    except Refused as refusal:
        return Judgement(Verdict.LATE, refusal.message)
    return found


def _note(session: Session, mail: Received, invited: _Invited, now: datetime) -> None:
    person_id = invited.assignment.person_id if invited.assignment else None
    notes = select(func.count()).where(
        Reply.interview_id == invited.interview.id,
        Reply.person_id == person_id if person_id else Reply.person_id.is_(None),
        Reply.verdict == Verdict.NOTED,
    )
    if invited.interview.starts_at is not None and (session.scalar(notes) or 0) < MOST_NOTES:
        answers.tell_noted(session, invited.interview, invited.assignment, mail.key, now=now)


def _kept(mail: Received, found: Judgement, invited: _Invited | None) -> tuple[str, str]:
    """Return the text that a person has to read, and the sender where it is not known by the invitation."""
    if invited is None or found.verdict in (Verdict.REFUSED, Verdict.UNREADABLE):
        return "", mail.sender
    if found.verdict is Verdict.NOTED:
        return mail.text, mail.sender if found.why else ""
    # The reason of an interviewer who declines is kept with the seat.
    is_reason = invited.assignment is not None and found.answer is Answer.DECLINED
    said = mail.said.comment if mail.said and found.verdict is Verdict.TAKEN and not is_reason else ""
    return said, ""
