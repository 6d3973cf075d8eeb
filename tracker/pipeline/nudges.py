"""Nudges: the next one of each deadline for each receiver is a row; the tick makes mail of those that are due."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_nudges
from tracker.mail.messages import Address
from tracker.models.application import Application
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.person import Person
from tracker.queries import nudges as facts_of
from tracker.queries.organisation import organisation_name
from tracker.queries.truth import true_nudges
from tracker.rules.deadlines import DeadlineKind, standing
from tracker.rules.nudges import Role, latest_due, next_nudge

KEY_LENGTH = 200

PATHS = {
    DeadlineKind.APPLICATION_REVIEW: "/applications/{application}/qualifications",
    DeadlineKind.PHONE_SCREEN_OUTCOME: "/applications/{application}",
    DeadlineKind.LOOP_INVITED: "/applications/{application}/loop",
    DeadlineKind.SCORECARD: "/scorecards/{subject}",
    DeadlineKind.DEBRIEF: "/applications/{application}/debrief",
    DeadlineKind.DECISION: "/applications/{application}/debrief",
    DeadlineKind.PROMISE: "/applications/{application}",
}


def plan(session: Session, deadline: Deadline, *, now: datetime) -> None:
    """Plan the next nudge of a running deadline for each of its receivers; those planned before are void."""
    session.execute(delete(Nudge).where(Nudge.deadline_id == deadline.id, Nudge.state == NudgeState.WAITING))
    for role, person in facts_of.receivers(session, deadline):
        _plan_next(session, deadline, role, person, after=now)


def raise_next(session: Session, *, now: datetime) -> bool:
    """Write one mail: all that is due to the receiver who has waited longest. Return whether there was one.

    What is no longer true is dropped; of one deadline only the latest step counts (after a standstill the earlier ones
    say nothing new); several deadlines become one digest.
    """
    person_id = session.scalar(
        select(Nudge.person_id)
        .where(Nudge.state == NudgeState.WAITING, Nudge.at <= now)
        .order_by(Nudge.at, Nudge.person_id)
        .limit(1)
    )
    if person_id is None:
        return False
    due = list(
        session.scalars(
            select(Nudge)
            .where(Nudge.person_id == person_id, Nudge.state == NudgeState.WAITING, Nudge.at <= now)
            .order_by(Nudge.at, Nudge.id)
            .with_for_update(skip_locked=True)
        )
    )
    _raise(session, due, now)
    # None: another worker holds them at this moment, and raises them.
    return bool(due)


def put_back(session: Session, ids: Iterable[int]) -> None:
    """Let nudges wait again whose mail was dropped because another one in it was no longer true."""
    still = true_nudges(session, list(ids))
    session.execute(update(Nudge).where(Nudge.id.in_(still)).values(state=NudgeState.WAITING))


def _raise(session: Session, due: Sequence[Nudge], now: datetime) -> None:
    true = true_nudges(session, [nudge.id for nudge in due])
    raised = []
    for nudge in due:
        if nudge.id not in true:
            nudge.state = NudgeState.DROPPED
            continue
        nudge.state = NudgeState.RAISED
        raised.append(_latest(session, nudge, now))
    session.flush()
    if raised:
        _write(session, raised, now)
    for nudge in raised:
        _plan_next(session, nudge.deadline, nudge.role, nudge.person, after=now)


def _latest(session: Session, nudge: Nudge, now: datetime) -> Nudge:
    """Make the nudge say what is true now: after a standstill its step may be an old one."""
    facts = facts_of.facts(session, nudge.deadline)
    latest = latest_due(
        nudge.deadline.kind,
        nudge.role,
        due_at=nudge.deadline.due_at,
        ends_at=facts.ends_at,
        after=nudge.at,
        receiver_zone=nudge.person.zone,
        calendar=facts.calendar,
        now=now,
    )
    if latest is not None:
        nudge.step = latest.step_key
    return nudge


def _write(session: Session, raised: Sequence[Nudge], now: datetime) -> None:
    person = raised[0].person
    items = [_item(session, nudge, now) for nudge in raised]
    receiver = Address(name=person.name, email=person.email)
    mail = words_nudges.nudges(receiver=receiver, organisation=organisation_name(session), items=items)
    # Once a digest was dropped, what is left of it is another set, hence another key: none is ever used twice.
    key = "+".join(f"deadline:{n.deadline_id}:v{n.revision}:{n.step}:person {n.person_id}" for n in raised)
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=key if len(key) <= KEY_LENGTH else "digest:" + sha256(key.encode()).hexdigest(),
        fact={"nudges": [nudge.id for nudge in raised]},
        person=person,
    )


def _plan_next(session: Session, deadline: Deadline, role: Role, person: Person, *, after: datetime) -> None:
    facts = facts_of.facts(session, deadline)
    planned = next_nudge(
        deadline.kind,
        role,
        due_at=deadline.due_at,
        ends_at=facts.ends_at,
        after=after,
        receiver_zone=person.zone,
        calendar=facts.calendar,
    )
    if planned is not None:
        session.add(
            Nudge(
                deadline_id=deadline.id,
                revision=deadline.revision,
                person_id=person.id,
                role=role,
                step=planned.step_key,
                at=planned.at,
                state=NudgeState.WAITING,
            )
        )
        session.flush()


def _item(session: Session, nudge: Nudge, now: datetime) -> words_nudges.NudgeItem:
    deadline = nudge.deadline
    application = session.get_one(Application, deadline.application_id)
    is_owner = deadline.owner_id == nudge.person_id
    path = PATHS[deadline.kind] if is_owner else "/applications/{application}"
    return words_nudges.NudgeItem(
        kind=deadline.kind,
        role=nudge.role,
        step=nudge.step,
        standing=standing(deadline.state, deadline.due_at, now, facts_of.facts(session, deadline).calendar),
        candidate=application.candidate.name,
        title=application.requisition.title,
        owner=deadline.owner.name,
        is_owner=is_owner,
        path=path.format(application=deadline.application_id, subject=deadline.subject),
    )
