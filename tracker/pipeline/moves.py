"""The only writer of the stage: moving, closing, reopening and undoing.

Effects of every move, in order: the rule is asked; the stage, its kind and the moment of entering are set; a row of
history is written; the deadline of the stage that was left is met; that of the stage that was entered is opened; the
change is put on the record.
"""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.models.application import Application, StageChange
from tracker.models.debrief import Debrief, Decision
from tracker.models.interview_plan import PlanStage
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.pipeline import calling_off, deadlines, loop_choice_mails, retention
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.pipeline.versions import expect
from tracker.queries import moves as facts_of
from tracker.rules.closing import (
    IllegalUndo,
    LastChange,
    check_close,
    check_reopen,
    check_undo,
    is_after_outcome,
)
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.refused import Refused
from tracker.rules.stages import ApplicationState, Disposition, StageKind, StageView, check_move, next_stage

# What a stage waits for: entering opens it, leaving meets it.
STAGE_DEADLINES = {
    StageKind.APPLICATION: DeadlineKind.APPLICATION_REVIEW,
    StageKind.PHONE_SCREEN_OUTCOME: DeadlineKind.PHONE_SCREEN_OUTCOME,
    StageKind.LOOP: DeadlineKind.LOOP_INVITED,
}


class NoNextStage(Refused):
    """The plan ends here."""


def advance(session: Session, application: Application, *, by: Person | None, now: datetime, reason: str = "") -> None:
    """Move the application to the stage after its own. Raises NoNextStage, IllegalMove."""
    take_turn(session, application)
    facts = facts_of.facts(session, application, now)
    target = next_stage(facts.stages, facts.current)
    if target is None:
        raise NoNextStage(f"{facts.current.name} is the last stage of this plan: close the application instead.")
    check_move(facts, target)
    _enter(session, application, target, by=by, now=now, reason=reason)


