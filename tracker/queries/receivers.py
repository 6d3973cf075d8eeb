"""Who is nudged about a deadline: everybody with a role in it, with his or her zone, calendar and absences."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.leave import Leave
from tracker.models.person import Person
from tracker.models.region import Region
from tracker.models.requisition import Requisition, RequisitionMember
from tracker.queries.calendars import calendars_of
from tracker.queries.visibility import themselves
from tracker.rules.deadlines import Calendar
from tracker.rules.ladders import Role, roles_of
from tracker.rules.mornings import Absence, Receiver


@dataclass(frozen=True)
class People:
    """Who may be nudged: the owners by id, all recruiting leads, and who is on which confidential requisition.

    ``own`` are those who may not: (application, person) where the candidate works here. ``calendars`` are those of an
    own region, by person, for whom there is one; likewise ``absences``.
    """

    owners: dict[int, Person]
    leads: list[Person]
    members: set[tuple[int, int]]
    own: set[tuple[int, int]]
    calendars: dict[int, Calendar]
    absences: dict[int, list[Absence]]


def people_of(session: Session, deadlines: Sequence[Deadline], requisitions: Sequence[Requisition]) -> People:
    """Read who may be nudged about any of these deadlines."""
    ids = {each.owner_id for each in deadlines}
    owners = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    leads = list(session.scalars(select(Person).where(Person.is_recruiting_lead, Person.is_active).order_by(Person.id)))
    everybody = {row.id: row for row in (*owners.values(), *leads)}
    for requisition in requisitions:
        everybody |= {row.id: row for row in (requisition.recruiter, requisition.hiring_manager)}
    members = _members(session, [row.id for row in requisitions if row.is_confidential])
    # Whoever was back before the first of them was opened missed nothing of it.
    since = min(each.opened_at for each in deadlines).date() - timedelta(days=2)
    own = themselves(session, {each.application_id for each in deadlines})
    calendars = _own_calendars(session, everybody.values())
    return People(owners, leads, members, own, calendars, _absences(session, everybody, since))


def _members(session: Session, confidential: Collection[int]) -> set[tuple[int, int]]:
    if not confidential:
        return set()
    on_them = select(RequisitionMember.requisition_id, RequisitionMember.person_id)
    rows = session.execute(on_them.where(RequisitionMember.requisition_id.in_(confidential)))
    return {(row.requisition_id, row.person_id) for row in rows}


def _own_calendars(session: Session, people: Iterable[Person]) -> dict[int, Calendar]:
    regions = {row.id: row.region_id for row in people if row.region_id is not None}
    if not regions:
        return {}
    tokens = session.execute(select(Region.id, Region.calendar_token).where(Region.id.in_(set(regions.values()))))
    calendars = calendars_of(session, {row.id: row.calendar_token for row in tokens})
    return {person_id: calendars[region_id] for person_id, region_id in regions.items()}


def _absences(session: Session, people: Collection[int], since: date) -> dict[int, list[Absence]]:
    found: dict[int, list[Absence]] = {}
    rows = select(Leave).where(Leave.person_id.in_(people), Leave.last_on >= since).order_by(Leave.first_on)
    for row in session.scalars(rows):
        found.setdefault(row.person_id, []).append(Absence(row.id, row.first_on, row.last_on))
    return found


def receivers(people: People, deadline: Deadline, application: Application, calendar: Calendar) -> dict[int, Receiver]:
    """Return everybody who has a role, with all of them; never the candidate, if he or she works here."""
    found: dict[int, tuple[Person, list[Role]]] = {}
    for role in roles_of(deadline.kind):
        for person in _in_role(people, role, deadline, application.requisition):
            if person.is_active and (application.id, person.id) not in people.own:
                found.setdefault(person.id, (person, []))[1].append(role)
    return {
        key: Receiver(
            tuple(roles), person.zone, people.calendars.get(key, calendar), tuple(people.absences.get(key, ()))
        )
        for key, (person, roles) in found.items()
    }


def _in_role(people: People, role: Role, deadline: Deadline, requisition: Requisition) -> list[Person]:
    if role is Role.RECRUITER:
        return [requisition.recruiter]
    if role is Role.HIRING_MANAGER:
        return [requisition.hiring_manager]
    if role is Role.RECRUITING_LEAD:
        return [lead for lead in people.leads if _may_know(people, lead, requisition)]
    return [people.owners[deadline.owner_id]]


def _may_know(people: People, lead: Person, requisition: Requisition) -> bool:
    """Whether a recruiting lead may know of the requisition."""
    on_it = (requisition.recruiter_id, requisition.hiring_manager_id)
    return not requisition.is_confidential or lead.id in on_it or (requisition.id, lead.id) in people.members
