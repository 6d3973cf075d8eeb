"""What a change of a loop that went out would break: what stood against it before does not hide what is new."""

from dataclasses import replace

import pytest

from tests.rules.test_coverage import DAY, HOUR, NEEDS, NOW, PEOPLE, SEATS, C, check, with_person, with_seat
from tracker.rules.coverage import Problem, Seat, check_loop
from tracker.rules.loop_planning import broken_by

ON_LEAVE = (DAY - 9 * HOUR, DAY + 15 * HOUR, "away")
ANOTHER = (DAY + 7 * HOUR, DAY + 8 * HOUR, "another interview")
TUESDAY, NEXT_WEEK = 24 * HOUR, 7 * 24 * HOUR


def moved(number: int, by: object) -> tuple[Seat, ...]:
    """The seats, with one of them so much later."""
    seat = SEATS[number - 1]
    return with_seat(number, starts_at=seat.starts_at + by, ends_at=seat.ends_at + by)


def broken(before: tuple[Seat, ...], after: tuple[Seat, ...], people=PEOPLE) -> list[Problem]:
    return broken_by(check(before, people), check(after, people))


def test_who_is_away_is_not_booked_twice_into_the_bargain():
    people = with_person(3, busy=(ON_LEAVE, ANOTHER))
    assert check(people=people).problems[0].text == "Person 3 is busy during Interview 3: away."
    assert not broken(SEATS, moved(3, 3 * HOUR), people), "as much away as before"
    found = broken(SEATS, moved(3, 4 * HOUR), people)
    assert [each.text for each in found] == ["Person 3 is busy during Interview 3: away and another interview."]
    assert not broken(moved(3, 4 * HOUR), SEATS, people), "a step to the better"


@pytest.mark.parametrize(("by", "words"), [(TUESDAY, "on Wed 11 Mar"), (NEXT_WEEK, "in week 12")])
def test_one_cap_that_was_exceeded_does_not_hide_another(by, words):
    days = {DAY.date(): 2, (DAY + TUESDAY).date(): 2}
    people = with_person(3, day_load=days, week_load={(2026, 11): 3, (2026, 12): 5})
    assert [each.code for each in check(people=people).problems] == [C.OVER_CAP]
    assert not broken(SEATS, moved(3, 4 * HOUR), people)
    found = broken(SEATS, moved(3, by), people)
    assert [each.code for each in found] == [C.OVER_CAP]
    assert words in found[0].text


def test_the_candidate_who_is_in_two_places_is_not_sent_to_a_third():
    overlapping = moved(3, HOUR)
    again = tuple(replace(each, starts_at=DAY + 4 * HOUR, ends_at=DAY + 5 * HOUR) for each in overlapping[:1])
    assert not broken(overlapping, overlapping)
    assert [each.code for each in broken(overlapping, (*overlapping[:1], *moved(3, 2 * HOUR)[1:]))] == [C.DOUBLE_BOOKED]
    assert C.DOUBLE_BOOKED in [each.code for each in broken(overlapping, (*again, *overlapping[1:]))]


def test_the_candidates_other_interviews_are_told_apart():
    busy = ((DAY + 3 * HOUR, DAY + 4 * HOUR), (DAY + 7 * HOUR, DAY + 8 * HOUR))

    def with_busy(seats):
        return check_loop(NEEDS, seats, PEOPLE, frozenset(), 5, NOW, busy)

    assert not broken_by(with_busy(SEATS), with_busy(SEATS))
    assert [each.code for each in broken_by(with_busy(SEATS), with_busy(moved(3, 4 * HOUR)))] == [C.DOUBLE_BOOKED]
