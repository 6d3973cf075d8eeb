"""Changing people: who they are, their roles, and what they are qualified to interview for."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.mail.addresses import canonical
from tracker.models.competency import Competency
from tracker.models.person import FormerAddress, InterviewerQualification, InterviewKind, Person
from tracker.pipeline import busy_feeds, calendar_feeds, nudges, staffing, welcome
from tracker.pipeline.record import note_change
from tracker.pipeline.staffing import ROLES, EmailTaken, check_admin_left
from tracker.pipeline.versions import expect
from tracker.queries.people import recruits_for
from tracker.rules.refused import Refused
from tracker.rules.words import counted, listed
from tracker.rules.working_hours import Hours, stored
from tracker.rules.zones import zone_named

# Whoever has one of these is on the recruiting side.
RECRUITING = frozenset({"recruiter", "recruiting_lead"})


class NotActive(Refused):
    """Somebody who cannot sign in needs no password."""


class StillNamed(Refused):
    """Requisitions would be left with a recruiter who is none."""


@dataclass(frozen=True)
class PersonFacts:
    """What a form says about a person; ``roles`` are names of ``staffing.ROLES``, caps count interviews.

    ``region_id`` names the own region, whose holidays the person has; None are those of each requisition.
    """

    name: str
    email: str
    zone: str
    team: str
    roles: frozenset[str]
    daily_cap: int
    weekly_cap: int
    is_active: bool = True
    region_id: int | None = None


def add(session: Session, facts: PersonFacts, *, by: Person, now: datetime) -> Person:
    """Add a person without a password; mail the link by ``send_link``. Raises EmailTaken, UnknownZone."""
    zone_named(facts.zone)
    person = staffing.add_person(
        session,
        name=facts.name,
        email=facts.email,
        password=None,
        zone=facts.zone,
        roles=facts.roles,
        by=by,
        now=now,
    )
    person.team, person.daily_cap, person.weekly_cap = facts.team, facts.daily_cap, facts.weekly_cap
    person.region_id = facts.region_id
    session.flush()
    # A new recruiting lead has a part in every promise that runs already.
    nudges.plan_person(session, person, now=now)
    return person


def edit(
    session: Session, person: Person, facts: PersonFacts, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Change a person. Who is deactivated or gets another address is signed out, and mailed links are void. The
    calendars of whoever is deactivated are forgotten.

    Whose application is whose is told by addresses: a former one is kept, so that nobody opens an application of his or
    her own by changing it. Raises Stale, BadAddress, EmailTaken, UnknownZone, LastAdmin, StillNamed.
    """
    expect(person, version)
    zone_named(facts.zone)
    facts = replace(facts, email=canonical(facts.email))
    _check_email(session, facts.email, person.id)
    if person.is_admin and person.is_active and not (facts.is_active and "admin" in facts.roles):
        check_admin_left(session, person)
    if not facts.roles & RECRUITING and (person.is_recruiter or person.is_recruiting_lead):
        _check_handed_over(session, person)
    if facts.email != person.email or not facts.is_active:
        person.session_epoch += 1
    if facts.email != person.email:
        _keep_address(session, person)
    changes, zone, email = _changes(person, facts), person.zone, person.email
    _assign(person, facts)
    session.flush()
    busy_feeds.follow(session, person, zone, email, now=now)
    if not person.is_active:
        calendar_feeds.take_back(session, person, by=by, now=now)
    if changes:
        nudges.plan_person(session, person, now=now)
        note_change(session, "people.edit", f"{person.name}: {', '.join(changes)}", by=by, now=now)


def edit_own(
    session: Session,
    person: Person,
    *,
    name: str,
    zone: str,
    region_id: int | None,
    now: datetime,
    version: int | None = None,
) -> None:
    """Change one's own name, zone and region. Raises Stale, UnknownZone."""
    expect(person, version)
    zone_named(zone)
    if (name, zone, region_id) != (person.name, person.zone, person.region_id):
        before, person.name, person.zone, person.region_id = person.zone, name, zone, region_id
        session.flush()
        busy_feeds.follow(session, person, before, person.email, now=now)
        nudges.plan_person(session, person, now=now)
        note_change(session, "people.edit_own", f"{name}: own name, zone or region changed", by=person, now=now)


