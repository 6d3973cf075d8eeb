"""Where a pool hangs on one or two people, in a sentence."""

import pytest

from tracker.rules.community import Pool

NAMES = {1: "Ina", 2: "Ben", 3: "Cleo", 4: "Dan"}


@pytest.mark.parametrize(
    ("members", "held", "said"),
    [
        ([], {}, "Nobody is qualified for cryptography."),
        ([1], {1: 9}, "Ina alone is qualified for cryptography."),
        ([1, 2], {}, "Only Ben and Ina are qualified for cryptography."),
        ([1, 2, 3], {1: 4}, "Ina carries cryptography: 4 of 4 interviews, though 2 others could."),
        ([1, 2, 3], {1: 5, 2: 4, 3: 3}, "Ina and Ben carry cryptography: 9 of 12 interviews, though 1 other could."),
        ([1, 2, 3], {1: 2, 2: 1}, None),
        ([1, 2, 3, 4], {1: 3, 2: 3, 3: 2, 4: 2}, None),
        # Who is not qualified any more counts for nothing.
        ([1, 2, 3], {4: 20, 1: 2, 2: 2, 3: 2}, None),
    ],
)
def test_a_pool_says_on_whom_it_hangs(members, held, said):
    assert Pool("cryptography", {each: NAMES[each] for each in members}, held).bottleneck == said
