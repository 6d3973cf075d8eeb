"""Words by which people are found."""

import pytest

from tracker.rules.words import WORD_LENGTH, candidate_words, fold_words, holds_address, sort_name


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


@pytest.mark.parametrize(
    "name",
    ["WIN http://evil.example/prize", "WIN evil.example", "www.x", "win@evil.example", "//evil", "пример.рф"],
)
def test_what_a_mail_program_links_is_no_name(name: str) -> None:
    assert holds_address(name)


@pytest.mark.parametrize(
    "name",
    ["J. R. R. Tolkien", "J.R.R. Tolkien", "Anan s/o Ravi", "Zoë O'Neill, Ph.D.", "John Smith Jr.", "🦊", "محمد"],
)
def test_names_are_names(name: str) -> None:
    assert not holds_address(name)


def test_a_name_without_letters_still_sorts() -> None:
    assert sort_name("🦊") == "🦊"
    assert sort_name("Émile  Zola") == "emile zola"
