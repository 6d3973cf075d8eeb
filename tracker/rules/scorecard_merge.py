"""Two devices wrote one draft: both texts are kept, and nothing that anybody typed is lost."""

from collections.abc import Sequence
from dataclasses import fields

from tracker.rules.scorecards import EvidenceContent, ScorecardContent

BETWEEN = "\n\n[typed on another device:]\n"
_PARTS = tuple(each.name for each in fields(EvidenceContent) if each.name != "competency_id")


def merge(stored: ScorecardContent, typed: ScorecardContent) -> ScorecardContent:
    """Return a draft with all that either holds. ``typed`` is the later one.

    Of two texts, one of which holds the other, the longer is kept, and else both, the stored one first. What cannot
    stand side by side (a rating, the recommendation) is the later one's, where that has any. Merging the same again
    changes nothing.
    """
    given = {key: value for key, value in typed.ratings.items() if value is not None}
    return ScorecardContent(
        recommendation=typed.recommendation or stored.recommendation,
        summary=both(stored.summary, typed.summary),
        ratings={**stored.ratings, **given},
        evidence=_records(stored.evidence, typed.evidence),
    )


def both(stored: str, typed: str) -> str:
    """Return a text that holds two."""
    if typed.strip() in stored:
        return stored
    if stored.strip() in typed:
        return typed
    return f"{stored}{BETWEEN}{typed}"


def _records(stored: Sequence[EvidenceContent], typed: Sequence[EvidenceContent]) -> tuple[EvidenceContent, ...]:
    """Records of one question are one record; a record of a question that is not there yet is added."""
    found = list(stored)
    for each in typed:
        if each.is_empty:
            continue
        place = next((n for n, row in enumerate(found) if _is_same(row, each)), None)
        if place is None:
            found.append(each)
        else:
            found[place] = _record(found[place], each)
    return tuple(found)


def _is_same(row: EvidenceContent, other: EvidenceContent) -> bool:
    return (row.competency_id, row.question.strip()) == (other.competency_id, other.question.strip())


def _record(stored: EvidenceContent, typed: EvidenceContent) -> EvidenceContent:
    texts = {part: both(getattr(stored, part), getattr(typed, part)) for part in _PARTS}
    return EvidenceContent(stored.competency_id, **texts)
