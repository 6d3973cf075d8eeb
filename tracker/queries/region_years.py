"""Which years of a region are known, and where the holidays package says otherwise than when they were filled in."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.models.region import ClosedDay, ClosedDaySource, Region, RegionYear, YearState
from tracker.queries.holidays import public_holidays_in, release

# Deadlines reach some months ahead: the worker keeps these years filled in.
YEARS_BACK, YEARS_AHEAD = 1, 3


@dataclass(frozen=True)
class Difference:
    """One day of which the package says something else now.

    ``old_name`` None: it was no public holiday before; ``new_name`` None: it is none any more.
    """

    on: date
    old_name: str | None
    new_name: str | None


def horizon(now: datetime) -> range:
    """Return the years that are to be known: last year to three years ahead."""
    return range(now.year - YEARS_BACK, now.year + YEARS_AHEAD + 1)


def unknown_years(region: Region, now: datetime) -> list[int]:
    """Return the years from this one on that are to be known and are not; ``region`` was read with its years."""
    known = {row.year for row in region.years if row.state is not YearState.UNKNOWN}
    return [year for year in horizon(now) if year >= now.year and year not in known]


def differences(region: Region, now: datetime) -> dict[int, list[Difference]]:
    """Return what a newer release of the package says otherwise, by year, from this year on: past years stay.

    What the package said before is compared with what it says now, so that nothing an admin added or removed is a
    difference; and what the region has already is none either. Raises LookupError where the package knows the place
    no more.
    """
    found = {}
    for row in region.years:
        if row.year >= now.year and row.release != release() and row.state is not YearState.UNKNOWN:
            found[row.year] = list(_differences(row, region))
    return {year: changes for year, changes in found.items() if changes}


def _differences(row: RegionYear, region: Region) -> Iterator[Difference]:
    says = public_holidays_in(region.country, region.subdivision, row.year)
    if says is None:
        return
    said = {date.fromisoformat(on): str(name) for on, name in row.said.items()}
    closed = {day.on: day for day in region.closed_days}
    for on in sorted(said.keys() | says.keys()):
        change = Difference(on, said.get(on), says.get(on))
        if _matters(change, closed.get(on)):
            yield change


def _matters(change: Difference, day: ClosedDay | None) -> bool:
    if change.old_name is None:
        return day is None
    # An admin who removed the day, or made it one of the company's, decided otherwise.
    is_kept = day is not None and day.source is ClosedDaySource.PUBLIC_HOLIDAY
    return is_kept and change.new_name not in (change.old_name, day.name if day else None)


def next_to_look_at(session: Session, now: datetime, without: Collection[int]) -> int | None:
    """Return a region in use with years to be filled in or compared with the package, None where there is none.

    Only years and releases are looked at, so that the worker does not load the package for nothing.
    """
    years = horizon(now)
    there = select(func.count()).where(RegionYear.region_id == Region.id, RegionYear.year.in_(years))
    is_short = there.correlate(Region).scalar_subquery() < len(years)
    query = select(Region.id).where(Region.is_active, or_(is_short, _has_older_release(now)))
    if without:
        query = query.where(Region.id.not_in(without))
    return session.scalar(query.order_by(Region.id).limit(1))


def _has_older_release(now: datetime) -> ColumnElement[bool]:
    return exists().where(
        RegionYear.region_id == Region.id, RegionYear.year >= now.year, RegionYear.release != release()
    )
