"""Markdown in e-mails: read without its marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.mail.unmarked import unmarked


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ("Read **our** *principles*.", "Read our principles."),
        ("## How to prepare\n\nRead.", "How to prepare\n\nRead."),
        ("Read [them](https://x.example/a).", "Read them (https://x.example/a)."),
        ("<https://x.example/a>", "https://x.example/a"),
        ("Bring:\n\n- a `laptop`\n- **time**\n\nThat is all.", "Bring:\n\n- a laptop\n- time\n\nThat is all."),
        ("3. one\n4. two", "3. one\n4. two"),
        ("- one\n  - inner\n- two", "- one\n  - inner\n- two"),
        ("one\ntwo", "one\ntwo"),
        ("2 * 3 * 4 < 5_000_000", "2 * 3 * 4 < 5_000_000"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("a\\*b", "a*b"),
        ("", ""),
    ],
    ids=[
        "emphasis",
        "heading",
        "link",
        "bare",
        "list",
        "numbers",
        "nested",
        "lines",
        "none",
        "html",
        "escaped",
        "empty",
    ],
)
def test_marks_are_left_out(marked: str, said: str) -> None:
    assert unmarked(marked) == said


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    assert isinstance(unmarked(text), str)
