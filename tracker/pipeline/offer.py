"""The answer to an offer: accepted ends in hired, declined in withdrawn (the process, section 3)."""

from datetime import datetime

from sqlalchemy.orm import Session

from tracker.models.application import Application
from tracker.models.person import Person
from tracker.pipeline import moves
from tracker.rules.refused import Refused
from tracker.rules.stages import ApplicationState, Disposition, StageKind


class NoOffer(Refused):
    """No offer stands that could be answered."""


def accept(
    session: Session, application: Application, *, by: Person, now: datetime, version: int | None = None
) -> None:
    """Close the application as hired. Raises NoOffer, Stale, IllegalClose."""
    _check(application)
    end, disposition = ApplicationState.HIRED, Disposition.ACCEPTED
    moves.close(session, application, end, disposition, by=by, now=now, version=version)


def decline(
    session: Session, application: Application, *, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Close the application as withdrawn, because the candidate declined. Raises NoOffer, Stale, IllegalClose."""
    _check(application)
    end, disposition = ApplicationState.WITHDRAWN, Disposition.OFFER_DECLINED
    moves.close(session, application, end, disposition, by=by, now=now, reason=reason.strip(), version=version)


def _check(application: Application) -> None:
    if application.state is not ApplicationState.ACTIVE or application.stage_kind is not StageKind.OFFER:
        raise NoOffer("No offer stands for this application that could be answered.")
