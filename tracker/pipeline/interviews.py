"""What happens to one interview: arranged, sent out, changed, called off. Phone screens and loops share it.

Every change of an interview that went out raises its sequence and mails everybody it concerns in the same transaction;
mails of an older sequence that still wait are void then (RFC 5546, section 2.1.4).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.models.application import Application
from tracker.models.interview import (
    Assignment,
    AssignmentCompetency,
    AssignmentRole,
    Interview,
    InterviewState,
    Loop,
)
from tracker.models.person import InterviewKind
from tracker.models.scorecard import Scorecard
from tracker.pipeline import interview_mails, reminders, seat_answers, trainee_mails
from tracker.queries.loops import has_begun
from tracker.rules.interviews import check_interview_time
from tracker.rules.refused import Refused
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import ApplicationState, StageKind
from tracker.rules.zones import moment_words


class WrongStage(Refused):
    """Interviews are arranged only while the application stands in their stage."""


class AlreadyEvaluated(Refused):
    """A scorecard is in: what was held cannot be moved, handed over or called off."""


class TooLateToStepIn(Refused):
    """The interview has begun: whoever was to hold it does, or nobody."""


@dataclass(frozen=True)
class Arrangement:
    """What somebody wants an interview to be. ``starts_at`` is UTC; what is None or empty stays open."""

    person_id: int | None = None
    starts_at: datetime | None = None
    minutes: int = 60
    place: str = ""
    competency_ids: tuple[int, ...] = ()

    @property
    def ends_at(self) -> datetime | None:
        """The end, None while the start is open."""
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None


def check_stage(application: Application, kind: StageKind, *more: StageKind) -> None:
    """Raise WrongStage unless the application is active and stands in a stage of one of these kinds."""
    if application.state is not ApplicationState.ACTIVE:
        raise WrongStage("The application is closed: reopen it first.")
    if application.stage_kind not in (kind, *more):
        raise WrongStage(f"The application stands in “{application.stage.name}”: this is not the stage for it.")


def new_interview(application: Application, kind: InterviewKind, position: int, name: str, minutes: int) -> Interview:
    """Return an interview without time, place or people, with a calendar id of its own (RFC 7986, section 5.3)."""
    return Interview(
        application_id=application.id,
        kind=kind,
        position=position,
        name=name,
        minutes=minutes,
        place="",
        state=InterviewState.PLANNED,
        uid=str(uuid.uuid4()),
        sequence=0,
    )


def arrangement_of(interview: Interview) -> Arrangement:
    """Return what the interview is now."""
    lead = interview.lead
    return Arrangement(
        person_id=lead.person_id if lead else None,
        starts_at=interview.starts_at,
        minutes=interview.minutes,
        place=interview.place,
        competency_ids=tuple(each.competency_id for each in lead.competencies) if lead else (),
    )


def touch(row: Interview | Loop) -> None:
    """Raise the row's version although only what hangs on it changes, so that older forms are told."""
    flag_modified(row, "state")


def arrange(session: Session, interview: Interview, wanted: Arrangement, *, now: datetime) -> None:
    """Give an interview that did not go out yet its time, place, interviewer and competencies.

    Who was foreseen before leaves no trace: nobody was told. Who sits in to learn stays, but for whom leads it now.
    Raises BadInterviewTime.
    """
    set_time(interview, wanted, now=now)
    # A lead who is somebody else, and a seat to learn of whoever leads now.
    for old in [
        each
        for each in interview.assignments
        if (each.role is AssignmentRole.LEAD) is not (each.person_id == wanted.person_id)
    ]:
        # Deleted first: it reads what goes with it, while the interview is still whole.
        session.delete(old)
        interview.assignments.remove(old)
    session.flush()
    if wanted.person_id is not None:
        lead = interview.lead
        if lead is None:
            lead = Assignment(person_id=wanted.person_id, role=AssignmentRole.LEAD)
            interview.assignments.append(lead)
        _focus(session, lead, wanted.competency_ids)
    touch(interview)
    session.flush()


def set_time(interview: Interview, wanted: Arrangement, *, now: datetime) -> None:
    """Set start, end and place. An unchanged time is not judged again: it may be over. Raises BadInterviewTime."""
    if wanted.starts_at is not None and (wanted.starts_at, wanted.minutes) != (interview.starts_at, interview.minutes):
        check_interview_time(wanted.starts_at, wanted.minutes, now)
    interview.starts_at, interview.ends_at = wanted.starts_at, wanted.ends_at
    interview.minutes, interview.place = wanted.minutes, wanted.place


def send_out(session: Session, interview: Interview, *, now: datetime) -> None:
    """Let a planned interview go out: empty scorecard, invitation of the interviewer, reminders.

    The candidate's mail is the caller's: a loop has one for all of its interviews.
    """
    interview.state = InterviewState.SENT
    lead = _needed_lead(interview)
    session.flush()
    _ensure_scorecard(session, interview, lead)
    interview_mails.invite(session, interview, lead, now=now)
    trainee_mails.invite_all(session, interview, now=now)
    reminders.plan(session, interview, now=now)


