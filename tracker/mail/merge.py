"""Merge fields: a text in which ``{{ name }}`` stands for a value. Nothing else is understood.

There are no attributes, filters, conditions or loops to reach anything with: a text can print the values that it is
given, at most as long as itself and they are, and that is all. So whoever may write one cannot do harm by it.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping

FIELD = re.compile(r"\{\{[ \t]*([a-z_]+)[ \t]*\}\}")
# What looks like a field or a tag of some template language and is none of ours.
_STRAY = re.compile(r"\{[{%#][^{}\n]{0,80}[}%#]\}|\{[{%#]|[}%#]\}")
_LOOK = "Fields look like {{ name }}; conditions, filters and the like are not understood."
# A field may bring a long text: no text shall be made of it many times over.
MOST = 5


def problems(text: str, known: Collection[str], *, where: str = "Line {}") -> list[str]:
    """Return what stands against filling the text with values of the ``known`` fields, as sentences; none if empty.

    Each names the line (counted from 1, in the words of ``where``) and the field.
    """
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        at = where.format(number)
        unknown = [name for name in FIELD.findall(line) if name not in known]
        found += [f"{at}: there is no field {mark(name)} in this e-mail." for name in unknown]
        strays = (each.group() for each in _STRAY.finditer(FIELD.sub("·", line)))
        found += [f"{at}: “{stray}” is not a field. {_LOOK}" for stray in strays]
    many = (each for each in Counter(FIELD.findall(text)).items() if each[1] > MOST)
    return found + [f"{mark(name)} stands there {times} times; {MOST} are the most." for name, times in many]


def fill(text: str, values: Mapping[str, str], *, keep: Collection[str] | None = None) -> str:
    """Return the text with the values in the places of their fields.

    With ``keep`` the result is a text to be filled again: those fields stay, and braces in values become harmless.

    A line, or a whole paragraph, of which every field is empty is left out: "Where: {{ place }}" needs no condition.
    Raises KeyError where a field has no value: ask ``problems`` first.
    """
    paragraphs = [_paragraph(each, values, keep) for each in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n"))]
    return "\n\n".join(each for each in paragraphs if each is not None)


def mark(name: str) -> str:
    """Return the field as it is written in a text."""
    return "{{ " + name + " }}"


def _paragraph(text: str, values: Mapping[str, str], keep: Collection[str] | None) -> str | None:
    if _is_void(text, values):
        return None
    return "\n".join(_line(each, values, keep) for each in text.split("\n") if not _is_void(each, values))


def _line(text: str, values: Mapping[str, str], keep: Collection[str] | None) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1]
        if keep is None:
            return values[name]
        return mark(name) if name in keep else _tame(values[name])

    return FIELD.sub(value, text)


def _is_void(text: str, values: Mapping[str, str]) -> bool:
    names = FIELD.findall(text)
    return bool(names) and not any(values[name].strip() for name in names)


def _tame(value: str) -> str:
    return re.sub(r"(?<=\{)(?=[{%#])|(?<=[}%#])(?=\})", " ", value)