def move(
    session: Session,
    application: Application,
    target_id: int,
    *,
    by: Person | None,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> None:
    """Move the application to a stage of its plan. Raises Stale, IllegalMove with the reason in words."""
    take_turn(session, application)
    expect(application, version)
    facts = facts_of.facts(session, application, now)
    target = _stage(facts.stages, target_id)
    check_move(facts, target)
    _enter(session, application, target, by=by, now=now, reason=reason)


def close(
    session: Session,
    application: Application,
    state: ApplicationState,
    disposition: Disposition,
    *,
    by: Person | None,
    now: datetime,
    reason: str = "",
    version: int | None = None,
) -> None:
    """Close the application as hired, rejected or withdrawn; what is still to come is called off.

    Raises Stale, IllegalClose.
    """
    take_turn(session, application)
    expect(application, version)
    check_close(facts_of.facts(session, application, now), state, disposition)
    _write_change(session, application, application.stage_id, state, by=by, now=now, reason=reason)
    application.state = state
    application.disposition = disposition
    application.closed_at = now
    if state is ApplicationState.REJECTED and application.stage_kind in STAGE_DEADLINES:
        # Judged and decided: what the stage waited for was done.
        deadlines.meet(session, application, STAGE_DEADLINES[application.stage_kind], now=now, subject=None, by=by)
    calling_off.cancel_open(session, application, by=by, now=now, reason=f"the application was {state.value}")
    deadlines.cancel(session, application, now=now, reason=f"the application was {state.value}")
    retention.count(session, application.candidate_id)
    text = f"Closed as {state.value}: {disposition.label}{': ' + reason if reason else ''}"
    note_change(session, "application.close", text, by=by, now=now, application=application)
    session.flush()


def reopen(
    session: Session,
    application: Application,
    target_id: int,
    *,
    by: Person,
    now: datetime,
    reason: str,
    version: int | None = None,
) -> None:
    """Open a closed application again, where it stood or earlier. Where it is to be decided again, the decision that
    stood is superseded, and kept.

    Raises Stale, NoNextStage, IllegalReopen.
    """
    take_turn(session, application)
    expect(application, version)
    facts = facts_of.facts(session, application, now)
    target = _stage(facts.stages, target_id)
    check_reopen(facts, target, reason)
    if not is_after_outcome(facts, target):
        for decision in _standing_decisions(session, application):
            decision.superseded_at, decision.superseded_reason = now, reason
    session.flush()
    _write_change(session, application, target.id, ApplicationState.ACTIVE, by=by, now=now, reason=reason)
    closed_at, application.closed_at = application.closed_at, None
    application.state = ApplicationState.ACTIVE
    application.disposition = None
    _stand(session, application, target, now)
    _open_deadline(session, application, now)
    deadlines.rework(session, application, now=now, closed_at=closed_at)
    retention.count(session, application.candidate_id)
    text = f"Reopened at {target.name}: {reason}"
    note_change(session, "application.reopen", text, by=by, now=now, application=application)
    loop_choice_mails.ask_again(session, application, now=now)
    session.flush()


def undo(session: Session, application: Application, *, by: Person, now: datetime, version: int | None = None) -> None:
    """Take back one's own last move, while nothing was built on it and nobody was told.

    Raises Stale, IllegalUndo.
    """
    take_turn(session, application)
    expect(application, version)
    change = _last_change(session, application)
    if change is None or change.from_stage_id is None or change.from_state is not change.to_state:
        raise IllegalUndo("The last change was not a move between stages: there is nothing to undo.")
    check_undo(_as_facts(session, application, change), by.id, now)
    back_to = _stage(facts_of.stages_of(session, application), change.from_stage_id)
    if application.stage_kind in STAGE_DEADLINES:
        kind = STAGE_DEADLINES[application.stage_kind]
        deadlines.cancel(session, application, kind, now=now, reason="the move was undone")
    _write_change(session, application, back_to.id, application.state, by=by, now=now, reason="undone")
    _stand(session, application, back_to, now)
    if back_to.kind in STAGE_DEADLINES:
        deadlines.restore(session, application, STAGE_DEADLINES[back_to.kind], met_at=change.at, now=now)
    note_change(session, "application.undo", f"Moved back to {back_to.name}", by=by, now=now, application=application)
    loop_choice_mails.ask_again(session, application, now=now)
    session.flush()


def _enter(
    session: Session, application: Application, target: StageView, *, by: Person | None, now: datetime, reason: str
) -> None:
    left = application.stage_kind
    _write_change(session, application, target.id, application.state, by=by, now=now, reason=reason)
    _stand(session, application, target, now)
    if left in STAGE_DEADLINES:
        deadlines.meet(session, application, STAGE_DEADLINES[left], now=now, subject=None, by=by)
    _open_deadline(session, application, now)
    text = f"Moved to {target.name}{': ' + reason if reason else ''}"
    note_change(session, "application.move", text, by=by, now=now, application=application)
    loop_choice_mails.ask_again(session, application, now=now)
    session.flush()


def _stand(session: Session, application: Application, target: StageView, now: datetime) -> None:
    # Who names the stage in the same transaction must name this one, not the one that was read before.
    with session.no_autoflush:
        application.stage = session.get_one(PlanStage, target.id)
    application.stage_id = target.id
    application.stage_kind = target.kind
    application.entered_stage_at = now


def _open_deadline(session: Session, application: Application, now: datetime) -> None:
    kind = STAGE_DEADLINES.get(application.stage_kind)
    if kind is None or (kind is DeadlineKind.LOOP_INVITED and facts_of.loop_ends_at(session, application)):
        # Whose loop went out is invited already, when an application comes back to that stage.
        return
    owner = deadlines.owner_of(application.requisition, kind)
    deadlines.open_(session, application, kind, day0_at=now, owner=owner, now=now)


def _write_change(
    session: Session,
    application: Application,
    to_stage_id: int,
    to_state: ApplicationState,
    *,
    by: Person | None,
    now: datetime,
    reason: str,
) -> None:
    session.add(
        StageChange(
            application_id=application.id,
            from_stage_id=application.stage_id,
            to_stage_id=to_stage_id,
            from_state=application.state,
            to_state=to_state,
            reason=reason,
            at=now,
            by_id=by.id if by else None,
        )
    )


def _stage(stages: tuple[StageView, ...], stage_id: int) -> StageView:
    for stage in stages:
        if stage.id == stage_id:
            return stage
    raise NoNextStage("This stage is not part of the application's plan.", field="stage_id")


def _standing_decisions(session: Session, application: Application) -> list[Decision]:
    return list(
        session.scalars(
            select(Decision).where(Decision.application_id == application.id, Decision.superseded_at.is_(None))
        )
    )


def _last_change(session: Session, application: Application) -> StageChange | None:
    return session.scalar(
        select(StageChange).where(StageChange.application_id == application.id).order_by(StageChange.id.desc()).limit(1)
    )


def _as_facts(session: Session, application: Application, change: StageChange) -> LastChange:
    """Return the last change with what was done since."""
    mails = exists().where(OutboxMail.application_id == application.id, OutboxMail.created_at >= change.at)
    held = exists().where(Debrief.application_id == application.id, Debrief.held_at >= change.at)
    decided = exists().where(Decision.application_id == application.id, Decision.decided_at >= change.at)
    caused_mail, debrief_held, is_decided = session.execute(select(mails, held, decided)).one()
    return LastChange(
        by_id=change.by_id,
        at=change.at,
        is_latest=True,
        caused_mail=caused_mail,
        debrief_held=debrief_held,
        decided=is_decided,
    )
