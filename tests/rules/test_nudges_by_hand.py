"""Reminding by hand: of what, how often, and what is said of somebody who is not at work."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.rules.deadlines import Calendar, DeadlineState, standing
from tracker.rules.ladders import Role
from tracker.rules.mornings import Absence, Receiver
from tracker.rules.nudges_by_hand import APART, NotToBeReminded, check_by_hand, not_at_work, step_key

BERLIN = Calendar("Europe/Berlin", frozenset({date(2026, 11, 4)}))
# A Monday, 10:00 in Berlin.
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
IAN = Receiver((Role.INTERVIEWER,), "Europe/Berlin", BERLIN, (Absence(1, date(2026, 11, 5), date(2026, 11, 6)),))


def check(
    due_in: timedelta = -DAY,
    state: DeadlineState = DeadlineState.OPEN,
    receiver: Receiver | None = IAN,
    last_at: datetime | None = None,
) -> Receiver:
    stands = standing(state, NOW + due_in, NOW, BERLIN, kept=0)
    return check_by_hand(stands, "Ian", receiver, last_at=last_at, now=NOW, zone="Europe/Berlin")


@pytest.mark.parametrize("due_in", [-30 * DAY, -HOUR, HOUR, 13 * HOUR])
def test_of_what_is_overdue_or_due_today(due_in: timedelta) -> None:
    assert check(due_in) is IAN


@pytest.mark.parametrize(
    ("due_in", "state"),
    [
        (DAY, DeadlineState.OPEN),
        (-DAY, DeadlineState.PAUSED),
        (-DAY, DeadlineState.CANCELLED),
        (-DAY, DeadlineState.MET),
    ],
)
def test_not_of_what_is_due_later_or_over(due_in: timedelta, state: DeadlineState) -> None:
    with pytest.raises(NotToBeReminded, match="due today or overdue"):
        check(due_in, state)


def test_not_who_left() -> None:
    with pytest.raises(NotToBeReminded, match="Ian is not to be told"):
        check(receiver=None)


def test_not_again_within_hours_and_it_says_from_when_on() -> None:
    with pytest.raises(NotToBeReminded, match=r"on Mon 2 Nov 2026, 07:00 \(.*from Mon 2 Nov 2026, 11:00 \("):
        check(last_at=NOW - APART + HOUR)
    assert check(last_at=NOW - APART) is IAN


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW, ""),
        (NOW + 2 * DAY, "Wed 4 Nov 2026 is a holiday where Ian works."),
        (NOW + 3 * DAY, "Ian is away until Fri 6 Nov 2026."),
        (NOW + 5 * DAY, "It is Sat 7 Nov 2026, 10:00 (Europe/Berlin) where Ian works, outside of business hours."),
        (NOW + 9 * HOUR, "It is Mon 2 Nov 2026, 19:00 (Europe/Berlin) where Ian works, outside of business hours."),
    ],
)
def test_who_is_not_at_work(at: datetime, said: str) -> None:
    assert not_at_work(IAN, "Ian", at) == said


def test_each_has_a_key_of_its_own() -> None:
    assert step_key(NOW) != step_key(NOW + APART)
