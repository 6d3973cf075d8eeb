"""What the script of the scorecard's form sends as one types, read without building the form.

It takes what the form would take, and the same from it. Whatever else is sent, the form looks at, which has the words.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, replace
from typing import TypeVar

from tracker.rules.scorecards import RATINGS, EvidenceContent, Recommendation, ScorecardContent
from tracker.web.converters import LARGEST_ID
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, UNSEEN, many_lines, one_line

MOST_EVIDENCE = 20
PARTS = ("question", "situation", "task", "action", "result", "metric")
_ID = "([1-9][0-9]{0,9})"
_RATING = re.compile(f"rating_{_ID}")
_PART = re.compile(f"evidence_{_ID}-(0|[1-9][0-9]?)-({'|'.join(PARTS)})")
_NUMBER = re.compile("[0-9]{1,10}")
T = TypeVar("T")
_CHOICES: dict[str, Recommendation | None] = {each.value: each for each in Recommendation} | {"": None}
_RATED: dict[str, int | None] = {str(each): each for each in RATINGS} | {"": None}


class ForTheForm(ValueError):
    """Something that is not to be taken, or not understood here."""


@dataclass(frozen=True)
class Typed:
    """What was typed, the version of the draft it was typed into, and how many characters were pasted."""

    content: ScorecardContent
    version: int
    pasted: int

    def of(self, competency_ids: Collection[int], held: Set[str]) -> ScorecardContent:
        """Return what is about these competencies, in their order.

        Questions that the interviewer ``held`` and wrote nothing about were not asked after all, and left out.
        """
        evidence = tuple(
            row
            for key in competency_ids
            for row in self.content.evidence
            if row.competency_id == key and not (row.is_unanswered and row.question in held)
        )
        ratings = {key: self.content.ratings.get(key) for key in competency_ids}
        return replace(self.content, ratings=ratings, evidence=evidence)


def read(sent: Mapping[str, str]) -> Typed:
    """Return what was typed. Raises ForTheForm."""
    ratings: dict[int, int | None] = {}
    records: dict[tuple[int, int], dict[str, str]] = {}
    for name, value in sent.items():
        if name.startswith("evidence_"):
            competency_id, number, part = _matched(_PART, name).groups()
            records.setdefault((int(competency_id), int(number)), {})[part] = _text(value, is_line=part == "metric")
        elif name.startswith("rating_"):
            ratings[int(_matched(_RATING, name)[1])] = _among(_RATED, value)
    if any(count > MOST_EVIDENCE for count in Counter(key for key, _ in records).values()):
        raise ForTheForm
    content = ScorecardContent(
        recommendation=_among(_CHOICES, sent.get("recommendation", "")),
        summary=_text(sent.get("summary", "")),
        ratings=ratings,
        evidence=tuple(EvidenceContent(key[0], **records[key]) for key in sorted(records)),
    )
    return Typed(content, _number(sent.get("version", ""), UNSEEN), _number(sent.get("pasted", ""), 0))


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ForTheForm
    return found


def _text(value: str, *, is_line: bool = False) -> str:
    text = (one_line(value) if is_line else many_lines(value)) or ""
    if len(text) > (LINE_LENGTH if is_line else TEXT_LENGTH):
        raise ForTheForm
    return text


def _among(choices: Mapping[str, T], value: str) -> T:
    if value not in choices:
        raise ForTheForm
    return choices[value]


def _number(value: str, absent: int) -> int:
    number = int(_matched(_NUMBER, value).group()) if value else absent
    if number > LARGEST_ID:
        raise ForTheForm
    return number
