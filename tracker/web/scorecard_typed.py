"""What the script of the scorecard's form sends as one types, read without building the form.

It takes what the form would take, and the same from it. Whatever else is sent, the form looks at, which has the words.
Beside what changed since the server had it last, the script sends what it was: ``was-summary`` beside ``summary``. It
says by ``was`` that it does.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, replace
from typing import TypeVar

from tracker.rules.scorecard_merge import Seen
from tracker.rules.scorecards import MOST_EVIDENCE, RATINGS, EvidenceContent, Recommendation, ScorecardContent
from tracker.web.converters import LARGEST_ID
from tracker.web.forms import LINE_LENGTH, TEXT_LENGTH, UNSEEN, many_lines, one_line

WAS = "was"
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
    """What was typed, the version of the draft it was typed into, and how many characters were pasted.

    ``seen`` is what stood there before, where the script said so.
    """

    content: ScorecardContent
    version: int
    pasted: int
    seen: Seen | None = None

    def of(self, competency_ids: Collection[int], held: Set[str]) -> ScorecardContent:
        """Return what is about these competencies, in their order.

        Questions that the interviewer ``held`` and wrote nothing about were not asked after all, and left out.
        """
        evidence = tuple(
            row
            for key in competency_ids
            for row in self.content.evidence
            if row.competency_id == key and not _is_unasked(row, held)
        )
        ratings = {key: self.content.ratings.get(key) for key in competency_ids}
        return replace(self.content, ratings=ratings, evidence=evidence)

    def seen_of(self, competency_ids: Collection[int], held: Set[str]) -> Seen | None:
        """Return what stood there about these competencies; questions that were not asked are left out as in ``of``."""
        if self.seen is None:
            return None
        pairs = [
            tuple(EvidenceContent(row.competency_id) if _is_unasked(row, held) else row for row in pair)
            for pair in self.seen.records
            if pair[0].competency_id in competency_ids
        ]
        return replace(self.seen, records=tuple((before, now) for before, now in pairs))


def read(sent: Mapping[str, str]) -> Typed:
    """Return what was typed. Raises ForTheForm."""
    now = _Read({name: value for name, value in sent.items() if not name.startswith(f"{WAS}-")})
    content = ScorecardContent(now.recommendation, now.summary, now.ratings, now.evidence())
    seen = None
    if WAS in sent:
        was = {name.removeprefix(f"{WAS}-"): value for name, value in sent.items() if name.startswith(f"{WAS}-")}
        before = _Read({name: was.get(name, value) for name, value in sent.items()} | was)
        keys = sorted(now.records.keys() | before.records.keys())
        pairs = tuple((before.record(key), now.record(key)) for key in keys)
        seen = Seen(before.recommendation, before.summary, before.ratings, pairs)
    return Typed(content, _number(sent.get("version", ""), UNSEEN), _number(sent.get("pasted", ""), 0), seen)


def seen_in(sent: Mapping[str, str]) -> Seen | None:
    """Return what stood in a form before it was typed into, None where nothing says so."""
    try:
        return read(sent).seen
    except ForTheForm:
        return None


class _Read:
    """The fields of a form, read."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self.ratings: dict[int, int | None] = {}
        self.records: dict[tuple[int, int], dict[str, str]] = {}
        for name, value in sent.items():
            if name.startswith("evidence_"):
                key, number, part = _matched(_PART, name).groups()
                self.records.setdefault((int(key), int(number)), {})[part] = _text(value, is_line=part == "metric")
            elif name.startswith("rating_"):
                self.ratings[int(_matched(_RATING, name)[1])] = _among(_RATED, value)
        if any(count > MOST_EVIDENCE for count in Counter(key for key, _ in self.records).values()):
            raise ForTheForm
        self.recommendation = _among(_CHOICES, sent.get("recommendation", ""))
        self.summary = _text(sent.get("summary", ""))

    def record(self, key: tuple[int, int]) -> EvidenceContent:
        return EvidenceContent(key[0], **self.records.get(key, {}))

    def evidence(self) -> tuple[EvidenceContent, ...]:
        return tuple(self.record(key) for key in sorted(self.records))


def _is_unasked(row: EvidenceContent, held: Set[str]) -> bool:
    return row.is_unanswered and row.question in held


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
