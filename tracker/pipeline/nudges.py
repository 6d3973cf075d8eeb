"""Nudges: the next one of each deadline for each receiver is a row; the tick makes mail of those that are due."""

from collections.abc import Collection, Iterable, Sequence
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
from tracker.queries.nudges import NudgeFacts
from tracker.queries.organisation import organisation_name
from tracker.queries.truth import true_nudges
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.nudges import PlannedNudge, Role, latest_due, next_nudge

PATHS = {
    DeadlineKind.APPLICATION_REVIEW: "/applications/{application}/qualifications",
    DeadlineKind.PHONE_SCREEN_OUTCOME: "/applications/{application}/screens/outcome",
    DeadlineKind.LOOP_INVITED: "/applications/{application}/loop",
    DeadlineKind.SCORECARD: "/scorecards/{subject}",
    DeadlineKind.DEBRIEF: "/applications/{application}/debrief",
    DeadlineKind.DECISION: "/applications/{application}/decision",
    DeadlineKind.PROMISE: "/applications/{application}/outcome",
}


def plan(session: Session, deadline: Deadline, *, now: datetime) -> None:
    """Plan the next nudge of an open deadline for each of its receivers; those planned before are void."""
    session.execute(delete(Nudge).where(Nudge.deadline_id == deadline.id, Nudge.state == NudgeState.WAITING))
    if deadline.state is DeadlineState.OPEN:
        facts = facts_of.facts(session, deadline)
        for role, person in facts_of.receivers(session, deadline):
            _plan_next(session, deadline, role, person, facts, after=now)


def next_receiver(session: Session, now: datetime, without: Collection[int] = ()) -> int | None:
    """Return the id of the person whose due nudge has waited longest, None if nobody's is due."""
    due = select(Nudge.person_id).where(Nudge.state == NudgeState.WAITING, Nudge.at <= now)
    if without:
        due = due.where(Nudge.person_id.not_in(without))
    return session.scalar(due.order_by(Nudge.at, Nudge.person_id).limit(1))


def raise_for(session: Session, person_id: int, *, now: datetime) -> None:
    """Write one mail of all nudges that are due to a receiver, and plan what comes next.

    What is no longer true is dropped; of one deadline only the latest step counts, since after a standstill the earlier
    ones say nothing new. Nudges that another worker holds at this moment are left to it.
    """
    due = session.scalars(
        select(Nudge)
        .where(Nudge.person_id == person_id, Nudge.state == NudgeState.WAITING, Nudge.at <= now)
        .order_by(Nudge.at, Nudge.id)
        .with_for_update(skip_locked=True)
    ).all()
    raised = [nudge for nudge in _latest_of_each(due) if _is_still_true(session, nudge)]
    for nudge in due:
        nudge.state = NudgeState.RAISED if nudge in raised else NudgeState.DROPPED
    session.flush()
    follow_ups = [_go_on(session, nudge, now) for nudge in raised]
    if raised:
        _write(session, raised, [planned for planned in follow_ups if planned], now)


def put_back(session: Session, ids: Iterable[int]) -> None:
    """Let nudges wait again whose mail was dropped because another one in it was no longer true."""
    still = true_nudges(session, list(ids))
    session.execute(update(Nudge).where(Nudge.id.in_(still)).values(state=NudgeState.WAITING))


def _latest_of_each(due: Sequence[Nudge]) -> list[Nudge]:
    return list({nudge.deadline_id: nudge for nudge in due}.values())


def _is_still_true(session: Session, nudge: Nudge) -> bool:
    if not true_nudges(session, [nudge.id]):
        return False
    return (nudge.role, nudge.person) in facts_of.receivers(session, nudge.deadline)


