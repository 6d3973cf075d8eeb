"""The shared page parts: what people typed is escaped, errors stand beside their fields, states are said in words."""

import re

import pytest
from flask import render_template

from tests.parts import ARABIC, LONG, STATES, Parts, make_parts


@pytest.fixture
def parts() -> Parts:
    return make_parts()


def page(parts: Parts, path: str) -> str:
    answer = parts.app.test_client().get(path)
    assert answer.status_code == 200
    return answer.text


def refused_form(parts: Parts) -> str:
    parts.app.config["WTF_CSRF_ENABLED"] = False
    answer = parts.app.test_client().post("/form", data={"name": "", "notes": "kept <text>", "zone": "Europe/Berlin"})
    return answer.text


def test_names_are_escaped_and_may_run_either_way(parts: Parts) -> None:
    for path in ("/parts", "/board"):
        text = page(parts, path)
        assert "<b>Barbara" not in text
        assert "&lt;b&gt;Barbara" in text
        assert re.search(rf'dir="auto"[^>]*>{ARABIC}', text)
        assert LONG.strip() in text


def test_every_state_of_a_deadline_is_said_in_words_with_its_moment(parts: Parts) -> None:
    text = page(parts, "/parts")
    for state in STATES:
        assert f"words of {state}" in text
        assert f"{state.replace('_', ' ').capitalize()}: </span>" in text
    assert 'title="Fri 27 Nov 2026, 23:59 CET"' in text


def test_a_moment_names_its_zone_and_keeps_the_exact_time_for_machines(parts: Parts) -> None:
    text = page(parts, "/parts")
    assert (
        'datetime="2026-11-27T22:59:59+00:00" title="Sat 28 Nov 2026, 07:59 JST">Sat 28 Nov, 07:59 JST</time>' in text
    )


def test_an_error_stands_beside_its_field_and_is_tied_to_it(parts: Parts) -> None:
    text = refused_form(parts)
    control = re.search(r'<input[^>]*id="name"[^>]*>', text)
    assert control
    assert 'aria-invalid="true"' in control[0]
    assert 'aria-describedby="name-error"' in control[0]
    assert 'id="name-error"' in text
    assert '<a href="#name">Full name: please fill this in.</a>' in text


def test_a_group_of_choices_says_its_error_too(parts: Parts) -> None:
    text = refused_form(parts)
    assert re.search(r'<fieldset[^>]*id="recommendation"[^>]*aria-describedby="recommendation-error"', text)


def test_a_refused_form_keeps_what_was_typed(parts: Parts) -> None:
    assert "kept &lt;text&gt;" in refused_form(parts)


def test_hints_are_tied_to_their_fields(parts: Parts) -> None:
    text = page(parts, "/form")
    assert 'aria-describedby="notes-hint"' in text
    assert re.search(r'id="notes-hint">As you like\.', text)


def test_a_form_carries_token_key_and_version_and_sends_files(parts: Parts) -> None:
    text = page(parts, "/form")
    for name in ("csrf_token", "once", "version"):
        assert re.search(rf'<input[^>]*name="{name}"[^>]*type="hidden"[^>]*value="[^"]+"', text), name
    assert 'enctype="multipart/form-data"' in text


def test_a_button_that_posts_carries_them_too(parts: Parts) -> None:
    form = re.search(r'<form class="post" action="/slow" method="post">.*?</form>', page(parts, "/parts"), re.S)
    assert form
    assert 'name="csrf_token"' in form[0]
    assert re.search(r'name="once" value="[0-9a-f]{32}"', form[0])
    assert 'name="version" value="3"' in form[0]
    assert 'name="x" value="1"' in form[0]


def test_empty_facts_are_left_out(parts: Parts) -> None:
    assert "<dt>Empty</dt>" not in page(parts, "/parts")


def test_the_second_column_is_there_only_with_something_in_it(parts: Parts) -> None:
    assert "page__cols--aside" in page(parts, "/parts")
    assert "page__cols--aside" not in page(parts, "/form")


def test_a_card_is_not_offered_the_column_it_is_in(parts: Parts) -> None:
    article = re.search(r'<article[^>]*id="application-200".*?</article>', page(parts, "/board"), re.S)
    assert article
    assert 'value="2" hidden>Phone screen' in article[0]
    assert 'value="3">Loop' in article[0]


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 429, 500, 503])
def test_fault_pages_say_what_happened_and_show_a_way_back(parts: Parts, code: int) -> None:
    with parts.app.test_request_context():
        text = render_template(f"errors/{code}.html", message="Grace was moved <by> Alan.", back="/somewhere")
    assert f'<div class="fault__code">{code}</div>' in text
    assert "Grace was moved &lt;by&gt; Alan." in text
    assert 'href="/somewhere"' in text
