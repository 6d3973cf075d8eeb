"""What stands in the way of a loop is told once: a gap that only follows from what is said already is left out."""

from dataclasses import replace

import pytest

from tests.rules.test_coverage import NEEDS, PEOPLE, SEATS, C, check, codes, with_person, with_seat
from tracker.rules.in_the_way import in_the_way


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"seats": with_seat(2, person_id=None)}, [C.NO_INTERVIEWER]),
        ({"seats": with_seat(2, has_declined=True)}, [C.DECLINED]),
        ({"people": with_person(2, qualified=frozenset({1}))}, [C.UNQUALIFIED]),
        ({"people": {number: each for number, each in PEOPLE.items() if number != 3}}, [C.NO_INTERVIEWER]),
        ({"seats": with_seat(2, competency_ids=())}, [C.GAP]),
        ({"seats": with_seat(2, competency_ids=(1,), person_id=None)}, [C.NO_INTERVIEWER, C.GAP]),
    ],
)
def test_each_thing_is_told_once(changed, expected):
    found = in_the_way(check(**changed))
    assert [each.code for each in found] == expected


def test_a_competency_that_is_needed_oftener_than_it_is_asked_for_stays_a_gap():
    coverage = check(needs=tuple(replace(each, times=2) for each in NEEDS), seats=with_seat(2, person_id=None))
    assert [each.code for each in in_the_way(coverage)] == [C.NO_INTERVIEWER, *[C.GAP] * 5]


def test_something_is_left_wherever_the_loop_may_not_go_out():
    for number in range(1, 6):
        for change in ({"person_id": None}, {"has_declined": True}, {"competency_ids": ()}, {"person_id": 9}):
            coverage = check(seats=with_seat(number, **change))
            assert not coverage.ready
            assert in_the_way(coverage), (number, change, codes(coverage))
    assert in_the_way(check(seats=SEATS)) == []
