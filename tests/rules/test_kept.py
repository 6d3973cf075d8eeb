"""The kept rate: what it counts, and when it says nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.kept import FEWEST, BadPeriod, Kept, Period, check_period, usual_period

counts = st.builds(Kept, *(st.integers(0, 50) for _ in range(6)))
FIRST = date(2026, 11, 2)


@given(counts)
def test_the_rate_is_of_what_is_settled_and_silent_about_few(kept):
    settled = [True] * kept.kept + [False] * (kept.kept_late + kept.overdue + kept.missed)
    assert kept.settled == len(settled)
    if len(settled) < FEWEST:
        assert kept.percent is None
    else:
        assert kept.percent <= 100 * sum(settled) / len(settled) < kept.percent + 1


@given(st.lists(counts))
def test_a_team_is_the_sum_of_its_requisitions(parts):
    whole = sum(parts, Kept())
    assert whole.settled == sum(part.settled for part in parts)
    assert whole.still_open == sum(part.still_open for part in parts)
    assert whole.extended == sum(part.extended for part in parts)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (Kept(), "none was due yet"),
        (Kept(still_open=9), "none was due yet"),
        (Kept(kept=4), "too few to say: 4"),
        (Kept(kept=5), "100 % of 5"),
        (Kept(kept=199, kept_late=1), "99 % of 200"),  # never rounded up to all of them
        (Kept(kept=2, kept_late=1, overdue=1, missed=1, still_open=7), "40 % of 5"),
    ],
)
def test_words(kept, words):
    assert kept.words == words


def test_periods():
    assert usual_period(FIRST) == Period(FIRST - timedelta(days=89), FIRST)
    assert check_period(FIRST, FIRST).words == "Mon 2 Nov 2026 to Mon 2 Nov 2026 (1 day)"
    for first, last, said in [
        (FIRST, FIRST - timedelta(days=1), "ends before it begins"),
        (FIRST - timedelta(days=2000), FIRST, "five years at most"),
        (date(9999, 12, 1), date(9999, 12, 31), "between 2000 and 2100"),
        (date(1, 1, 1), date(1, 1, 2), "between 2000 and 2100"),
    ]:
        with pytest.raises(BadPeriod, match=said):
            check_period(first, last)
