"""Help in planning a loop: how competencies are divided, and who is suggested."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.coverage import PlanNeed, ProblemCode, Seat, check_loop
from tracker.rules.interviewers import PersonFacts
from tracker.rules.suggestions import Indivisible, divide_competencies, suggest

DAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEEDS = tuple(PlanNeed(each, f"Competency {each}", 1) for each in range(1, 5))


@given(st.lists(st.integers(0, 5), max_size=14), st.integers(5, 9))
def test_competencies_are_divided_evenly(times, interviews):
    needs = [PlanNeed(number, f"Competency {number}", each) for number, each in enumerate(times)]
    found = divide_competencies(needs, interviews)
    assert len(found) == interviews
    assert all(len(each) == len(set(each)) for each in found)
    assert Counter(each for interview in found for each in interview) == Counter(dict(enumerate(times)))
    sizes = [len(each) for each in found]
    assert max(sizes) - min(sizes) <= 1


def test_the_seed_plan_gives_each_interviewer_different_ones():
    found = divide_competencies([PlanNeed(each, str(each), 1) for each in range(10)], 5)
    assert found == ((0, 5), (1, 6), (2, 7), (3, 8), (4, 9))


def test_more_often_than_there_are_interviews_is_refused():
    with pytest.raises(Indivisible, match="Ownership is to be evaluated 3 times, but the loop has 2 interviews"):
        divide_competencies([PlanNeed(1, "Ownership", 3)], 2)
    assert divide_competencies([], 0) == ()


def seat(number, person_id=None, asked=None):
    start = DAY + number * HOUR
    asked = (number,) if asked is None else asked
    return Seat(number, f"Interview {number}", start, start + HOUR, person_id, f"Person {person_id}", asked)


def people(*given_people):
    return {each.person_id: each for each in given_people}


def person(number, *qualified, **more):
    return PersonFacts(number, f"Person {number}", frozenset(qualified), **more)


def ids(suggestions):
    return [each.person_id for each in suggestions]


def test_who_would_sit_there_at_night_comes_last_and_the_hour_is_said():
    night, day = person(1, 1, 2, zone="America/Los_Angeles"), person(2, 1, zone="Europe/London")
    found = suggest(NEEDS, [seat(1, asked=(1, 2))], people(night, day), 1)
    assert ids(found) == [2, 1], "qualified for less, but awake"
    assert "but at 03:00 in America/Los_Angeles" in found[1].reason
    assert "but at" not in found[0].reason


def test_the_best_first():
    seats = (seat(1, asked=(1, 2)),)
    known = people(
        person(1, 1, week_load={(2026, 11): 0}),
        person(2, 1, 2, week_load={(2026, 11): 3}),
        person(3, 1, 2, week_load={(2026, 11): 1, (2026, 12): 4}),
        person(4, 1, 2, is_bar_raiser=True, week_load={(2026, 11): 4}),
        person(5, 1, 2, is_bar_raiser=True, on_hiring_team=True, week_load={(2026, 11): 2}),
    )
    found = suggest(NEEDS, seats, known, 1)
    assert ids(found) == [4, 3, 5, 2, 1]
    assert found[0].reason == "qualified for all of it, bar raiser, free then, 4 other interviews that week"
    assert found[-1].reason == "qualified for 1 of 2, free then, no other interview that week"


def test_a_bar_raiser_comes_first_only_while_there_is_none():
    known = people(
        person(1, 1, is_bar_raiser=True, week_load={(2026, 11): 2}), person(2, 1), person(3, 2, is_bar_raiser=True)
    )
    assert ids(suggest(NEEDS, (seat(1), seat(2)), known, 1)) == [1, 2]
    assert ids(suggest(NEEDS, (seat(1), seat(2, 3)), known, 1)) == [2, 1]


@pytest.mark.parametrize(
    "unfit",
    [
        person(1, 3),
        person(1, 1, is_candidate=True),
        person(1, 1, busy=((DAY, DAY + 5 * HOUR, "another loop"),)),
        person(1, 1, day_load={date(2026, 3, 10): 2}),
        person(1, 1, week_load={(2026, 11): 5}),
        person(2, 1),
    ],
)
def test_who_is_not_suggested(unfit):
    assert suggest(NEEDS, (seat(1), seat(2, 2)), people(unfit), 1) == []


def test_who_holds_the_interview_now_is_still_a_choice():
    found = suggest(NEEDS, (seat(1, 1),), people(person(1, 1)), 1)
    assert [(each.person_id, each.reason) for each in found] == [
        (1, "qualified for all of it, free then, no other interview that week")
    ]


def test_an_interview_without_competencies_is_for_the_open_gaps():
    known = people(person(1, 1, 3, 4), person(2, 2), person(3, 1), person(9, 1))
    found = suggest(NEEDS, (seat(1, asked=()), seat(2, 9, asked=(1,))), known, 1)
    assert [(each.person_id, each.reason.split(",")[0]) for each in found] == [
        (1, "qualified for 2 of 3"),
        (2, "qualified for 1 of 3"),
    ]


def test_without_a_time_the_load_of_all_weeks_counts():
    untimed = replace(seat(1), starts_at=None, ends_at=None)
    known = people(person(1, 1, week_load={(2026, 11): 1, (2026, 12): 1}), person(2, 1, week_load={(2026, 30): 1}))
    found = suggest(NEEDS, (untimed,), known, 1)
    assert [each.reason for each in found] == [
        "qualified for all of it, 1 other interview ahead",
        "qualified for all of it, 2 other interviews ahead",
    ]


@given(st.data())
def test_following_a_full_suggestion_adds_no_problem_of_that_person(data):
    known = {
        number: person(
            number,
            *data.draw(st.sets(st.integers(1, 3))),
            is_bar_raiser=data.draw(st.booleans()),
            day_load={DAY.date(): data.draw(st.integers(0, 2))},
            busy=tuple((DAY + n * HOUR, DAY + (n + 1) * HOUR, "x") for n in data.draw(st.sets(st.integers(0, 3)))),
        )
        for number in range(1, 6)
    }
    seats = [
        seat(n, data.draw(st.sampled_from([None, 1, 2])), tuple(data.draw(st.sets(st.integers(1, 3))))) for n in (1, 2)
    ]
    for each in suggest(NEEDS, seats, known, 1):
        filled = [replace(seats[0], person_id=each.person_id), seats[1]]
        coverage = check_loop(NEEDS, filled, known, frozenset(), 2, DAY - 24 * HOUR)
        mine = {problem.code for problem in coverage.problems if problem.person_id == each.person_id}
        assert mine <= {ProblemCode.UNQUALIFIED}
        if each.reason.startswith("qualified for all") and seats[0].competency_ids:
            assert mine == set()
