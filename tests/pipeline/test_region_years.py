"""The years of a region: filled in once, kept as an admin left them, brought to a newer release by a person."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.record import RecordEntry
from tracker.models.region import ClosedDay, ClosedDaySource, Region, YearState
from tracker.pipeline import region_years, regions
from tracker.pipeline.region_years import YearKnown
from tracker.pipeline.regions import RegionFacts
from tracker.queries.calendars import calendar_of
from tracker.queries.holidays import release
from tracker.queries.region_years import differences, next_to_look_at, unknown_years
from tracker.rules.refused import Stale

NEXT_YEAR = MONDAY + timedelta(days=365)
NEW_YEAR, WOMENS_DAY, UNITY = date(2027, 1, 1), date(2027, 3, 8), date(2027, 10, 3)


def add(session: Session, world: World, country: str = "DE", part: str | None = "BE") -> Region:
    facts = RegionFacts("The office", "Europe/Berlin", frozenset({5, 6}))
    region = regions.add(session, facts, country=country, subdivision=part, by=world.admin(), now=MONDAY)
    session.commit()
    return region


def closed(region: Region) -> dict[date, str]:
    return {day.on: day.name for day in region.closed_days}


def remove(session: Session, world: World, region: Region, on: date) -> None:
    session.flush()
    day = next(day for day in region.closed_days if day.on == on)
    regions.remove_closed_day(session, region, day.id, by=world.admin(), now=MONDAY)


def older(region: Region, year: int, *, without: date, more: dict[date, str]) -> None:
    """As if the year had been filled in by an older release, which said other days."""
    row = next(row for row in region.years if row.year == year)
    said = {on: name for on, name in row.said.items() if on != without.isoformat()}
    row.said = said | {on.isoformat(): name for on, name in more.items()}
    row.release = "0.1"
    region.closed_days = [day for day in region.closed_days if day.on != without]
    region.closed_days += [ClosedDay(on=on, name=n, source=ClosedDaySource.PUBLIC_HOLIDAY) for on, n in more.items()]


def test_a_new_region_is_filled_in_and_needs_nothing(session: Session, world: World) -> None:
    region = add(session, world)
    assert {row.year: row.state for row in region.years} == dict.fromkeys(range(2025, 2030), YearState.FILLED)
    assert next_to_look_at(session, MONDAY, ()) is None
    assert unknown_years(region, MONDAY) == []
    assert calendar_of(session, region).years == frozenset(range(2025, 2030))


def test_the_worker_fills_in_the_year_that_comes_into_reach_and_no_other(session: Session, world: World) -> None:
    region = add(session, world)
    remove(session, world, region, WOMENS_DAY)
    regions.add_closed_day(session, region, date(2027, 5, 3), "Outing", by=world.admin(), now=MONDAY)
    before, token, version = closed(region), region.calendar_token, region.version
    assert next_to_look_at(session, NEXT_YEAR, ()) == region.id
    assert next_to_look_at(session, NEXT_YEAR, [region.id]) is None
    region_years.sweep(session, region.id, now=NEXT_YEAR)
    after = closed(region)
    assert {on.year for on in after.keys() - before.keys()} == {2030}
    assert before.items() <= after.items()
    assert WOMENS_DAY not in after
    assert (region.calendar_token != token, region.version > version) == (True, True)
    assert next_to_look_at(session, NEXT_YEAR, ()) is None
    text = "The public holidays of 2030 were filled in for The office"
    assert text in set(session.scalars(select(RecordEntry.text)))


def test_a_day_of_the_company_in_a_year_to_come_is_kept(session: Session, world: World) -> None:
    region = add(session, world)
    regions.add_closed_day(session, region, date(2030, 1, 1), "Our own new year", by=world.admin(), now=MONDAY)
    region_years.sweep(session, region.id, now=NEXT_YEAR)
    assert closed(region)[date(2030, 1, 1)] == "Our own new year"


def test_regions_out_of_use_are_left_alone(session: Session, world: World) -> None:
    region = add(session, world)
    region.is_active = False
    session.flush()
    assert next_to_look_at(session, NEXT_YEAR, ()) is None


def test_years_that_the_package_does_not_know_are_warned_of_until_a_person_enters_them(
    session: Session, world: World
) -> None:
    region, admin = add(session, world, "LK", None), world.admin()
    assert unknown_years(region, MONDAY) == [2027, 2028, 2029]
    assert next_to_look_at(session, MONDAY, ()) is None, "the worker does not ask the same release again and again"
    in_2027 = datetime.fromisoformat("2027-02-01T12:00:00+00:00")
    assert "2027 are not entered" in calendar_of(session, region).doubt_about(in_2027)
    older_form = region.version
    region_years.enter_year(session, region, 2027, by=admin, now=MONDAY, version=older_form)
    assert unknown_years(region, MONDAY) == [2028, 2029]
    assert calendar_of(session, region).doubt_about(in_2027) == ""
    with pytest.raises(Stale):
        region_years.enter_year(session, region, 2028, by=admin, now=MONDAY, version=older_form)
    for year in (2026, 2027, 2031):
        with pytest.raises(YearKnown):
            region_years.enter_year(session, region, year, by=admin, now=MONDAY)


def test_what_a_release_learns_of_an_unknown_year_is_filled_in_by_the_worker(session: Session, world: World) -> None:
    region = add(session, world)
    row = next(row for row in region.years if row.year == 2027)
    row.state, row.said, row.release = YearState.UNKNOWN, {}, "0.1"
    region.closed_days = [day for day in region.closed_days if day.on.year != 2027]
    session.flush()
    assert next_to_look_at(session, MONDAY, ()) == region.id
    region_years.sweep(session, region.id, now=MONDAY)
    assert row.state is YearState.FILLED
    assert NEW_YEAR in closed(region)


def test_a_release_that_says_the_same_is_noted_in_silence(session: Session, world: World) -> None:
    region = add(session, world)
    for row in region.years:
        row.release = "0.1"
    remove(session, world, region, WOMENS_DAY)
    session.flush()
    token = region.calendar_token
    assert differences(region, MONDAY) == {}
    region_years.sweep(session, region.id, now=MONDAY)
    assert {row.release for row in region.years if row.year >= 2026} == {release()}
    assert region.calendar_token == token
    assert WOMENS_DAY not in closed(region)


def test_a_release_that_says_otherwise_waits_for_a_person(session: Session, world: World) -> None:
    region, admin = add(session, world), world.admin()
    older(region, 2027, without=NEW_YEAR, more={date(2027, 6, 17): "Old unity", date(2027, 7, 1): "Old day"})
    older(region, 2025, without=date(2025, 1, 1), more={})
    remove(session, world, region, date(2027, 7, 1))
    next(day for day in region.closed_days if day.on == UNITY).name = "Renamed by us"
    session.flush()
    region_years.sweep(session, region.id, now=MONDAY)
    assert NEW_YEAR not in closed(region)
    found = [(change.on, change.old_name, change.new_name) for change in differences(region, MONDAY)[2027]]
    # Not the day that an admin removed already, nor the one that an admin renamed, nor a past year.
    assert found == [(NEW_YEAR, None, "New Year's Day"), (date(2027, 6, 17), "Old unity", None)]
    assert list(differences(region, MONDAY)) == [2027]
    taken = region_years.accept(session, region, {NEW_YEAR, date(2099, 1, 1)}, by=admin, now=MONDAY)
    assert taken == 1
    assert {NEW_YEAR, date(2027, 6, 17)} <= closed(region).keys()
    assert NEW_YEAR in calendar_of(session, region).closed
    assert differences(region, MONDAY) == {}, "what was not taken over is settled too"
    session.flush()
    assert next_to_look_at(session, MONDAY, ()) is None
    texts = session.scalars(select(RecordEntry.text))
    assert any("Fri 1 Jan 2027 (New Year's Day) was added" in text for text in texts)


def test_days_are_removed_and_renamed_when_a_person_accepts_it(session: Session, world: World) -> None:
    region, admin = add(session, world), world.admin()
    row = next(row for row in region.years if row.year == 2027)
    older(region, 2027, without=date(2027, 12, 31), more={date(2027, 6, 17): "Old unity"})
    row.said = row.said | {UNITY.isoformat(): "Old name"}
    next(day for day in region.closed_days if day.on == UNITY).name = "Old name"
    session.flush()
    older_form = region.version
    chosen = {change.on for change in differences(region, MONDAY)[2027]}
    assert chosen == {date(2027, 6, 17), UNITY}
    region_years.accept(session, region, chosen, by=admin, now=MONDAY, version=older_form)
    assert date(2027, 6, 17) not in closed(region)
    assert closed(region)[UNITY] != "Old name"
    with pytest.raises(Stale):
        region_years.accept(session, region, chosen, by=admin, now=MONDAY, version=older_form)


def test_a_year_entered_by_hand_is_compared_when_the_package_learns_of_it(session: Session, world: World) -> None:
    region = add(session, world)
    row = next(row for row in region.years if row.year == 2027)
    row.state, row.said, row.release = YearState.ENTERED, {}, "0.1"
    region.closed_days = [day for day in region.closed_days if day.on.year != 2027 or day.on == NEW_YEAR]
    session.flush()
    found = {change.on for change in differences(region, MONDAY)[2027]}
    assert WOMENS_DAY in found
    assert NEW_YEAR not in found
