"""Planning by hand: two interviews change places, and everybody evaluates something."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import MONDAY
from tracker.rules.coverage import PlanNeed, Seat
from tracker.rules.interviewers import PersonFacts
from tracker.rules.loop_planning import fill_seats, idle_words, swapped

HOUR = timedelta(hours=1)
NINE, TEN, NOON = (MONDAY.replace(hour=hour, minute=0) for hour in (9, 10, 12))


def test_interviews_of_one_length_take_each_others_times():
    assert swapped(NINE, 60, NOON, 60) == (NOON, NINE)
    assert swapped(NOON, 60, NINE, 60) == (NINE, NOON)


def test_the_longer_one_keeps_clear_of_the_shorter_one():
    # 9:00 to 9:45 and 10:00 to 11:00 become 9:00 to 10:00 and 10:15 to 11:00.
    assert swapped(NINE, 45, TEN, 60) == (TEN + timedelta(minutes=15), NINE)
    assert swapped(TEN, 60, NINE, 45) == (NINE, TEN + timedelta(minutes=15))


def seats(*holders):
    """Interviews of an hour, one after the other, with these people (None: nobody yet) who evaluate nothing yet."""
    return [
        Seat(n, f"Interview {n}", NINE + n * HOUR, NINE + (n + 1) * HOUR, each, f"Person {each}" if each else "")
        for n, each in enumerate(holders)
    ]


def people(qualified, numbers=range(1, 9)):
    return {n: PersonFacts(n, f"Person {n}", frozenset(qualified(n))) for n in numbers}


@given(st.lists(st.booleans(), min_size=5, max_size=5), st.integers(5, 12))
def test_who_was_chosen_by_hand_evaluates_as_much_as_who_is_suggested(by_hand, competencies):
    needs = [PlanNeed(each, f"Competency {each}", 1) for each in range(competencies)]
    chosen = seats(*(n + 1 if is_chosen else None for n, is_chosen in enumerate(by_hand)))
    filled = fill_seats(needs, chosen, people(lambda _: range(competencies)))
    sizes = [len(seat.competency_ids) for seat in filled]
    assert max(sizes) - min(sizes) <= 1
    assert sorted(each for seat in filled for each in seat.competency_ids) == list(range(competencies))
    assert all(new.person_id == old.person_id for old, new in zip(chosen, filled, strict=True) if old.person_id)
    assert not idle_words(filled)


def test_who_was_chosen_by_hand_takes_what_he_or_she_is_qualified_for():
    needs = [PlanNeed(each, f"Competency {each}", 1) for each in range(4)]
    filled = fill_seats(needs, seats(1, None), people(lambda n: {0, 1} if n == 1 else range(4)))
    assert filled[0].competency_ids == (0,)
    assert set(filled[1].competency_ids) == {1, 2, 3}


def test_what_was_given_by_hand_stays():
    needs = [PlanNeed(each, f"Competency {each}", 1) for each in range(4)]
    first, second = seats(1, None)
    filled = fill_seats(needs, [replace(first, competency_ids=(3,)), second], people(lambda _: range(4)))
    assert filled[0].competency_ids == (3,)


def test_somebody_who_evaluates_nothing_beside_another_who_evaluates_several_is_worth_a_look():
    idle, busy = seats(1, 2)
    busy = replace(busy, competency_ids=(1, 2))
    words = ["Person 1 evaluates nothing in Interview 0: give it a competency of another interview."]
    assert idle_words([idle, busy]) == words
    assert idle_words([idle, replace(busy, competency_ids=(1,))]) == []
    assert idle_words([replace(idle, is_held=True), busy]) == []
    assert idle_words([replace(idle, has_declined=True), busy]) == []
    assert idle_words([replace(idle, person_id=None), busy]) == []
