"""Scorecards: drafted, submitted, amended by their interviewer alone; waived by the recruiting side.

Nothing written here goes to the record: it is read by people whom the blind rule binds.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.interview import Assignment, AssignmentRole, InterviewState
from tracker.models.person import InterviewKind, Person
from tracker.models.scorecard import Scorecard, ScorecardRead
from tracker.pipeline import deadlines, debrief, moves
from tracker.pipeline.record import note_change
from tracker.pipeline.scorecard_contents import keep_version, write
from tracker.pipeline.turns import take_turn
from tracker.queries import debriefs, screens
from tracker.queries import moves as facts_of
from tracker.queries.readings import SAME_READING, to_note
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.refused import Refused, Stale, reason_given
from tracker.rules.scorecards import ScorecardContent, ScorecardState, check_complete
from tracker.rules.stages import ApplicationState, StageKind, next_stage, why_not


class NotWritable(Refused):
    """The scorecard cannot be written (any more)."""


class TooEarly(Refused):
    """Its interview has not begun."""


class NotSubmitted(Refused):
    """Only what was submitted can be amended."""


class NothingToWaive(Refused):
    """It was submitted or waived already, or nobody asks for it."""


def ensure(session: Session, assignment: Assignment) -> Scorecard:
    """Return the assignment's scorecard; an empty draft where none was made when the interview went out."""
    found = session.scalar(select(Scorecard).where(Scorecard.assignment_id == assignment.id))
    if found is not None:
        return found
    made = Scorecard(
        assignment_id=assignment.id,
        application_id=assignment.interview.application_id,
        author_id=assignment.person_id,
        state=ScorecardState.DRAFT,
    )
    session.add(made)
    session.flush()
    return made


def why_not_writable(assignment: Assignment, scorecard: Scorecard | None) -> str | None:
    """Return why the interviewer cannot write this scorecard (any more), None if he or she can."""
    if assignment.role is not AssignmentRole.LEAD:
        return "Only the interviewer who leads an interview writes its scorecard."
    if scorecard is not None and scorecard.state is ScorecardState.SUBMITTED:
        return "This scorecard was submitted. To change it, amend it with a reason: every version is kept."
    if assignment.ended_at is not None:
        return "Somebody else holds this interview now, so its scorecard is not asked of you. What you wrote is kept."
    if assignment.interview.application.erased_at is not None:
        return "The candidate’s data was erased, so no scorecard is asked for any more."
    if assignment.interview.state is not InterviewState.SENT:
        return "This interview was cancelled, so its scorecard is not asked for. What you wrote is kept."
    return None


