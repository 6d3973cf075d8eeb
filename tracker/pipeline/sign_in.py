"""Slowing down who guesses passwords: attempts are rows, counted by account and network, by network, and by account.

Few are borne of one network, so that whoever knows an address cannot shut its owner out: at another network he or she
still gets in. Many more are borne of all networks together, against guessing from many of them.

An attempt is noted and committed before the password is looked at, and taken back when it was right: of many that come
at the same moment no more are looked at than of many that come one after the other.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from tracker.models.person import SignInAttempt

WINDOW = timedelta(minutes=15)
MOST_FOR_ACCOUNT_HERE = 5
MOST_FOR_NETWORK = 30
MOST_FOR_ACCOUNT = 50
MOST_ASKED = 5


def subjects(email: str, machine: str) -> dict[str, int]:
    """Return what attempts are counted by, each with how many are borne. Digests: nothing typed is kept.

    ``machine`` is the address that the request came from.
    """
    network = network_of(machine)
    return {
        _digest("account here", f"{network} {email}"): MOST_FOR_ACCOUNT_HERE,
        _digest("network", network): MOST_FOR_NETWORK,
        _digest("account", email): MOST_FOR_ACCOUNT,
    }


def network_of(machine: str) -> str:
    """Return the network of one subscriber: an IPv4 address, or the /64 of an IPv6 address; other words as they are."""
    try:
        found = ip_address(machine)
    except ValueError:
        return machine
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))


def asked(email: str) -> dict[str, int]:
    """Return what asking for a new password is noted by; it counts against nothing else."""
    return {_digest("asked", email): MOST_ASKED}


def wait_minutes(session: Session, limits: dict[str, int], *, now: datetime) -> int:
    """Return how long to wait; 0 where the attempt, which was noted already, may be made now."""
    waits = [0]
    for subject, most in limits.items():
        recent = select(func.count(), func.min(SignInAttempt.at)).where(
            SignInAttempt.subject == subject, SignInAttempt.at > now - WINDOW
        )
        count, first = session.execute(recent).one()
        if count > most and first is not None:
            waits.append(int((first + WINDOW - now).total_seconds() // 60) + 1)
    return max(waits)


def note(session: Session, limits: dict[str, int], *, now: datetime) -> list[int]:
    """Count one attempt as a failure; return the ids of its rows, for ``take_back``."""
    rows = [SignInAttempt(subject=subject, at=now) for subject in limits]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def take_back(session: Session, noted: list[int]) -> None:
    """Count an attempt no longer: it was right, or was not looked at."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(noted)))


def _digest(kind: str, value: str) -> str:
    return sha256(f"{kind}:{value}".encode()).hexdigest()
