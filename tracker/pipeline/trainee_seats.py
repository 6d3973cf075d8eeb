"""Seats for those in training beside the interviewers: proposed with a plan, put in and taken out by hand, left.

Coverage never hangs on them: a seat that no longer fits is emptied, and nobody is looked for in its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.interview import Assignment, AssignmentRole, Interview, InterviewState, Loop
from tracker.models.person import InterviewKind, Person
from tracker.models.requisition import Requisition
from tracker.models.training import Training
from tracker.pipeline import interview_mails, interviews, loop_trainees, trainee_mails
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries import interviewers, loop_cases, loops, trainees
from tracker.rules.coverage import Problem, ProblemCode, Seat
from tracker.rules.refused import Refused
from tracker.rules.stages import StageKind
from tracker.rules.training import Trainee, TrainingRole, part_at, why_not


class SeatRefused(Refused):
    """Somebody cannot sit in this interview, or nobody does."""


@dataclass(frozen=True)
class Choice:
    """Somebody in training for the kind of an interview: what he or she would do in it, and what stands against it."""

    trainee: Trainee
    part: TrainingRole
    why_not: tuple[str, ...]


def choices(session: Session, interview: Interview, *, now: datetime) -> list[Choice]:
    """Return everybody in training for the kind of this interview, those who could sit in it first."""
    seats, sitting = _around(interview)
    seat = next(each for each in seats if each.interview_id == interview.id)
    most = interview.application.requisition.plan.most_trainees
    found = [
        Choice(each, _part(each, seat), tuple(why_not(each, seat, seats, sitting, most, now)))
        for each in _trainees(session, interview, now)
    ]
    return sorted(found, key=lambda each: bool(each.why_not))


def put_in(
    session: Session,
    interview: Interview,
    person_id: int,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Let somebody in training sit in an interview, every rule held; once it went out, everybody concerned is told.

    Raises Stale, WrongStage, SeatRefused, AlreadyEvaluated.
    """
    application = interview.application
    take_turn(session, application)
    expect(interview, version)
    _check_stage(interview)
    interviewers.lock_people(session, application.candidate, [person_id])
    found = [each for each in choices(session, interview, now=now) if each.trainee.person.person_id == person_id]
    if not found:
        raise SeatRefused("He or she is not in training for such interviews (any more): choose again.")
    chosen = found[0]
    if chosen.why_not:
        raise SeatRefused(" ".join(chosen.why_not))
    _seat(interview, chosen.trainee, chosen.part)
    session.flush()
    _tell(session, interview, now)
    text = f"{chosen.trainee.person.name} sits in {interview.name} ({chosen.part.label.lower()})"
    note_change(session, "trainee_seats.put_in", text, by=by, now=now, application=application)
    session.flush()


def take_out(session: Session, interview: Interview, *, by: Person, now: datetime, version: int | None = None) -> None:
    """Let nobody sit in an interview that has not begun; once it went out, everybody concerned is told.

    Raises Stale, WrongStage, SeatRefused, AlreadyEvaluated.
    """
    application = interview.application
    take_turn(session, application)
    expect(interview, version)
    _check_stage(interview)
    if not interview.trainees:
        raise SeatRefused(f"Nobody in training sits in {interview.name} any more.")
    if interview.starts_at is not None and interview.starts_at <= now:
        raise SeatRefused(f"{interview.name} has begun already: who sat in it stays on the record.")
    gone = interview.trainees
    names = [_empty(session, interview, each, now) for each in gone]
    _tell(session, interview, now)
    if interview.state is InterviewState.SENT:
        for each in gone:
            trainee_mails.uninvite(session, interview, each, now=now)
    text = f"{', '.join(names)} does not sit in {interview.name} any more"
    note_change(session, "trainee_seats.take_out", text, by=by, now=now, application=application)
    session.flush()