def change(session: Session, interview: Interview, wanted: Arrangement, *, now: datetime) -> None:
    """Change an interview that went out; whoever it was taken from gets a cancellation, its interviewer an update.

    At another time its interviewer is asked anew, whatever the answer was before (RFC 5546, section 3.2.2.1).
    Raises AlreadyEvaluated, BadInterviewTime.
    """
    check_not_evaluated(session, interview)
    lead, before = _needed_lead(interview), interview.starts_at
    set_time(interview, wanted, now=now)
    interview.sequence += 1
    # Who hands it over is not asked: that he or she declined it stays known.
    if lead.person_id != wanted.person_id and wanted.person_id is not None:
        lead = _hand_over(session, interview, lead, wanted.person_id, now)
    if interview.starts_at != before:
        seat_answers.ask_anew(interview)
    _focus(session, lead, wanted.competency_ids)
    touch(interview)
    session.flush()
    # Who declined it is not asked again for a change of anything but its time.
    if lead.declined_at is None:
        interview_mails.invite(session, interview, lead, now=now)
    trainee_mails.invite_all(session, interview, now=now)
    reminders.plan(session, interview, now=now)


def call_off(session: Session, interview: Interview, *, now: datetime) -> None:
    """Cancel an interview; its interviewer, and who sits in, are told if it went out. Raises AlreadyEvaluated."""
    was_sent = interview.state is InterviewState.SENT
    if was_sent:
        check_not_evaluated(session, interview)
        interview.sequence += 1
    interview.state = InterviewState.CANCELLED
    session.flush()
    lead = interview.lead
    if was_sent and lead is not None:
        interview_mails.uninvite(session, interview, lead, now=now)
    if was_sent:
        for seat in interview.trainees:
            trainee_mails.uninvite(session, interview, seat, now=now)


def check_not_evaluated(session: Session, interview: Interview) -> None:
    """Raise AlreadyEvaluated where the scorecard of the interview is in, or was waived."""
    if is_evaluated(session, interview):
        raise AlreadyEvaluated(f"The scorecard of {interview.name} is in: the interview was held and stays as it is.")


def check_may_change(session: Session, interview: Interview, wanted: Arrangement, now: datetime) -> None:
    """Raise AlreadyEvaluated where it is evaluated, TooLateToStepIn where somebody else would hold what has begun.

    Whoever was to hold it owes its scorecard until it is in or waived; at a time to come anybody may hold it.
    """
    check_not_evaluated(session, interview)
    lead = _needed_lead(interview)
    is_handed_over = wanted.starts_at == interview.starts_at and wanted.person_id != lead.person_id
    if is_handed_over and has_begun(interview, now):
        raise TooLateToStepIn(
            f"{interview.name} has begun: nobody can step in any more. Once it is over, its scorecard can be waived, "
            f"or entered as {lead.person.name} dictates it. If it did not take place, choose a time to come.",
            "person_id",
        )


def when_words(interview: Interview, zone: str) -> str:
    """Return "Fri 6 Mar 2026, 10:00 (Europe/Berlin)" for the record."""
    return moment_words(interview.starts_at, zone) if interview.starts_at else "no time yet"


def is_evaluated(session: Session, interview: Interview) -> bool:
    """Whether the scorecard of the interview is in, or was waived."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Assignment.interview_id == interview.id,
                    Assignment.ended_at.is_(None),
                    Scorecard.assignment_id == Assignment.id,
                    Scorecard.state != ScorecardState.DRAFT,
                )
            )
        )
    )


def _needed_lead(interview: Interview) -> Assignment:
    lead = interview.lead
    if lead is None:
        raise WrongStage(f"{interview.name} has no interviewer: choose one first.", "person_id")
    return lead


def _hand_over(session: Session, interview: Interview, old: Assignment, person_id: int, now: datetime) -> Assignment:
    """Give the interview to somebody else. Who had it before gets the same assignment back, and the scorecard as he or
    she left it: there is one for each interviewer and interview (section 6, rule 1)."""
    old.ended_at = now
    session.flush()
    interview_mails.uninvite(session, interview, old, now=now)
    theirs = [each for each in interview.assignments if each.person_id == person_id]
    lead = next((each for each in reversed(theirs) if each.role is AssignmentRole.LEAD), None)
    if lead is None:
        lead = Assignment(person_id=person_id, role=AssignmentRole.LEAD)
        interview.assignments.append(lead)
    seat_answers.seat(lead)
    session.flush()
    scorecard = _ensure_scorecard(session, interview, lead)
    scorecard.declined_at, scorecard.declined_reason = None, ""
    session.flush()
    return lead


def _focus(session: Session, lead: Assignment, competency_ids: Sequence[int]) -> None:
    """Set the competencies of an assignment; those that stay keep their rows."""
    wanted = dict.fromkeys(competency_ids)
    for row in [each for each in lead.competencies if each.competency_id not in wanted]:
        lead.competencies.remove(row)
    session.flush()
    kept = {row.competency_id for row in lead.competencies}
    lead.competencies.extend(AssignmentCompetency(competency_id=each) for each in wanted if each not in kept)


def _ensure_scorecard(session: Session, interview: Interview, lead: Assignment) -> Scorecard:
    there = session.scalar(select(Scorecard).where(Scorecard.assignment_id == lead.id))
    if there is None:
        there = Scorecard(assignment_id=lead.id, application_id=interview.application_id, author_id=lead.person_id)
        session.add(there)
        session.flush()
    return there
