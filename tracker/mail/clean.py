"""What must not get into a header or a calendar file: control characters in all their disguises."""

import unicodedata

# Cc: CR, LF, NUL, NEL ...; Zl and Zp: Unicode's own line and paragraph breaks; Cs: halves of characters.
_BREAKING = frozenset({"Cc", "Zl", "Zp", "Cs"})
# They would turn the rest of the line around: a subject or name could then read as another.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def breaks(character: str) -> bool:
    """Whether a character ends a line somewhere, or cannot be written at all."""
    return unicodedata.category(character) in _BREAKING


def one_line(text: str) -> str:
    """Return the text as one line: white space folded, control characters and overrides gone."""
    if text.isprintable():
        # Nearly every text: neither line ends nor overrides are printable.
        return " ".join(text.split())
    kept = (" " if breaks(c) else c for c in text if c not in _OVERRIDES)
    return " ".join("".join(kept).split())


def many_lines(text: str) -> str:
    """Return the text with LF as its only line break and without other control characters."""
    folded = text.replace("\r\n", "\n")
    if all(part.isprintable() for part in folded.split("\n")):
        # Nearly every text, and a walk through all of its letters takes longer than the rest of a mail.
        return folded
    return "".join("\n" if breaks(c) and c not in "\t\0" and _is_line_end(c) else c for c in folded if _stays(c))


def _is_line_end(character: str) -> bool:
    return character in "\n\r\x0b\x0c\x85\u2028\u2029"


def _stays(character: str) -> bool:
    return character == "\t" or _is_line_end(character) or not (breaks(character) or character in _OVERRIDES)
