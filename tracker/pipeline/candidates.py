"""What concerns the candidate's own page: its links, zone and withdrawal, and what he or she is told of an end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.mail import outbox, words_candidates
from tracker.mail.links import url
from tracker.mail.messages import Address, Mail
from tracker.models.application import Application
from tracker.models.candidate import CandidateLink
from tracker.pipeline import moves
from tracker.pipeline.candidate_links import linked, status_link
from tracker.pipeline.record import note_change
from tracker.pipeline.turns import take_turn
from tracker.queries.candidate_windows import windows_of
from tracker.queries.organisation import organisation_name
from tracker.rules.refused import Refused
from tracker.rules.stages import ApplicationState, Disposition

# Whoever presses the button again and again gets one mail, not many.
RENEWAL_PAUSE = timedelta(minutes=10)


class NotActive(Refused):
    """The application is closed: there is nothing to withdraw."""


def renew(session: Session, application: Application, *, now: datetime) -> None:
    """Send a new link to the candidate's own address, unless one was made in the last ten minutes."""
    recent = exists().where(
        CandidateLink.application_id == application.id, CandidateLink.created_at > now - RENEWAL_PAUSE
    )
    if session.scalar(select(recent)):
        return
    mail = words_candidates.status_link(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        status_url=url(status_link(session, application, now=now)),
    )
    outbox.post(
        session, mail, now=now, dedupe_key=f"status-link:{application.id}:{now.isoformat()}", application=application
    )


def set_zone(session: Session, application: Application, zone: str, *, now: datetime) -> None:
    """Keep the zone in which the candidate wants to read times; ``zone`` is a name that this machine knows."""
    candidate = application.candidate
    if candidate.zone == zone:
        return
    text = f"The candidate's time zone was changed from {candidate.zone} to {zone} by the candidate"
    candidate.zone = zone
    session.flush()
    note_change(session, "candidates.set_zone", text, by=None, now=now, application=application)


def withdraw(session: Session, application: Application, *, reason: str, now: datetime) -> None:
    """Close the application as its candidate asks; interviews are called off; candidate and recruiter get an e-mail.

    Raises NotActive where it is closed already.
    """
    take_turn(session, application)
    if application.state is not ApplicationState.ACTIVE:
        raise NotActive("This application is closed already; there is nothing to withdraw.")
    moves.close(
        session,
        application,
        ApplicationState.WITHDRAWN,
        Disposition.CANDIDATE_WITHDREW,
        by=None,
        now=now,
        reason=reason,
    )
    _confirm_withdrawal(session, application, now=now)
    _tell_recruiter(session, application, reason=reason, now=now)


def tell_closed(session: Session, application: Application, *, now: datetime) -> None:
    """Write the courteous e-mail to a candidate whose application was closed without a loop's outcome."""
    requisition = application.requisition
    mail = words_candidates.closed(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=requisition.title,
        recruiter=requisition.recruiter.name,
    )
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"closed:{application.id}:{now.isoformat()}",
        fact=_standing(application),
        application=application,
    )


def tell_goes_on(session: Session, application: Application, *, now: datetime) -> None:
    """Tell the candidate that the phone screen was good; dropped unsent once the application has left the stage."""
    fact = _standing(application) | {"stage": application.stage_id}
    has_given_times = bool(windows_of(session, application.id, now=now))
    write = partial(words_candidates.goes_on, has_given_times=has_given_times)
    _tell_from_recruiter(session, application, write, fact, now)


def tell_reopened(session: Session, application: Application, *, now: datetime) -> None:
    """Tell the candidate that the application is considered again."""
    _tell_from_recruiter(session, application, words_candidates.reopened, _standing(application), now)


def _tell_from_recruiter(
    session: Session, application: Application, write: Callable[..., Mail], fact: dict[str, object], now: datetime
) -> None:
    recruiter = application.requisition.recruiter
    mail = write(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
        recruiter=Address.of(recruiter),
    )
    outbox.post(
        session,
        linked(session, application, mail, now=now),
        now=now,
        dedupe_key=f"{mail.kind}:{application.id}:{now.isoformat()}",
        fact=fact,
        application=application,
    )


def _standing(application: Application) -> dict[str, object]:
    """Return that the state stands, and of a closed one this very closing: after a reopening another is told anew."""
    state: dict[str, object] = {"application": application.id, "state": application.state.value}
    return state | ({"closed_at": application.closed_at.isoformat()} if application.closed_at else {})


def _confirm_withdrawal(session: Session, application: Application, *, now: datetime) -> None:
    mail = words_candidates.withdrawn(
        receiver=Address.of(application.candidate),
        organisation=organisation_name(session),
        title=application.requisition.title,
    )
    key = f"withdrawn:{application.id}:{now.isoformat()}"
    outbox.post(session, mail, now=now, dedupe_key=key, fact=_standing(application), application=application)


def _tell_recruiter(session: Session, application: Application, *, reason: str, now: datetime) -> None:
    recruiter = application.requisition.recruiter
    mail = words_candidates.candidate_withdrew(
        receiver=Address.of(recruiter),
        organisation=organisation_name(session),
        candidate=application.candidate.name,
        title=application.requisition.title,
        reason=reason,
        page_url=url(f"/applications/{application.id}"),
    )
    outbox.post(
        session,
        mail,
        now=now,
        dedupe_key=f"candidate-withdrew:{application.id}:{now.isoformat()}",
        fact=_standing(application),
        person=recruiter,
        application=application,
    )
