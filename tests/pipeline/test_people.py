"""People: added, changed, qualified; somebody is always left who can set up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.busy_feed import BusyFeed, BusySpan
from tracker.models.calendar_feed import CalendarFeed
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind, Person
from tracker.models.requisition import Requisition, RequisitionState
from tracker.pipeline import busy_feeds, calendar_feeds, organisation, people
from tracker.pipeline.people import NotActive, PersonFacts, StillNamed
from tracker.pipeline.staffing import EmailTaken, LastAdmin
from tracker.queries.visibility import ON_REQUISITION, Right, may, viewer_of
from tracker.rules.permissions import Viewer
from tracker.rules.refused import Stale
from tracker.rules.stages import ApplicationState, Disposition
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


def test_a_recruiter_hands_requisitions_over_before_the_role_goes(session: Session, world: World) -> None:
    admin, person = world.admin(), world.recruiter("Rosa Recruiter")
    opened = world.requisition("Backend Engineer", recruiter=person)
    secret = world.requisition("Secret", recruiter=person, is_confidential=True)
    over = world.requisition("Over", recruiter=person, state=RequisitionState.CLOSED, closed_at=MONDAY)
    going_on = world.application(over)
    without = replace(facts_of(person), roles=frozenset({"bar_raiser"}))

    with pytest.raises(StillNamed, match="of “Backend Engineer”, “Over” and 1 confidential requisition") as refusal:
        people.edit(session, person, without, by=admin, now=MONDAY)
    assert "Secret" not in refusal.value.message
    as_lead = replace(without, roles=frozenset({"recruiting_lead"}))
    people.edit(session, person, as_lead, by=admin, now=MONDAY)
    opened.recruiter = secret.recruiter = world.recruiter("Other")
    going_on.state, going_on.disposition = ApplicationState.WITHDRAWN, Disposition.OTHER
    people.edit(session, person, without, by=admin, now=MONDAY)

    viewer = viewer_of(session, person)
    assert not may(session, viewer, going_on.id, Right.READ), "the requisition that is over names the person still"
    assert not visibility_of(session, viewer, over.id)


def visibility_of(session: Session, viewer: Viewer, requisition_id: int) -> list[Right]:
    """Return the rights that somebody has over a requisition."""
    conditions = ON_REQUISITION.items()
    return [
        right
        for right, condition in conditions
        if session.scalar(select(Requisition.id).where(Requisition.id == requisition_id, condition(viewer)))
    ]


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


def with_calendars(session: Session, person: Person) -> BusyFeed:
    """Somebody with a calendar that was read, and an address of the own one."""
    feed = busy_feeds.add(session, person, "https://calendar.example/a.ics", now=MONDAY)
    feed.worked_out_at, feed.next_at = MONDAY, MONDAY + timedelta(hours=1)
    session.flush()
    taken = {"starts_at": MONDAY, "ends_at": MONDAY + timedelta(hours=1), "is_tentative": False}
    session.add(BusySpan(feed_id=feed.id, person_id=person.id, **taken))
    calendar_feeds.make(session, person, now=MONDAY)
    session.commit()
    return feed


def test_who_leaves_leaves_no_calendar_behind(session: Session, world: World) -> None:
    admin, person, other = world.admin(), world.person(), world.person()
    with_calendars(session, person)
    stays = with_calendars(session, other)
    people.edit(session, person, replace(facts_of(person), is_active=False), by=admin, now=MONDAY)
    session.commit()
    assert session.scalars(select(BusyFeed.id)).all() == [stays.id]
    assert session.scalars(select(BusySpan.person_id)).all() == [other.id]
    assert session.scalars(select(CalendarFeed.person_id)).all() == [other.id]


def test_another_zone_or_address_has_calendars_worked_out_anew(session: Session, world: World) -> None:
    person = world.person()

    def is_anew() -> bool:
        session.commit()
        session.refresh(feed)
        return (feed.worked_out_at, feed.next_at) == (None, MONDAY)

    feed = with_calendars(session, person)
    people.edit_own(session, person, name="Another Name", zone=person.zone, region_id=None, now=MONDAY)
    assert not is_anew()
    people.edit_own(session, person, name="Another Name", zone="Asia/Tokyo", region_id=None, now=MONDAY)
    assert is_anew()
    feed.worked_out_at = MONDAY
    facts = replace(facts_of(person), email="another@tracker.example")
    people.edit(session, person, facts, by=world.admin(), now=MONDAY)
    assert is_anew()
