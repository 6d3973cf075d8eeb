"""Slowing down who guesses passwords: failures are rows, counted by account and by machine."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.models.person import SignInAttempt

WINDOW = timedelta(minutes=15)
MOST_FOR_ACCOUNT = 5
MOST_FOR_MACHINE = 30


def subjects(email: str, machine: str) -> dict[str, int]:
    """Return what failures are counted by, each with how many are borne. Digests: nothing typed is kept."""
    return {_digest("account", email): MOST_FOR_ACCOUNT, _digest("machine", machine): MOST_FOR_MACHINE}


def wait_minutes(session: Session, limits: dict[str, int], *, now: datetime) -> int:
    """Return how long to wait before the next try; 0 where it may be made now."""
    waits = [0]
    for subject, most in limits.items():
        recent = select(func.count(), func.min(SignInAttempt.at)).where(
            SignInAttempt.subject == subject, SignInAttempt.at > now - WINDOW
        )
        count, first = session.execute(recent).one()
        if count >= most and first is not None:
            waits.append(int((first + WINDOW - now).total_seconds() // 60) + 1)
    return max(waits)


def note_failure(session: Session, limits: dict[str, int], *, now: datetime) -> None:
    """Count one failure."""
    session.add_all(SignInAttempt(subject=subject, at=now) for subject in limits)


def sweep(session: Session, *, now: datetime) -> None:
    """Forget failures that no longer count."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - WINDOW))


def _digest(kind: str, value: str) -> str:
    return sha256(f"{kind}:{value}".encode()).hexdigest()
