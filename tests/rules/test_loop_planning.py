"""Two interviews change places."""

from datetime import timedelta

from tests.factories import MONDAY
from tracker.rules.loop_planning import swapped

NINE, TEN, NOON = (MONDAY.replace(hour=hour, minute=0) for hour in (9, 10, 12))


def test_interviews_of_one_length_take_each_others_times():
    assert swapped(NINE, 60, NOON, 60) == (NOON, NINE)
    assert swapped(NOON, 60, NINE, 60) == (NINE, NOON)


def test_the_longer_one_keeps_clear_of_the_shorter_one():
    # 9:00 to 9:45 and 10:00 to 11:00 become 9:00 to 10:00 and 10:15 to 11:00.
    assert swapped(NINE, 45, TEN, 60) == (TEN + timedelta(minutes=15), NINE)
    assert swapped(TEN, 60, NINE, 45) == (NINE, TEN + timedelta(minutes=15))
