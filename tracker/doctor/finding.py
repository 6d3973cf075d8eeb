"""What one check found: a line for the person who runs the tracker."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """``text`` says what stands; where it is wrong, what is the matter and how to mend it."""

    about: str
    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok' if self.ok else 'wrong':<6} {self.about}: {self.text}"


def fine(about: str, text: str) -> Finding:
    """Return a finding that needs nothing done."""
    return Finding(about, True, text)


def wrong(about: str, text: str) -> Finding:
    """Return a finding that somebody must mend."""
    return Finding(about, False, text)
