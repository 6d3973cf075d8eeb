"""What the demo's candidates say of themselves, and what is told of the year before."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.person import Person
from tracker.pipeline import self_identification
from tracker.pipeline.self_identification import Choice, Facts
from tracker.queries.self_identification import NO_ANSWER, NOT_SAID
from tracker.rules.self_identification import STARTS, last_counted

# How many came how far in the last year, by what they chose. Their applications are not here any more; the counts are.
LAST_YEAR = (
    (312, 96, 41, 14),
    (498, 151, 63, 19),
    (21, 7, 3, 1),
    (6, 2, 1, 0),
    (58, 17, 6, 1),
    (140, 41, 19, 9),
)
# What those of this year choose, in turn; None is no answer.
IN_TURN = (0, 1, 1, None, 0, 1, NOT_SAID, 0, 1, 2)


def tell(session: Session, by: Person, asked_at: datetime, now: datetime) -> None:
    """Ask one question, answer it for most candidates, and keep what is told of the last year that was counted."""
    text, choices = STARTS["Gender"]
    facts = Facts(text, [Choice(each) for each in choices])
    row = self_identification.add(session, facts, by=by, now=asked_at)
    keys = [str(each.id) for each in row.choices]
    people = dict(zip((*keys, NOT_SAID, NO_ANSWER), LAST_YEAR, strict=True))
    self_identification.keep(session, row, last_counted(now), people, now=now)
    for n, application in enumerate(session.scalars(select(Application).order_by(Application.id)).all()):
        chosen = IN_TURN[n % len(IN_TURN)]
        if chosen is not None:
            value = chosen if isinstance(chosen, str) else keys[chosen]
            self_identification.answer(session, application, {row.id: value})
