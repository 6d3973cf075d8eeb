"""The debrief of a loop: opened when all scorecards are in, voted in, held; and the decision at its end."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_outcomes
from tracker.mail.messages import Address
from tracker.models.application import Application
from tracker.models.debrief import Debrief, Decision, Vote, VotePhase
from tracker.models.interview import Loop
from tracker.models.interview_plan import PlanStage
from tracker.models.person import Person
from tracker.models.record import Organisation
from tracker.models.scorecard import Scorecard
from tracker.pipeline import deadlines, moves
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries import debriefs, scorecards, votes
from tracker.queries.due_words import by_when
from tracker.queries.visibility import viewer_of
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.refused import Refused
from tracker.rules.scorecards import Recommendation, ScorecardState
from tracker.rules.stages import ApplicationState, DecisionKind, StageKind
from tracker.rules.words import listed


class DebriefClosed(Refused):
    """Scorecards are missing, or it was held already."""


class NotAVoter(Refused):
    """Only interviewers of the loop whose scorecards are in vote."""


class CannotDecide(Refused):
    """The decision is not due yet, or stands already."""


class RationaleMissing(Refused):
    """A decision names its ground."""


class DissentMissing(Refused):
    """A decision against votes says who sees it differently, and why."""


def open_if_ready(session: Session, application: Application, *, now: datetime) -> Debrief | None:
    """Open the debrief of the loop once every scorecard is submitted or waived; return it, None while some are missing.

    The recommendations become the first votes. Hiring manager and recruiter are told, without any content. Called
    again (a waived scorecard came in late) it adds the first vote that was missing, and opens nothing twice. What comes
    in after the debrief was held is no vote: nobody there saw it. It is read as late (``debriefs.vote_lines``).
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
        text = "All scorecards are in: the debrief is open"
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
    by: Person,
    now: datetime,
) -> Vote:
    """Give (or change) one's second vote, until the debrief was held. Raises DebriefClosed, NotAVoter."""
    take_turn(session, application)
    loop = _open_loop(session, debrief)
    if by.id not in {each.id for each in debriefs.voters(session, loop)}:
        raise NotAVoter("The loop's interviewers vote, once their own scorecards are in.")
    found = session.scalar(
        select(Vote).where(
            Vote.debrief_id == debrief.id, Vote.person_id == by.id, Vote.phase == VotePhase.SECOND
        )
    )
    if found is None:
        found = Vote(debrief_id=debrief.id, person_id=by.id, phase=VotePhase.SECOND)
        session.add(found)
    found.recommendation, found.reason, found.at = recommendation, reason.strip(), now
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
    _open_loop(session, debrief)
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
) -> None:
    """Close the debrief: votes are final, its deadline is met, the decision is next.

    Raises Stale, DebriefClosed, IllegalMove where the loop's last interview is not over.
    """
    take_turn(session, application)
    expect(debrief, version)
    _open_loop(session, debrief)
    if application.stage_kind is StageKind.LOOP and application.state is ApplicationState.ACTIVE:
        moves.advance(session, application, by=by, now=now)
    debrief.held_at = now
    deadlines.meet(session, application, DeadlineKind.DEBRIEF, now=now, by=by)
    note_change(session, "debrief.hold", "The debrief was held", by=by, now=now, application=application)
    session.flush()


