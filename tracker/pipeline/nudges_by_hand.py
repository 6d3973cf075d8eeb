"""A person reminds the owner of a deadline now. The mail is a nudge like the others: asked again before it goes out."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.person import Person
from tracker.pipeline import nudge_mails
from tracker.pipeline.nudge_mails import Letter
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.queries import nudges as facts_of
from tracker.queries import outbox
from tracker.queries.told import true_nudges
from tracker.rules.deadlines import standing
from tracker.rules.nudges_by_hand import NotToBeReminded, check_by_hand, not_at_work, not_told, step_key


def remind(session: Session, application: Application, deadline: Deadline, *, by: Person, now: datetime) -> None:
    """Write a nudge to a deadline's owner. Raises NotToBeReminded, Erased.

    The next step of the ladder comes when it would have; what was not sent by then, or until it is met, is dropped.
    """
    take_turn(session, application)
    (chase,) = facts_of.chases(session, [deadline])
    owner = deadline.owner
    if owner.id == by.id:
        raise NotToBeReminded("This is yours to do: nobody else is to be reminded of it.")
    receiver = check_by_hand(
        standing(deadline.state, deadline.due_at, now, chase.case.calendar),
        owner.name,
        chase.case.receivers.get(owner.id),
        last_at=facts_of.told_last(session, deadline.id, owner.id),
        now=now,
        zone=by.zone,
    )
    nudge = Nudge(
        deadline=deadline,
        revision=deadline.revision,
        person=owner,
        role=receiver.roles[0],
        step=step_key(now),
        at=now,
        state=NudgeState.RAISED,
    )
    session.add(nudge)
    session.flush()
    if not true_nudges(session, [nudge.id]):
        raise NotToBeReminded(not_told(owner.name))
    letter = Letter(asked_by=by.name)
    letter.add(nudge, chase, [at for at in chase.waiting.get(owner.id, {}).values() if at > now])
    nudge_mails.post_one(session, letter, now=now)
    text = f"{deadline.kind.label}: {owner.name} was reminded by hand"
    note_change(session, "deadline.remind", text, by=by, now=now, application=application)


def cautions(session: Session, deadline: Deadline, *, now: datetime) -> list[str]:
    """Return what is to be said before the owner of a deadline is reminded now: that he or she is not at work, or that
    nothing goes out for now."""
    (chase,) = facts_of.chases(session, [deadline])
    receiver = chase.case.receivers.get(deadline.owner_id)
    said = not_at_work(receiver, deadline.owner.name, now) if receiver else ""
    if outbox.pause(session) is not None:
        paused = "The outbox is paused: the e-mail goes out once it is released, if no other is due by then."
        return [said, paused] if said else [paused]
    return [f"{said} The e-mail goes out at once all the same."] if said else []
