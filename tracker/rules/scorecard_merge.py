"""Two devices wrote one draft: what each of them changed is kept, and nothing that anybody typed is lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TypeVar

from tracker.rules.scorecards import MOST_EVIDENCE, EvidenceContent, Recommendation, ScorecardContent

BETWEEN = "\n\n[typed on another device:]\n"
BETWEEN_IN_LINE = " [typed on another device:] "
# Of two records without a question in common, so many letters of an answer are not the same by chance.
LONG = 20
_PARTS = tuple(each.name for each in fields(EvidenceContent) if each.name != "competency_id")
T = TypeVar("T")


@dataclass(frozen=True)
class Seen:
    """What stood in a form before it was typed into.

    ``records`` are pairs: what a record was, and what it is now. One of both is blank where it was added or removed.
    """

    recommendation: Recommendation | None = None
    summary: str = ""
    ratings: Mapping[int, int | None] = field(default_factory=dict)
    records: tuple[tuple[EvidenceContent, EvidenceContent], ...] = ()


def merge(stored: ScorecardContent, typed: ScorecardContent, seen: Seen | None = None) -> ScorecardContent:
    """Return a draft with all that either holds. ``typed`` is the later one.

    What one of them alone changed since ``seen`` is as that one has it. Of two texts that both changed, one of which
    holds the other, the longer is kept, and else both, the stored one first. What cannot stand side by side (a rating,
    the recommendation) is the later one's, where that has any. Without ``seen`` all that was typed counts as changed.
    Merging the same again changes nothing.
    """
    before = seen or Seen(records=tuple((EvidenceContent(each.competency_id), each) for each in typed.evidence))
    keys = [*stored.ratings, *(key for key in typed.ratings if key not in stored.ratings)]
    ratings = {key: _chosen(before.ratings.get(key), stored.ratings.get(key), typed.ratings.get(key)) for key in keys}
    return ScorecardContent(
        recommendation=_chosen(before.recommendation, stored.recommendation, typed.recommendation),
        summary=three(before.summary, stored.summary, typed.summary),
        ratings={key: value for key, value in ratings.items() if value is not None or key in stored.ratings},
        evidence=_Records(list(stored.evidence)).merged(before.records),
    )


def three(before: str, stored: str, typed: str, between: str = BETWEEN) -> str:
    """Return a text that holds what two made of one."""
    if typed == before:
        return stored
    if stored == before:
        return typed
    whole, part = f"{between}{stored}{between}", f"{between}{before}{between}"
    if before and part in whole:
        # Both stand there already, and one of them was typed on.
        at = whole.rindex(part)
        made = whole[:at] + f"{between}{typed}{between}" + whole[at + len(part) :]
        return made.removeprefix(between).removesuffix(between)
    return both(stored, typed, between)


def both(stored: str, typed: str, between: str = BETWEEN) -> str:
    """Return a text that holds two."""
    if typed.strip() in stored:
        return stored
    if stored.strip() in typed:
        return typed
    return f"{stored}{between}{typed}"


def _chosen(before: T | None, stored: T | None, typed: T | None) -> T | None:
    return stored if typed is None or typed == before else typed


Same = Callable[[EvidenceContent, EvidenceContent], bool]


class _Records:
    """The records of a draft while others are put among them; one that is removed leaves its place empty."""

    def __init__(self, stored: list[EvidenceContent]) -> None:
        self._rows: list[EvidenceContent | None] = [*stored]
        # Each of them is at most one of those that were typed.
        self._taken: set[int] = set()

    def merged(self, pairs: tuple[tuple[EvidenceContent, EvidenceContent], ...]) -> tuple[EvidenceContent, ...]:
        changed = [pair for pair in pairs if not pair[0].is_empty]
        added = [now for before, now in pairs if before.is_empty]
        places = self._places([before for before, _ in changed])
        for number, (before, now) in enumerate(changed):
            if number in places:
                self._change(places[number], before, now)
            elif now != before:
                added.append(now)
        for now in added:
            if not now.is_empty:
                self._add(now)
        return tuple(row for row in self._rows if row is not None)

    def _places(self, ones: list[EvidenceContent]) -> dict[int, int]:
        """Return where these stand by now, each in a place of its own: the surest are found first."""
        found: dict[int, int] = {}
        for is_it in (*_SURE, _has_a_part):
            for number, one in enumerate(ones):
                place = None if number in found else self._find(one, (is_it,))
                if place is not None:
                    found[number] = place
                    self._taken.add(place)
        return found

    def _change(self, place: int, before: EvidenceContent, now: EvidenceContent) -> None:
        """Have the record that was ``before`` be what it is now."""
        row = self._rows[place]
        if row is not None and not now.is_empty:
            self._rows[place] = _record(before, row, now)
        elif row == before:
            self._rows[place] = None

    def _add(self, now: EvidenceContent) -> None:
        if any(row is not None and _holds(row, now) for row in self._rows):
            return
        place = self._find(now)
        if place is None and self._is_full(now.competency_id):
            # The form shows no more: the words are kept in the last one.
            place = max(n for n, row in enumerate(self._rows) if row and row.competency_id == now.competency_id)
        row = self._rows[place] if place is not None else None
        if place is None or row is None:
            self._taken.add(len(self._rows))
            self._rows.append(now)
        else:
            self._taken.add(place)
            self._rows[place] = _record(EvidenceContent(now.competency_id), row, now)

    def _find(self, one: EvidenceContent, ways: Sequence[Same] | None = None) -> int | None:
        """Return the place of the record that is the same as this: the surest first."""
        free = [(n, row) for n, row in enumerate(self._rows) if row is not None and n not in self._taken]
        for is_it in ways or _SURE:
            for place, row in free:
                if row.competency_id == one.competency_id and is_it(row, one):
                    return place
        return None

    def _is_full(self, competency_id: int) -> bool:
        return sum(row is not None and row.competency_id == competency_id for row in self._rows) >= MOST_EVIDENCE


def _is_same(row: EvidenceContent, one: EvidenceContent) -> bool:
    return row == one


def _is_grown(row: EvidenceContent, one: EvidenceContent) -> bool:
    return _holds(row, one) or _holds(one, row)


def _is_of_one_question(row: EvidenceContent, one: EvidenceContent) -> bool:
    return bool(one.question.strip()) and row.question.strip() == one.question.strip()


def _is_alike(row: EvidenceContent, one: EvidenceContent) -> bool:
    pairs = [sorted((getattr(row, part), getattr(one, part)), key=len) for part in _PARTS if part != "question"]
    return any(len(short) >= LONG and short in long for short, long in pairs)


def _has_a_part(row: EvidenceContent, one: EvidenceContent) -> bool:
    pairs = [sorted((getattr(row, part), getattr(one, part)), key=len) for part in _PARTS]
    return any(short and short in long for short, long in pairs)


def _holds(row: EvidenceContent, one: EvidenceContent) -> bool:
    """Whether a record is the other, or that with more words."""
    asked, other = row.question.strip(), one.question.strip()
    is_one = asked == other or (other and other in asked) or _is_alike(row, one)
    return (
        row.competency_id == one.competency_id
        and bool(is_one)
        and all(getattr(one, part).strip() in getattr(row, part) for part in _PARTS)
    )


_SURE: tuple[Same, ...] = (_is_same, _is_grown, _is_of_one_question, _is_alike)


def _record(before: EvidenceContent, stored: EvidenceContent, typed: EvidenceContent) -> EvidenceContent:
    texts = {
        part: three(
            getattr(before, part),
            getattr(stored, part),
            getattr(typed, part),
            BETWEEN_IN_LINE if part == "metric" else BETWEEN,
        )
        for part in _PARTS
    }
    return EvidenceContent(stored.competency_id, **texts)
