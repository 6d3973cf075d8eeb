"""Whether a loop may go out, case by case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.rules.coverage import CellState, PlanNeed, ProblemCode, RowState, Seat, check_loop
from tracker.rules.interviewers import PersonFacts

C = ProblemCode
NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
DAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEEDS = tuple(PlanNeed(each, f"Competency {each}", 1) for each in range(1, 6))


def seat(number, person_id=None, **more):
    start = DAY + number * HOUR
    facts = {"starts_at": start, "ends_at": start + HOUR, "competency_ids": (number,), **more}
    return Seat(number, f"Interview {number}", person_id=person_id, person_name=f"Person {person_id}", **facts)


def person(number, **more):
    return PersonFacts(number, f"Person {number}", **{"qualified": frozenset(range(1, 6)), **more})


SEATS = tuple(seat(number, number) for number in range(1, 6))
PEOPLE = {number: person(number, is_bar_raiser=number == 5) for number in range(1, 6)}


def check(seats=SEATS, people=PEOPLE, needs=NEEDS, overrides=frozenset(), loop_size=5, now=NOW):
    return check_loop(needs, seats, people, overrides, loop_size, now)


def with_seat(number, **more):
    return tuple(replace(each, **more) if each.interview_id == number else each for each in SEATS)


def with_person(number, **more):
    return {**PEOPLE, number: replace(PEOPLE[number], **more)}


def codes(coverage):
    return [problem.code for problem in coverage.problems]


def test_a_complete_loop_may_go_out():
    coverage = check()
    assert coverage.ready
    assert coverage.problems == coverage.warnings == ()
    assert [row.state for row in coverage.rows] == [RowState.COMPLETE] * 5
    assert coverage.rows[1].cells == (
        CellState.EMPTY,
        CellState.COVERED,
        CellState.EMPTY,
        CellState.EMPTY,
        CellState.EMPTY,
    )


@pytest.mark.parametrize(
    ("changed", "expected", "words"),
    [
        ({"seats": SEATS[:4]}, [C.TOO_FEW_INTERVIEWS, C.GAP, C.NO_BAR_RAISER], "has 4 interviews; the plan asks for 5"),
        ({"seats": with_seat(2, competency_ids=())}, [C.GAP], "Nobody in this loop evaluates Competency 2;"),
        (
            {"seats": with_seat(2, person_id=None)},
            [C.NO_INTERVIEWER, C.GAP],
            "Competency 2 has nobody qualified; the plan asks for 1",
        ),
        ({"seats": with_seat(2, person_id=None)}, [C.NO_INTERVIEWER, C.GAP], "Interview 2 has no interviewer yet"),
        ({"seats": with_seat(2, starts_at=None, ends_at=None)}, [C.NO_TIME], "Interview 2 has no time yet"),
        ({"now": DAY + HOUR}, [C.IN_THE_PAST], "Interview 1 lies in the past"),
        (
            {"people": with_person(2, qualified=frozenset({1}))},
            [C.UNQUALIFIED, C.GAP],
            "Person 2 (Interview 2) is not qualified for Competency 2",
        ),
        (
            {"seats": with_seat(2, person_id=1, person_name="Person 1")},
            [C.REPEATED_INTERVIEWER],
            "Person 1 holds Interview 1 and Interview 2: nobody interviews twice",
        ),
        ({"people": with_person(5, is_bar_raiser=False)}, [C.NO_BAR_RAISER], "No bar raiser from outside"),
        ({"people": with_person(5, on_hiring_team=True)}, [C.NO_BAR_RAISER], "No bar raiser from outside"),
        ({"people": with_person(3, is_candidate=True)}, [C.CONFLICT], "Person 3 is the candidate"),
        (
            {"people": with_person(3, busy=((DAY, DAY + 4 * HOUR, "another loop"),))},
            [C.DOUBLE_BOOKED],
            "Person 3 is busy during Interview 3: another loop",
        ),
        (
            {"seats": with_seat(3, starts_at=DAY + 2.5 * HOUR, ends_at=DAY + 3.5 * HOUR)},
            [C.DOUBLE_BOOKED],
            "Interview 2 and Interview 3 overlap: the candidate",
        ),
        (
            {"people": {number: each for number, each in PEOPLE.items() if number != 3}},
            [C.NO_INTERVIEWER, C.GAP],
            "Person 3 can no longer hold Interview 3",
        ),
        (
            {"people": with_person(3, day_load={date(2026, 3, 10): 2})},
            [C.OVER_CAP],
            "Person 3 would have 3 interviews on Tue 10 Mar 2026; the cap is 2",
        ),
        (
            {"people": with_person(3, week_load={(2026, 11): 5})},
            [C.OVER_CAP],
            "Person 3 would have 6 interviews in week 11 of 2026; the cap is 5",
        ),
    ],
)
def test_what_stands_against_a_loop(changed, expected, words):
    coverage = check(**changed)
    assert codes(coverage) == expected
    assert not coverage.ready
    assert any(words in problem.text for problem in coverage.problems)


def test_problems_point_to_what_they_are_about():
    problem = check(people=with_person(2, qualified=frozenset())).problems[0]
    assert (problem.person_id, problem.interview_id, problem.competency_id) == (2, 2, 2)


def test_only_caps_can_be_overridden():
    over = with_person(3, day_load={date(2026, 3, 10): 2}, is_candidate=True)
    coverage = check(people=over, overrides=frozenset({3}))
    assert codes(coverage) == [C.CONFLICT]
    assert [warning.code for warning in coverage.warnings] == [C.OVER_CAP]
    assert [problem.overridable for problem in check(people=over).problems] == [False, True]
    # Somebody else's override does not count.
    assert C.OVER_CAP in codes(check(people=over, overrides=frozenset({4})))


def test_a_surplus_is_a_warning():
    coverage = check(seats=with_seat(2, competency_ids=(1, 2)))
    assert coverage.ready
    assert [(warning.code, warning.competency_id) for warning in coverage.warnings] == [(C.DOUBLE, 1)]
    assert coverage.rows[0].state is RowState.DOUBLE
    assert coverage.rows[0].covered == 2


def test_as_often_as_the_plan_says():
    needs = (PlanNeed(1, "Competency 1", 2), *NEEDS[1:])
    coverage = check(needs=needs)
    assert codes(coverage) == [C.GAP]
    assert coverage.problems[0].text == "Competency 1 has 1 qualified interviewer; the plan asks for 2."
    assert check(needs=needs, seats=with_seat(2, competency_ids=(1, 2))).ready


def test_an_interview_that_begins_as_another_ends_is_no_clash():
    assert check(
        people=with_person(3, busy=((DAY, DAY + 3 * HOUR, "before"), (DAY + 4 * HOUR, DAY + 9 * HOUR, "after")))
    ).ready


def test_days_and_weeks_are_the_interviewers_own():
    # Sunday 23:30 in UTC is Monday of the next week in Kiritimati.
    late = datetime(2026, 3, 15, 23, 30, tzinfo=UTC)
    seats = with_seat(3, starts_at=late, ends_at=late + HOUR)
    for zone, week, on in (("UTC", 11, 15), ("Pacific/Kiritimati", 12, 16)):
        assert late.astimezone(ZoneInfo(zone)).date() == date(2026, 3, on)
        full = with_person(3, zone=zone, week_load={(2026, week): 5}, day_load={date(2026, 3, on): 2})
        assert codes(check(seats=seats, people=full)) == [C.OVER_CAP, C.OVER_CAP]
        free = with_person(3, zone=zone, week_load={(2026, 23 - week): 5}, day_load={date(2026, 3, 31 - on): 2})
        assert check(seats=seats, people=free).ready


def test_the_first_days_of_january_belong_to_the_iso_week_of_december():
    new_year = datetime(2027, 1, 1, 9, tzinfo=UTC)
    seats = with_seat(3, starts_at=new_year, ends_at=new_year + HOUR)
    assert codes(check(seats=seats, people=with_person(3, week_load={(2026, 53): 5}))) == [C.OVER_CAP]


def test_several_interviews_of_one_person_in_the_loop_count_together():
    seats = with_seat(2, person_id=1, person_name="Person 1")
    people = with_person(1, daily_cap=1)
    assert codes(check(seats=seats, people=people)) == [C.REPEATED_INTERVIEWER, C.OVER_CAP]


def test_a_cap_may_be_used_up():
    everyone_once = {number: replace(each, daily_cap=1, weekly_cap=1) for number, each in PEOPLE.items()}
    assert check(people=everyone_once).ready


def test_an_empty_plan_and_an_empty_loop_do_not_fail():
    coverage = check(seats=(), needs=(), loop_size=0)
    assert codes(coverage) == [C.NO_BAR_RAISER]


def test_the_candidate_is_in_one_interview_at_a_time():
    busy = ((DAY + 2 * HOUR, DAY + 3 * HOUR),)
    found = check_loop(NEEDS, SEATS, PEOPLE, frozenset(), 5, NOW, busy)
    assert [(each.code, each.interview_id) for each in found.problems] == [(C.DOUBLE_BOOKED, 2)]
    assert "not free during Interview 2" in found.problems[0].text
    before, after = ((DAY, DAY + HOUR),), ((DAY + 6 * HOUR, DAY + 7 * HOUR),)
    assert check_loop(NEEDS, SEATS, PEOPLE, frozenset(), 5, NOW, before + after).ready


def test_nobody_joins_who_may_read_what_others_wrote():
    found = check(people=with_person(3, reads_others=True))
    assert [(each.code, each.person_id) for each in found.problems] == [(C.CONFLICT, 3)]


def test_nobody_leads_who_sat_in_an_interview_of_the_loop_to_learn():
    found = check(people=with_person(3, has_sat_in=True))
    assert [(each.code, each.person_id) for each in found.problems] == [(C.CONFLICT, 3)]


def test_what_was_held_counts_whoever_left_since_and_the_rest_is_planned_around_it():
    without = {number: each for number, each in PEOPLE.items() if number != 1}
    held = with_seat(1, is_held=True)
    assert check(held, without, now=DAY + HOUR).ready
    assert not check(held, without, now=DAY + 3 * HOUR).ready, "those that are to come are not excused"
    again = tuple(replace(each, person_id=1) if each.interview_id == 2 else each for each in held)
    assert C.REPEATED_INTERVIEWER in codes(check(again, now=DAY + HOUR))


def test_who_declined_counts_for_nothing():
    seats = with_seat(5, has_declined=True)
    found = check(seats)
    assert {each.code for each in found.problems} == {C.DECLINED, C.GAP, C.NO_BAR_RAISER}
    assert found.rows[4].cells[4] is CellState.OPEN
    held = check(with_seat(5, has_declined=True, is_held=True))
    assert C.DECLINED not in {each.code for each in held.problems}
