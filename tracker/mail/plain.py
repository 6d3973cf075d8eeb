"""HTML made of a plain text: paragraphs, lists and links, so that most mails are written once."""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")


def to_html(text: str) -> Markup:
    """Return safe HTML of a plain text: empty lines part paragraphs, lines with "- " are a list, addresses links."""
    return Markup("\n").join(_block(block.split("\n")) for block in re.split(r"\n{2,}", text.strip()))


def listed(entries: Iterable[str]) -> str:
    """Return the text of a list, an entry a line."""
    return "\n".join(f"- {each}" for each in entries)


def _block(lines: list[str]) -> Markup:
    head = [line for line in lines if not line.startswith("- ")]
    items = [line[2:] for line in lines if line.startswith("- ")]
    if not items or lines[: len(head)] != head:
        return _paragraph(lines)
    listed = Markup("").join(Markup("<li>{}</li>").format(_linked(item)) for item in items)
    return (_paragraph(head) if head else Markup("")) + Markup("<ul>{}</ul>").format(listed)


def _paragraph(lines: list[str]) -> Markup:
    # Lines of a schedule begin with blanks, which HTML would swallow.
    shown = (Markup("&nbsp;") * (len(line) - len(line.lstrip())) + _linked(line.lstrip()) for line in lines)
    return Markup('<p dir="auto">{}</p>').format(Markup("<br>\n").join(shown))


def _linked(line: str) -> Markup:
    parts, start = [], 0
    for found in _LINK.finditer(line):
        address = found.group()
        parts += [escape(line[start : found.start()]), Markup('<a href="{0}">{0}</a>').format(address)]
        start = found.end()
    return Markup("").join([*parts, escape(line[start:])])
