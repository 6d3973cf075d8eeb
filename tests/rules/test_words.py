"""Words by which people are found."""

import pytest

from tracker.rules.words import WORD_LENGTH, candidate_words, fold_words, sort_name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zoë O'Neill-Straße", ("zoe", "o", "neill", "strasse")),
        ("ÅNGSTRÖM Ångström", ("angstrom",)),
        ("İpek", ("ipek",)),
        ("ﬁne ①", ("fine", "1")),
        ("山田 太郎", ("山田", "太郎")),
        ("محمّد علي", ("محمد", "علي")),
        ("🦊 — !", ()),
        ("", ()),
    ],
)
def test_folding_leaves_letters_and_digits(text: str, words: tuple[str, ...]) -> None:
    assert fold_words(text) == words


def test_folding_twice_changes_nothing() -> None:
    for text in ("Zoë Straße", "İİ ŉ ǰ", "Ⅷ ½ ﷺ"):
        once = " ".join(fold_words(text))
        assert " ".join(fold_words(once)) == once


def test_a_very_long_word_is_cut() -> None:
    assert fold_words("a" * 300) == ("a" * WORD_LENGTH,)


def test_a_candidate_is_found_by_name_by_the_parts_of_the_address_and_by_the_whole() -> None:
    words = candidate_words("Ana Díaz", "ana.d@mail.example")
    assert words == {"ana", "diaz", "ana diaz", "diaz ana", "d", "mail", "example", "ana.d@mail.example"}


def test_a_name_without_letters_still_sorts() -> None:
    assert sort_name("🦊") == "🦊"
    assert sort_name("Émile  Zola") == "emile zola"
