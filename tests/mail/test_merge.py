"""Merge fields: values take their places, lines of nothing are left out, and nothing else is understood."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.samples import SAMPLES
from tests.mail.test_golden import words
from tracker.mail.kinds import KINDS
from tracker.mail.merge import FIELD, MOST, fill, mark, problems
from tracker.mail.messages import Words, reworded, standard_words

__all__ = ["words"]

NAMES = ("when", "place", "candidate")
VALUES = {"when": "Monday", "place": "", "candidate": "Ada {{ when }} <b>"}
# Pieces that texts of careless and of hostile people are made of.
PIECES = st.sampled_from(
    [*map(mark, NAMES), "{{when}}", "{{", "}}", "{", "}", "{%", "%}", "{#", " ", "\n", "\n\n", "Where: ", "ä", "\r"]
)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello {{ candidate }},", "Hello Ada {{ when }} <b>,"),
        ("{{when}} and {{  when }}", "Monday and Monday"),
        ("When: {{ when }}\nWhere: {{ place }}", "When: Monday"),
        ("One\n\nWhere:\n{{ place }}\n\nTwo", "One\n\nTwo"),
        ("One\n\n{{ place }}\n\n{{ place }}\n\nTwo", "One\n\nTwo"),
        ("Where: {{ place }}, {{ when }}", "Where: , Monday"),
        ("One\n  \n\n\nTwo", "One\n\nTwo"),
        ("", ""),
    ],
)
def test_filling(text: str, filled: str) -> None:
    assert fill(text, VALUES) == filled


def test_facts_stay_fields_in_a_text_that_is_edited_and_braces_of_values_are_none() -> None:
    offered = fill("Hello {{ candidate }},\n{{ when }}\nWhere: {{ place }}", VALUES, keep={"when", "place"})
    assert offered == "Hello Ada { { when } } <b>,\n{{ when }}"
    assert fill(offered, VALUES) == "Hello Ada { { when } } <b>,\nMonday"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Hello\n{{ wen }}", "Line 2: there is no field {{ wen }} in this e-mail."),
        ("{{ when.place }}", "Line 1: “{{ when.place }}” is not a field."),
        ("{{ when|safe }}", "Line 1: “{{ when|safe }}” is not a field."),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "is not a field."),
        ("{{ config['SECRET_KEY'] }}", "is not a field."),
        ("a\nb\n{% for n in range(10**9) %}", "Line 3: “{% for n in range(10**9) %}” is not a field."),
        ("{{ when", "Line 1: “{{” is not a field."),
        ("when }}", "Line 1: “}}” is not a field."),
        ("{# when #}", "is not a field."),
        ("{{ When }}", "is not a field."),
        ("{{\nwhen }}", "Line 1: “{{” is not a field."),
        ("{{{{ when }} }}", "is not a field."),
        ("{{ when }}" * (MOST + 1), "{{ when }} stands there 6 times; 5 are the most."),
    ],
)
def test_what_is_no_field_is_named_with_its_line(text: str, sentence: str) -> None:
    assert any(sentence in each for each in problems(text, NAMES))


@given(st.lists(PIECES).map("".join))
def test_what_passes_the_check_is_filled_and_leaves_no_field_behind(text: str) -> None:
    if problems(text, NAMES):
        return
    assert not FIELD.search(fill(text, VALUES | {"candidate": "Ada"}))
    assert not problems(fill(text, VALUES, keep={"when"}), NAMES)


@given(st.text(alphabet="{}%# when\n", max_size=60))
def test_values_never_become_fields(value: str) -> None:
    assert fill("{{ candidate }}!", {"candidate": value}).replace("!", "") in (value, "")
    assert not problems(fill("{{ candidate }}!", {"candidate": value}, keep=()), ())


def test_a_hostile_text_is_checked_in_no_time() -> None:
    # Were it looked for back and forth, this would take minutes.
    assert len(problems("{%" * 10_000, NAMES)) == 10_000


@pytest.mark.parametrize("kind", KINDS)
def test_standard_words_have_known_fields_alone(words: Flask, kind: str) -> None:
    with words.app_context():
        standard = standard_words(kind)
    assert not problems(standard.subject + "\n" + standard.text, KINDS[kind].names)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_has_a_value_for_every_field(words: Flask, kind: str) -> None:
    with words.app_context():
        mail = SAMPLES[kind]()
    assert mail.kind == kind
    assert mail.values.keys() == KINDS[kind].names == KINDS[kind].samples.keys()


def test_other_words_keep_foot_and_calendar_and_cannot_inject(words: Flask) -> None:
    with words.app_context():
        mail = SAMPLES["screen_invitation"]()
        other = reworded(mail, Words("Come\r\nBcc: x@example.org", "<script>{{ candidate }}</script>\x00\u202e"))
    assert other.subject == "Come Bcc: x@example.org"
    assert other.text == "<script>Ada Lovelace</script>\n\n-- \n" + mail.text.split("\n-- \n")[1]
    assert "<script>" not in other.html
    assert other.calendar == mail.calendar
    assert mail.why in other.html
