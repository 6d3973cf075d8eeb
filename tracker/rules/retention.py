"""How long candidates' data is kept after their last application was closed, and why somebody is erased."""

import calendar
from datetime import datetime, timedelta

from tracker.rules.words import Labelled

# Nobody goes sooner than this after retention was set: who set it by mistake, or the recruiters, can still speak up.
ANNOUNCED = timedelta(days=7)
# How far ahead pages show who is due.
AHEAD = timedelta(days=30)
MOST_MONTHS = 240


class ErasureKind(Labelled):
    """Why a candidate was erased. Never more than this: words of somebody's own could name the person again."""

    REQUEST = "request"
    ERROR = "error"
    OTHER = "other"
    RETENTION = "retention"
    RESTORED = "restored"

    @property
    def label(self) -> str:
        """The reason in words."""
        return _LABELS[self.value]


_LABELS = {
    "request": "The candidate asked for it",
    "error": "Entered by mistake",
    "other": "Another reason",
    "retention": "The time for which data is kept was over",
    "restored": "Erased before, and came back with a backup",
}
# What a person may choose from.
BY_HAND = (ErasureKind.REQUEST, ErasureKind.ERROR, ErasureKind.OTHER)


def asks_first(before: int | None, after: int | None) -> bool:
    """Whether a change of the months makes data go that would have stayed, or go sooner; None is never."""
    return after is not None and (before is None or after < before)


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day and hour so many months earlier; where there is no such day, the last of that month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def due_at(kept_since: datetime, months: int, set_at: datetime) -> datetime:
    """Return when somebody is due: the first moment of which ``kept_since`` lies so many months before, but not sooner
    than ANNOUNCED after retention was set."""
    year, month = divmod(kept_since.year * 12 + kept_since.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if kept_since.day <= last:
        over = kept_since.replace(year=year, month=month + 1)
    else:
        # The day after the last one, at its beginning: from then on the same day lies in the month after.
        over = kept_since.replace(year=year, month=month + 1, day=last, hour=0, minute=0, second=0, microsecond=0)
        over += timedelta(days=1)
    return max(over, set_at + ANNOUNCED)


def latest_due(now: datetime, months: int, set_at: datetime) -> datetime | None:
    """Return the moment up to which those kept since are due now; None while nobody is, for it was set just now."""
    return months_before(now, months) if now >= set_at + ANNOUNCED else None