def set_hours(session: Session, person: Person, hours: Hours, *, now: datetime, version: int | None = None) -> None:
    """Set when somebody works, as he or she says; none: the usual hours count. Raises Stale."""
    expect(person, version)
    if stored(hours) != person.hours:
        person.hours = stored(hours)
        note_change(session, "people.set_hours", f"{person.name}: own working hours changed", by=person, now=now)


def set_qualifications(
    session: Session,
    person: Person,
    wanted: Set[tuple[int, InterviewKind]],
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Set what a person is qualified to evaluate, by competency and kind of interview.

    What he or she holds for retired competencies stays: they are not on offer. Raises Stale.
    """
    expect(person, version)
    active = set(session.scalars(select(Competency.id).where(Competency.is_active)))
    held = {(each.competency_id, each.kind): each for each in person.interviewer_qualifications}
    wanted = {pair for pair in wanted if pair[0] in active}
    for pair, row in held.items():
        if pair[0] in active and pair not in wanted:
            person.interviewer_qualifications.remove(row)
    for competency_id, kind in sorted(wanted - held.keys()):
        person.interviewer_qualifications.append(InterviewerQualification(competency_id=competency_id, kind=kind))
    # Qualifications are rows beside the person: the version rises all the same, so that an older form is told.
    flag_modified(person, "name")
    session.flush()
    note_change(session, "people.qualify", f"{person.name}: interviewer qualifications were set", by=by, now=now)


def send_link(session: Session, person: Person, path: str, *, by: Person, now: datetime) -> None:
    """Mail the link (``path``) by which a person sets a password: a welcome where there is none yet.

    Raises NotActive.
    """
    if not person.is_active:
        raise NotActive(f"{person.name} is not active and cannot sign in: make the person active first.")
    tell = welcome.tell_forgotten if person.password_hash else welcome.tell_welcome
    tell(session, person, path, now=now)
    note_change(session, "people.send_link", f"{person.name} was sent a link to set a password", by=by, now=now)


def _check_handed_over(session: Session, person: Person) -> None:
    """Raise StillNamed while requisitions go on that name the person as recruiter; secret ones are counted alone."""
    named = recruits_for(session, person.id)
    if not named:
        return
    titles = [f"“{each.title}”" for each in named if not each.is_confidential]
    secret = len(named) - len(titles)
    which = listed([*titles, *([counted(secret, "confidential requisition")] if secret else [])])
    raise StillNamed(
        f"{person.name} is still the recruiter of {which}. Let a recruiter hand them over first: on the page of each,"
        " under Edit. To keep somebody out at once, deactivate the person.",
        "roles",
    )


def _check_email(session: Session, email: str, own_id: int) -> None:
    if session.scalar(select(Person.id).where(Person.email == email, Person.id != own_id)) is not None:
        raise EmailTaken(f"{email} is somebody else's address: change that person instead.", "email")


def _keep_address(session: Session, person: Person) -> None:
    kept = select(FormerAddress.id).where(FormerAddress.person_id == person.id, FormerAddress.email == person.email)
    if session.scalar(kept) is None:
        session.add(FormerAddress(person_id=person.id, email=person.email))


def _assign(person: Person, facts: PersonFacts) -> None:
    person.name, person.email, person.zone, person.team = facts.name, facts.email, facts.zone, facts.team
    person.daily_cap, person.weekly_cap, person.is_active = facts.daily_cap, facts.weekly_cap, facts.is_active
    person.region_id = facts.region_id
    for role in ROLES:
        setattr(person, f"is_{role}", role in facts.roles)


def _changes(person: Person, facts: PersonFacts) -> list[str]:
    """Return in words what changes; the record says what about roles, and only that it changed of the rest."""
    said = []
    for role in ROLES:
        had, has = getattr(person, f"is_{role}"), role in facts.roles
        if had != has:
            said.append(f"{role.replace('_', ' ')} {'given' if has else 'taken'}")
    if person.is_active != facts.is_active:
        said.append("active again" if facts.is_active else "deactivated")
    plain = ("name", "email", "zone", "team", "daily_cap", "weekly_cap")
    said += [f"{name.replace('_', ' ')} changed" for name in plain if getattr(person, name) != getattr(facts, name)]
    if person.region_id != facts.region_id:
        said.append("own region changed")
    return said
