"""A mail is a value: addresses are checked as they are made, templates are strict, HTML is made of text."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, UndefinedError

from tests.conftest import PROJECT
from tests.mail.test_golden import words
from tracker.mail.addresses import BadAddress
from tracker.mail.clean import breaks, many_lines, one_line
from tracker.mail.links import url
from tracker.mail.messages import Address, render
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


def with_templates(app: Flask, **files: str) -> None:
    mails = PROJECT / "templates" / "mail"
    sources = {f"mail/{name}": (mails / name).read_text(encoding="utf-8") for name in ("layout.txt", "layout.html")}
    kinds = {f"mail/test/{name.replace('_', '.')}": text for name, text in files.items()}
    app.jinja_env.loader = DictLoader(sources | kinds)
    app.extensions.pop("tracker_mail", None)


def test_a_name_that_is_not_given_is_an_error(words: Flask) -> None:
    with_templates(words, subject_txt="{{ missing }}", body_txt="x")
    with words.app_context(), pytest.raises(UndefinedError):
        render("test", receiver=Address("Ada", "a@example.org"), organisation="Works")


def test_lines_of_tags_leave_no_gaps(words: Flask) -> None:
    body = (
        "Hello,\n{% if yes %}\n\nYes.\n{% endif %}\n"
        "{% for n in [1, 2] %}\n- {{ n }}\n{% endfor %}\n\nEnd{% if yes %}!{% endif %}\n"
    )
    with_templates(words, subject_txt="Hello\n{{ name }}", body_txt=body)
    with words.app_context():
        mail = render("test", receiver=Address("Ada", "a@example.org"), organisation="Works", yes=True, name="a\r\nb")
    assert mail.subject == "Hello a b"
    assert mail.text.startswith("Hello,\n\nYes.\n- 1\n- 2\n\nEnd!\n\n-- \nYou get this")


def test_what_people_typed_is_escaped_in_html_and_not_in_text(words: Flask) -> None:
    with_templates(words, subject_txt="{{ name }}", body_txt="{{ name }} http://x.example/a?b=1&c=2")
    with words.app_context():
        mail = render("test", receiver=Address("A", "a@example.org"), organisation="<Works>", name="<b>&\"'")
    assert "<b>&\"'" in mail.text
    assert "<b>" not in mail.html
    assert "<Works>" not in mail.html
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
