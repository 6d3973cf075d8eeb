"""How an application is closed, reopened, and how a slip is undone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.rules.refused import Refused
from tracker.rules.stages import ApplicationState, DecisionKind, Disposition, MoveFacts, StageKind, StageView, stage_of
from tracker.rules.words import listed

UNDO_WINDOW = timedelta(minutes=10)

DISPOSITIONS: dict[ApplicationState, tuple[Disposition, ...]] = {
    ApplicationState.ACTIVE: (),
    ApplicationState.HIRED: (Disposition.ACCEPTED,),
    ApplicationState.REJECTED: (
        Disposition.NOT_QUALIFIED,
        Disposition.STOPPED_AFTER_SCREEN,
        Disposition.NO_HIRE,
        Disposition.POSITION_FILLED,
        Disposition.NO_RESPONSE,
        Disposition.OTHER,
    ),
    ApplicationState.WITHDRAWN: (
        Disposition.CANDIDATE_WITHDREW,
        Disposition.OFFER_DECLINED,
        Disposition.NO_RESPONSE,
        Disposition.POSITION_FILLED,
        Disposition.OTHER,
    ),
}


class IllegalClose(Refused):
    """The application may not be closed in this way now."""


class IllegalReopen(Refused):
    """The application is not closed, may not begin again at that stage, or no reason was given."""


class IllegalUndo(Refused):
    """The change can no longer be undone."""


def check_close(facts: MoveFacts, state: ApplicationState, disposition: Disposition) -> None:
    """Raise IllegalClose, with the reason in words, unless the application may be closed so (the process, section 3).

    Hired: once a hire was delivered, from the offer where the plan has one. Rejected: before the loop was held with any
    reason of DISPOSITIONS; afterwards only once a no hire was delivered. Withdrawn: at any time while active.
    """
    reason = why_not_close(facts, state)
    if reason is not None:
        raise IllegalClose(reason, "state")
    reason = _why_not_so(facts, state, disposition)
    if reason is not None:
        raise IllegalClose(reason, "disposition")


def why_not_close(facts: MoveFacts, state: ApplicationState) -> str | None:
    """Return why the application cannot be closed as ``state`` now, None if it can."""
    if facts.state is not ApplicationState.ACTIVE:
        return f"The application is closed already ({facts.state.label.lower()})."
    if state is ApplicationState.ACTIVE:
        return "Choose hired, rejected or withdrawn."
    if state is ApplicationState.HIRED:
        return _why_not_hired(facts)
    return _why_not_rejected(facts) if state is ApplicationState.REJECTED else None


def check_reopen(facts: MoveFacts, target: StageView, reason: str) -> None:
    """Raise IllegalReopen unless the closed application may begin again at ``target`` and somebody says why."""
    refusal = why_not_reopen(facts, target)
    if refusal is not None:
        raise IllegalReopen(refusal, None if facts.state is ApplicationState.ACTIVE else "stage")
    if not reason.strip():
        raise IllegalReopen("Say why the application is reopened.", "reason")


def why_not_reopen(facts: MoveFacts, target: StageView) -> str | None:
    """Return why a closed application cannot begin again at a stage, None if it can.

    Where it stood or earlier: what the stages between ask for was never met otherwise. Beyond the loop only while the
    whole of it stands, beyond the outcome only while the hire that was delivered does.
    """
    if facts.state is ApplicationState.ACTIVE:
        return "The application is open: there is nothing to reopen."
    if target.position > facts.current.position:
        return f"The application was closed in “{facts.current.name}”: reopen it there or at an earlier stage."
    loop = stage_of(facts.stages, StageKind.LOOP)
    if loop is not None and loop.position < target.position and not facts.loop_sent:
        return f"No whole loop stands any more: reopen the application in “{loop.name}”, and complete the loop there."
    if is_after_outcome(facts, target) and not _delivered(facts, DecisionKind.HIRE):
        return f"The candidate was not told a hire that stands: reopen the application before “{target.name}”."
    return None


def is_after_outcome(facts: MoveFacts, target: StageView) -> bool:
    """Whether a stage builds on the outcome: the decision stands there."""
    outcome = stage_of(facts.stages, StageKind.OUTCOME)
    return outcome is not None and outcome.position < target.position


@dataclass(frozen=True)
class LastChange:
    """The change that somebody wants to undo. ``by_id`` is None where the tracker or the candidate made it.

    ``debrief_held`` and ``decided``: that was done since, and rests on where the application stands.
    """

    by_id: int | None
    at: datetime
    is_latest: bool
    caused_mail: bool
    debrief_held: bool = False
    decided: bool = False


def check_undo(change: LastChange, person_id: int, now: datetime) -> None:
    """Raise IllegalUndo unless the person takes back his or her own last change in time, before anybody was told and
    before anything was built on it."""
    if change.by_id != person_id:
        raise IllegalUndo("Only the person who made this change can undo it.")
    if not change.is_latest:
        raise IllegalUndo("The application was changed again since: there is nothing to undo.")
    if now - change.at > UNDO_WINDOW:
        raise IllegalUndo("A change can be undone for 10 minutes: now it stands.")
    if change.decided:
        raise IllegalUndo("The decision was recorded after this move, and stands: the move cannot be undone.")
    if change.debrief_held:
        raise IllegalUndo("The debrief was held after this move, and its votes are final: the move cannot be undone.")
    if change.caused_mail:
        raise IllegalUndo("An e-mail has gone out because of this change: it cannot be undone.")


def _delivered(facts: MoveFacts, decision: DecisionKind) -> bool:
    return facts.outcome_delivered and facts.decision is decision


def _why_not_hired(facts: MoveFacts) -> str | None:
    if stage_of(facts.stages, StageKind.OFFER) is not None and facts.current.kind is not StageKind.OFFER:
        return "Hired is what an accepted offer ends in: bring the application to the offer first."
    if not _delivered(facts, DecisionKind.HIRE):
        return "The candidate has not been told a hire yet: deliver the outcome first."
    return None


def _why_not_rejected(facts: MoveFacts) -> str | None:
    if facts.current.kind is StageKind.OFFER or _delivered(facts, DecisionKind.HIRE):
        return "The candidate was told a hire: the application ends as hired or withdrawn."
    held = facts.loop_held or facts.current.kind is StageKind.OUTCOME
    if held and not _delivered(facts, DecisionKind.NO_HIRE):
        return "The loop was held: the candidate is owed its outcome. Decide and deliver it first."
    return None


def _why_not_so(facts: MoveFacts, state: ApplicationState, disposition: Disposition) -> str | None:
    if disposition is Disposition.ERASED and state is ApplicationState.WITHDRAWN:
        # Nobody chooses it for itself: it is what erasing a candidate does to what is open.
        return None
    if disposition not in DISPOSITIONS[state]:
        allowed = listed([f"“{each.label}”" for each in DISPOSITIONS[state]])
        return f"“{disposition.label}” is no reason for {state.label.lower()}; there are {allowed}."
    if disposition is Disposition.NO_HIRE and not _delivered(facts, DecisionKind.NO_HIRE):
        return "No hire is what a loop ends in: there is no such outcome."
    if disposition is Disposition.OFFER_DECLINED and not _delivered(facts, DecisionKind.HIRE):
        return "No offer stands that could be declined."
    return None
