"""A mail is a value: addresses are checked as they are made, no field is left without a value, HTML is made of text."""

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.test_golden import words
from tracker.mail.addresses import BadAddress
from tracker.mail.clean import breaks, many_lines, one_line
from tracker.mail.links import url
from tracker.mail.messages import Address, Words, merged, spoken
from tracker.mail.plain import to_html

__all__ = ["words"]


@pytest.mark.parametrize(
    "email",
    [
        "a@example.org, b@example.org",
        "a@example.org\nBcc: b@example.org",
        "a@example.org\r",
        "Ada <a@example.org>",
        "a b@example.org",
        "a@",
        "",
        "ädä@example.org",
        "a@exa mple.org",
        "a\x00@example.org",
        "(comment)a@example.org",
    ],
)
def test_what_is_not_one_address_is_refused(email: str) -> None:
    with pytest.raises(BadAddress) as refused:
        Address("Ada", email)
    assert refused.value.field == "email"


def test_domains_beyond_ascii_are_written_so_that_every_server_reads_them() -> None:
    assert Address("Ada", "ada@bücher.example").email == "ada@xn--bcher-kva.example"


def test_names_become_one_line() -> None:
    assert Address("Ada\r\nBcc: x\u2028 \u202eLovelace", "ada@example.org").name == "Ada Bcc: x Lovelace"


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    clean = one_line(text)
    assert len(clean.splitlines()) <= 1
    assert not any(breaks(c) for c in clean)
    assert one_line(clean) == clean


@given(st.text())
def test_many_lines_end_with_lf_alone(text: str) -> None:
    clean = many_lines(text)
    assert not any(breaks(c) and c not in "\n\t" for c in clean)
    assert many_lines(clean) == clean


def test_lines_are_kept() -> None:
    assert many_lines("a\r\nb\rc\u2028d\x85e\x00f\tg") == "a\nb\nc\nd\ne\x00f\tg".replace("\x00", "")


def test_a_field_without_a_value_is_an_error(words: Flask) -> None:
    with words.app_context(), pytest.raises(KeyError):
        merged("closed", receiver=Address("Ada", "a@example.org"), organisation="Works")


def test_what_people_typed_is_escaped_in_html_and_not_in_text(words: Flask) -> None:
    receiver, given = Address("A", "a@example.org"), {"requisition": "<i>R\r\nS</i>", "recruiter": "R"}
    with words.app_context():
        mail = merged("closed", receiver=receiver, organisation="<Works>", candidate="<b>&\"'", **given)
    assert mail.subject == "Our answer to your application: <i>R S</i>, <Works>"
    assert "<b>&\"'" in mail.text
    assert not re.search("<b>|<Works>|<i>", mail.html)


def test_words_of_a_person_are_not_filled_in(words: Flask) -> None:
    said = Words("{{ link }}\nBcc: x@example.org", "Dear {{ candidate }},\n\nsee http://x.example/a?b=1&c=2")
    with words.app_context():
        mail = spoken("outcome", receiver=Address("A", "a@example.org"), organisation="Works", words=said)
    assert mail.subject == "{{ link }} Bcc: x@example.org"
    assert mail.body == said.text
    assert 'href="http://x.example/a?b=1&amp;c=2"' in mail.html


def test_text_becomes_paragraphs_lists_and_links() -> None:
    html = to_html("One\n  two\n\nThree:\n- a <b>\n- http://x.example/y.\n\nEnd")
    assert html == (
        '<p dir="auto">One<br>\n&nbsp;&nbsp;two</p>\n'
        '<p dir="auto">Three:</p><ul><li>a &lt;b&gt;</li>'
        '<li><a href="http://x.example/y">http://x.example/y</a>.</li></ul>\n'
        '<p dir="auto">End</p>'
    )


@given(st.text())
def test_no_text_gets_out_of_its_html(text: str) -> None:
    plain = to_html(text)
    for tag in ("p", "ul", "li", "a"):
        assert plain.count(f"<{tag}>") + plain.count(f"<{tag} ") == plain.count(f"</{tag}>")
    assert plain.count("<") == plain.count(">")


def test_links_are_made_of_the_setting_alone(words: Flask) -> None:
    with words.test_request_context(base_url="http://evil.example"):
        assert url("/my/x") == "http://tracker.example/my/x"
