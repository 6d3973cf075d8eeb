"""A lock for each sender, which dies with its process and with nothing else: it says whose mails are still in hand.

A lease alone does not do: a process that was frozen (a laptop's lid, a paused container) beyond its lease would wake up
and send what another has sent meanwhile. Mails of another sender are therefore taken up only once its lock is free.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.engine import Connection

# The first half of the advisory locks' keys, so that no other use of such locks in the database meets ours.
LOCK_CLASS = 0x7AC4


class LockLost(Exception):
    """The lock is gone, so somebody else may have the mails in hand: do not send."""


class Locks(Protocol):
    """Locks named by the tokens of senders (hexadecimal digits)."""

    def take(self, token: str) -> bool:
        """Take a lock if nobody has it; return whether it was taken."""

    def check(self, token: str) -> None:
        """Raise LockLost unless the lock is still ours."""

    def release(self, token: str) -> None:
        """Give a lock back."""

    def tidy(self) -> None:
        """Clear away what senders left that were killed."""


def locks_for(connection: Connection, folder: Path) -> Locks:
    """Return the locks that fit the database: advisory ones on PostgreSQL, files in ``folder`` beside SQLite."""
    if connection.dialect.name == "postgresql":
        return AdvisoryLocks(connection)
    return FileLocks(folder / "locks")


class AdvisoryLocks:
    """Session advisory locks on the sender's own connection; the server drops them as that connection ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, token: str) -> bool:
        """See ``Locks``."""
        return self._ask("SELECT pg_try_advisory_lock(:class, :id)", token)

    def check(self, token: str) -> None:
        """See ``Locks``. The lock lives exactly as long as the connection, so what is done on it has the lock."""

    def release(self, token: str) -> None:
        """See ``Locks``."""
        self._ask("SELECT pg_advisory_unlock(:class, :id)", token)

    def tidy(self) -> None:
        """See ``Locks``. Nothing is left of a connection that ended."""

    def _ask(self, question: str, token: str) -> bool:
        with self._connection.begin():
            return bool(self._connection.scalar(text(question), {"class": LOCK_CLASS, "id": advisory_key(token)}))


def advisory_key(token: str) -> int:
    """Return the second half of a token's advisory lock, a signed number of 32 bits.

    Should two tokens share one, the mails of a dead sender wait until the other ends: late, and never twice.
    """
    return int(token[:8], 16) - 2**31


class FileLocks:
    """One locked file for each sender; the kernel drops the lock as the process ends (flock, not lockf)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, int] = {}

    def take(self, token: str) -> bool:
        """See ``Locks``."""
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path(token), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        if not self._is_current(token, descriptor):
            # Somebody removed the file between our opening and our locking it: this lock would guard nothing.
            os.close(descriptor)
            return False
        self._open[token] = descriptor
        return True

    def check(self, token: str) -> None:
        """See ``Locks``."""
        if token not in self._open or not self._is_current(token, self._open[token]):
            raise LockLost(f"the lock {self._path(token)} is gone")

    def release(self, token: str) -> None:
        """See ``Locks``."""
        descriptor = self._open.pop(token, None)
        if descriptor is None:
            return
        if self._is_current(token, descriptor):
            # Removed while it is still locked, so that nobody can lock it and find it gone.
            self._path(token).unlink(missing_ok=True)
        os.close(descriptor)

    def tidy(self) -> None:
        """See ``Locks``."""
        with suppress(FileNotFoundError):
            for path in sorted(self._folder.glob("sender-*.lock")):
                token = path.stem.removeprefix("sender-")
                if token not in self._open and self.take(token):
                    self.release(token)

    def _path(self, token: str) -> Path:
        return self._folder / f"sender-{token}.lock"

    def _is_current(self, token: str, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self._path(token)))
        except FileNotFoundError:
            return False
