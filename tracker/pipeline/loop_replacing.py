"""A substitute put in by the tracker itself, under the rules by which a person would do it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_answers
from tracker.mail.links import url_for_person
from tracker.models.interview import Assignment, AssignmentRole, InterviewState, LoopState
from tracker.models.reply import SearchResult, SubstituteSearch
from tracker.pipeline import declining, interview_mails, loop_substitutes
from tracker.pipeline.loop_substitutes import Question, SubstituteLine
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.queries import loops
from tracker.queries.declined import who_declined
from tracker.rules.answers import has_time
from tracker.rules.refused import Refused
from tracker.rules.stages import ApplicationState

# Each that does not fit any more costs a check of the whole loop.
MOST_TRIED = 10


def question_of(session: Session, search_id: int, *, now: datetime) -> Question | None:
    """Return what a search asks; None where there is nothing to look for any more. Reads only."""
    search = session.get(SubstituteSearch, search_id)
    if search is None or search.ended_at is not None or not _is_sought(search.assignment):
        return None
    interview = search.assignment.interview
    loop = loops.current_loop(session, interview.application)
    return None if loop is None else loop_substitutes.question_of(session, loop, interview, now=now)


def settle(
    session: Session,
    search_id: int,
    lines: Sequence[SubstituteLine],
    starts_at: datetime | None,
    *,
    now: datetime,
) -> SearchResult | None:
    """Put in the best of those who were found for an interview at ``starts_at``; return how the search ended.

    In order: all is asked again, for it may have changed since; the best who fits now is put in, by the verb that a
    recruiter would use, which invites him or her, tells who declined that it is over, and the candidate; the record
    and the recruiter are told. None: the interview is at another time by now, so that others must be looked for.
    """
    search = session.scalar(
        select(SubstituteSearch).where(SubstituteSearch.id == search_id, SubstituteSearch.ended_at.is_(None))
    )
    if search is None:
        return SearchResult.VOID
    take_turn(session, search.assignment.interview.application)
    assignment = search.assignment
    if search.ended_at is not None:
        return search.result
    if not _is_sought(assignment):
        return _end(search, SearchResult.VOID, now)
    is_confidential = assignment.interview.application.requisition.is_confidential
    if is_confidential or not has_time(assignment.interview.starts_at, now):
        declining.tell(session, assignment, now)
        return _end(search, SearchResult.LATE, now)
    if starts_at != assignment.interview.starts_at:
        return None
    if _put_in_best(session, assignment, lines, now):
        return _end(search, SearchResult.FOUND, now)
    declining.tell(session, assignment, now, kind="substitute_missing")
    text = f"Nobody was found who could hold {assignment.interview.name} instead of {assignment.person.name}"
    note_change(session, "loop.substitute", text, by=None, now=now, application=assignment.interview.application)
    return _end(search, SearchResult.NOBODY, now)


def _end(search: SubstituteSearch, result: SearchResult, now: datetime) -> SearchResult:
    search.ended_at, search.result = now, result
    return result


def _is_sought(assignment: Assignment) -> bool:
    """Whether who declined still does, in a loop that goes on, and nobody else was put in the place."""
    interview = assignment.interview
    return (
        assignment.declined_at is not None
        and assignment.ended_at is None
        and assignment.role is AssignmentRole.LEAD
        and interview.state is InterviewState.SENT
        and interview.loop is not None
        and interview.loop.state is LoopState.SENT
        and interview.application.state is ApplicationState.ACTIVE
    )


def _put_in_best(session: Session, assignment: Assignment, lines: Sequence[SubstituteLine], now: datetime) -> bool:
    without = set(who_declined(session, assignment.interview))
    for line in [each for each in lines if each.person_id not in without][:MOST_TRIED]:
        interview = assignment.interview
        loop = loops.current_loop(session, interview.application)
        if loop is None:
            return False
        try:
            with session.begin_nested():
                loop_substitutes.replace_lead(session, loop, interview, line.person_id, by=None, now=now)
        except Refused:
            # Booked, capped or bound by the blind rule since they were found: the next one.
            session.expire_all()
            continue
        _tell(session, assignment, now)
        return True
    return False


def _tell(session: Session, before: Assignment, now: datetime) -> None:
    interview = before.interview
    application, lead = interview.application, interview.lead
    assert lead is not None  # noqa: S101 - somebody was put in a moment ago
    text = f"{lead.person.name} was put in for {before.person.name} in {interview.name} by the tracker"
    note_change(session, "loop.substitute", text, by=None, now=now, application=application)
    receiver = declining.receiver_of(application, before.person_id)
    if receiver is None:
        return
    mail = words_answers.substitute_found(
        interview_mails.notice_of(session, interview, receiver),
        interviewer=before.person.name,
        substitute=lead.person.name,
        link=url_for_person(f"/applications/{application.id}/loop", receiver.id, now=now),
    )
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"{mail.kind}:{lead.id}:s{interview.sequence}",
        fact={"seated": lead.id},
        person=receiver,
        application=application,
    )
