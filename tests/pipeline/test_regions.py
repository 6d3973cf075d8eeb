"""Regions and their closed days."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.region import ClosedDaySource
from tracker.pipeline import regions
from tracker.pipeline.names import NameTaken
from tracker.pipeline.regions import (
    DayGone,
    DayOutOfReach,
    DayTaken,
    NoBusinessDay,
    RegionFacts,
    UnknownPlace,
)
from tracker.queries import calendars
from tracker.queries.calendars import calendar_of, calendars_of
from tracker.rules.refused import Stale
from tracker.rules.zones import UnknownZone

BERLIN = RegionFacts("Berlin office", "Europe/Berlin", frozenset({5, 6}))
WOMENS_DAY = date(2026, 3, 8)


def test_a_new_region_knows_the_public_holidays_of_five_years(session: Session, world: World) -> None:
    region = regions.add(session, BERLIN, country="DE", subdivision="BE", by=world.admin(), now=MONDAY)
    assert {day.on.year for day in region.closed_days} == {2025, 2026, 2027, 2028, 2029}
    assert WOMENS_DAY in {day.on for day in region.closed_days}
    assert {day.source for day in region.closed_days} == {ClosedDaySource.PUBLIC_HOLIDAY}


@pytest.mark.parametrize(
    ("facts", "country", "subdivision", "error"),
    [
        (BERLIN, "DE", "NOWHERE", UnknownPlace),
        (BERLIN, "QQ", None, UnknownPlace),
        (RegionFacts("X", "Europe/Nowhere", frozenset()), "DE", None, UnknownZone),
        (RegionFacts("X", "Europe/Berlin", frozenset(range(7))), "DE", None, NoBusinessDay),
        (RegionFacts("BERLIN", "Europe/Berlin", frozenset()), "DE", None, NameTaken),
    ],
)
def test_what_no_deadline_could_be_counted_in_is_refused(
    session: Session, world: World, facts: RegionFacts, country: str, subdivision: str | None, error: type[Exception]
) -> None:
    world.region("Berlin")
    with pytest.raises(error):
        regions.add(session, facts, country=country, subdivision=subdivision, by=world.admin(), now=MONDAY)


def test_calendars_in_memory_follow_every_change(session: Session, world: World) -> None:
    region, admin = world.region(), world.admin()
    on = date(2026, 12, 24)
    assert on not in calendar_of(session, region).closed
    regions.add_closed_day(session, region, on, "Company holiday", by=admin, now=MONDAY)
    assert on in calendar_of(session, region).closed
    regions.remove_closed_day(session, region, region.closed_days[0].id, by=admin, now=MONDAY)
    assert on not in calendar_of(session, region).closed
    regions.edit(session, region, RegionFacts("Berlin", "Asia/Dubai", frozenset({4, 5})), by=admin, now=MONDAY)
    assert calendar_of(session, region).weekend == {4, 5}
    assert calendar_of(session, region).zone == "Asia/Dubai"


def test_several_calendars_are_read_where_memory_holds_but_one(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendars, "KEPT", 1)
    berlin, dubai = world.region("Berlin"), world.region("Dubai", zone="Asia/Dubai")
    found = calendars_of(session, {row.id: row.calendar_token for row in (berlin, dubai)})
    assert {number: each.zone for number, each in found.items()} == {berlin.id: "Europe/Berlin", dubai.id: "Asia/Dubai"}


def test_a_calendar_that_changed_since_its_token_was_read_is_read_anew(session: Session, world: World) -> None:
    region = world.region()
    assert calendars_of(session, {region.id: "the token before"})[region.id] == calendar_of(session, region)


def test_days_that_cannot_be_are_refused(session: Session, world: World) -> None:
    region, admin = world.region(closed=(WOMENS_DAY,)), world.admin()
    with pytest.raises(DayTaken, match="closed already: Closed"):
        regions.add_closed_day(session, region, WOMENS_DAY, "Again", by=admin, now=MONDAY)
    with pytest.raises(DayOutOfReach):
        regions.add_closed_day(session, region, date(202, 6, 1), "A slip", by=admin, now=MONDAY)
    with pytest.raises(DayGone):
        regions.remove_closed_day(session, region, 999, by=admin, now=MONDAY)


def test_every_change_makes_older_forms_stale(session: Session, world: World) -> None:
    region, admin = world.region(), world.admin()
    older = region.version
    regions.add_closed_day(session, region, WOMENS_DAY, "Women's Day", by=admin, now=MONDAY, version=older)
    with pytest.raises(Stale):
        regions.add_closed_day(session, region, date(2026, 3, 9), "x", by=admin, now=MONDAY, version=older)
    with pytest.raises(Stale):
        regions.edit(session, region, BERLIN, by=admin, now=MONDAY, version=older)
