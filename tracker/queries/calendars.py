"""The calendar of a region, kept in memory by its token: pages ask for it often, and it changes seldom."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.region import ClosedDay, Region, RegionYear, YearState
from tracker.rules.deadlines import Calendar, business_calendar

KEPT = 500

_calendars: dict[str, Calendar] = {}


def calendar_of(session: Session, region: Region) -> Calendar:
    """Return the business calendar of a region: its zone, weekend and closed days (the process, section 4)."""
    calendar = _calendars.get(region.calendar_token)
    if calendar is None:
        calendar = _read(session, region)
        if len(_calendars) >= KEPT:
            _calendars.clear()
        # A flushed change that is not committed yet has a token nobody else can have seen: keeping it is safe.
        _calendars[region.calendar_token] = calendar
    return calendar


def calendars_of(session: Session, tokens: Mapping[int, str]) -> dict[int, Calendar]:
    """Return the calendars of several regions, by region id; ``tokens`` holds their calendar tokens.

    Only those that are not in memory are read: a list of a hundred applications then asks nothing.
    """
    kept = {number: _calendars.get(token) for number, token in tokens.items()}
    found = {number: calendar for number, calendar in kept.items() if calendar is not None}
    missing = tokens.keys() - found.keys()
    if missing:
        for region in session.scalars(select(Region).where(Region.id.in_(missing))):
            found[region.id] = calendar_of(session, region)
    return found


def _read(session: Session, region: Region) -> Calendar:
    days = session.scalars(select(ClosedDay.on).where(ClosedDay.region_id == region.id))
    known = (RegionYear.region_id == region.id, RegionYear.state != YearState.UNKNOWN)
    years = session.scalars(select(RegionYear.year).where(*known))
    return business_calendar(region.zone, days, frozenset(int(weekday) for weekday in region.weekend), years)
