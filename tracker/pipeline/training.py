"""The training of interviewers: begun, signed off, put off, taken back, ended. Seats in it: ``trainee_seats``."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.models.competency import Competency
from tracker.models.interview_plan import InterviewPlan, PlanCompetency
from tracker.models.person import InterviewerQualification, InterviewKind, Person
from tracker.models.training import Training, TrainingCompetency, TrainingState
from tracker.pipeline import trainee_seats, training_mails
from tracker.pipeline.record import note_change
from tracker.pipeline.versions import expect
from tracker.queries.trainees import has_sat
from tracker.queries.training import TrainingLine
from tracker.queries.visibility import viewer_of
from tracker.rules.refused import Refused, reason_given
from tracker.rules.training import MOST_SEATS, may_train
from tracker.rules.words import listed


class MayNotTrain(Refused):
    """Somebody begins, signs off or ends a training who may not."""


class NothingToLearn(Refused):
    """No competency was chosen, or one that the plan does not evaluate, or that he or she is qualified for."""


class InTrainingAlready(Refused):
    """Somebody learns one kind of interview once at a time."""


class NotOpen(Refused):
    """The training was signed off or ended meanwhile; or it is still open."""


class TooManyMore(Refused):
    """More is asked for than a path can have."""


def begin(
    session: Session,
    person: Person,
    plan: InterviewPlan,
    kind: InterviewKind,
    competency_ids: Collection[int],
    *,
    by: Person,
    now: datetime,
) -> Training:
    """Put an active person in training for a kind of interview and what the plan evaluates there; he or she is told.

    Raises MayNotTrain, InTrainingAlready, NothingToLearn.
    """
    _check_may(session, by, person.id)
    if not person.is_active:
        raise MayNotTrain(f"{person.name} is not active, and cannot be in training.", "person_id")
    if _open_of(session, person.id, kind) is not None:
        raise InTrainingAlready(f"{person.name} is in training for {kind.plural} already.", "person_id")
    wanted = _learnt(session, person, plan, kind, competency_ids)
    row = Training(person=person, plan=plan, kind=kind, begun_at=now, begun_by=by)
    row.competencies = [TrainingCompetency(competency=each) for each in wanted]
    session.add(row)
    session.flush()
    training_mails.tell_begun(session, row, by=by, now=now)
    names = listed([each.name for each in wanted])
    note_change(session, "training.begin", f"{_about(row)} begun: {names}", by=by, now=now)
    return row


def set_competencies(
    session: Session,
    row: Training,
    competency_ids: Collection[int],
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Let somebody learn to evaluate other things than before. Once an interview of the path was held, nothing comes
    to what is learnt: nobody watched him or her evaluate it.

    Raises Stale, MayNotTrain, NotOpen, NothingToLearn.
    """
    expect(row, version)
    _check_may(session, by, row.person_id)
    _check_open(row)
    wanted = {each.id: each for each in _learnt(session, row.person, row.plan, row.kind, competency_ids)}
    before = {each.competency_id for each in row.competencies}
    new = [each for key, each in wanted.items() if key not in before]
    if new and has_sat(session, row, now=now):
        names = listed([each.name for each in new])
        said = f"{row.person.name} has sat in interviews already, and not to learn {names}: leave that out"
        raise NothingToLearn(f"{said}, or end this training and begin another.", "competencies")
    for old in [each for each in row.competencies if each.competency_id not in wanted]:
        row.competencies.remove(old)
    row.competencies.extend(TrainingCompetency(competency=each) for each in new)
    flag_modified(row, "note")
    session.flush()
    names = listed([each.name for each in wanted.values()])
    note_change(session, "training.set_competencies", f"{_about(row)}: learns {names}", by=by, now=now)


