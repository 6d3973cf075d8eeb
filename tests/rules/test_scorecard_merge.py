"""Whatever two devices wrote, all of it is there afterwards, and merging again adds nothing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.scorecard_merge import BETWEEN, both, merge
from tracker.rules.scorecards import EvidenceContent, Recommendation, ScorecardContent

PARTS = ("question", "situation", "task", "action", "result", "metric")
texts = st.text(st.sampled_from("ab c"), max_size=6).map(str.strip)
records = st.builds(
    EvidenceContent,
    competency_id=st.sampled_from([1, 2]),
    question=st.sampled_from(["", "Q1", "Q2"]),
    **dict.fromkeys(PARTS[1:], texts),
)
contents = st.builds(
    ScorecardContent,
    recommendation=st.none() | st.sampled_from(Recommendation),
    summary=texts,
    ratings=st.dictionaries(st.sampled_from([1, 2]), st.none() | st.integers(1, 4)),
    evidence=st.lists(records, max_size=3).map(tuple),
)


def everything(content: ScorecardContent, competency_id: int, part: str) -> str:
    return "\n".join(getattr(each, part) for each in content.evidence if each.competency_id == competency_id)


@given(contents, contents)
def test_nothing_is_lost(stored: ScorecardContent, typed: ScorecardContent) -> None:
    merged = merge(stored, typed)
    for each in (stored, typed):
        assert each.summary in merged.summary
        for record in each.evidence:
            for part in PARTS:
                assert getattr(record, part) in everything(merged, record.competency_id, part)
    for key in stored.ratings.keys() | typed.ratings.keys():
        assert merged.ratings.get(key) == (typed.ratings.get(key) or stored.ratings.get(key))
    assert merged.recommendation == (typed.recommendation or stored.recommendation)


@given(contents, contents)
def test_the_same_again_adds_nothing(stored: ScorecardContent, typed: ScorecardContent) -> None:
    once = merge(stored, typed)
    assert merge(once, typed) == once


@given(contents)
def test_with_nothing_new_it_is_what_it_was(stored: ScorecardContent) -> None:
    assert merge(stored, ScorecardContent()) == stored


def test_the_longer_of_two_that_grew_from_one_is_kept_and_else_both() -> None:
    assert both("traced it", "traced it to the cache") == "traced it to the cache"
    assert both("one", "two") == f"one{BETWEEN}two"
    row = EvidenceContent(1, question="Q", action="one")
    merged = merge(ScorecardContent(evidence=(row,)), ScorecardContent(evidence=(replace(row, action="two"),)))
    assert [each.action for each in merged.evidence] == [f"one{BETWEEN}two"]
