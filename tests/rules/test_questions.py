"""Which questions are proposed, what their file holds, and when numbers are too small to tell."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.questions import (
    COLUMNS,
    BadFile,
    Banked,
    Entry,
    QuestionKind,
    QuestionLevel,
    alternative,
    from_csv,
    from_file,
    from_json,
    propose,
    separation,
    to_csv,
    to_json,
)

words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40).map(str.strip)
entries = st.builds(
    Entry,
    competency=words.filter(bool),
    kind=st.sampled_from([each.value for each in QuestionKind]),
    level=st.sampled_from([each.value for each in QuestionLevel]),
    question=words.filter(bool),
    good_answer=words,
    weak_answer=st.sampled_from(["", "=1+1", "'quoted", "-5", "@home", "a,b", 'say "no"', "'=x"]),
)
banks = st.lists(
    st.builds(Banked, id=st.integers(1, 40), competency_id=st.integers(1, 4), uses=st.integers(0, 5)),
    unique_by=lambda each: each.id,
)
ids = st.sets(st.integers(1, 40))


@given(st.lists(entries, max_size=5))
def test_what_goes_out_comes_in(rows: list[Entry]) -> None:
    assert from_csv(to_csv(rows)) == rows
    assert from_json(to_json(rows)) == rows
    assert from_file(to_csv(rows)) == from_file(to_json(rows)) == rows


@given(st.lists(entries, min_size=1, max_size=3))
def test_no_cell_is_a_formula(rows: list[Entry]) -> None:
    for line in to_csv(rows).splitlines()[1:]:
        assert not any(cell.lstrip('"').startswith(("=", "+", "@")) for cell in line.split(","))


def test_the_order_of_columns_is_free_and_answers_may_be_missing() -> None:
    text = "\ufeffQuestion,Level,Kind,Competency\nWhy?,Early career,Technical,Own it\n,,,\n"
    assert from_csv(text) == [Entry("Own it", "technical", "early_career", "Why?")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no competency"),
        ("competency,kind,level\n", "there is no question"),
        ("competency,kind,level,question\nA,technical,any,\n", "Line 2: question is empty"),
        ("competency,kind,level,question\nA,riddle,any,Q\n", "Line 2: the kind is one of"),
        ("competency,kind,level,question\nA,technical,boss,Q\n", "Line 2: the level is one of"),
        ("competency,kind,level,question\nA,technical,any," + "x" * 501, "500 is the most"),
        ("competency,kind,level,question\n" + "A,technical,any,Q\n" * 2000, "2,000 is the most"),
        ('competency,kind,level,question\n"A,technical', "This is no CSV file"),
    ],
    ids=["empty", "column", "blank", "kind", "level", "long", "many", "quote"],
)
def test_a_bad_file_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        from_csv(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "This is no JSON file"),
        ("[" * 100_000, "This is no JSON file"),
        ('{"a": 1}', "must hold a list"),
        ('["a"]', "must hold a list"),
        ('[{"competency": 1}]', "Question 1: competency must be a text"),
        ('[{"competency": "A", "kind": "riddle", "level": "any", "question": "Q"}]', "Question 1: the kind is one of"),
        ("[" + ",".join(["{}"] * 2001) + "]", "2,000 is the most"),
    ],
    ids=["cut", "deep", "object", "texts", "number", "kind", "many"],
)
def test_a_bad_json_file_is_refused_with_its_question(text: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        from_file(text)


@given(banks, st.lists(st.integers(1, 4), unique=True), ids, st.integers(1, 9))
def test_proposals_are_few_mine_free_and_the_same_each_time(
    bank: list[Banked], mine: list[int], held: set[int], turn: int
) -> None:
    found = propose(bank, mine, held, turn=turn)
    by_id = {each.id: each for each in bank}
    assert found == propose(list(reversed(bank)), mine, held, turn=turn)
    assert len(found) == len(set(found)) <= 3
    for each in found:
        competency = by_id[each].competency_id
        assert competency in mine
        free = [row.id for row in bank if row.competency_id == competency and row.id not in held]
        assert each not in held or not free
    asked = {by_id[each].competency_id for each in found}
    there = {row.competency_id for row in bank} & set(mine)
    assert len(asked) == min(3, len(there)), "each competency gets one before any gets two"


@given(banks.filter(bool), ids, ids, st.integers(1, 9))
def test_an_alternative_is_free_and_for_the_same(bank: list[Banked], held: set[int], own: set[int], turn: int) -> None:
    question = bank[0]
    found = alternative(bank, question, held, own, turn=turn)
    free = {each.id for each in bank[1:] if each.competency_id == question.competency_id} - held - own
    assert found in free if free else found is None


def test_two_with_one_competency_are_led_to_different_questions() -> None:
    bank = [Banked(id, 1) for id in (1, 2)]
    assert propose(bank, [1], (), turn=1, most=1) != propose(bank, [1], (), turn=2, most=1)


def test_small_numbers_are_held_back() -> None:
    assert separation(Counter({4: 5}), Counter({1: 4})) is None
    found = separation(Counter({4: 3, 3: 2}), Counter({2: 5}))
    assert found is not None
    assert round(found.difference, 2) == 1.6


def test_the_columns_are_those_of_an_entry() -> None:
    assert COLUMNS[:4] == ("competency", "kind", "level", "question")
