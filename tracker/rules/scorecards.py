"""What a scorecard holds, and when it is complete."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tracker.rules.refused import Refused
from tracker.rules.words import Labelled, counted, listed, sentence


class Recommendation(Labelled):
    """What an interviewer recommends. There is no neutral middle."""

    STRONG_NO_HIRE = "strong_no_hire"
    NO_HIRE = "no_hire"
    HIRE = "hire"
    STRONG_HIRE = "strong_hire"

    @property
    def is_for_hire(self) -> bool:
        """Which of the two sides it stands on."""
        return self in (Recommendation.HIRE, Recommendation.STRONG_HIRE)


class ScorecardState(Labelled):
    """Written, handed in, or given up with a reason."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WAIVED = "waived"


# How many records of one competency a form shows.
MOST_EVIDENCE = 20
RATINGS: dict[int, str] = {1: "Well below the bar", 2: "Below the bar", 3: "Meets the bar", 4: "Raises the bar"}


@dataclass(frozen=True)
class EvidenceContent:
    """A STAR record, tied to a competency."""

    competency_id: int
    question: str = ""
    situation: str = ""
    task: str = ""
    action: str = ""
    result: str = ""
    metric: str = ""

    @property
    def is_unanswered(self) -> bool:
        """Whether nothing was written about an answer."""
        return not any(part.strip() for part in (self.situation, self.task, self.action, self.result, self.metric))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in any part of it."""
        return self.is_unanswered and not self.question.strip()


@dataclass(frozen=True)
class ScorecardContent:
    """What an interviewer wrote; ``ratings`` by competency id, None where none was given yet."""

    recommendation: Recommendation | None = None
    summary: str = ""
    ratings: Mapping[int, int | None] = field(default_factory=dict)
    evidence: tuple[EvidenceContent, ...] = ()


class IncompleteScorecard(Refused):
    """A scorecard was handed in with parts missing. ``missing`` maps the form's field to what is wrong with it."""

    def __init__(self, missing: dict[str, str]) -> None:
        super().__init__(" ".join(missing.values()), next(iter(missing)))
        self.missing = missing


def rating_field(competency_id: int) -> str:
    """Return the name of the form field that holds the rating of one competency."""
    return f"rating_{competency_id}"


def check_complete(
    draft: ScorecardContent, competency_ids: Collection[int], names: Mapping[int, str] | None = None
) -> None:
    """Raise IncompleteScorecard, naming all that is missing, unless the scorecard may be submitted.

    Demanded are a recommendation and a rating from 1 to 4 for each competency of the assignment. ``names`` are those
    of the competencies, for the words.
    """
    missing: dict[str, str] = {}
    if draft.recommendation is None:
        missing["recommendation"] = "Choose a recommendation."
    for competency_id in competency_ids:
        if draft.ratings.get(competency_id) not in RATINGS:
            name = (names or {}).get(competency_id, "each competency")
            missing[rating_field(competency_id)] = f"Rate {name} from 1 to 4."
    if missing:
        raise IncompleteScorecard(missing)


def advice(
    content: ScorecardContent, competency_ids: Collection[int] = (), names: Mapping[int, str] | None = None
) -> list[str]:
    """Return what would make the scorecard a better ground for a decision; nothing of it is demanded."""
    found = []
    if not content.summary.strip():
        found.append("Sum up in a few sentences what speaks for your recommendation.")
    told = {each.competency_id for each in content.evidence if not each.is_empty}
    bare = [each for each in competency_ids if each not in told]
    if bare:
        what = listed([names[each] for each in bare]) if names else counted(len(bare), "competency", "competencies")
        found.append(f"Give evidence for {what}: what was asked, and the answer's situation, task, action and result.")
    found.extend(_thin(content.evidence, names or {}))
    return found


def _thin(evidence: tuple[EvidenceContent, ...], names: Mapping[int, str]) -> list[str]:
    found = []
    for each in evidence:
        absent = [part for part in ("action", "result") if not getattr(each, part).strip()]
        if absent and not each.is_empty:
            about = names.get(each.competency_id, "a competency")
            found.append(sentence(f"the evidence for {about} has no {listed(absent)} yet."))
    return found
