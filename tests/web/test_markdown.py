"""Markdown that people wrote: safe, and worked out once however often it is shown."""

import pytest

from tracker.web import markdown


def test_a_text_is_worked_out_once() -> None:
    """What costs half a second must not cost it each time that somebody opens the page."""
    text = "*a **a " * 100
    assert markdown.render(text) is markdown.render("*a **a " * 100)
    assert markdown.render(text) != markdown.render(text + "b")


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](data:text/html,y)", "![x](http://evil.example/p)"],
)
def test_nothing_in_it_runs_or_tells_who_reads(text: str) -> None:
    html = markdown.render(text)
    for harm in ("<script", 'href="javascript', 'href="data', "<img"):
        assert harm not in html
