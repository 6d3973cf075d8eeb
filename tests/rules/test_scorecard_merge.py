"""Whatever two devices wrote, all of it is there afterwards, and merging again adds nothing."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.scorecard_merge import BETWEEN, Seen, both, merge, three
from tracker.rules.scorecards import MOST_EVIDENCE, EvidenceContent, Recommendation, ScorecardContent

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


def seen_by(before: ScorecardContent, typed: ScorecardContent) -> Seen:
    """Say what each record was, by its place on the form."""
    blank = EvidenceContent(1)
    most = max(len(before.evidence), len(typed.evidence))
    was, now = ([*each.evidence, *[blank] * (most - len(each.evidence))] for each in (before, typed))
    return Seen(before.recommendation, before.summary, before.ratings, tuple(zip(was, now, strict=True)))


of_one = st.lists(records.map(lambda each: replace(each, competency_id=1)), max_size=3).map(tuple)
of_one_competency = st.builds(replace, contents, evidence=of_one)


@given(of_one_competency, of_one_competency)
def test_what_one_alone_changed_is_as_that_one_has_it(before: ScorecardContent, changed: ScorecardContent) -> None:
    def filled(content: ScorecardContent) -> tuple[str, list[EvidenceContent]]:
        return content.summary, [each for each in content.evidence if not each.is_empty]

    assert filled(merge(changed, before, seen_by(before, before))) == filled(changed)
    # Of records that say nothing of which they are, one may be taken for another; their words are there.
    merged = merge(before, changed, seen_by(before, changed))
    assert merged.summary == changed.summary
    for part in PARTS:
        for record in changed.evidence:
            assert getattr(record, part) in everything(merged, 1, part)


@given(of_one_competency, of_one_competency, of_one_competency)
def test_of_what_both_changed_nothing_is_lost_and_the_same_again_adds_nothing(
    before: ScorecardContent, stored: ScorecardContent, typed: ScorecardContent
) -> None:
    seen = seen_by(before, typed)
    merged = merge(stored, typed, seen)
    for was, now in seen.records:
        for part in PARTS:
            if getattr(now, part) != getattr(was, part):
                assert getattr(now, part) in everything(merged, 1, part)
    assert typed.summary == before.summary or typed.summary in merged.summary
    assert stored.summary == before.summary or stored.summary in merged.summary


def test_a_typing_error_that_is_mended_on_one_device_is_mended() -> None:
    row = EvidenceContent(1, "Q", action="Lde the team")
    before = ScorecardContent(summary="teh", evidence=(row,))
    stored = replace(before, evidence=(row, EvidenceContent(1, "Of the other", action="x")))
    typed = ScorecardContent(summary="the", evidence=(replace(row, action="Led the team"),))
    merged = merge(stored, typed, seen_by(before, typed))
    assert merged.summary == "the"
    assert [each.action for each in merged.evidence] == ["Led the team", "x"]


def test_who_types_on_after_both_were_put_together_adds_the_rest_alone() -> None:
    assert three("hello", f"x{BETWEEN}hello", "hello world") == f"x{BETWEEN}hello world"


def test_a_record_that_is_taken_out_is_gone_unless_the_other_device_wrote_in_it() -> None:
    row = EvidenceContent(1, "Q", action="a")
    before, without = ScorecardContent(evidence=(row,)), ScorecardContent()
    assert merge(before, without, seen_by(before, without)).evidence == ()
    grown = ScorecardContent(evidence=(replace(row, action="a, b"),))
    assert merge(grown, without, seen_by(before, without)) == grown


def test_records_without_a_question_are_told_apart_and_none_is_there_twice() -> None:
    rows = tuple(EvidenceContent(1, action=each) for each in ("one", "two"))
    stored = ScorecardContent(evidence=rows)
    assert merge(stored, ScorecardContent(summary="more", evidence=rows)).evidence == rows
    half = ScorecardContent(evidence=(EvidenceContent(1, "What br", action="It was the cache of the proxy"),))
    whole = ScorecardContent(
        evidence=(EvidenceContent(1, "What broke?", action="It was the cache of the proxy, then"),)
    )
    assert merge(half, whole) == whole
    other = ScorecardContent(evidence=(replace(whole.evidence[0], question="Which incident?"),))
    assert len(merge(half, other).evidence) == 1, "the answer says that it is one record"


def test_more_records_than_a_form_shows_are_kept_in_the_last_of_them() -> None:
    stored = ScorecardContent(evidence=tuple(EvidenceContent(1, f"Q{n}", action=f"a{n}") for n in range(MOST_EVIDENCE)))
    merged = merge(stored, ScorecardContent(evidence=(EvidenceContent(1, "One more", action="told"),)))
    assert len(merged.evidence) == MOST_EVIDENCE
    assert "told" in merged.evidence[-1].action


def test_a_record_that_was_reworded_on_the_other_device_is_still_that_record() -> None:
    first, second = (
        EvidenceContent(1, "A hard incident?", action="Led it"),
        EvidenceContent(1, "A dispute?", action="x"),
    )
    before = ScorecardContent(evidence=(first, second))
    stored = ScorecardContent(evidence=(replace(first, question="A very hard one?", action="Led it all"), second))
    typed = ScorecardContent(evidence=(replace(first, situation="At night"), second))
    merged = merge(stored, typed, seen_by(before, typed))
    assert merged.evidence == (replace(stored.evidence[0], situation="At night"), second)


def test_either_of_two_may_type_on() -> None:
    """Where two texts stand one after the other, what one of them was is replaced by what it became."""
    stored = f"base a{BETWEEN}base b"
    assert three("base a", stored, "base a, more") == f"base a, more{BETWEEN}base b"
    assert three("base b", stored, "base b, more") == f"base a{BETWEEN}base b, more"
