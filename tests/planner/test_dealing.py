"""Dealing competencies against all ways to deal, and its reason where it cannot be done."""

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from tracker.planner.dealing import Hand, deal

HANDS = st.lists(st.tuples(st.frozensets(st.integers(0, 3)), st.integers(0, 3)), max_size=4)


def ways(hands):
    """All the sets that each hand can take."""
    return product(
        *(
            [set(taken) for size in range(spare + 1) for taken in combinations(sorted(brings), size)]
            for brings, spare in hands
        )
    )


@given(st.lists(st.integers(0, 3), min_size=4, max_size=4), HANDS)
def test_all_is_dealt_where_it_can_be(times, given_hands):
    hands = [Hand(brings, spare) for brings, spare in given_hands]
    short = deal(times, hands)
    possible = any(
        all(sum(competency in each for each in way) >= wanted for competency, wanted in enumerate(times))
        for way in ways(given_hands)
    )
    assert possible == (not short)
    for hand, (brings, spare) in zip(hands, given_hands, strict=True):
        assert hand.dealt <= brings
        assert len(hand.dealt) <= spare
    if short:
        # The reason holds by itself: together the hands take fewer of these than are wanted.
        most = sum(min(spare, len(brings & short)) for brings, spare in given_hands)
        assert most < sum(times[competency] for competency in short)
    else:
        assert [sum(competency in hand.dealt for hand in hands) for competency in range(4)] == times


def test_it_is_dealt_evenly():
    hands = [Hand(range(6), 6) for _ in range(3)]
    assert not deal([1] * 6, hands)
    assert [len(hand.dealt) for hand in hands] == [2, 2, 2]
