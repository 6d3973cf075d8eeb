"""When a scorecard is complete, and what would make it better."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.scorecards import (
    RATINGS,
    EvidenceContent,
    IncompleteScorecard,
    Recommendation,
    ScorecardContent,
    ScorecardState,
    advice,
    check_complete,
    rating_field,
)

NAMES = {1: "Threat modelling", 2: "Ownership"}
STAR = EvidenceContent(1, "Tell me about ...", "an outage", "find the cause", "traced it", "fixed in 40 min")


def test_there_is_no_neutral_middle():
    assert [each.value for each in Recommendation] == ["strong_no_hire", "no_hire", "hire", "strong_hire"]
    assert [each.value for each in ScorecardState] == ["draft", "submitted", "waived"]
    assert Recommendation.STRONG_NO_HIRE.label == "Strong no hire"
    assert list(RATINGS) == [1, 2, 3, 4]


def test_a_complete_one_passes_without_evidence():
    check_complete(ScorecardContent(Recommendation.HIRE, ratings={1: 3, 2: 4}), [1, 2], NAMES)


def test_all_that_is_missing_is_named_at_once():
    with pytest.raises(IncompleteScorecard) as refused:
        check_complete(ScorecardContent(ratings={1: None}), [1, 2], NAMES)
    assert refused.value.missing == {
        "recommendation": "Choose a recommendation.",
        "rating_1": "Rate Threat modelling from 1 to 4.",
        "rating_2": "Rate Ownership from 1 to 4.",
    }
    assert refused.value.field == "recommendation"
    assert refused.value.message.startswith("Choose a recommendation. Rate Threat modelling")


@pytest.mark.parametrize("rating", [0, 5, -1, None])
def test_a_rating_off_the_scale_is_missing(rating):
    with pytest.raises(IncompleteScorecard) as refused:
        check_complete(ScorecardContent(Recommendation.HIRE, ratings={1: rating}), [1])
    assert refused.value.missing == {"rating_1": "Rate each competency from 1 to 4."}


@given(
    st.sampled_from([None, *Recommendation]),
    st.dictionaries(st.integers(1, 6), st.sampled_from([None, 0, 1, 2, 3, 4, 5])),
    st.sets(st.integers(1, 6)),
)
def test_exactly_what_is_missing_is_named(recommendation, ratings, asked):
    expected = {rating_field(each) for each in asked if ratings.get(each) not in (1, 2, 3, 4)}
    expected |= {"recommendation"} if recommendation is None else set()
    try:
        check_complete(ScorecardContent(recommendation, ratings=ratings), asked)
        found = set()
    except IncompleteScorecard as refused:
        found = set(refused.missing)
    assert found == expected


def test_advice_asks_for_a_summary_and_for_evidence():
    found = advice(ScorecardContent(evidence=(EvidenceContent(2, task=" "),)), [1, 2], NAMES)
    assert found[0].startswith("Sum up")
    assert found[1].startswith("Give evidence for Threat modelling and Ownership:")
    assert len(found) == 2


def test_advice_without_names_counts():
    assert advice(ScorecardContent(summary="good"), [1, 2])[0].startswith("Give evidence for 2 competencies:")


def test_advice_names_what_a_record_lacks():
    thin = EvidenceContent(2, situation="a deadline", action="planned")
    found = advice(ScorecardContent(summary="good", evidence=(STAR, thin)), [1, 2], NAMES)
    assert found == ["The evidence for Ownership has no result yet."]


def test_there_is_nothing_to_advise_on_a_good_one():
    assert advice(ScorecardContent(Recommendation.HIRE, "good", {1: 4}, (STAR,)), [1], NAMES) == []