def _go_on(session: Session, nudge: Nudge, now: datetime) -> PlannedNudge | None:
    """Let the nudge say what is true now, and plan the one after it, which is returned.

    Who became a receiver since the deadline was planned (a new recruiting lead) is planned for as well.
    """
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
    if latest is not None and not _existing(session, nudge.deadline, nudge.person, latest):
        nudge.step, nudge.at = latest.step_key, latest.at
        session.flush()
    for role, person in facts_of.newcomers(session, nudge.deadline):
        _plan_next(session, nudge.deadline, role, person, facts, after=now)
    return _plan_next(session, nudge.deadline, nudge.role, nudge.person, facts, after=now)


def _plan_next(
    session: Session, deadline: Deadline, role: Role, person: Person, facts: NudgeFacts, *, after: datetime
) -> PlannedNudge | None:
    """Plan the first step after a moment that was not raised before (a receiver who moved west has a morning twice)."""
    while True:
        planned = next_nudge(
            deadline.kind,
            role,
            due_at=deadline.due_at,
            ends_at=facts.ends_at,
            after=after,
            receiver_zone=person.zone,
            calendar=facts.calendar,
        )
        if planned is None:
            return None
        there = _existing(session, deadline, person, planned)
        if there is None:
            session.add(_row(deadline, role, person, planned))
            session.flush()
            return planned
        if there.state is NudgeState.WAITING:
            return planned
        after = planned.at


def _existing(session: Session, deadline: Deadline, person: Person, planned: PlannedNudge) -> Nudge | None:
    return session.scalar(
        select(Nudge).where(
            Nudge.deadline_id == deadline.id,
            Nudge.revision == deadline.revision,
            Nudge.step == planned.step_key,
            Nudge.person_id == person.id,
        )
    )


def _row(deadline: Deadline, role: Role, person: Person, planned: PlannedNudge) -> Nudge:
    return Nudge(
        deadline_id=deadline.id,
        revision=deadline.revision,
        person_id=person.id,
        role=role,
        step=planned.step_key,
        at=planned.at,
        state=NudgeState.WAITING,
    )


def _write(session: Session, raised: Sequence[Nudge], follow_ups: Sequence[PlannedNudge], now: datetime) -> None:
    person = raised[0].person
    mail = words_nudges.nudges(
        receiver=Address(name=person.name, email=person.email),
        organisation=organisation_name(session),
        items=[_item(session, nudge, now) for nudge in raised],
    )
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=_key(raised),
        fact={"nudges": [nudge.id for nudge in raised]} | _until(raised, follow_ups, now),
        person=person,
        application=session.get(Application, raised[0].deadline.application_id) if len(raised) == 1 else None,
    )


def _key(raised: Sequence[Nudge]) -> str:
    """Name the facts and their versions; what is left of a dropped digest is another set, hence another key."""
    names = sorted(f"deadline:{each.deadline_id}:v{each.revision}:{each.step}" for each in raised)
    key = names[0] if len(names) == 1 else f"digest:{sha256(' '.join(names).encode()).hexdigest()}"
    return f"{key}:person {raised[0].person_id}"


def _until(raised: Sequence[Nudge], follow_ups: Sequence[PlannedNudge], now: datetime) -> dict[str, str]:
    """Say when the mail's words are no longer right: the next step is due, or what is due becomes overdue."""
    ends = [planned.at for planned in follow_ups]
    ends += [nudge.deadline.due_at for nudge in raised if nudge.deadline.due_at > now]
    return {"until": min(ends).isoformat()} if ends else {}


def _item(session: Session, nudge: Nudge, now: datetime) -> words_nudges.NudgeItem:
    deadline = nudge.deadline
    application = session.get_one(Application, deadline.application_id)
    is_owner = deadline.owner_id == nudge.person_id
    path = PATHS[deadline.kind] if is_owner else "/applications/{application}"
    return words_nudges.NudgeItem(
        kind=deadline.kind,
        role=nudge.role,
        step=nudge.step,
        due_at=deadline.due_at,
        zone=nudge.person.zone,
        is_overdue=now > deadline.due_at,
        candidate=application.candidate.name,
        title=application.requisition.title,
        owner=deadline.owner.name,
        is_owner=is_owner,
        path=path.format(application=deadline.application_id, subject=deadline.subject),
    )
