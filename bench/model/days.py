"""The oracle's days: calendars that are walked over day by day, and people with theirs."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


@dataclass
class Days:
    """A calendar: its zone, its weekend, its closed days."""

    zone: str
    weekend: set[int]
    closed: set[date] = field(default_factory=set)

    def works(self, on: date) -> bool:
        return on.weekday() not in self.weekend and on not in self.closed

    def on(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def count(self, after: date, to: date) -> int:
        """Business days after one date up to and with another."""
        return sum(self.works(after + DAY * n) for n in range(1, (to - after).days + 1))

    def walk(self, on: date, count: int, step: int = 1) -> date:
        while count:
            on += DAY * step
            count -= self.works(on)
        return on

    def or_next(self, on: date) -> date:
        while not self.works(on):
            on += DAY
        return on

    def or_last(self, on: date) -> date:
        while not self.works(on):
            on -= DAY
        return on

    def due(self, start: datetime, count: int) -> datetime:
        """The end of so many business days after the date of a moment."""
        on = self.or_next(self.walk(self.on(start), count))
        at = wall(on, time(23, 59, 59), self.zone)
        return at if at > start else wall(self.walk(on, 1), time(23, 59, 59), self.zone)


def wall(on: date, at: time, zone: str) -> datetime:
    """The moment (UTC) at which the clocks of a zone show this."""
    return datetime.combine(on, at, ZoneInfo(zone)).astimezone(UTC)


@dataclass
class Somebody:
    """A receiver. ``own`` is the own calendar, None where that of each requisition counts; ``away`` by number."""

    id: int
    zone: str
    own: Days | None
    away: dict[int, tuple[date, date]] = field(default_factory=dict)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def is_away(self, on: date) -> bool:
        return any(first <= on <= last for first, last in self.away.values())
