"""Keeps what an interviewer types, as often as he or she pauses: only what changed is written, and nothing is lost.

Nothing written here goes to the record: it is read by people whom the blind rule binds.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import cast

from sqlalchemy import BindParameter, Table, and_, bindparam, delete, insert, update
from sqlalchemy.orm import Session

from tracker.models.scorecard import Evidence, Rating, Scorecard
from tracker.queries.scorecard_drafts import OwnDraft
from tracker.rules.scorecard_merge import Seen, merge
from tracker.rules.scorecards import EvidenceContent, ScorecardContent

# Statements on the tables, past the mapper: it would have to read every row first, written or not.
_card, _rating, _evidence = (cast(Table, each.__table__) for each in (Scorecard, Rating, Evidence))
_of_card: BindParameter[int] = bindparam("of_card")
_SAVE = update(_card).where(_card.c.id == _of_card).values(version=_card.c.version + 1)
_its_rating = and_(_rating.c.scorecard_id == _of_card, _rating.c.competency_id == bindparam("of_competency"))
_RATE, _UNRATE = update(_rating).where(_its_rating), delete(_rating).where(_its_rating)
_its_record = and_(_evidence.c.scorecard_id == _of_card, _evidence.c.position == bindparam("at"))
_REWRITE, _DROP = update(_evidence).where(_its_record), delete(_evidence).where(_its_record)


def save(
    session: Session,
    own: OwnDraft,
    typed: ScorecardContent,
    *,
    now: datetime,
    version: int,
    seen: Seen | None = None,
) -> tuple[int, bool]:
    """Keep what was typed, beside what another device or window of the same interviewer saved since ``version``.

    ``own`` is held until the transaction ends (see ``own_draft``). Returns the draft's version from now on, and whether
    there is more in it than was typed: the two were merged (see ``rules/scorecard_merge.py``, also for ``seen``). What
    is typed about competencies that are not the interviewer's to evaluate is left out; what stands there about them,
    from before that was changed, is kept.
    """
    content = merge(own.content, typed, seen) if own.version != version else typed
    of = {"of_card": own.scorecard_id}
    session.execute(_SAVE, of | {"recommendation": content.recommendation, "summary": content.summary, "saved_at": now})
    _write_ratings(session, own, content.ratings)
    wanted = [each for each in content.evidence if each.competency_id in own.names and not each.is_empty]
    hidden = [each for each in own.content.evidence if each.competency_id not in own.names]
    _write_evidence(session, own, wanted + hidden)
    return own.version + 1, _shown(own, content) != _shown(own, typed)


def _shown(own: OwnDraft, content: ScorecardContent) -> ScorecardContent:
    """What a form shows of a content."""
    ratings = {key: content.ratings.get(key) for key in own.names}
    evidence = (each for key in own.names for each in content.evidence if each.competency_id == key)
    return replace(content, ratings=ratings, evidence=tuple(each for each in evidence if not each.is_empty))


def _write_ratings(session: Session, own: OwnDraft, wanted: Mapping[int, int | None]) -> None:
    for key in own.names:
        old, new = own.content.ratings.get(key), wanted.get(key)
        which = {"of_card": own.scorecard_id, "of_competency": key}
        if old == new:
            continue
        if new is None:
            session.execute(_UNRATE, which)
        elif old is None:
            row = {"scorecard_id": own.scorecard_id, "competency_id": key, "rating": new}
            session.execute(insert(_rating), row)
        else:
            session.execute(_RATE, which | {"rating": new})


def _write_evidence(session: Session, own: OwnDraft, wanted: list[EvidenceContent]) -> None:
    rows = own.content.evidence
    for position in range(1, max(len(rows), len(wanted)) + 1):
        which = {"of_card": own.scorecard_id, "at": position}
        if position > len(wanted):
            session.execute(_DROP, which)
        elif position > len(rows):
            row = {"scorecard_id": own.scorecard_id, "position": position, **asdict(wanted[position - 1])}
            session.execute(insert(_evidence), row)
        elif rows[position - 1] != wanted[position - 1]:
            session.execute(_REWRITE, which | asdict(wanted[position - 1]))
