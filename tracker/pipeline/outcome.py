"""The outcome: released to the candidate by e-mail or told in a call, and delivered only when it arrived."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_outcomes
from tracker.mail.editing import offered
from tracker.mail.messages import Address, Words
from tracker.mail.own_words import in_own_words
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.debrief import Decision
from tracker.models.outbox import MailState
from tracker.models.outcome import Outcome, OutcomeChannel
from tracker.models.person import Person
from tracker.pipeline import deadlines, moves
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.queries import moves as facts_of
from tracker.queries import outcomes
from tracker.queries.organisation import organisation_name
from tracker.queries.outcomes import Delivery
from tracker.rules.closing import why_not_close
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.refused import Refused, Stale
from tracker.rules.stages import ApplicationState, DecisionKind, Disposition, next_stage, why_not
from tracker.rules.zones import moment_words


class NoDecision(Refused):
    """The outcome cannot be told before the decision (section 6)."""


class AlreadyTold(Refused):
    """The candidate knows, or the e-mail is on its way."""


class TextMissing(Refused):
    """There is nothing to say."""


class BadCallTime(Refused):
    """A call is recorded after it was held, and held after the decision."""


def release(
    session: Session, application: Application, words: Words, *, by: Person, now: datetime, decision_id: int
) -> Outcome:
    """Send the outcome to the candidate by e-mail, through the outbox; it is delivered when the mail server took it.

    ``decision_id`` is the version of the decision that the words were written for. Where an earlier e-mail is stuck (no
    server took it) it is given up, and this one goes to the candidate's present address. Raises NoDecision,
    AlreadyTold, Stale, TextMissing.
    """
    take_turn(session, application)
    decision, outcome = _tellable(session, application, decision_id)
    if not words.text.strip() or not words.subject.strip():
        raise TextMissing("Write what the candidate shall read.", field="text")
    if outcome is None:
        outcome = Outcome(application_id=application.id, decision_id=decision.id)
    outcome.channel, outcome.text = OutcomeChannel.EMAIL, words.text.strip()
    outcome.released_at, outcome.released_by_id = now, by.id
    session.add(outcome)
    session.flush()
    _mail(session, application, outcome, words, now)
    text = f"The outcome goes to {application.candidate.email}"
    note_change(session, "outcome.release", text, by=by, now=now, application=application)
    session.flush()
    return outcome


def draft(
    session: Session, application: Application, kind: DecisionKind, *, promise: Deadline | None, now: datetime
) -> Words:
    """Return the words that the recruiter begins with, for a decision of this kind.

    Where the ``promise`` is broken they say that we are sorry, as the candidate's own page does.
    """
    requisition = application.requisition
    is_late = promise is not None and promise.state is DeadlineState.OPEN and now > promise.due_at
    mail = words_outcomes.draft(
        kind,
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        requisition=requisition.title,
        recruiter=requisition.recruiter.name,
        late_since=moment_words(promise.due_at, application.candidate.zone) if promise and is_late else "",
    )
    words = offered(in_own_words(session, mail))
    assert words is not None  # noqa: S101 - a draft is there to be edited
    return words


def record_call(
    session: Session,
    application: Application,
    note: str,
    *,
    held_at: datetime,
    by: Person,
    now: datetime,
    decision_id: int,
) -> Outcome:
    """Record that the candidate was told in a call, at ``held_at``; the promise is kept or not by that moment.

    ``decision_id`` is the version of the decision that was told. Raises NoDecision, AlreadyTold, Stale, TextMissing,
    BadCallTime.
    """
    take_turn(session, application)
    decision, outcome = _tellable(session, application, decision_id)
    if held_at > now:
        raise BadCallTime("This moment has not come yet: record the call after it.", field="held_on")
    if held_at < decision.decided_at.replace(second=0, microsecond=0):
        raise BadCallTime("The decision was made only after this moment: when was the call?", field="held_on")
    if not note.strip():
        raise TextMissing("Note in a sentence or two what was said.", field="note")
    if outcome is None:
        outcome = Outcome(application_id=application.id, decision_id=decision.id)
    outcome.channel, outcome.text = OutcomeChannel.CALL, note.strip()
    outcome.released_at, outcome.released_by_id, outcome.delivered_at = now, by.id, held_at
    session.add(outcome)
    session.flush()
    note_change(session, "outcome.call", "The candidate was told in a call", by=by, now=now, application=application)
    _go_on(session, application, outcome, decision, by=by, now=now)
    return outcome


def delivered(session: Session, outcome_id: int, *, now: datetime) -> None:
    """Note that the mail server took the outcome's e-mail: the promise is met (or met late), and it goes on.

    Called by the sender in the transaction that marks the mail as sent; it never refuses.
    """
    outcome = session.get(Outcome, outcome_id)
    if outcome is None or outcome.delivered_at is not None:
        return
    application = session.get_one(Application, outcome.application_id)
    take_turn(session, application)
    outcome.delivered_at = now
    session.flush()
    text = f"The outcome was delivered to {application.candidate.email}"
    note_change(session, "outcome.deliver", text, by=None, now=now, application=application)
    if outcome.decision.superseded_at is None:
        _go_on(session, application, outcome, outcome.decision, by=outcome.released_by, now=now)


def _tellable(session: Session, application: Application, decision_id: int) -> tuple[Decision, Outcome | None]:
    """Return the decision to tell and the outcome that got stuck, if any; stuck mails are given up."""
    if application.state is not ApplicationState.ACTIVE:
        raise AlreadyTold("This application is closed: there is nothing more to tell.")
    standing = outcomes.standing(session, application.id)
    if standing.decision is None:
        raise NoDecision("There is no decision yet: the outcome is told after it, never before.")
    if standing.delivery is Delivery.DELIVERED:
        raise AlreadyTold("The candidate was told already.")
    if standing.delivery is Delivery.ON_ITS_WAY:
        raise AlreadyTold("The e-mail is on its way already.")
    if standing.decision.id != decision_id:
        decided = standing.decision.kind.label.lower()
        raise Stale(f"The decision was recorded anew since you opened this: {decided}. Read once more what you wrote.")
    if standing.outcome is not None:
        for mail in outcomes.mails_of(session, standing.outcome):
            if mail.state is MailState.DEAD:
                mail.state = MailState.DROPPED
    return standing.decision, standing.outcome


def _go_on(
    session: Session, application: Application, outcome: Outcome, decision: Decision, *, by: Person, now: datetime
) -> None:
    """Meet the promise by the moment of delivery; a hire goes on to the offer (or ends hired), a no hire ends."""
    assert outcome.delivered_at is not None  # noqa: S101 - both callers have set it
    deadlines.meet(session, application, DeadlineKind.PROMISE, now=outcome.delivered_at, by=by)
    facts = facts_of.facts(session, application, now)
    target = next_stage(facts.stages, facts.current)
    if decision.kind is DecisionKind.NO_HIRE:
        end, disposition = ApplicationState.REJECTED, Disposition.NO_HIRE
    elif target is not None:
        if why_not(facts, target) is None:
            moves.advance(session, application, by=by, now=now)
        return
    else:
        end, disposition = ApplicationState.HIRED, Disposition.ACCEPTED
    if why_not_close(facts, end) is None:
        moves.close(session, application, end, disposition, by=by, now=now)


def _mail(session: Session, application: Application, outcome: Outcome, words: Words, now: datetime) -> None:
    mail = words_outcomes.outcome(
        receiver=Address.of(application.candidate), organisation=organisation_name(session), words=words
    )
    number = len(outcomes.mails_of(session, outcome)) + 1
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"outcome:{outcome.id}:{number}",
        fact={"outcome": outcome.id},
        application=application,
    )
