"""What invited people answer, by a click or by their calendar: kept on the seat, and told where somebody must act."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_answers
from tracker.mail.links import url_for_person
from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState
from tracker.models.person import InterviewKind, Person
from tracker.pipeline import declining, interview_mails, seat_answers
from tracker.pipeline.declining import NothingToDecline
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.rules.answers import Answer
from tracker.rules.stages import ApplicationState
from tracker.rules.zones import moment_words

# What the record says; declining has words of its own.
_SAID = {
    Answer.ACCEPTED: "accepted",
    Answer.TENTATIVE: "may hold",
    Answer.DECLINED: "declined",
    Answer.OTHER_TIME: "asks for another time for",
}
NO_REASON = "Declined by the calendar"


def answer_seat(
    session: Session,
    assignment: Assignment,
    answer: Answer,
    *,
    by: Person,
    now: datetime,
    stamp: datetime | None = None,
    reason: str = "",
    proposed_at: datetime | None = None,
    sequence: int | None = None,
) -> None:
    """Keep what an interviewer answered to an invitation of his or her own, before the interview begins.

    ``sequence`` is that of the interview which was answered, where it is not known to be the present one.

    Declining is the verb of that name, with all that follows (who was to learn there leaves the seat empty); who
    accepts afterwards takes it back. A proposal of another time takes nothing by itself, nor takes a no back: the
    recruiter is told. Raises NothingToDecline, Stale.
    """
    take_turn(session, assignment.interview.application)
    _check(assignment, by, now)
    seat_answers.expect(assignment.interview, sequence)
    before = assignment.answer
    leads = assignment.role is AssignmentRole.LEAD
    is_said = False
    if answer is Answer.DECLINED and assignment.declined_at is None:
        declining.decline(session, assignment, reason=reason or NO_REASON, by=by, now=now)
        is_said = True
    elif leads and answer in (Answer.ACCEPTED, Answer.TENTATIVE) and assignment.declined_at is not None:
        declining.take_back(session, assignment, by=by, now=now)
        is_said = answer is Answer.ACCEPTED
    stays_no = answer is Answer.OTHER_TIME and assignment.declined_at is not None
    kept = Answer.DECLINED if stays_no else answer
    seat_answers.put(assignment, kept, now=now, stamp=stamp, proposed_at=proposed_at)
    session.flush()
    interview = assignment.interview
    if not is_said and (answer is not before or proposed_at is not None):
        text = f"{by.name} {_SAID[answer]} {interview.name}"
        note_change(session, "interview.answer", text, by=by, now=now, application=interview.application)
    if answer is Answer.OTHER_TIME:
        _tell(session, "time_proposed", interview, assignment, now)


def answer_candidate(
    session: Session,
    interview: Interview,
    answer: Answer,
    *,
    now: datetime,
    stamp: datetime | None = None,
    proposed_at: datetime | None = None,
) -> None:
    """Keep what a candidate answered to an invitation. Nothing is called off by it: the recruiter is told of a no.

    Raises NothingToDecline.
    """
    application = interview.application
    take_turn(session, application)
    if interview.state is not InterviewState.SENT or application.state is not ApplicationState.ACTIVE:
        raise NothingToDecline("The interview was cancelled, or the application is closed.")
    before = interview.answer
    seat_answers.put(interview, answer, now=now, stamp=stamp, proposed_at=proposed_at)
    session.flush()
    if answer is not before or proposed_at is not None:
        text = f"{application.candidate.name} {_SAID[answer]} {interview.name}"
        note_change(session, "interview.answer", text, by=None, now=now, application=application)
    if answer is Answer.OTHER_TIME:
        _tell(session, "time_proposed", interview, None, now)
    elif answer is Answer.DECLINED and before is not Answer.DECLINED:
        _tell(session, "candidate_declined", interview, None, now)


def tell_noted(
    session: Session, interview: Interview, assignment: Assignment | None, key: str, *, now: datetime
) -> None:
    """Tell the recruiter that an invited person wrote words that nobody but a person understands."""
    _tell(session, "reply_noted", interview, assignment, now, key)


def _check(assignment: Assignment, by: Person, now: datetime) -> None:
    interview = assignment.interview
    if assignment.person_id != by.id:
        raise NothingToDecline("Only who was invited can answer.")
    if assignment.ended_at is not None or interview.state is not InterviewState.SENT:
        raise NothingToDecline("The interview was cancelled, or given to somebody else: nothing is asked of you.")
    if interview.application.state is not ApplicationState.ACTIVE:
        raise NothingToDecline("The application is closed: nothing is asked of you.")
    if declining.has_begun(interview, now):
        raise NothingToDecline("The interview has begun: it needs no answer any more.")


def _tell(
    session: Session, kind: str, interview: Interview, assignment: Assignment | None, now: datetime, key: str = ""
) -> None:
    application = interview.application
    receiver = declining.receiver_of(application, assignment.person_id if assignment else 0)
    if receiver is None:
        return
    invited = assignment or interview
    is_loop = interview.kind is InterviewKind.LOOP
    path = f"/applications/{application.id}/loop" if is_loop else f"/applications/{application.id}/screens"
    mail = words_answers.answered(
        kind,
        interview_mails.notice_of(session, interview, receiver),
        who=assignment.person.name if assignment else application.candidate.name,
        proposed=_proposed_words(invited.proposed_at, receiver.zone),
        link=url_for_person(path, receiver.id, now=now),
    )
    whose = {"answered": assignment.id} if assignment else {"candidate_answered": interview.id}
    until = {"until": interview.starts_at.isoformat()} if interview.starts_at else {}
    # Words are there to be read, whatever was answered since.
    is_of_answer = invited.answer is not None and kind != "reply_noted"
    fact = whose | until | {"answer": invited.answer} if is_of_answer else {}
    version = key or invited.answer_stamp
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"{kind}:{interview.id}:{assignment.id if assignment else 'candidate'}:{version}",
        fact=fact,
        person=receiver,
        application=application,
    )


def _proposed_words(at: datetime | None, zone: str) -> str:
    return moment_words(at, zone) if at else "another one, which could not be read"
