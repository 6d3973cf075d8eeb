"""English for numbers, lists and enum members, the same in every locale; and the words by which people are found."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

# Longer ones are no words that anybody types; they would only swell the index.
WORD_LENGTH = 60

# What programs that show e-mails make links of: "//host", "name@host", "www.", and a bare "host.tld".
_ADDRESS = re.compile(r"//|@|\bwww\.|\w{2,}\.\w{2,}", re.IGNORECASE)

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


class Labelled(StrEnum):
    """A string enum whose members have a label that people read; stored by its value."""

    @property
    def label(self) -> str:
        """The value in words: "phone_screen" is "Phone screen"."""
        return self.value.replace("_", " ").capitalize()


def number(count: int) -> str:
    """Return a count in words up to twelve, in digits beyond."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return "1 interview", "3 interviews": digits and the right form of the noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def sentence(text: str) -> str:
    """Return the text with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def holds_address(name: str) -> bool:
    """Whether a name holds what would become a link in an e-mail. "J.R.R. Tolkien" and "Anan s/o Ravi" hold none."""
    return _ADDRESS.search(name) is not None


def fold_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text in their order, each once: without marks, case-folded, letters and digits only.

    "Zoë O'Neill-Straße" becomes ("zoe", "o", "neill", "strasse"). What is stored and what is searched for go through
    this one function, so that both databases find the same people.
    """
    # Folding the case can bring forth marks, and taking marks away can leave letters to fold: hence twice.
    folded = _without_marks(_without_marks(text.casefold()).casefold())
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    return tuple(dict.fromkeys(word[:WORD_LENGTH] for word in words))


def sort_name(name: str) -> str:
    """Return what a list of names is sorted by; a name without letters (an emoji) sorts by itself."""
    return " ".join(fold_words(name)) or name.casefold()


def candidate_words(name: str, email: str) -> frozenset[str]:
    """Return all words by which a candidate is found: of the name, of the address, the whole address, and the whole
    name read from either end, so that "ada love" and "lovelace ad" are beginnings too."""
    parts = fold_words(name)
    phrases = (" ".join(parts), " ".join((*parts[-1:], *parts[:-1]))) if len(parts) > 1 else ()
    return frozenset((*parts, *phrases, *fold_words(email), email.casefold()))


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.category(c).startswith("M"))
