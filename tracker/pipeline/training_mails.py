"""Which e-mails a training causes: all of them to whoever learns."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import outbox, words_training
from tracker.mail.links import url
from tracker.mail.messages import Address
from tracker.mail.plain import listed
from tracker.models.interview import InterviewState
from tracker.models.person import Person
from tracker.models.training import Training
from tracker.queries.organisation import organisation_name
from tracker.queries.trainees import path_of, sat_of
from tracker.rules.training import Path, progress
from tracker.rules.words import counted


def tell_begun(session: Session, row: Training, *, by: Person, now: datetime) -> None:
    """Tell somebody that he or she is in training, and what the way is."""
    values = {"competencies": _competencies(row), "path": _way(path_of(row)), "link": _page(row)}
    _tell(session, "training_begun", row, by, now, **values)


def tell_signed_off(session: Session, row: Training, *, by: Person, now: datetime) -> None:
    """Tell somebody that he or she is qualified."""
    _tell(session, "training_signed_off", row, by, now, competencies=_competencies(row), note=row.note, link=_page(row))


def tell_goes_on(session: Session, row: Training, reason: str, *, by: Person, now: datetime) -> None:
    """Tell somebody that more is wished for before he or she is signed off."""
    sat = sat_of(session, [row.id], (InterviewState.SENT,))[row.id]
    path = progress(path_of(row), [each.sat for each in sat if each.counts(now)], now).words
    _tell(session, "training_goes_on", row, by, now, reason=reason, path=path, link=_page(row))


def tell_ended(session: Session, row: Training, *, by: Person, now: datetime) -> None:
    """Tell somebody that the training was ended."""
    _tell(session, "training_ended", row, by, now, reason=row.note)


def _tell(session: Session, kind: str, row: Training, by: Person, now: datetime, **values: str) -> None:
    mail = words_training.told(
        kind,
        receiver=Address.of(row.person),
        organisation=organisation_name(session),
        interviews=row.kind.plural,
        by=by.name,
        **values,
    )
    outbox.post(session, mail, now=now, dedupe_key=f"{kind}:{row.id}:{now.isoformat()}", person=row.person)


def _competencies(row: Training) -> str:
    return listed(sorted(each.competency.name for each in row.competencies))


def _page(row: Training) -> str:
    return url(f"/interviewers/training/{row.id}")


def _way(path: Path) -> str:
    parts = [
        f"you {verb} {counted(times, 'interview')}"
        for verb, times in (("shadow", path.shadows), ("reverse-shadow", path.reverse_shadows))
        if times
    ]
    return ", then ".join(parts) or "no interview is asked for beforehand"
