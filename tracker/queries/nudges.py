"""What a deadline's nudges are worked out from: its case, its receivers, and the steps that were said already.

Read for many deadlines at once with a fixed number of statements, since a changed ladder concerns all of a plan's.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.models.application import Application
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.interview import Assignment, Interview
from tracker.models.interview_plan import PlanLadder
from tracker.models.person import Person
from tracker.models.requisition import Requisition, RequisitionMember
from tracker.queries.calendars import calendar_of
from tracker.queries.visibility import themselves
from tracker.rules.deadlines import Calendar, DeadlineKind
from tracker.rules.ladders import DEFAULT_LADDERS, Ladder, Role, from_data, roles_of
from tracker.rules.nudges import Case, Receiver

# Databases bound how many values one statement may name.
MOST_AT_ONCE = 500


@dataclass
class Chase:
    """One deadline with its case, its receivers by person, and by person the keys of the steps that were said.

    ``waiting`` are the moments of the steps of this revision that wait, by person and step.
    """

    deadline: Deadline
    application: Application
    case: Case
    receivers: dict[int, Receiver]
    done: dict[int, set[str]] = field(default_factory=dict)
    waiting: dict[int, dict[str, datetime]] = field(default_factory=dict)

    @property
    def newcomers(self) -> set[int]:
        """Receivers for whom nothing was planned in this revision: they got their role afterwards."""
        return self.receivers.keys() - self.done.keys() - self.waiting.keys()


def chases(session: Session, deadlines: Collection[Deadline]) -> Iterator[Chase]:
    """Yield what is known of each of the deadlines, in their order."""
    everything = list(deadlines)
    for start in range(0, len(everything), MOST_AT_ONCE):
        yield from _chases(session, everything[start : start + MOST_AT_ONCE])


def _chases(session: Session, deadlines: Sequence[Deadline]) -> Iterator[Chase]:
    applications = _applications(session, {each.application_id for each in deadlines})
    requisitions = {row.requisition_id: row.requisition for row in applications.values()}
    ladders = _ladders(session, {row.plan_id for row in requisitions.values()})
    people = _people(session, deadlines, requisitions.values())
    ends = _ends(session, [each.subject for each in deadlines if each.kind is DeadlineKind.SCORECARD])
    found = []
    for deadline in deadlines:
        application = applications[deadline.application_id]
        requisition = application.requisition
        calendar = calendar_of(session, requisition.region)
        ladder = ladders.get((requisition.plan_id, deadline.kind), DEFAULT_LADDERS[deadline.kind])
        ends_at = ends.get(deadline.subject) if deadline.kind is DeadlineKind.SCORECARD else None
        case = Case(ladder, deadline.due_at, ends_at, calendar)
        receivers = _receivers(people, deadline, application, calendar)
        found.append(Chase(deadline, application, case, receivers))
    _add_steps(session, found)
    yield from found


def _applications(session: Session, ids: Collection[int]) -> dict[int, Application]:
    parts = (
        joinedload(Application.candidate),
        joinedload(Application.requisition).options(
            joinedload(Requisition.region),
            joinedload(Requisition.recruiter),
            joinedload(Requisition.hiring_manager),
        ),
    )
    rows = session.scalars(select(Application).where(Application.id.in_(ids)).options(*parts))
    return {row.id: row for row in rows}


def _ladders(session: Session, plans: Collection[int]) -> dict[tuple[int, DeadlineKind], Ladder]:
    rows = session.scalars(select(PlanLadder).where(PlanLadder.plan_id.in_(plans)))
    return {(row.plan_id, row.kind): from_data(row.steps) for row in rows}


def _ends(session: Session, assignments: Collection[int]) -> dict[int, datetime]:
    if not assignments:
        return {}
    held = select(Assignment.id, Interview.ends_at).join(Interview, Assignment.interview_id == Interview.id)
    return {row.id: row.ends_at for row in session.execute(held.where(Assignment.id.in_(assignments))) if row.ends_at}


@dataclass(frozen=True)
class _People:
    """Who may be nudged: the owners by id, all recruiting leads, and who is on which confidential requisition.

    ``own`` are those who may not: (application, person) where the candidate works here.
    """

    owners: dict[int, Person]
    leads: list[Person]
    members: set[tuple[int, int]]
    own: set[tuple[int, int]]


def _people(session: Session, deadlines: Collection[Deadline], requisitions: Iterable[Requisition]) -> _People:
    ids = {each.owner_id for each in deadlines}
    owners = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    leads = session.scalars(select(Person).where(Person.is_recruiting_lead, Person.is_active).order_by(Person.id))
    confidential = [row.id for row in requisitions if row.is_confidential]
    members: set[tuple[int, int]] = set()
    if confidential:
        on_them = select(RequisitionMember.requisition_id, RequisitionMember.person_id)
        rows = session.execute(on_them.where(RequisitionMember.requisition_id.in_(confidential)))
        members = {(row.requisition_id, row.person_id) for row in rows}
    own = themselves(session, {each.application_id for each in deadlines})
    return _People(owners, list(leads), members, own)


def _receivers(
    people: _People, deadline: Deadline, application: Application, calendar: Calendar
) -> dict[int, Receiver]:
    """Return everybody who has a role, with all of them; never the candidate, if he or she works here."""
    found: dict[int, tuple[Person, list[Role]]] = {}
    for role in roles_of(deadline.kind):
        for person in _in_role(people, role, deadline, application.requisition):
            if person.is_active and (application.id, person.id) not in people.own:
                found.setdefault(person.id, (person, []))[1].append(role)
    return {key: Receiver(tuple(roles), person.zone, calendar) for key, (person, roles) in found.items()}


def _in_role(people: _People, role: Role, deadline: Deadline, requisition: Requisition) -> list[Person]:
    if role is Role.RECRUITER:
        return [requisition.recruiter]
    if role is Role.HIRING_MANAGER:
        return [requisition.hiring_manager]
    if role is Role.RECRUITING_LEAD:
        return [lead for lead in people.leads if _may_know(people, lead, requisition)]
    return [people.owners[deadline.owner_id]]


def _may_know(people: _People, lead: Person, requisition: Requisition) -> bool:
    """Whether a recruiting lead may know of the requisition."""
    on_it = (requisition.recruiter_id, requisition.hiring_manager_id)
    return not requisition.is_confidential or lead.id in on_it or (requisition.id, lead.id) in people.members


def _add_steps(session: Session, found: Sequence[Chase]) -> None:
    """Note which steps of the deadlines' present revisions were said, and for whom one waits."""
    by_deadline = {chase.deadline.id: chase for chase in found}
    rows = session.execute(
        select(Nudge.deadline_id, Nudge.revision, Nudge.person_id, Nudge.step, Nudge.at, Nudge.state).where(
            Nudge.deadline_id.in_(by_deadline)
        )
    )
    for deadline_id, revision, person_id, step, at, state in rows:
        chase = by_deadline[deadline_id]
        if revision != chase.deadline.revision:
            continue
        if state is NudgeState.WAITING:
            chase.waiting.setdefault(person_id, {})[step] = at
        else:
            chase.done.setdefault(person_id, set()).add(step)
