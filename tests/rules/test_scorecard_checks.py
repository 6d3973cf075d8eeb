"""The quiet look before submission: what it finds, and that it stays quiet where nothing is to find."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.scorecard_checks import FEWEST_WORDS, check, protected_words
from tracker.rules.scorecard_merge import BETWEEN
from tracker.rules.scorecards import EvidenceContent, Recommendation, ScorecardContent

NAMES = {1: "Threat modelling", 2: "Own it"}
STAR = EvidenceContent(
    1,
    question="A hard incident?",
    situation="A race condition in the payment service, found by a black box test of an old certificate",
    task="Stop the child process from leaking and find the cause",
    action="Traced it with her team for two days and wrote the fix",
    result="None since",
    metric="from 4 h to 20 min",
)
GOOD = ScorecardContent(
    Recommendation.HIRE, "Clear and honest.", {1: 3, 2: 4}, (STAR, replace(STAR, competency_id=2, situation="x " * 20,
    task="another thing entirely", action="did it", result="it held"))
)  # fmt: skip

texts = st.text(max_size=80)
records = st.builds(
    EvidenceContent,
    competency_id=st.sampled_from([1, 2]),
    situation=texts,
    task=texts,
    action=texts,
    result=texts,
    metric=texts,
)
contents = st.builds(
    ScorecardContent,
    recommendation=st.none() | st.sampled_from(Recommendation),
    summary=texts,
    ratings=st.dictionaries(st.sampled_from([1, 2]), st.none() | st.integers(1, 4)),
    evidence=st.lists(records, max_size=3).map(tuple),
)


def found(content: ScorecardContent, pasted: int = 0) -> str:
    return "\n".join(check(content, list(NAMES), NAMES, pasted=pasted))


def test_it_is_quiet_about_a_good_one() -> None:
    assert found(GOOD) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ratings": {1: 3}}, "Not rated yet: Own it."),
        ({"evidence": (STAR,)}, "Give evidence for Own it"),
        ({"evidence": (EvidenceContent(1, action="led it", result="good"),)}, "has 3 words"),
        ({"summary": "Rather young, with a strong accent."}, "“rather young” and “strong accent”"),
        ({"evidence": (STAR, replace(STAR, competency_id=2))}, "same text stands in two places"),
    ],
    ids=["unrated", "bare", "short", "protected", "alike"],
)
def test_it_finds(changes: dict[str, object], said: str) -> None:
    assert said in found(replace(GOOD, **changes))  # type: ignore[arg-type]


def test_pasted_text_is_asked_about_from_a_length_on() -> None:
    assert found(GOOD, pasted=199) == ""
    assert "About 1,200 characters were pasted" in found(GOOD, pasted=1200)


@pytest.mark.parametrize(
    "text",
    ["She is pregnant", "his WIFE", "45 years old", "wears a hijab", "overweight", "good-looking", "her accent", "Gay"],
)
def test_words_about_who_somebody_is_are_found(text: str) -> None:
    assert protected_words(text)


@pytest.mark.parametrize(
    "text",
    ["race condition", "black box", "child process", "pretty good", "an old certificate", "engaygement", "wifely-net",
     "native code", "the age of the key", "white list", "attractive target", "union of sets", "accented characters"],
)  # fmt: skip
def test_words_of_the_trade_are_not(text: str) -> None:
    assert not protected_words(text)


@given(contents, st.integers(0, 10_000))
def test_it_never_fails_and_always_names_what_is_unrated(content: ScorecardContent, pasted: int) -> None:
    lines = check(content, list(NAMES), NAMES, pasted=pasted)
    assert len(lines) == len([line for line in lines if line.strip()])
    unrated = [name for key, name in NAMES.items() if content.ratings.get(key) is None]
    assert all(name in "\n".join(lines) for name in unrated)


@given(st.lists(st.sampled_from(["we", "fixed", "it"]), min_size=1, max_size=30))
def test_few_words_are_those_below_the_limit(words: list[str]) -> None:
    content = ScorecardContent(evidence=(EvidenceContent(1, action=" ".join(words), result=""),))
    assert ("would somebody who was not there" in found(content)) is (len(words) < FEWEST_WORDS)


@given(texts, texts)
def test_what_stands_in_a_text_is_found_wherever_it_stands(before: str, after: str) -> None:
    assert "maternity" in protected_words(f"{before} maternity {after}")


@pytest.mark.parametrize("part", ["summary", "action", "question"])
def test_a_text_of_two_devices_is_to_be_looked_over(part: str) -> None:
    text = f"Led it.{BETWEEN}Led the repair."
    content = (
        ScorecardContent(summary=text)
        if part == "summary"
        else ScorecardContent(evidence=(EvidenceContent(1, **{part: text}),))
    )
    assert "the words of two devices" in found(content)
    assert "the words of two devices" not in found(replace(content, summary="Led it.", evidence=()))
