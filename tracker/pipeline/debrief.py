"""The debrief of a loop: opened when all scorecards are in, voted in, held. The decision comes after it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.debrief import Debrief, Vote, VotePhase
from tracker.models.interview import Loop
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard
from tracker.pipeline import deadlines, moves
from tracker.pipeline.debrief_mails import tell
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries import debriefs
from tracker.queries.debrief_votes import second_votes_are_shown
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.refused import Refused
from tracker.rules.scorecards import Recommendation, ScorecardState
from tracker.rules.stages import ApplicationState, StageKind


class DebriefClosed(Refused):
    """Scorecards are missing, it was held already, or the application is closed."""


class VotesStand(Refused):
    """The second votes are shown: nobody changes one in the light of the others'."""


class NotAVoter(Refused):
    """Only interviewers of the loop whose scorecards are in vote."""


def open_if_ready(session: Session, application: Application, *, now: datetime) -> Debrief | None:
    """Open the debrief of the loop once every scorecard is submitted or waived; return it, None while some are missing.

    The recommendations become the first votes. Hiring manager and recruiter are told, and the interviewers that they
    vote again; without any content. Called again (a waived scorecard came in late) it adds the first vote that was
    missing, and opens nothing twice. What comes in after the debrief was held is no vote: nobody there saw it. It is
    read as late (``debrief_votes.vote_lines``).
    """
    session.flush()
    loop = debriefs.loop_of(session, application.id)
    if loop is None or debriefs.missing(session, loop) or not debriefs.leads(session, loop):
        return None
    debrief = debriefs.debrief_of(session, loop)
    is_new = debrief is None
    if debrief is None:
        debrief = Debrief(loop_id=loop.id, application_id=application.id, opened_at=now)
        session.add(debrief)
        session.flush()
    if debrief.held_at is None:
        _add_first_votes(session, debrief, loop, now)
    if is_new:
        waived = sum(state is ScorecardState.WAIVED for _, state in debriefs.leads(session, loop))
        how = f"All scorecards are in or waived ({waived})" if waived else "All scorecards are in"
        text = f"{how}: the debrief is open"
        note_change(session, "debrief.open", text, by=None, now=now, application=application)
    if debrief.held_at is None:
        _tell(session, application, debrief, now)
    session.flush()
    return debrief


def vote(
    session: Session,
    application: Application,
    debrief: Debrief,
    recommendation: Recommendation,
    *,
    reason: str,
    word: str = "",
    by: Person,
    now: datetime,
) -> Vote:
    """Give one's second vote; a bar raiser's may come with a ``word``. It may be changed until all are shown: then all
    have voted, or the debrief was held.

    Raises DebriefClosed, NotAVoter, VotesStand.
    """
    take_turn(session, application)
    loop = _open_loop(session, application, debrief)
    if by.id not in {each.id for each in debriefs.voters(session, loop)}:
        raise NotAVoter("The loop's interviewers vote, once their own scorecards are in.")
    found = session.scalar(
        select(Vote).where(Vote.debrief_id == debrief.id, Vote.person_id == by.id, Vote.phase == VotePhase.SECOND)
    )
    if found is not None and second_votes_are_shown(session, debrief):
        raise VotesStand("All have voted and see the second votes: they stand. Say in the discussion what is new.")
    if found is None:
        found = Vote(debrief_id=debrief.id, person_id=by.id, phase=VotePhase.SECOND)
        session.add(found)
    found.recommendation, found.reason, found.at = recommendation, reason.strip(), now
    found.word = word.strip() if by.is_bar_raiser else ""
    note_change(session, "debrief.vote", f"{by.name} voted again", by=by, now=now, application=application)
    session.flush()
    return found


def write_notes(
    session: Session,
    application: Application,
    debrief: Debrief,
    notes: str,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Keep the notes of the discussion. Raises Stale, DebriefClosed."""
    take_turn(session, application)
    expect(debrief, version)
    _open_loop(session, application, debrief)
    debrief.notes = notes
    note_change(session, "debrief.notes", "The debrief's notes were changed", by=by, now=now, application=application)
    session.flush()


def hold(
    session: Session,
    application: Application,
    debrief: Debrief,
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
    notes: str | None = None,
) -> None:
    """Close the debrief: votes are final, its deadline is met, the decision is next.

    ``notes`` are those of the discussion, where they were typed and not saved yet. Raises Stale, DebriefClosed,
    IllegalMove where the loop's last interview is not over.
    """
    take_turn(session, application)
    expect(debrief, version)
    _open_loop(session, application, debrief)
    if notes is not None and notes != debrief.notes:
        write_notes(session, application, debrief, notes, by=by, now=now)
    if application.stage_kind is StageKind.LOOP:
        moves.advance(session, application, by=by, now=now)
    debrief.held_at = now
    deadlines.meet(session, application, DeadlineKind.DEBRIEF, now=now, by=by)
    note_change(session, "debrief.hold", "The debrief was held", by=by, now=now, application=application)
    session.flush()


def _open_loop(session: Session, application: Application, debrief: Debrief) -> Loop:
    loop = session.get_one(Loop, debrief.loop_id)
    if application.state is not ApplicationState.ACTIVE:
        raise DebriefClosed("The application is closed: there is nothing to discuss unless it is reopened.")
    if debriefs.missing(session, loop):
        raise DebriefClosed("A scorecard is missing: the debrief opens when it is in or waived.")
    if debrief.held_at is not None:
        raise DebriefClosed("The debrief was held: its votes and notes stand.")
    return loop


def _add_first_votes(session: Session, debrief: Debrief, loop: Loop, now: datetime) -> None:
    ids = [assignment.id for assignment, state in debriefs.leads(session, loop) if state is ScorecardState.SUBMITTED]
    voted = select(Vote.person_id).where(Vote.debrief_id == debrief.id, Vote.phase == VotePhase.FIRST)
    cards = session.scalars(
        select(Scorecard).where(Scorecard.assignment_id.in_(ids), Scorecard.author_id.not_in(voted))
    )
    for card in cards:
        assert card.recommendation is not None  # noqa: S101 - a submitted scorecard has one, the table sees to it
        session.add(
            Vote(
                debrief_id=debrief.id,
                person_id=card.author_id,
                phase=VotePhase.FIRST,
                recommendation=card.recommendation,
                at=card.submitted_at or now,
            )
        )


def _tell(session: Session, application: Application, debrief: Debrief, now: datetime) -> None:
    people = application.requisition
    leads = {each.id: each for each in (people.hiring_manager, people.recruiter)}
    for person in leads.values():
        tell(session, application, person, debrief, now)
    for person in debriefs.voters(session, session.get_one(Loop, debrief.loop_id)):
        if person.id not in leads:
            tell(session, application, person, debrief, now, to_vote=True)
