"""Regions: where business days are counted, pre-filled with public holidays and kept by an admin."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.models.person import Person
from tracker.models.region import ClosedDay, ClosedDaySource, Region
from tracker.pipeline import region_years
from tracker.pipeline.names import check_name_free
from tracker.pipeline.record import note_change
from tracker.pipeline.versions import expect
from tracker.rules.refused import Refused
from tracker.rules.words import counted
from tracker.rules.zones import day_words, zone_named

WEEK = frozenset(range(7))
FIRST_YEAR, LAST_YEAR = 1990, 2100


class UnknownPlace(Refused):
    """No holidays are known of this country or subdivision."""


class NoBusinessDay(Refused):
    """A week that is all weekend has no business days to count."""


class DayTaken(Refused):
    """The day is closed already."""


class DayOutOfReach(Refused):
    """The day is so far off that it must be a slip."""


class DayGone(Refused):
    """Somebody removed the day before."""


@dataclass(frozen=True)
class RegionFacts:
    """What a form says about a region; ``weekend`` holds weekday numbers (Monday is 0)."""

    name: str
    zone: str
    weekend: frozenset[int]
    is_active: bool = True


def add(
    session: Session, facts: RegionFacts, *, country: str, subdivision: str | None, by: Person, now: datetime
) -> Region:
    """Add a region, with the public holidays from last year to three years ahead.

    Raises NameTaken, UnknownZone, NoBusinessDay, UnknownPlace.
    """
    _check(session, facts, None)
    region = Region(country=country, subdivision=subdivision)
    _assign(region, facts)
    session.add(region)
    try:
        region_years.fill(region, now=now)
    except LookupError as error:
        raise UnknownPlace("No public holidays are known of this place: choose another one.", "subdivision") from error
    session.flush()
    text = f"The region {region.name} was added with {counted(len(region.closed_days), 'public holiday')}"
    note_change(session, "regions.add", text, by=by, now=now)
    return region


def edit(
    session: Session, region: Region, facts: RegionFacts, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Change a region. Raises Stale, NameTaken, UnknownZone, NoBusinessDay."""
    expect(region, version)
    _check(session, facts, region.id)
    _assign(region, facts)
    region_years.changed(session, region, now=now)
    note_change(session, "regions.edit", f"The region {region.name} was changed", by=by, now=now)


def add_closed_day(
    session: Session, region: Region, on: date, name: str, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Close the company on one day. Raises Stale, DayTaken, DayOutOfReach."""
    expect(region, version)
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise DayOutOfReach(f"Choose a day between {FIRST_YEAR} and {LAST_YEAR}.", "on")
    there = next((day for day in region.closed_days if day.on == on), None)
    if there is not None:
        raise DayTaken(f"{day_words(on)} is closed already: {there.name}.", "on")
    region.closed_days.append(ClosedDay(on=on, name=name, source=ClosedDaySource.COMPANY))
    region_years.changed(session, region, now=now)
    text = f"{day_words(on)} ({name}) is a closing day of {region.name}"
    note_change(session, "regions.close_day", text, by=by, now=now)


def remove_closed_day(
    session: Session, region: Region, day_id: int, *, by: Person, now: datetime, version: int | None = None
) -> ClosedDay:
    """Do business on a day again; return the day that was removed. Raises Stale, DayGone."""
    expect(region, version)
    day = next((day for day in region.closed_days if day.id == day_id), None)
    if day is None:
        raise DayGone("This day is not closed any more: reload the page.")
    region.closed_days.remove(day)
    region_years.changed(session, region, now=now)
    text = f"{day_words(day.on)} ({day.name}) is no closing day of {region.name} any more"
    note_change(session, "regions.open_day", text, by=by, now=now)
    return day


def _check(session: Session, facts: RegionFacts, own_id: int | None) -> None:
    check_name_free(session, Region.name, Region.id, facts.name, own_id)
    zone_named(facts.zone)
    if not facts.weekend <= WEEK:
        raise Refused("A week has seven days: choose among them.", "weekend")
    if facts.weekend == WEEK:
        raise NoBusinessDay("Leave at least one day of the week for work.", "weekend")


def _assign(region: Region, facts: RegionFacts) -> None:
    region.name, region.zone, region.is_active = facts.name, facts.zone, facts.is_active
    region.weekend = "".join(str(weekday) for weekday in sorted(facts.weekend))
