"""Where a pool hangs on one or two people, in a sentence."""

import pytest

from tracker.rules.community import Pool, bottlenecks, eased_load

NAMES = {1: "Ina", 2: "Ben", 3: "Cleo", 4: "Dan"}


@pytest.mark.parametrize(
    ("members", "held", "said"),
    [
        ([], {}, ["Nobody is qualified for cryptography."]),
        ([1], {1: 9}, ["Ina alone is qualified for cryptography."]),
        ([1, 2], {}, ["Only Ben and Ina are qualified for cryptography."]),
        ([1, 2, 3], {1: 4}, ["Ina carries cryptography: 4 of 4, though others could."]),
        ([1, 2, 3], {1: 5, 2: 4, 3: 3}, ["Ina and Ben carry cryptography: 9 of 12, though others could."]),
        ([1, 2, 3], {1: 2, 2: 1}, []),
        ([1, 2, 3, 4], {1: 3, 2: 3, 3: 2, 4: 2}, []),
        # Who is not qualified any more counts for nothing.
        ([1, 2, 3], {4: 20, 1: 2, 2: 2, 3: 2}, []),
    ],
)
def test_a_pool_says_on_whom_it_hangs(members, held, said):
    assert bottlenecks([pool("cryptography", members, held)]) == said


def test_what_the_same_people_carry_is_one_sentence():
    both = [pool("cryptography", [1, 2, 3], {1: 3, 2: 3}), pool("incident response", [1, 2, 3, 4], {1: 2, 2: 3, 3: 1})]
    assert bottlenecks(both) == ["Ben and Ina carry cryptography and incident response: 11 of 12, though others could."]


def pool(name, members, held):
    return Pool(name, {each: NAMES[each] for each in members}, held)


def test_a_newcomer_comes_to_the_own_load_step_by_step():
    assert [eased_load(held, 4, share) for held, share in ((0, 0), (1, 0.25), (2, 0.5), (3, 1), (3, 7))] == [
        4,
        4,
        4,
        3,
        3,
    ]
