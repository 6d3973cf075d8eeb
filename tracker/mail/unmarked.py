"""Markdown as plain text: what a person wrote with marks for a page reads well in an e-mail without them."""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Marks alone: no raw HTML is understood, so that what looks like it stays text.
_PARSER = MarkdownIt("commonmark", {"html": False})
_INDENT = "  "


def unmarked(text: str) -> str:
    """Return Markdown as plain text: no marks of emphasis, "- " and "1. " before items, links in full."""
    blocks = list(_blocks(_PARSER.parse(text)))
    joined = ""
    for is_item, block in blocks:
        joined += ("\n" if is_item else "\n\n") + block if joined else block
    return joined


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[bool, str]]:
    """Yield each block, and whether it follows the one before without an empty line: an item, but the first."""
    numbers: list[int | None] = []
    label, is_first = "", True
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            is_first = not numbers
            numbers.append(int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
        elif token.type == "list_item_open":
            number = numbers[-1]
            label = "- " if number is None else f"{number}. "
            numbers[-1] = None if number is None else number + 1
        elif token.type in ("inline", "fence", "code_block"):
            said = _inline(token.children or []) if token.type == "inline" else token.content.rstrip()
            yield bool(numbers) and not is_first, _INDENT * (len(numbers) - 1) + label + said
            label, is_first = "", False


def _inline(tokens: Sequence[Token]) -> str:
    said, links = "", []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            said += "\n"
        elif token.type == "link_open":
            links.append((len(said), str(token.attrGet("href") or "")))
        elif token.type == "link_close":
            start, address = links.pop()
            said += "" if said[start:] == address else f" ({address})"
        else:
            said += token.content
    return said
