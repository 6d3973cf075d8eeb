"""How the basic qualifications of an application stand."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.qualifications import Verdict, standing_of_basics


@given(st.dictionaries(st.integers(1, 9), st.sampled_from([None, *Verdict])))
def test_the_standing(verdicts):
    found = standing_of_basics(verdicts)
    assert found.all_met == (set(verdicts.values()) <= {Verdict.MET})
    assert found.any_not_met == any(each == "not_met" for each in verdicts.values())
    assert set(found.missing) == {key for key, verdict in verdicts.items() if verdict is None}
    assert set(found.unclear) == {key for key, verdict in verdicts.items() if verdict == "unclear"}
    assert not (found.all_met and (found.missing or found.unclear or found.any_not_met))


def test_no_basic_qualification_is_all_met():
    assert standing_of_basics({}).all_met


def test_missing_ones_keep_their_order():
    assert standing_of_basics({5: None, 3: Verdict.MET, 2: None}).missing == [5, 2]