def decline(session: Session, seat: Assignment, *, reason: str, by: Person, now: datetime) -> None:
    """Empty one's own seat in an interview that has not begun: its interviewer is told, and nothing else happens.

    Raises SeatRefused.
    """
    interview = seat.interview
    take_turn(session, interview.application)
    if seat.person_id != by.id or seat.ended_at is not None or interview.state is not InterviewState.SENT:
        raise SeatRefused("You do not sit in this interview any more: nothing is asked of you.")
    if interview.starts_at is None or interview.starts_at <= now:
        raise SeatRefused("The interview has begun. If you were not there, tell whoever signs you off.")
    seat.declined_at, seat.declined_reason, seat.ended_at = now, reason.strip(), now
    session.flush()
    trainee_mails.tell_lead(session, interview, seat, now=now)
    why = f": {reason.strip()}" if reason.strip() else ""
    text = f"{by.name} does not come to {interview.name} to learn{why}"
    note_change(session, "trainee_seats.decline", text, by=by, now=now, application=interview.application)
    session.flush()


def seat_all(session: Session, loop: Loop, *, now: datetime) -> None:
    """Seat in a draft, whose interviewers stand, those in training who can and should sit in it; others leave it."""
    for interview in loops.interviews_of(loop):
        if interview.state is InterviewState.PLANNED:
            for seat in interview.trainees:
                _empty(session, interview, seat, now)
    if not loop.application.requisition.plan.most_trainees:
        return
    if not trainees.is_anybody_learning(session, InterviewKind.LOOP):
        return
    facts = loop_cases.facts_of(session, loop, now=now)
    for interview_id, (trainee, part) in loop_trainees.as_it_stands(facts, now).items():
        _seat(loops.get_interview(loop, interview_id), trainee, part)
    session.flush()


def problems(session: Session, loop: Loop, *, now: datetime) -> dict[int, Problem]:
    """Return what stands against those who sit in a loop, by the interview's id."""
    return _misfits(session, loops.interviews_of(loop), loops.seats_of(loop), now)


def let_go(
    session: Session, changing: Sequence[Interview], seats: Sequence[Seat], *, now: datetime
) -> list[Assignment]:
    """Empty the seats that would not fit once a loop's interviews, or the one phone screen, are like ``seats``.

    ``tell_gone`` writes of it afterwards.
    """
    misfits = _misfits(session, changing, seats, now)
    gone = [seat for each in changing if each.id in misfits for seat in each.trainees]
    for seat in gone:
        seat.ended_at = now
    session.flush()
    return gone


def tell_gone(session: Session, gone: Sequence[Assignment], changed: Sequence[int], *, now: datetime) -> None:
    """Write to those who left, and to the interviewers whom no change of their interview (``changed``) tells it."""
    for seat in gone:
        trainee_mails.uninvite(session, seat.interview, seat, now=now)
        if seat.interview_id not in changed:
            trainee_mails.tell_lead(session, seat.interview, seat, now=now)


def leave_coming(session: Session, row: Training, *, by: Person, now: datetime) -> None:
    """Empty all seats to come of somebody whose training ends; those who were told of them are told."""
    for seat in trainees.coming_seats(session, row, now=now):
        _leave(session, seat, "the training is over", by, now)
    session.flush()


def leave_confidential(session: Session, requisition: Requisition, *, by: Person, now: datetime) -> list[str]:
    """Empty all seats to come of those who may not know of a confidential requisition any more; return their names.

    Those who were told of the seats are told. Nobody can be seated meanwhile: it waits for who is about to.
    """
    for application in trainees.taking_seats(session, requisition):
        take_turn(session, application)
    gone = trainees.outside_seats(session, requisition, now=now)
    names = {_leave(session, seat, "the requisition is confidential", by, now) for seat in gone}
    session.flush()
    return sorted(names)


