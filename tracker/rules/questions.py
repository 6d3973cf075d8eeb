"""Questions of the bank: their kinds and levels, the file they travel in, which are proposed, what they tell apart."""

import csv
import io
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from tracker.rules.refused import Refused
from tracker.rules.words import Labelled, counted

# With fewer ratings than this on either side a difference is chance, and might tell what one person wrote.
FEWEST = 5
MOST_LINES = 2_000
QUESTION_LENGTH = 500
ANSWER_LENGTH = 2_000
# Cells that begin so are formulas to a spreadsheet; a quotation mark before them makes them text.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class QuestionKind(Labelled):
    """What a question asks for."""

    BEHAVIOURAL = "behavioural"
    SITUATIONAL = "situational"
    TECHNICAL = "technical"


class QuestionLevel(Labelled):
    """For whom a question is meant."""

    ANY = "any"
    EARLY_CAREER = "early_career"
    EXPERIENCED = "experienced"
    LEADING = "leading"


class BadFile(Refused):
    """The file of questions cannot be taken in; nothing of it was."""


@dataclass(frozen=True)
class Entry:
    """A question as it stands in the file: the competency by its name, all else in words."""

    competency: str
    kind: str
    level: str
    question: str
    good_answer: str = ""
    weak_answer: str = ""
    ask_situation: str = ""
    ask_task: str = ""
    ask_action: str = ""
    ask_result: str = ""


COLUMNS = tuple(each.name for each in fields(Entry))
_DEMANDED = COLUMNS[:4]


def to_csv(entries: Iterable[Entry]) -> str:
    """Return the entries as CSV (RFC 4180) with a line of headings. Cells that look like formulas are quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for each in entries:
        writer.writerow([_guarded(getattr(each, name)) for name in COLUMNS])
    return out.getvalue()


def from_csv(text: str) -> list[Entry]:
    """Return what ``to_csv`` made, or a person by hand: the order of columns is free, the answers may be missing.

    Raises BadFile, naming the line.
    """
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    except csv.Error as error:
        raise BadFile(f"This is no CSV file: {error}.", field="file") from error
    head = [cell.strip().lower().replace(" ", "_") for cell in lines[0]] if lines else []
    missing = [name for name in _DEMANDED if name not in head]
    if missing:
        raise BadFile(f"The first line must name the columns {', '.join(_DEMANDED)}; there is no {missing[0]}.", "file")
    if len(lines) > MOST_LINES:
        raise BadFile(f"The file has {counted(len(lines), 'line')}; {MOST_LINES:,} is the most.", field="file")
    found = []
    for number, cells in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in cells):
            plain = (_plain(cell) for cell in cells)
            found.append(_entry(f"Line {number}", dict(zip(head, plain, strict=False))))
    return found


def to_json(entries: Iterable[Entry]) -> str:
    """Return the entries as a JSON list of objects with the columns' names, for other programs."""
    return json.dumps([asdict(each) for each in entries], ensure_ascii=False, indent=1)


def from_json(text: str) -> list[Entry]:
    """Return what ``to_json`` made, or another program: answers may be missing, other names are passed over.

    Raises BadFile, naming the question.
    """
    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise BadFile(f"This is no JSON file: {error}.", field="file") from error
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadFile("The file must hold a list of questions, as the download does.", field="file")
    if len(found) > MOST_LINES:
        raise BadFile(f"The file has {counted(len(found), 'question')}; {MOST_LINES:,} is the most.", field="file")
    return [_entry(f"Question {number}", _texts(number, each)) for number, each in enumerate(found, 1)]


def from_file(text: str) -> list[Entry]:
    """Return the questions of a file, whichever of the two forms it has. Raises BadFile."""
    is_json = text.removeprefix("\ufeff").lstrip().startswith(("[", "{"))
    return from_json(text) if is_json else from_csv(text)


def _texts(number: int, said: Mapping[str, object]) -> dict[str, str]:
    found = {}
    for name in COLUMNS:
        value = said.get(name) or ""
        if not isinstance(value, str):
            raise BadFile(f"Question {number}: {name} must be a text.", field="file")
        found[name] = value
    return found


def _entry(where: str, given: Mapping[str, str]) -> Entry:
    said = {name: given.get(name, "").strip() for name in COLUMNS}
    for name in ("kind", "level"):
        said[name] = said[name].lower().replace(" ", "_")
    for name in _DEMANDED:
        if not said[name]:
            raise BadFile(f"{where}: {name} is empty.", field="file")
    if said["kind"] not in set(QuestionKind):
        raise BadFile(f"{where}: the kind is one of {', '.join(QuestionKind)}.", field="file")
    if said["level"] not in set(QuestionLevel):
        raise BadFile(f"{where}: the level is one of {', '.join(QuestionLevel)}.", field="file")
    for name, text in said.items():
        most = QUESTION_LENGTH if name == "question" else ANSWER_LENGTH
        if len(text) > most:
            raise BadFile(f"{where}: {name} has {len(text):,} characters; {most:,} is the most.", field="file")
    return Entry(**said)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith((*_FORMULAS, "'")) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_FORMULAS, "'")) else cell


@dataclass(frozen=True)
class Banked:
    """A question that could be proposed: ``uses`` counts the interviews in which it was asked."""

    id: int
    competency_id: int
    uses: int = 0


def propose(
    bank: Sequence[Banked], competency_ids: Sequence[int], held: Collection[int], *, turn: int, most: int = 3
) -> list[int]:
    """Return the ids of two or three questions (``most``) to ask, at least one for each competency where there is room.

    Those that others of the loop, or an earlier screen, hold are left out unless nothing else is there. Among the rest
    the seldom asked come first; ``turn`` (the assignment's id) turns the order, so that two interviewers with the same
    competency are not led to the same question. The same facts always give the same answer.
    """
    queues = {each: _order(bank, each, held, turn) for each in competency_ids}
    found: list[int] = []
    while len(found) < most and any(queues.values()):
        for queue in queues.values():
            if queue and len(found) < most:
                found.append(queue.pop(0))
    return found


def alternative(
    bank: Sequence[Banked], question: Banked, held: Collection[int], own: Collection[int], *, turn: int
) -> int | None:
    """Return the id of a question for the same competency that nobody holds; None where there is none."""
    order = _order(bank, question.competency_id, held, turn)
    return next((each for each in order if each not in held and each not in own and each != question.id), None)


def _order(bank: Sequence[Banked], competency_id: int, held: Collection[int], turn: int) -> list[int]:
    those = [each for each in bank if each.competency_id == competency_id]
    free = [each for each in those if each.id not in held] or those
    free.sort(key=lambda each: each.id)
    start = turn % len(free) if free else 0
    turned = free[start:] + free[:start]
    return [each.id for each in sorted(turned, key=lambda each: each.uses)]


@dataclass(frozen=True)
class Separation:
    """How the ratings given after a question differ between those who were decided hire and those who were not.

    ``for_hire`` and ``against`` are mean ratings (1 to 4).
    """

    for_hire: float
    against: float

    @property
    def difference(self) -> float:
        """How far apart they lie; near 0 the question tells nothing, below 0 it misleads."""
        return self.for_hire - self.against


def separation(for_hire: Counter[int], against: Counter[int]) -> Separation | None:
    """Return how a question separates; None where either side has fewer than ``FEWEST`` ratings. Keys are ratings."""
    if min(for_hire.total(), against.total()) < FEWEST:
        return None
    return Separation(_mean(for_hire), _mean(against))


def _mean(ratings: Counter[int]) -> float:
    return sum(rating * count for rating, count in ratings.items()) / ratings.total()