def sign_off(
    session: Session, line: TrainingLine, *, note: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Sign somebody off, also early: he or she is qualified for what was learnt, told so, and leaves the seats to come.

    Who may, ``rules/training.py`` says. Raises Stale, NotOpen, MayNotTrain, ReasonMissing.
    """
    row = line.row
    expect(row, version)
    _check_open(row)
    _check_entitled(line)
    note = reason_given(note, "Write a note: what you saw, and how it went. It stays on the record.", "note")
    person = row.person
    held = {(each.competency_id, each.kind) for each in person.interviewer_qualifications}
    for each in row.competencies:
        each.is_granted = (each.competency_id, row.kind) not in held
        if each.is_granted:
            person.interviewer_qualifications.append(
                InterviewerQualification(competency_id=each.competency_id, kind=row.kind)
            )
    # Qualifications are rows beside the person: the version rises all the same, so that an older form is told.
    flag_modified(person, "name")
    _close(session, row, TrainingState.SIGNED_OFF, note, by=by, now=now)
    training_mails.tell_signed_off(session, row, by=by, now=now)
    early = "" if line.progress.is_ready else ", early"
    text = f"{_about(row)} signed off ({line.progress.words}{early}): {row.note}"
    note_change(session, "training.sign_off", text, by=by, now=now)


def put_off(
    session: Session,
    line: TrainingLine,
    *,
    reason: str,
    more: int,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Do not sign somebody off yet: he or she is told why, and reverse-shadows so many times more than the plan says.

    Raises Stale, NotOpen, MayNotTrain, ReasonMissing, TooManyMore.
    """
    row = line.row
    expect(row, version)
    _check_open(row)
    _check_entitled(line)
    reason = reason_given(reason, "Say why: whoever learns reads it.")
    if not 0 <= row.more_reverse_shadows + more <= MOST_SEATS:
        raise TooManyMore(f"At most {MOST_SEATS} interviews more than the plan says.", "more")
    row.more_reverse_shadows += more
    _go_on(session, row, reason, by, now)
    note_change(session, "training.put_off", f"{_about(row)} not signed off yet: {reason}", by=by, now=now)


def take_back(
    session: Session, row: Training, *, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Take a sign-off back: what it alone made the person qualified for is gone, and the training goes on.

    Interviews that he or she was to lead show on their loops' pages what is not right any more.
    Raises Stale, NotOpen, MayNotTrain, InTrainingAlready, ReasonMissing.
    """
    expect(row, version)
    _check_may(session, by, row.person_id)
    if row.state is not TrainingState.SIGNED_OFF:
        raise NotOpen("It was not signed off: there is nothing to take back.")
    if _open_of(session, row.person_id, row.kind) is not None:
        raise InTrainingAlready(f"{row.person.name} is in training for {row.kind.plural} again already.")
    reason = reason_given(reason, "Say why: whoever learns reads it.")
    granted = {each.competency_id for each in row.competencies if each.is_granted}
    person = row.person
    for each in list(person.interviewer_qualifications):
        if each.kind is row.kind and each.competency_id in granted:
            person.interviewer_qualifications.remove(each)
    flag_modified(person, "name")
    for learnt in row.competencies:
        learnt.is_granted = False
    row.state, row.closed_at, row.closed_by_id = TrainingState.OPEN, None, None
    _go_on(session, row, reason, by, now)
    note_change(session, "training.take_back", f"{_about(row)}: sign-off taken back: {reason}", by=by, now=now)


def end(session: Session, row: Training, *, reason: str, by: Person, now: datetime, version: int | None = None) -> None:
    """End a training without a sign-off; the person is told, and leaves the seats to come.

    Raises Stale, NotOpen, MayNotTrain, ReasonMissing.
    """
    expect(row, version)
    _check_may(session, by, row.person_id)
    _check_open(row)
    reason = reason_given(reason, "Say why: whoever learns reads it.")
    _close(session, row, TrainingState.ENDED, reason, by=by, now=now)
    training_mails.tell_ended(session, row, by=by, now=now)
    note_change(session, "training.end", f"{_about(row)} ended: {row.note}", by=by, now=now)


def _close(session: Session, row: Training, state: TrainingState, note: str, *, by: Person, now: datetime) -> None:
    trainee_seats.leave_coming(session, row, by=by, now=now)
    row.state, row.note, row.closed_at, row.closed_by_id = state, note.strip(), now, by.id
    session.flush()


def _go_on(session: Session, row: Training, why: str, by: Person, now: datetime) -> None:
    """Keep why a training is not over yet, and tell whoever learns."""
    row.not_yet_at, row.not_yet_by_id, row.not_yet_reason = now, by.id, why
    session.flush()
    training_mails.tell_goes_on(session, row, why, by=by, now=now)


def _about(row: Training) -> str:
    return f"Training of {row.person.name} for {row.kind.plural}"


def _check_may(session: Session, by: Person, trained_id: int) -> None:
    if not may_train(viewer_of(session, by)):
        raise MayNotTrain("Only an admin or a recruiting lead does that.")
    if by.id == trained_id:
        raise MayNotTrain("Nobody decides on the own training: ask another admin or recruiting lead.")


def _check_open(row: Training) -> None:
    if row.state is not TrainingState.OPEN:
        raise NotOpen(f"This training was {row.state.label.lower()} already.")


def _check_entitled(line: TrainingLine) -> None:
    if line.why_not is not None:
        raise MayNotTrain(line.why_not)


def _open_of(session: Session, person_id: int, kind: InterviewKind) -> Training | None:
    is_open = (Training.person_id == person_id, Training.kind == kind, Training.state == TrainingState.OPEN)
    return session.scalar(select(Training).where(*is_open))


def _learnt(
    session: Session, person: Person, plan: InterviewPlan, kind: InterviewKind, wanted: Collection[int]
) -> list[Competency]:
    """Return the competencies by name. Raises NothingToLearn."""
    asked = PlanCompetency.loop_times > 0 if kind is InterviewKind.LOOP else PlanCompetency.in_phone_screen
    query = select(Competency).join(PlanCompetency, PlanCompetency.competency_id == Competency.id)
    found = session.scalars(
        query.where(PlanCompetency.plan_id == plan.id, asked, Competency.id.in_(wanted)).order_by(Competency.name)
    ).all()
    if not found or len(found) < len(set(wanted)):
        said = "Choose what is to be learnt" if not found else "One of these is not evaluated there any more"
        raise NothingToLearn(f"{said}: competencies that {plan.name} evaluates in {kind.plural}.", "competencies")
    held = {each.competency_id for each in person.interviewer_qualifications if each.kind is kind}
    known = [each.name for each in found if each.id in held]
    if known:
        raise NothingToLearn(f"{person.name} is qualified for {listed(known)} already: leave that out.", "competencies")
    return list(found)
