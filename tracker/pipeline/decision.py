"""The decision at the end of a debrief: recorded once, never changed; what is decided otherwise supersedes it."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.debrief import Debrief, Decision
from tracker.models.interview_plan import PlanStage
from tracker.models.outcome import Outcome
from tracker.models.person import Person
from tracker.pipeline import deadlines
from tracker.pipeline.debrief_mails import tell
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.queries import debriefs, outcomes, scorecards, votes
from tracker.queries.visibility import viewer_of
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.decisions import Grounds
from tracker.rules.refused import Refused, Stale, reason_given
from tracker.rules.stages import ApplicationState, DecisionKind, StageKind
from tracker.rules.words import listed


class CannotDecide(Refused):
    """The decision is not due yet, or stands already."""


class RationaleMissing(Refused):
    """A decision names its ground."""


class DissentMissing(Refused):
    """A decision against votes says who sees it differently, and why."""


def decide(
    session: Session, application: Application, kind: DecisionKind, grounds: Grounds, *, by: Person, now: datetime
) -> Decision:
    """Record the decision with its owner and grounds; it never changes afterwards (section 6).

    Its deadline is met, and the recruiter is told that a candidate waits to hear. Raises CannotDecide,
    RationaleMissing, DissentMissing.
    """
    take_turn(session, application)
    debrief = check_decision(session, application, kind, grounds, by=by)
    decision = _keep(session, application, debrief, kind, grounds, by=by, now=now)
    deadlines.meet(session, application, DeadlineKind.DECISION, now=now, by=by)
    text = f"Decided: {kind.label.lower()}"
    note_change(session, "decision.record", text, by=by, now=now, application=application)
    if application.requisition.recruiter_id != by.id:
        tell(session, application, application.requisition.recruiter, decision, now)
    return decision


def change(
    session: Session,
    application: Application,
    kind: DecisionKind,
    grounds: Grounds,
    *,
    reason: str,
    by: Person,
    now: datetime,
    standing_id: int,
) -> Decision:
    """Put a new version of the decision in the place of the one that stands, which is kept and shown (section 6).

    ``standing_id`` is the version that was read before. What the candidate was told of stays told: it may be explained
    better, and not turned round. The recruiter is told where the candidate still waits. Raises Stale, CannotDecide,
    RationaleMissing, DissentMissing, ReasonMissing.
    """
    take_turn(session, application)
    before, outcome = check_change(session, application, kind, grounds, by=by)
    if before.id != standing_id:
        raise Stale("Somebody changed this decision since you opened it here.")
    reason = reason_given(reason, "Say why the decision is recorded anew: readers see it.")
    before.superseded_at, before.superseded_reason = now, reason
    # Only one stands at any time.
    session.flush()
    debrief = session.get(Debrief, before.debrief_id) if before.debrief_id else None
    decision = _keep(session, application, debrief, kind, grounds, by=by, now=now)
    if outcome is not None:
        outcome.decision_id = decision.id
    text = f"The decision was recorded anew: {reason}"
    note_change(session, "decision.change", text, by=by, now=now, application=application)
    if outcome is None and application.requisition.recruiter_id != by.id:
        tell(session, application, application.requisition.recruiter, decision, now, before=before)
    session.flush()
    return decision


def check_decision(
    session: Session, application: Application, kind: DecisionKind, grounds: Grounds, *, by: Person
) -> Debrief | None:
    """Return the debrief that the decision rests on, as ``check_can_decide`` does, once all that belongs to it is said.

    Raises CannotDecide, RationaleMissing, DissentMissing.
    """
    debrief = check_can_decide(session, application)
    check_sees(session, application, by=by)
    _check_grounds(session, debrief, kind, grounds)
    return debrief


def check_change(
    session: Session, application: Application, kind: DecisionKind, grounds: Grounds, *, by: Person
) -> tuple[Decision, Outcome | None]:
    """Return the decision that would be superseded, and its outcome where the candidate was told (or is being told).

    Raises CannotDecide, RationaleMissing, DissentMissing.
    """
    before = check_can_change(session, application, by=by)
    outcome = outcomes.outcome_of(session, before)
    if outcome is not None and kind is not before.kind:
        text = f"The candidate was told: {before.kind.label.lower()}. To decide otherwise, reopen the application."
        raise CannotDecide(text, field="kind")
    debrief = session.get(Debrief, before.debrief_id) if before.debrief_id else None
    _check_grounds(session, debrief, kind, grounds)
    return before, outcome


def check_can_change(session: Session, application: Application, *, by: Person) -> Decision:
    """Return the decision that stands and may be recorded anew. Raises CannotDecide."""
    check_sees(session, application, by=by)
    before = debriefs.standing_decision(session, application.id)
    if before is None:
        raise CannotDecide("There is no decision yet that could be changed.")
    if application.state is not ApplicationState.ACTIVE:
        raise CannotDecide("This application is closed: reopen it before anything is decided anew.")
    return before


def _check_grounds(session: Session, debrief: Debrief | None, kind: DecisionKind, grounds: Grounds) -> None:
    if not grounds.rationale.strip():
        raise RationaleMissing("Say what evidence the decision rests on.", field="rationale")
    others = votes.against(session, debrief, kind) if debrief else ()
    if others and not grounds.dissent.strip():
        text = f"{listed(others)} voted otherwise: write down who sees it differently, and why."
        raise DissentMissing(text, field="dissent")


def _keep(
    session: Session,
    application: Application,
    debrief: Debrief | None,
    kind: DecisionKind,
    grounds: Grounds,
    *,
    by: Person,
    now: datetime,
) -> Decision:
    decision = Decision(
        application_id=application.id,
        debrief_id=debrief.id if debrief else None,
        kind=kind,
        owner_id=by.id,
        rationale=grounds.rationale.strip(),
        dissent=grounds.dissent.strip(),
        level=grounds.level.strip(),
        by_competency={name: text.strip() for name, text in grounds.by_competency.items() if text.strip()},
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    return decision


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