def save_draft(
    session: Session,
    assignment: Assignment,
    content: ScorecardContent,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> Scorecard:
    """Keep what the interviewer has typed so far. Raises Stale, NotWritable."""
    take_turn(session, assignment.interview.application)
    scorecard = writable(session, assignment, by)
    expect(scorecard, version)
    write(scorecard, assignment, content, is_draft=True)
    scorecard.saved_at = now
    session.flush()
    return scorecard


def submit(
    session: Session,
    assignment: Assignment,
    content: ScorecardContent,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> Scorecard:
    """Hand the scorecard in. From now on it changes only by amendment (the process, section 6).

    In order: it is checked; written and kept as version 1; its deadline is met; the record is told; what waited for it
    goes on (see ``_go_on``). A waived one may still come in late: its interviewer is blind until it does.
    Raises Stale, NotWritable, TooEarly, IncompleteScorecard.
    """
    take_turn(session, assignment.interview.application)
    scorecard = writable(session, assignment, by)
    expect(scorecard, version)
    hand_in(session, scorecard, assignment, content, by=by, now=now)
    return scorecard


def check(assignment: Assignment, content: ScorecardContent, *, now: datetime) -> None:
    """Raise TooEarly or IncompleteScorecard where a scorecard cannot be handed in like this. Writes nothing."""
    starts_at = assignment.interview.starts_at
    if starts_at is None or now < starts_at:
        raise TooEarly("The interview has not begun: a scorecard is submitted after it. Your draft is kept.")
    names = {each.competency_id: each.competency.name for each in assignment.competencies}
    check_complete(content, list(names), names)


def hand_in(
    session: Session,
    scorecard: Scorecard,
    assignment: Assignment,
    content: ScorecardContent,
    *,
    by: Person,
    now: datetime,
) -> None:
    """Do what every submission does, whoever typed it (see ``submit``). Raises TooEarly, IncompleteScorecard."""
    check(assignment, content, now=now)
    interview = assignment.interview
    names = {each.competency_id: each.competency.name for each in assignment.competencies}
    write(scorecard, assignment, content)
    scorecard.state = ScorecardState.SUBMITTED
    scorecard.saved_at = scorecard.submitted_at = now
    scorecard.waived_at = scorecard.waived_by = scorecard.declined_at = assignment.declined_at = None
    # Whoever types what was dictated hands in no file that its interviewer has not handed in.
    keep_version(session, scorecard, content, names, now=now, with_new_files=by.id == scorecard.author_id)
    session.flush()
    application = interview.application
    deadlines.meet(session, application, DeadlineKind.SCORECARD, now=now, subject=assignment.id, by=by)
    late = interview.kind is InterviewKind.LOOP and debriefs.was_held(session, application.id)
    for_whom = "" if by.id == scorecard.author_id else f", as {assignment.person.name} dictated it"
    after = ", after the debrief was held" if late else ""
    text = f"{by.name} submitted the scorecard of {interview.name}{for_whom}{after}"
    note_change(session, "scorecard.submit", text, by=by, now=now, application=application)
    _go_on(session, application, interview.kind, by=by, now=now)


def amend(
    session: Session,
    assignment: Assignment,
    content: ScorecardContent,
    *,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
    without: Collection[int] = (),
) -> Scorecard:
    """Change a submitted scorecard; the versions before it are kept. First votes stay what they were.

    Files that were added since come with it; those ``without`` (ids) stay with the versions before.
    Raises Stale, NotSubmitted, ReasonMissing, IncompleteScorecard.
    """
    scorecard = ensure(session, assignment)
    if scorecard.author_id != by.id or scorecard.state is not ScorecardState.SUBMITTED:
        raise NotSubmitted("Only a submitted scorecard is amended, by its interviewer.")
    expect(scorecard, version)
    reason = reason_given(reason, "Say why you change it: readers see the reason beside the new version.")
    names = {each.competency_id: each.competency.name for each in assignment.competencies}
    check_complete(content, list(names), names)
    write(scorecard, assignment, content)
    scorecard.saved_at = now
    if scorecard.typed_by_id is not None and scorecard.confirmed_at is None:
        scorecard.confirmed_at = now
    keep_version(session, scorecard, content, names, now=now, reason=reason, without=without)
    text = f"{by.name} amended the scorecard of {assignment.interview.name}"
    note_change(session, "scorecard.amend", text, by=by, now=now, application=assignment.interview.application)
    session.flush()
    return scorecard


def waive(session: Session, assignment: Assignment, *, reason: str, by: Person, now: datetime) -> Scorecard:
    """Go on without a scorecard, with a reason. Its interviewer stays bound by the blind rule until it comes in.

    A loop goes on with the others; a phone screen has no other, and is to be held anew (section 3: it is left by a
    scorecard that was submitted). Raises NothingToWaive, ReasonMissing.
    """
    interview = assignment.interview
    take_turn(session, interview.application)
    scorecard = ensure(session, assignment)
    if scorecard.state is not ScorecardState.DRAFT:
        raise NothingToWaive(f"This scorecard was {scorecard.state.value} already: nothing waits for it.")
    if assignment.ended_at is not None or interview.state is not InterviewState.SENT:
        raise NothingToWaive("Nobody waits for this scorecard: its interview was cancelled or given to somebody else.")
    if interview.starts_at is None or now < interview.starts_at:
        raise NothingToWaive("The interview has not begun: if it shall not take place, cancel it instead.")
    reason = reason_given(reason, "Say why the process goes on without this scorecard.")
    scorecard.state = ScorecardState.WAIVED
    scorecard.waived_at, scorecard.waived_by, scorecard.waived_reason = now, by, reason
    session.flush()
    application = interview.application
    said = f"waived: {reason}"
    deadlines.cancel(session, application, DeadlineKind.SCORECARD, now=now, reason=said, subject=assignment.id)
    text = f"The scorecard of {assignment.person.name} for {interview.name} was {said}"
    note_change(session, "scorecard.waive", text, by=by, now=now, application=application)
    _go_on(session, application, interview.kind, by=by, now=now)
    return scorecard


def note_reading(session: Session, scorecards: Sequence[Scorecard], *, by: Person, now: datetime) -> None:
    """Put on the record who read which scorecards (the process, section 5). Authors do not count as readers."""
    these = Scorecard.id.in_([each.id for each in scorecards])
    ids = session.scalars(select(Scorecard.id).where(these, to_note(by.id, now - SAME_READING))).all()
    note_shown(session, ids, by, now)


def note_shown(session: Session, scorecard_ids: Iterable[int], by: Person, now: datetime) -> None:
    """Put on the record that somebody was shown something of these scorecards, all of them ``to_note``."""
    session.add_all(ScorecardRead(scorecard_id=each, person_id=by.id, at=now) for each in scorecard_ids)
    session.flush()


def expect(scorecard: Scorecard, version: int | None) -> None:
    """Raise Stale where a scorecard is not of the version that was seen; None: it does not matter."""
    if version is not None and scorecard.version != version:
        raise Stale("This scorecard was saved in another window or on another device since you opened it here.")


def writable(session: Session, assignment: Assignment, by: Person) -> Scorecard:
    """Return the scorecard (made where it was not there yet) if its interviewer may write it. Raises NotWritable."""
    if assignment.person_id != by.id:
        raise NotWritable("Only the interviewer writes his or her own scorecard.")
    scorecard = ensure(session, assignment)
    reason = why_not_writable(assignment, scorecard)
    if reason is not None:
        raise NotWritable(reason)
    return scorecard


def _go_on(session: Session, application: Application, kind: InterviewKind, *, by: Person, now: datetime) -> None:
    """Let what waited for a scorecard go on: the phone screen's outcome, or the debrief of the loop."""
    if kind is InterviewKind.LOOP:
        debrief.open_if_ready(session, application, now=now)
        return
    if application.state is not ApplicationState.ACTIVE or application.stage_kind is not StageKind.PHONE_SCREEN:
        return
    if screens.is_awaited(session, application):
        # The scorecard that was waived came in after all, while the screen is being held anew.
        return
    facts = facts_of.facts(session, application, now)
    target = next_stage(facts.stages, facts.current)
    if target is not None and why_not(facts, target) is None:
        moves.advance(session, application, by=by, now=now)
