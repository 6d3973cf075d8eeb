"""The years of a region: filled in by the worker, entered by hand, brought to a newer release of the holidays package.

A year that is there is never filled in again: what an admin added or removed stays, and what a release says otherwise
waits until a person accepts it.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.models.person import Person
from tracker.models.region import ClosedDay, ClosedDaySource, Region, RegionYear, YearState
from tracker.pipeline import nudges
from tracker.pipeline.record import note_change
from tracker.pipeline.versions import expect
from tracker.queries.holidays import public_holidays_in, release
from tracker.queries.region_years import Difference, differences, horizon, unknown_years
from tracker.rules.refused import Refused
from tracker.rules.words import listed
from tracker.rules.zones import day_words


class YearKnown(Refused):
    """The year needs nobody to enter it."""


def fill(region: Region, *, now: datetime) -> list[int]:
    """Fill in the years from last year to three years ahead that are not known yet; return those that are now.

    Raises LookupError where the package knows no such country or subdivision.
    """
    rows = {row.year: row for row in region.years}
    missing = [year for year in horizon(now) if year not in rows or rows[year].state is YearState.UNKNOWN]
    return [year for year in missing if _fill_year(region, year)]


def sweep(session: Session, region_id: int, *, now: datetime) -> None:
    """Fill in what is missing of a region, and note a release of the package that says the same as the one before."""
    # Two workers take turns: the second finds the years there.
    region = session.scalars(select(Region).where(Region.id == region_id).with_for_update()).one()
    filled = fill(region, now=now)
    differing = differences(region, now)
    for row in region.years:
        if row.year >= now.year and row.year not in differing:
            row.release = release()
    if filled:
        changed(session, region, now=now)
        text = f"The public holidays of {listed([str(year) for year in filled])} were filled in for {region.name}"
        note_change(session, "regions.fill", text, by=None, now=now)


def enter_year(
    session: Session, region: Region, year: int, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Say that the holidays of a year that the package does not know are entered. Raises Stale, YearKnown."""
    expect(region, version)
    if year not in unknown_years(region, now):
        raise YearKnown("This year is known already, or none that is asked for: reload the page.")
    row = _row(region, year)
    row.state, row.said, row.release = YearState.ENTERED, {}, release()
    changed(session, region, now=now)
    text = f"The public holidays of {year} were entered by hand for {region.name}"
    note_change(session, "regions.enter_year", text, by=by, now=now)


def accept(
    session: Session,
    region: Region,
    chosen: Collection[date],
    *,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> int:
    """Take over the chosen days of what a newer release says otherwise; the others stay as they are, and are settled.

    Returns how many were taken over. Raises Stale.
    """
    expect(region, version)
    found = differences(region, now)
    taken = [change for changes in found.values() for change in changes if change.on in chosen]
    for change in taken:
        _apply(region, change)
    for row in region.years:
        if row.year in found:
            _note_said(row, public_holidays_in(region.country, region.subdivision, row.year) or {})
    changed(session, region, now=now)
    what = listed([_words(change) for change in taken]) or "none of its changes was taken over"
    text = f"The holidays of {region.name} were compared with release {release()} of the package: {what}"
    note_change(session, "regions.accept", text, by=by, now=now)
    return len(taken)


def changed(session: Session, region: Region, *, now: datetime) -> None:
    """Have calendars in memory read anew, and older forms told: days and years are rows beside the region.

    Due moments move when a person accepts it; reminders keep off holidays at once.
    """
    region.calendar_changed()
    flag_modified(region, "name")
    session.flush()
    nudges.plan_region(session, region, now=now)


def _fill_year(region: Region, year: int) -> bool:
    says = public_holidays_in(region.country, region.subdivision, year)
    row = _row(region, year)
    row.state = YearState.UNKNOWN if says is None else YearState.FILLED
    _note_said(row, says or {})
    closed = {day.on for day in region.closed_days}
    for on, name in (says or {}).items():
        if on not in closed:
            region.closed_days.append(ClosedDay(on=on, name=name, source=ClosedDaySource.PUBLIC_HOLIDAY))
    return says is not None


def _row(region: Region, year: int) -> RegionYear:
    row = next((row for row in region.years if row.year == year), None)
    if row is None:
        row = RegionYear(year=year, said={}, release=release())
        region.years.append(row)
    return row


def _note_said(row: RegionYear, says: Mapping[date, str]) -> None:
    row.said = {on.isoformat(): name for on, name in says.items()}
    row.release = release()


def _apply(region: Region, change: Difference) -> None:
    day = next((day for day in region.closed_days if day.on == change.on), None)
    if change.new_name is None:
        if day is not None:
            region.closed_days.remove(day)
    elif day is None:
        region.closed_days.append(ClosedDay(on=change.on, name=change.new_name, source=ClosedDaySource.PUBLIC_HOLIDAY))
    else:
        day.name = change.new_name


def _words(change: Difference) -> str:
    if change.old_name is None:
        return f"{day_words(change.on)} ({change.new_name}) was added"
    if change.new_name is None:
        return f"{day_words(change.on)} ({change.old_name}) was removed"
    return f"{day_words(change.on)} is called {change.new_name}"
