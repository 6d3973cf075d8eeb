"""Judging the qualifications of an application one by one, each with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.models.application import Application, QualificationJudgement
from tracker.models.person import Person
from tracker.models.requisition import Qualification
from tracker.pipeline import candidates, moves
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.queries.moves import basic_verdicts
from tracker.rules.qualifications import QualificationKind, Verdict
from tracker.rules.refused import Refused, Stale
from tracker.rules.stages import ApplicationState, Disposition, StageKind


class EvidenceMissing(Refused):
    """A verdict without evidence is an opinion."""


class NotToBeJudged(Refused):
    """The application is closed, or past the stage in which its basic qualifications are judged."""


class NothingNotMet(Refused):
    """A rejection for qualifications needs one that is not met."""


@dataclass(frozen=True)
class Judgement:
    """What a form says of one qualification. ``seen_at`` is when the judgement that the person saw was made, if any."""

    qualification_id: int
    verdict: Verdict
    evidence: str
    seen_at: datetime | None = None


def judge(
    session: Session, application: Application, judgements: Sequence[Judgement], *, by: Person, now: datetime
) -> int:
    """Record what changed among the judgements; return how many did. The process, section 3.

    Raises EvidenceMissing, NotToBeJudged, or Stale where somebody judged the same qualification differently meanwhile.
    """
    take_turn(session, application)
    if application.state is not ApplicationState.ACTIVE:
        raise NotToBeJudged("This application is closed. Reopen it to judge its qualifications.")
    present = {row.qualification_id: row for row in _judgements(session, application)}
    changed = [each for each in judgements if _differs(present.get(each.qualification_id), each)]
    _demand_evidence(session, changed)
    for judgement in changed:
        qualification = _qualification(session, application, judgement)
        _write(session, application, present.get(judgement.qualification_id), judgement, by=by, now=now)
        text = f"“{qualification.text}”: {judgement.verdict.label.lower()} ({judgement.evidence})"
        note_change(session, "qualifications.judge", text, by=by, now=now, application=application)
    session.flush()
    return len(changed)


def reject(
    session: Session, application: Application, *, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Close the application because a basic qualification is not met, and tell the candidate by e-mail.

    ``reason`` stays on the record; the candidate does not read it. Raises NothingNotMet, Stale, IllegalMove.
    """
    if Verdict.NOT_MET not in basic_verdicts(session, application).values():
        raise NothingNotMet("No basic qualification is judged “not met”. Judge them first, with evidence.")
    moves.close(
        session,
        application,
        ApplicationState.REJECTED,
        Disposition.NOT_QUALIFIED,
        by=by,
        now=now,
        reason=reason,
        version=version,
    )
    candidates.tell_closed(session, application, now=now)


def _judgements(session: Session, application: Application) -> Sequence[QualificationJudgement]:
    found = select(QualificationJudgement).where(QualificationJudgement.application_id == application.id)
    return session.scalars(found).all()


def _qualification(session: Session, application: Application, judgement: Judgement) -> Qualification:
    """Return the qualification that may be judged now, or refuse."""
    row = session.get(Qualification, judgement.qualification_id)
    if row is None or row.requisition_id != application.requisition_id or not row.is_active:
        raise NotToBeJudged("One of these qualifications was changed meanwhile. Reload the page and judge again.")
    if row.kind is QualificationKind.BASIC and application.stage_kind is not StageKind.APPLICATION:
        raise NotToBeJudged(
            f"Basic qualifications are judged before an application goes on; this one is in {application.stage.name}."
        )
    return row


def _demand_evidence(session: Session, judgements: Sequence[Judgement]) -> None:
    """Refuse verdicts without evidence, all in one sentence: nobody likes to be sent back once for each."""
    bare = [each.qualification_id for each in judgements if not each.evidence.strip()]
    texts = [row.text for row in (session.get(Qualification, number) for number in bare) if row is not None]
    if texts:
        raise EvidenceMissing(
            "Say in one sentence what you base this on: " + ", ".join(f"“{text}”" for text in texts) + "."
        )


def _differs(row: QualificationJudgement | None, judgement: Judgement) -> bool:
    return row is None or (row.verdict, row.evidence) != (judgement.verdict, judgement.evidence)


def _write(
    session: Session,
    application: Application,
    row: QualificationJudgement | None,
    judgement: Judgement,
    *,
    by: Person,
    now: datetime,
) -> None:
    if (row.at if row else None) != judgement.seen_at:
        raise Stale("Somebody judged the same qualification meanwhile. Look at what is there, then judge again.")
    said = {"verdict": judgement.verdict, "evidence": judgement.evidence, "at": now, "by_id": by.id}
    if row is None:
        of = {"application_id": application.id, "qualification_id": judgement.qualification_id}
        session.add(QualificationJudgement(**of, **said))
        return
    for name, value in said.items():
        setattr(row, name, value)