def _leave(session: Session, seat: Assignment, why: str, by: Person, now: datetime) -> str:
    """Empty a seat to come, tell who was told of it, and return whose it was."""
    interview = seat.interview
    was_sent = interview.state is InterviewState.SENT
    name = _empty(session, interview, seat, now)
    if was_sent:
        trainee_mails.uninvite(session, interview, seat, now=now)
        trainee_mails.tell_lead(session, interview, seat, now=now)
        text = f"{name} does not sit in {interview.name} any more: {why}"
        note_change(session, "trainee_seats.leave", text, by=by, now=now, application=interview.application)
    return name


def _around(interview: Interview) -> tuple[list[Seat], dict[int, int]]:
    """Return the loop of an interview as the rules see it, or the one phone screen, and who sits where."""
    beside = loops.interviews_of(interview.loop) if interview.loop is not None else [interview]
    sitting = {each.id: seat.person_id for each in beside for seat in each.trainees}
    return [loops.seat_of(each) for each in beside], sitting


def _trainees(session: Session, interview: Interview, now: datetime) -> list[Trainee]:
    without = {"without_loop": interview.loop_id} if interview.loop_id else {"without_interview": interview.id}
    return trainees.trainees(session, interview.application, interview.kind, now=now, **without)


def _misfits(session: Session, of: Sequence[Interview], seats: Sequence[Seat], now: datetime) -> dict[int, Problem]:
    sitting = {each.id: seat.person_id for each in of for seat in each.trainees}
    if not sitting:
        return {}
    learning = {each.person.person_id: each for each in _trainees(session, of[0], now)}
    by_id = {seat.interview_id: seat for seat in seats}
    found = {}
    for interview_id, person_id in sitting.items():
        seat = by_id.get(interview_id)
        if seat is None or seat.person_id is None or seat.starts_at is None or seat.is_held or seat.starts_at <= now:
            # What is missing is said of the interview itself, what was held stays.
            continue
        others = {number: who for number, who in sitting.items() if number != interview_id}
        trainee = learning.get(person_id)
        against = list(why_not(trainee, seat, seats, others, len(sitting), now)) if trainee else []
        if trainee is None:
            name = session.get_one(Person, person_id).name
            against = [f"{name} is not in training for such interviews any more."]
        if against:
            text = f"{' '.join(against)} Let nobody sit in {seat.label}, or somebody else."
            found[interview_id] = Problem(ProblemCode.TRAINEE, text, False, person_id, interview_id)
    return found


def _part(trainee: Trainee, seat: Seat) -> TrainingRole:
    return part_at(trainee.path, trainee.sat, seat.starts_at) if seat.starts_at is not None else TrainingRole.SHADOW


def _seat(interview: Interview, trainee: Trainee, part: TrainingRole) -> None:
    role = AssignmentRole(part.value)
    interview.assignments.append(Assignment(person_id=trainee.person.person_id, role=role))


def _empty(session: Session, interview: Interview, seat: Assignment, now: datetime) -> str:
    """Empty a seat, and return whose it was. Of one in a draft nobody was told: it leaves no trace."""
    name = session.get_one(Person, seat.person_id).name
    if interview.state is InterviewState.PLANNED:
        # Read first: once it is deleted, reading them would leave it out.
        there = interview.assignments
        session.delete(seat)
        there.remove(seat)
    else:
        seat.ended_at = now
    session.flush()
    return name


def _check_stage(interview: Interview) -> None:
    is_loop = interview.kind is InterviewKind.LOOP
    interviews.check_stage(interview.application, StageKind.LOOP if is_loop else StageKind.PHONE_SCREEN)


def _tell(session: Session, interview: Interview, now: datetime) -> None:
    """Let the change be told, as any change of an interview that went out; in a draft it is kept alone."""
    if interview.state is InterviewState.PLANNED:
        interviews.touch(interview)
    else:
        interviews.change(session, interview, interviews.arrangement_of(interview), now=now)
    if interview.loop is not None:
        interviews.touch(interview.loop)
    if interview.state is InterviewState.SENT:
        if interview.loop is not None:
            interview_mails.tell_loop(session, interview.loop, now=now)
        else:
            interview_mails.tell_screen(session, interview, now=now)
