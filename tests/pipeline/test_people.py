"""People: added, changed, qualified; somebody is always left who can set up."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind, Person
from tracker.pipeline import organisation, people
from tracker.pipeline.people import NotActive, PersonFacts
from tracker.pipeline.staffing import EmailTaken, LastAdmin
from tracker.rules.refused import Stale
from tracker.rules.zones import UnknownZone

FACTS = PersonFacts("Nora New", "nora@tracker.example", "Europe/Berlin", "Detection", frozenset({"bar_raiser"}), 1, 3)


def facts_of(person: Person) -> PersonFacts:
    roles = frozenset(role for role in ("admin", "recruiter") if getattr(person, f"is_{role}"))
    return PersonFacts(person.name, person.email, person.zone, person.team, roles, 2, 5, person.is_active)


def test_somebody_is_added_with_everything(session: Session, world: World) -> None:
    person = people.add(session, FACTS, by=world.admin(), now=MONDAY)
    assert (person.team, person.daily_cap, person.weekly_cap) == ("Detection", 1, 3)
    assert (person.is_bar_raiser, person.is_admin, person.password_hash) == (True, False, None)
    with pytest.raises(EmailTaken):
        people.add(session, FACTS, by=world.admin(), now=MONDAY)
    with pytest.raises(UnknownZone):
        people.add(session, replace(FACTS, zone="Mars/North"), by=world.admin(), now=MONDAY)


def test_changing_and_deactivating_somebody(session: Session, world: World) -> None:
    admin, person = world.admin(), world.recruiter()
    older, epoch = person.version, person.session_epoch
    people.edit(session, person, replace(facts_of(person), team="Red"), by=admin, now=MONDAY, version=older)
    assert (person.team, person.session_epoch) == ("Red", epoch)
    with pytest.raises(Stale):
        people.edit(session, person, facts_of(person), by=admin, now=MONDAY, version=older)
    with pytest.raises(EmailTaken):
        people.edit(session, person, replace(facts_of(person), email=admin.email), by=admin, now=MONDAY)
    people.edit(session, person, replace(facts_of(person), is_active=False), by=admin, now=MONDAY)
    assert (person.is_active, person.session_epoch) == (False, epoch + 1)


@pytest.mark.parametrize("changes", [{"is_active": False}, {"roles": frozenset({"recruiter"})}])
def test_the_last_admin_stays(session: Session, world: World, changes: dict[str, object]) -> None:
    admin = world.admin()
    world.admin("Gone Admin", is_active=False)
    facts = replace(facts_of(admin), **changes)  # type: ignore[arg-type]
    with pytest.raises(LastAdmin):
        people.edit(session, admin, facts, by=admin, now=MONDAY)
    world.admin("Second Admin")
    people.edit(session, admin, facts, by=admin, now=MONDAY)


def test_qualifications_are_set_and_retired_ones_stay(session: Session, world: World) -> None:
    admin, person = world.admin(), world.person()
    first, second, retired = (world.competency(name) for name in ("One", "Two", "Old"))
    pairs = {(first.id, InterviewKind.LOOP), (retired.id, InterviewKind.LOOP)}
    people.set_qualifications(session, person, pairs, by=admin, now=MONDAY)
    retired.is_active = False
    session.flush()
    older = person.version
    wanted = {(second.id, InterviewKind.PHONE_SCREEN), (999, InterviewKind.LOOP)}
    people.set_qualifications(session, person, wanted, by=admin, now=MONDAY, version=older)
    session.refresh(person)
    held = {(row.competency_id, row.kind) for row in person.interviewer_qualifications}
    assert held == {(retired.id, InterviewKind.LOOP), (second.id, InterviewKind.PHONE_SCREEN)}
    with pytest.raises(Stale):
        people.set_qualifications(session, person, set(), by=admin, now=MONDAY, version=older)


@pytest.mark.usefixtures("in_app")
def test_the_link_is_a_welcome_first_and_a_new_password_later(session: Session, world: World) -> None:
    admin, person = world.admin(), world.person()
    people.send_link(session, person, "/set-password/x", by=admin, now=MONDAY)
    person.password_hash = "set"
    people.send_link(session, person, "/set-password/y", by=admin, now=MONDAY)
    session.flush()
    assert session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)).all() == ["welcome", "forgotten"]
    person.is_active = False
    with pytest.raises(NotActive):
        people.send_link(session, person, "/set-password/z", by=admin, now=MONDAY)


def test_the_organisation_is_saved_and_older_forms_are_told(session: Session, world: World) -> None:
    admin, row = world.admin(), world.organisation()
    older = organisation.version_of(row)
    organisation.save(session, name="🦊 Works", careers_text="Hello", by=admin, now=MONDAY, version=older)
    assert row.name == "🦊 Works"
    with pytest.raises(Stale):
        organisation.save(session, name="x", careers_text="", by=admin, now=MONDAY, version=older)
