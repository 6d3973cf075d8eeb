"""What stands in a scorecard: put into its rows, taken out of them, and kept as a version."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models.interview import Assignment
from tracker.models.scorecard import Evidence, Rating, Scorecard, ScorecardFile, ScorecardVersion
from tracker.rules.scorecards import EvidenceContent, ScorecardContent

PARTS = ("question", "situation", "task", "action", "result", "metric")


def content_of(scorecard: Scorecard) -> ScorecardContent:
    """Return what stands in the rows."""
    return ScorecardContent(
        recommendation=scorecard.recommendation,
        summary=scorecard.summary,
        ratings={row.competency_id: row.rating for row in scorecard.ratings},
        evidence=tuple(
            EvidenceContent(row.competency_id, **{part: getattr(row, part) for part in PARTS})
            for row in scorecard.evidence
        ),
    )


def write(scorecard: Scorecard, assignment: Assignment, content: ScorecardContent, *, is_draft: bool = False) -> None:
    """Put the content into the rows. Rows are changed in place, because a new one would clash with one not yet gone.

    A draft keeps what was written about competencies that are not to be evaluated any more: they may come back.
    """
    mine = {each.competency_id for each in assignment.competencies}
    # Read before anything is written: a read in between would write the half of it, and count it as a change.
    old, evidence = {row.competency_id: row for row in scorecard.ratings}, list(scorecard.evidence)
    scorecard.recommendation = content.recommendation
    scorecard.summary = content.summary
    given = {key: value for key, value in content.ratings.items() if key in mine and value is not None}
    for competency_id, row in old.items():
        if competency_id not in given and (competency_id in mine or not is_draft):
            scorecard.ratings.remove(row)
    for competency_id, rating in given.items():
        if competency_id in old:
            old[competency_id].rating = rating
        else:
            scorecard.ratings.append(Rating(competency_id=competency_id, rating=rating))
    wanted = [each for each in content.evidence if each.competency_id in mine and not each.is_empty]
    hidden = [each for each in content_of(scorecard).evidence if each.competency_id not in mine] if is_draft else []
    _write_evidence(scorecard, evidence, wanted + hidden)


def _write_evidence(scorecard: Scorecard, rows: list[Evidence], wanted: list[EvidenceContent]) -> None:
    for surplus in rows[len(wanted) :]:
        scorecard.evidence.remove(surplus)
    for position, each in enumerate(wanted, 1):
        if position > len(rows):
            rows.append(Evidence(position=position))
            scorecard.evidence.append(rows[-1])
        row = rows[position - 1]
        row.competency_id = each.competency_id
        for part in PARTS:
            setattr(row, part, getattr(each, part))


def keep_version(
    session: Session,
    scorecard: Scorecard,
    content: ScorecardContent,
    names: dict[int, str],
    *,
    now: datetime,
    reason: str = "",
    without: Collection[int] = (),
    with_new_files: bool = True,
) -> None:
    """Keep the content as the scorecard's next version, with its files but those ``without`` (ids).

    Files that their author has not handed in yet stay so unless ``with_new_files``.

    ``names`` are those of its competencies.
    """
    before = select(func.max(ScorecardVersion.number)).where(ScorecardVersion.scorecard_id == scorecard.id)
    number = (session.scalar(before) or 0) + 1
    kept = as_data(content, names) | {"files": _keep_files(session, scorecard, number, without, with_new_files)}
    session.add(ScorecardVersion(scorecard_id=scorecard.id, number=number, content=kept, reason=reason, at=now))


def _keep_files(
    session: Session, scorecard: Scorecard, number: int, without: Collection[int], with_new: bool
) -> list[dict[str, Any]]:
    standing = select(ScorecardFile).where(ScorecardFile.scorecard_id == scorecard.id, ScorecardFile.until.is_(None))
    kept = []
    for each in session.scalars(standing.order_by(ScorecardFile.id)):
        if each.id in without:
            each.until = number
        elif with_new or each.since is not None:
            each.since = each.since or number
            kept.append({"id": each.id, "name": each.name})
    return kept


def as_data(content: ScorecardContent, names: dict[int, str]) -> dict[str, Any]:
    """Return the content as it is kept beside the rows, with the names of its competencies."""
    return {
        "recommendation": content.recommendation.value if content.recommendation else None,
        "summary": content.summary,
        "ratings": [{"competency": names[key], "rating": content.ratings.get(key)} for key in names],
        "evidence": [
            {"competency": names[each.competency_id]} | {part: getattr(each, part) for part in PARTS}
            for each in content.evidence
            if each.competency_id in names and not each.is_empty
        ],
    }
