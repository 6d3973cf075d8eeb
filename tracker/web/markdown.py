"""Markdown that people wrote, as safe HTML: no raw HTML goes in, and what comes out is cleaned once more."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h2", "h3", "h4"}

_parser = MarkdownIt("commonmark", {"html": False}).enable(["strikethrough"])


# A long text takes a quarter of a second, one made to be slow twice that (20,000 characters, the most a form takes):
# once, and not each time that somebody opens the page.
@lru_cache(maxsize=256)
def render(text: str) -> Markup:
    """Return the HTML of a Markdown text. Pictures are left out: they would tell a stranger's server who reads.

    Headings begin at the second level, below the page's own.
    """
    html = _parser.render(text)
    for level in (3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 1}>").replace(f"</h{level}>", f"</h{level + 1}>")
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704 - cleaned on the line above
