"""Numbers about interviewers: what must hold whatever was voted, and what is held back."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.getting_better import (
    FEWEST,
    STEPS,
    WEEKS,
    Written,
    by_week,
    calibration,
    evenness,
    gaps,
    habits,
    severity,
)
from tracker.rules.scorecards import Recommendation

LIKES = st.sampled_from(list(Recommendation))
PANELS = st.dictionaries(st.tuples(st.integers(1, 8), st.integers(1, 6)), LIKES)
RATINGS = st.lists(st.integers(1, 4), min_size=FEWEST, max_size=30).map(Counter)


def votes_of(panels: dict[tuple[int, int], Recommendation]) -> list[tuple[int, int, Recommendation]]:
    return [(loop, person, vote) for (loop, person), vote in panels.items()]


@given(st.dictionaries(st.integers(1, 6), LIKES, min_size=2))
def test_what_one_is_severer_the_others_are_milder(panel: dict[int, Recommendation]) -> None:
    found = gaps((1, person, vote) for person, vote in panel.items())
    assert set(found) == set(panel)
    assert sum(gap for each in found.values() for gap in each) == pytest.approx(0, abs=1e-9)
    assert all(abs(gap) <= 3 for each in found.values() for gap in each)


@given(PANELS)
def test_turned_round_the_severe_are_the_mild(panels: dict[tuple[int, int], Recommendation]) -> None:
    turned = {each: list(Recommendation)[4 - STEPS[each]] for each in Recommendation}
    other = gaps((loop, person, turned[vote]) for loop, person, vote in votes_of(panels))
    for person, found in gaps(votes_of(panels)).items():
        assert other[person] == pytest.approx([-gap for gap in found])


@given(PANELS)
def test_who_votes_alone_is_held_against_nobody(panels: dict[tuple[int, int], Recommendation]) -> None:
    sizes = Counter(loop for loop, _ in panels)
    found = gaps(votes_of(panels))
    for person in {person for _, person in panels}:
        assert len(found.get(person, [])) == sum(1 for loop, who in panels if who == person and sizes[loop] > 1)


@given(st.lists(st.floats(-3, 3), max_size=30))
def test_few_loops_say_nothing_and_a_difference_within_chance_is_none(of_loops: list[float]) -> None:
    found = severity(of_loops)
    assert (found is None) == (len(of_loops) < FEWEST)
    if found is not None:
        assert (found.words == "no clear difference") == (abs(found.mean) <= found.margin)


def test_severity_in_words() -> None:
    for of_loops, words in (
        ([1.0] * 5, "severer than the panel"),
        ([-1.0, -1.25] * 3, "milder than the panel"),
        ([1.0, -1.0] * 3, "no clear difference"),
        ([0.0] * 5, "no clear difference"),
    ):
        found = severity(of_loops)
        assert found is not None
        assert found.words == words


@given(RATINGS, RATINGS)
def test_calibration_turned_round_is_its_opposite(hired: Counter[int], not_hired: Counter[int]) -> None:
    there, back = calibration(hired, not_hired), calibration(not_hired, hired)
    assert there is not None
    assert back is not None
    assert abs(there.percent + back.percent - 100) <= 1
    assert 0 <= there.percent <= 100
    pairs = [(a > b) + (a == b) / 2 for a in hired.elements() for b in not_hired.elements()]
    assert abs(there.percent - 100 * sum(pairs) / len(pairs)) <= 0.5


@given(RATINGS)
def test_equal_ratings_tell_nothing(ratings: Counter[int]) -> None:
    found = calibration(ratings, ratings)
    assert found is not None
    assert (found.percent, found.words) == (50, "hardly tells the two apart")


@given(st.lists(st.integers(1, 4), max_size=12).map(Counter), RATINGS)
def test_calibration_needs_enough_on_both_sides(few: Counter[int], ratings: Counter[int]) -> None:
    assert (calibration(few, ratings) is None) == (few.total() < FEWEST)


@given(st.dictionaries(st.integers(), st.integers(0, 40), max_size=20))
def test_the_busiest_do_at_least_their_share(loads: dict[int, int]) -> None:
    found = evenness(loads)
    assert (found is None) == (min(len(loads), sum(loads.values())) < FEWEST)
    if found is not None:
        assert found.even_percent - 1 <= found.percent <= 100


@given(st.integers(FEWEST, 30), st.integers(1, 9))
def test_alike_is_even(people: int, each: int) -> None:
    found = evenness(dict.fromkeys(range(people), each))
    assert found is not None
    assert found.percent == found.even_percent


@given(st.lists(st.builds(Written, st.just(1), st.floats(0, 500), st.booleans(), st.integers(0, 9999)), max_size=20))
def test_habits_lie_within_what_was_written(written: list[Written]) -> None:
    found = habits(written)
    assert (found is None) == (len(written) < FEWEST)
    if found is not None:
        assert min(each.hours for each in written) <= found.hours <= max(each.hours for each in written)
        assert (found.late_percent == 100) == all(each.is_late for each in written)


@given(st.lists(st.integers(-3, 30)))
def test_every_interview_of_the_weeks_is_counted_once(weeks_ago: list[int]) -> None:
    found = by_week(weeks_ago)
    assert len(found) == WEEKS
    assert sum(found) == sum(1 for each in weeks_ago if 0 <= each < WEEKS)
    assert found[-1] == weeks_ago.count(0)
