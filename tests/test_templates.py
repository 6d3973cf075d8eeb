"""All templates compile, none holds script or style that the content policy would block, and none runs a query."""

import re
from pathlib import Path

import pytest
from flask import Flask

PROJECT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((PROJECT / "templates").rglob("*.*"))
PAGES = [path for path in TEMPLATES if path.suffix == ".html" and "mail" not in path.parts]


def test_all_templates_compile(app: Flask) -> None:
    for path in TEMPLATES:
        app.jinja_env.get_template(path.relative_to(PROJECT / "templates").as_posix())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_pages_hold_no_inline_script_or_style(path: Path) -> None:
    # Comments may show markup, and a macro may have an argument of that name.
    source = re.sub(r"\{[#%].*?[#%]\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source), "the content policy blocks inline scripts"
    assert not re.search(r"\sstyle=", source), "the content policy blocks inline styles"
    assert not re.search(r"\son[a-z]+=", source), "the content policy blocks inline handlers"
    markup = path.read_text(encoding="utf-8").replace(" ", "")
    assert "|safe" not in markup, "what people typed is escaped; Markdown is cleaned in Python"
