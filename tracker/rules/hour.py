"""How the time of an interview is divided, so that its questions and the candidate's own all fit in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WELCOME, CANDIDATE, CLOSE = 5, 10, 5
# Of an hour: shorter and longer interviews keep the proportions.
HOUR = 60


@dataclass(frozen=True)
class Part:
    """One part of the hour; both moments are in UTC, and the next part starts where this one ends."""

    name: str
    starts_at: datetime
    ends_at: datetime


def divide(starts_at: datetime, ends_at: datetime, questions: int) -> Sequence[Part]:
    """Return the parts of an interview from its start to its end, to whole minutes: a welcome, each question for the
    same time, the candidate's own questions, the close. At least one question is counted on.
    """
    minutes = round((ends_at - starts_at) / timedelta(minutes=1))
    before, after, close = (minutes * each // HOUR for each in (WELCOME, CANDIDATE, CLOSE))
    count = max(questions, 1)
    between = minutes - before - after - close
    marks = [0, *(before + between * n // count for n in range(count + 1)), minutes - close, minutes]
    names = ["Welcome", *(f"Question {n}" for n in range(1, count + 1)), "The candidate's questions", "Close"]
    moments = [*(starts_at + timedelta(minutes=mark) for mark in marks[:-1]), ends_at]
    return [Part(name, *pair) for name, pair in zip(names, zip(moments, moments[1:], strict=False), strict=True)]
