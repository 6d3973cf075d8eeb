"""Basic and preferred qualifications, judged one by one."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.rules.words import Labelled


class QualificationKind(Labelled):
    """Must-have or nice-to-have."""

    BASIC = "basic"
    PREFERRED = "preferred"


class Verdict(Labelled):
    """What the judgement of one qualification says."""

    MET = "met"
    NOT_MET = "not_met"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class BasicsStanding:
    """How the basic qualifications of one application stand; ``missing`` and ``unclear`` hold qualification ids."""

    all_met: bool
    any_not_met: bool
    missing: list[int]
    unclear: list[int]


def standing_of_basics(verdicts: Mapping[int, Verdict | None]) -> BasicsStanding:
    """Return the standing, given the verdict of each basic qualification by its id (None: not judged yet)."""
    found = list(verdicts.values())
    return BasicsStanding(
        all_met=all(verdict is Verdict.MET for verdict in found),
        any_not_met=Verdict.NOT_MET in found,
        missing=[key for key, verdict in verdicts.items() if verdict is None],
        unclear=[key for key, verdict in verdicts.items() if verdict is Verdict.UNCLEAR],
    )
