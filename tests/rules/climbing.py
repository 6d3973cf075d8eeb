"""How the tests of nudges climb a ladder: the steps of a receiver in their order, as the tick would meet them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tracker.rules.deadlines import Calendar
from tracker.rules.ladders import DEFAULT_LADDERS, Ladder
from tracker.rules.mornings import Case, Receiver
from tracker.rules.nudges import next_nudge

BERLIN = "Europe/Berlin"


# A loop held on Friday 27 March 2026: Good Friday and Easter Monday lie in its weeks, and summer time begins.
EASTER = Calendar(BERLIN, frozenset({date(2026, 4, 3), date(2026, 4, 6)}))


LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def at(text, zone=BERLIN):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def climbed(kind, role, due_at, count, *, ends_at=None, zone=BERLIN, calendar=EASTER, own=None, after=LONG_AGO):
    """The first ``count`` steps as the tick would meet them, shown on the receiver's wall."""
    roles = role if isinstance(role, tuple) else (role,)
    ladder = kind if isinstance(kind, Ladder) else DEFAULT_LADDERS[kind]
    case = Case(ladder, due_at, ends_at, calendar, {1: Receiver(roles, zone, own or calendar)})
    found = []
    while len(found) < count:
        planned = next_nudge(case, 1, after=after, done={key for key, _ in found})
        if planned is None:
            break
        assert planned.at > after
        after = planned.at
        found.append((planned.step_key, f"{after.astimezone(ZoneInfo(zone)):%a %d %b %H:%M:%S}"))
    return found


# An interview of Thursday 2 April, 15:00 to 16:00; its scorecard is due on Tuesday 7 April.
SCORECARD = {"due_at": at("2026-04-07T23:59:59"), "ends_at": at("2026-04-02T16:00")}