def decide(
    session: Session,
    application: Application,
    kind: DecisionKind,
    *,
    rationale: str,
    dissent: str,
    by: Person,
    now: datetime,
) -> Decision:
    """Record the decision with its owner, rationale and dissent; it never changes afterwards (section 6).

    Its deadline is met, and the recruiter is told that a candidate waits to hear. Raises CannotDecide,
    RationaleMissing, DissentMissing.
    """
    take_turn(session, application)
    debrief = check_decision(session, application, kind, rationale=rationale, dissent=dissent, by=by)
    decision = Decision(
        application_id=application.id,
        debrief_id=debrief.id if debrief else None,
        kind=kind,
        owner_id=by.id,
        rationale=rationale.strip(),
        dissent=dissent.strip(),
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    deadlines.meet(session, application, DeadlineKind.DECISION, now=now, by=by)
    text = f"Decided: {kind.label.lower()}"
    note_change(session, "decision.record", text, by=by, now=now, application=application)
    if application.requisition.recruiter_id != by.id:
        _mail(session, application, application.requisition.recruiter, decision, now)
    return decision


def check_decision(
    session: Session, application: Application, kind: DecisionKind, *, rationale: str, dissent: str, by: Person
) -> Debrief | None:
    """Return the debrief that the decision rests on, as ``check_can_decide`` does, once all that belongs to it is said.

    Raises CannotDecide, RationaleMissing, DissentMissing.
    """
    debrief = check_can_decide(session, application)
    check_sees(session, application, by=by)
    if not rationale.strip():
        raise RationaleMissing("Say what evidence the decision rests on.", field="rationale")
    others = votes.against(session, debrief, kind) if debrief else ()
    if others and not dissent.strip():
        text = f"{listed(others)} voted otherwise: write down who sees it differently, and why."
        raise DissentMissing(text, field="dissent")
    return debrief


def check_sees(session: Session, application: Application, *, by: Person) -> None:
    """Raise CannotDecide where the blind rule binds who decides: nobody decides on what he or she cannot read."""
    if scorecards.is_bound(session, viewer_of(session, by), application.id):
        raise CannotDecide("Your own scorecard comes first: until it is in, what the others found is closed to you.")


def check_can_decide(session: Session, application: Application) -> Debrief | None:
    """Return the debrief that the decision rests on; None where the plan has no loop. Raises CannotDecide."""
    if application.state is not ApplicationState.ACTIVE:
        raise CannotDecide("This application is closed: reopen it before anything is decided anew.")
    if debriefs.standing_decision(session, application.id) is not None:
        raise CannotDecide("The decision is recorded and stands. Reopening the application supersedes it.")
    if application.stage_kind is not StageKind.OUTCOME:
        raise CannotDecide(f"The application is in {application.stage.name}: decisions are made in the outcome stage.")
    loop = debriefs.loop_of(session, application.id)
    if loop is None and not _plan_has_loop(session, application):
        return None
    debrief = debriefs.debrief_of(session, loop) if loop else None
    if loop is None or debrief is None or debriefs.missing(session, loop):
        raise CannotDecide("The debrief is not open yet: every scorecard has to be in or waived.")
    if debrief.held_at is None:
        raise CannotDecide("Close the debrief first: the decision comes after the second votes.")
    return debrief


def _plan_has_loop(session: Session, application: Application) -> bool:
    plan = PlanStage.plan_id == application.requisition.plan_id
    return bool(session.scalar(select(exists().where(plan, PlanStage.kind == StageKind.LOOP))))


def _open_loop(session: Session, debrief: Debrief) -> Loop:
    loop = session.get_one(Loop, debrief.loop_id)
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
    for person in {each.id: each for each in (people.hiring_manager, people.recruiter)}.values():
        _mail(session, application, person, debrief, now)


def _mail(
    session: Session, application: Application, person: Person, about: Debrief | Decision, now: datetime
) -> None:
    """Write that the debrief is open or the decision recorded; again, where that was not true as the mail before it
    came to be sent: an interview had been added, and its scorecard is in now."""
    is_open = isinstance(about, Debrief)
    write = words_outcomes.debrief_ready if is_open else words_outcomes.decision_made
    mail = write(
        receiver=Address(person.name, person.email),
        organisation=session.get_one(Organisation, 1).name,
        candidate=application.candidate.name,
        requisition=application.requisition.title,
        due=by_when(
            session, application, DeadlineKind.DEBRIEF if is_open else DeadlineKind.PROMISE, person.zone, now=now
        ),
        application_id=application.id,
    )
    key = f"{mail.kind}:{about.id}:{person.id}"
    dropped = outbox.times_dropped(session, mail.kind, person, application)
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"{key}:again {dropped}" if dropped else key,
        fact={"debrief" if is_open else "decision": about.id},
        person=person,
        application=application,
    )
