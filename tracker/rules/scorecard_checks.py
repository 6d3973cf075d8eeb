"""The quiet look at a scorecard before it is submitted: what would make it a better ground for a decision.

It advises and demands nothing; what is demanded is ``scorecards.check_complete``'s to say.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from tracker.rules.scorecard_merge import BETWEEN
from tracker.rules.scorecards import RATINGS, EvidenceContent, ScorecardContent, advice
from tracker.rules.words import counted, listed

# A record with fewer words in its answer can hardly be told from an impression.
FEWEST_WORDS = 12
# Shorter texts are copied for good reasons: a name, a link, a question.
PASTED_LENGTH = 200
ALIKE_LENGTH = 60

# Words and phrases about protected traits and looks that seldom mean anything else at work. Ambiguous ones (race
# condition, black box, child process, old certificate) are left out: advice that is often wrong is not read.
PROTECTED = (
    *("pregnan(?:t|cy)", "maternity", "paternity", "married", "unmarried", "divorced", "husband", "wife", "boyfriend"),
    *("girlfriend", "his kids", "her kids", "their kids", "has kids", "has children", "young mother", "young family"),
    *("too (?:old|young)", "very (?:old|young)", "rather (?:old|young)", "quite (?:old|young)", "years old"),
    *("his age", "her age", "their age", "retirement age"),
    *("foreign accent", "strong accent", "heavy accent", "his accent", "her accent", "their accent", "native speaker"),
    *("nationality", "immigrant", "foreigner", "mother tongue", "skin colou?r", "ethnic(?:ity)?"),
    *("religio(?:n|us)", "muslim", "christian", "jewish", "hindu", "buddhist", "atheist", "hijab", "headscarf"),
    *("turban", "disabled person", "disability", "wheelchair", "handicap(?:ped)?", "depression", "autis(?:m|tic)"),
    *("gay", "lesbian", "transgender", "sexual orientation", "union member(?:ship)?", "party member(?:ship)?"),
    *("overweight", "good[- ]looking", "handsome", "well[- ]dressed", "badly dressed", "tattoos?", "his looks"),
    *("her looks", "their looks", "physically attractive"),
)
# Drafts are looked at as often as they are saved: grouped by their first letter, and of a text in lower case, they are
# found in a fifth of the time.
_BY_LETTER = {each[0]: "|".join(word[1:] for word in PROTECTED if word[0] == each[0]) for each in PROTECTED}
_PROTECTED = re.compile(rf"(?<!\w)(?:{'|'.join(f'{letter}(?:{rest})' for letter, rest in _BY_LETTER.items())})(?!\w)")


def check(
    content: ScorecardContent, competency_ids: Collection[int], names: Mapping[int, str], *, pasted: int = 0
) -> list[str]:
    """Return what is worth a second look, each a sentence or two; nothing where all is well.

    ``names`` are those of the competencies; ``pasted`` counts the characters that were pasted rather than typed, as
    the form noticed it.
    """
    return [*_unrated(content, competency_ids, names), *advice(content, competency_ids, names),
            *_short(content, names), *_protected(content), *_pasted(content, pasted), *_twofold(content)]  # fmt: skip


def protected_words(text: str) -> list[str]:
    """Return the words of a text that are about protected traits or looks, each once, as they are written there."""
    return list(dict.fromkeys(match.group() for match in _PROTECTED.finditer(text.lower())))


def _unrated(content: ScorecardContent, ids: Collection[int], names: Mapping[int, str]) -> Iterator[str]:
    missing = [names.get(each, "a competency") for each in ids if content.ratings.get(each) not in RATINGS]
    if missing:
        yield f"Not rated yet: {listed(missing)}."


def _short(content: ScorecardContent, names: Mapping[int, str]) -> Iterator[str]:
    for each in content.evidence:
        count = len(_answer(each).split())
        if 0 < count < FEWEST_WORDS:
            name = names.get(each.competency_id, "a competency")
            yield f"A record for {name} has {counted(count, 'word')}: would somebody who was not there understand it?"


def _protected(content: ScorecardContent) -> Iterator[str]:
    found = protected_words("\n".join(_texts(content)))
    if found:
        what = listed([f"“{word}”" for word in found])
        yield f"You wrote {what}. Who somebody is or looks like is no evidence: leave it out unless the work needs it."


def _texts(content: ScorecardContent) -> list[str]:
    return [content.summary, *(f"{each.question}\n{_answer(each)}" for each in content.evidence)]


def _twofold(content: ScorecardContent) -> Iterator[str]:
    mark = BETWEEN.strip()
    if any(mark in text for text in _texts(content)):
        yield f"A text holds the words of two devices, one after the other: see “{mark}”, and leave what is right."


def _pasted(content: ScorecardContent, pasted: int) -> Iterator[str]:
    if pasted >= PASTED_LENGTH:
        yield f"About {pasted:,} characters were pasted. Is it what you heard, in your words?"
    texts = [text for each in content.evidence for text in _parts(each) if len(text) >= ALIKE_LENGTH]
    if len(set(texts)) < len(texts):
        yield "The same text stands in two places: does it belong to both?"


def _parts(each: EvidenceContent) -> tuple[str, ...]:
    return each.situation.strip(), each.task.strip(), each.action.strip(), each.result.strip(), each.metric.strip()


def _answer(each: EvidenceContent) -> str:
    return "\n".join(_parts(each))
