"""What a decision says for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Grounds:
    """The grounds of a decision in its owner's words. ``by_competency`` has words by the name of a competency."""

    rationale: str
    dissent: str = ""
    level: str = ""
    by_competency: Mapping[str, str] = field(default_factory=dict)
