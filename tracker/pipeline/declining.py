"""An interviewer says no: to an interview that is still to come, or to writing the scorecard of one that is over.

The chase of him or her ends, and whoever can do something about it gets an e-mail. It holds no reason, for its reader
may be bound by the blind rule: the page tells it to who may know.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_interviews
from tracker.mail.links import url_for_person
from tracker.models.application import Application
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewKind, Person
from tracker.models.scorecard import Scorecard
from tracker.pipeline import (
    deadlines,
    interview_mails,
    interviews,
    reminders,
    scorecards,
    seat_answers,
    substitute_searches,
    trainee_seats,
)
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.rules.answers import Answer
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.refused import Refused, reason_given
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import ApplicationState


class NothingToDecline(Refused):
    """Nothing is asked of this person (any more), or the answer was given already."""


def decline(
    session: Session, assignment: Assignment, *, reason: str, by: Person, now: datetime, sequence: int | None = None
) -> None:
    """Say that one cannot hold an interview that has not begun, so that somebody else is looked for.

    In order: the seat shows it, and no longer counts for the coverage; reminders and the chase for its scorecard end;
    the record is told; the tracker looks for a substitute, or else the recruiter gets an e-mail with the way to who
    could step in. The interviewer stays in the interview, and bound by the blind rule, until it is given to somebody
    else. Who was to learn there just leaves the seat empty. ``sequence`` is that of the interview which was declined,
    where it is not known to be the present one. Raises NothingToDecline, ReasonMissing, SeatRefused, Stale.
    """
    if assignment.role is not AssignmentRole.LEAD:
        trainee_seats.decline(session, assignment, reason=reason, by=by, now=now)
        return
    interview = _asked(session, assignment, by)
    if has_begun(interview, now):
        raise NothingToDecline("The interview has begun: say instead that you cannot write its scorecard.")
    if assignment.declined_at is not None:
        raise NothingToDecline("You declined this interview already: the recruiter looks for somebody else.")
    seat_answers.expect(interview, sequence)
    assignment.declined_at, assignment.declined_reason = now, _said(reason)
    seat_answers.put(assignment, Answer.DECLINED, now=now)
    # Whoever has the interview open to change it is told that somebody said no meanwhile.
    interviews.touch(interview)
    session.flush()
    _end_chase(session, assignment, f"{by.name} declined the interview", now)
    text = f"{by.name} declined {interview.name}: {assignment.declined_reason}"
    note_change(session, "interview.decline", text, by=by, now=now, application=interview.application)
    if not substitute_searches.begin(session, assignment, now=now):
        tell(session, assignment, now)


def take_back(
    session: Session, assignment: Assignment, *, by: Person, now: datetime, sequence: int | None = None
) -> None:
    """Hold an interview after all, while nobody else was put in the place: all is as before.

    ``sequence`` as in ``decline``. Raises NothingToDecline, Stale.
    """
    interview = _asked(session, assignment, by)
    seat_answers.expect(interview, sequence)
    if assignment.declined_at is None:
        raise NothingToDecline("You did not decline this interview: it is yours.")
    if has_begun(interview, now):
        raise NothingToDecline("The interview has begun. If you held it after all, write its scorecard.")
    assignment.declined_at, assignment.declined_reason = None, ""
    seat_answers.put(assignment, Answer.ACCEPTED, now=now)
    session.flush()
    deadlines.rework(session, interview.application, now=now)
    reminders.plan(session, interview, now=now)
    text = f"{by.name} holds {interview.name} after all"
    note_change(session, "interview.take_back", text, by=by, now=now, application=interview.application)
    session.flush()


def decline_scorecard(session: Session, assignment: Assignment, *, reason: str, by: Person, now: datetime) -> Scorecard:
    """Say that one cannot write the scorecard of an interview that was to be held.

    It is not waived by that: the debrief waits until the recruiting side goes on without it (section 6, rule 3), or it
    comes in after all. Its author stays bound by the blind rule. Raises NothingToDecline, ReasonMissing.
    """
    interview = _asked(session, assignment, by)
    if not has_begun(interview, now):
        raise NothingToDecline("The interview has not begun: say instead that you cannot hold it.")
    card = scorecards.ensure(session, assignment)
    if card.state is not ScorecardState.DRAFT:
        raise NothingToDecline(f"This scorecard was {card.state.value} already: nothing waits for it.")
    if card.declined_at is not None:
        raise NothingToDecline("You said so already: whoever answers for the requisition was told.")
    card.declined_at, card.declined_reason = now, _said(reason)
    session.flush()
    _end_chase(session, assignment, f"{by.name} cannot write it", now)
    text = f"{by.name} cannot write the scorecard of {interview.name}: {card.declined_reason}"
    note_change(session, "scorecard.decline", text, by=by, now=now, application=interview.application)
    tell(session, assignment, now, card)
    return card


def has_begun(interview: Interview, now: datetime) -> bool:
    """Whether an interview has begun: before, one declines to hold it, afterwards to write its scorecard."""
    return interview.starts_at is None or interview.starts_at <= now


def _asked(session: Session, assignment: Assignment, by: Person) -> Interview:
    take_turn(session, assignment.interview.application)
    interview = assignment.interview
    if assignment.person_id != by.id or assignment.role is not AssignmentRole.LEAD:
        raise NothingToDecline("Only who is to lead an interview can decline it.")
    if assignment.ended_at is not None or interview.state is not InterviewState.SENT:
        raise NothingToDecline("The interview was cancelled, or given to somebody else: nothing is asked of you.")
    if interview.application.state is not ApplicationState.ACTIVE:
        raise NothingToDecline("The application is closed: nothing is asked of you.")
    return interview


def _said(reason: str) -> str:
    return reason_given(reason, "Say why, in a few words: whoever has to find another way needs it.")


def _end_chase(session: Session, assignment: Assignment, why: str, now: datetime) -> None:
    application = assignment.interview.application
    deadlines.cancel(session, application, DeadlineKind.SCORECARD, now=now, reason=why, subject=assignment.id)


def tell(
    session: Session,
    assignment: Assignment,
    now: datetime,
    card: Scorecard | None = None,
    *,
    kind: str = "interview_declined",
) -> None:
    """Tell the recruiting side that an interviewer declined the interview, or its scorecard (``card``).

    ``kind`` "substitute_missing" says that a substitute was looked for in vain.
    """
    interview = assignment.interview
    application = interview.application
    receiver = receiver_of(application, assignment.person_id)
    if receiver is None:
        return
    path = f"/scorecards/{assignment.id}/waive" if card else _way_to_replace(interview)
    mail = words_interviews.declined(
        "scorecard_declined" if card else kind,
        interview_mails.notice_of(session, interview, receiver),
        interviewer=assignment.person.name,
        link=url_for_person(path, receiver.id, now=now),
    )
    declined_at = card.declined_at if card else assignment.declined_at
    # Who should find somebody else need not hear of it once the interview has begun.
    until = {} if card or interview.starts_at is None else {"until": interview.starts_at.isoformat()}
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"{mail.kind}:{assignment.id}:{declined_at}",
        fact={"declined": assignment.id} | until,
        person=receiver,
        application=application,
    )


def receiver_of(application: Application, without: int) -> Person | None:
    """Return who answers for the application, other than the person it is about."""
    people = (application.requisition.recruiter, application.requisition.hiring_manager)
    return next((each for each in people if each.id != without), None)


def _way_to_replace(interview: Interview) -> str:
    if interview.kind is InterviewKind.LOOP:
        return f"/applications/{interview.application_id}/loop/interviews/{interview.id}/replace"
    return f"/applications/{interview.application_id}/screens/{interview.id}"
