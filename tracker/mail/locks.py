"""One lock for each mail in hand, which dies with its process and with nothing else.

A lease alone does not do: a process that was frozen (a laptop's lid, a paused container) beyond its lease would wake up
and send what another has sent meanwhile. Expired leases are therefore taken over only together with this lock.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

# The first half of the advisory locks' keys, so that no other use of such locks in the database meets ours.
LOCK_CLASS = 0x7AC4


class LockLost(Exception):
    """The lock is gone, so somebody else may have the mail in hand: do not send."""


class Locks(Protocol):
    """Locks named by the ids of mails."""

    def take(self, mail_id: int) -> bool:
        """Take a lock if nobody has it; return whether it was taken."""

    def check(self, mail_id: int) -> None:
        """Raise LockLost unless the lock is still ours."""

    def release(self, mail_id: int) -> None:
        """Give a lock back."""

    def close(self) -> None:
        """Give all locks back."""


def locks_for(engine: Engine, folder: Path) -> Locks:
    """Return the locks that fit the database: advisory ones on PostgreSQL, files in ``folder`` beside SQLite."""
    return AdvisoryLocks(engine) if engine.dialect.name == "postgresql" else FileLocks(folder / "locks")


class AdvisoryLocks:
    """Session advisory locks on a connection of their own; the server drops them as that connection ends."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def take(self, mail_id: int) -> bool:
        """See ``Locks``."""
        if self._connection is None:
            # Detached from the pool: closing it shall end the database session, and the locks with it.
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()
            self._connection = connection
        taken = text("SELECT pg_try_advisory_lock(:class, :id)")
        return bool(self._connection.scalar(taken, {"class": LOCK_CLASS, "id": mail_id}))

    def check(self, mail_id: int) -> None:
        """See ``Locks``."""
        ours = text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND classid = :class AND objid = :id AND granted"
        )
        try:
            if self._connection is not None and self._connection.scalar(ours, {"class": LOCK_CLASS, "id": mail_id}):
                return
        except Exception as error:
            raise LockLost(f"the connection of the locks is gone: {error}") from error
        raise LockLost(f"the lock of mail {mail_id} is gone")

    def release(self, mail_id: int) -> None:
        """See ``Locks``."""
        if self._connection is None:
            return
        try:
            self._connection.execute(
                text("SELECT pg_advisory_unlock(:class, :id)"), {"class": LOCK_CLASS, "id": mail_id}
            )
        except Exception:
            self.close()

    def close(self) -> None:
        """See ``Locks``."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()


class FileLocks:
    """One locked file for each mail in hand; the kernel drops the lock as the process ends (flock, not lockf)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[int, int] = {}

    def take(self, mail_id: int) -> bool:
        """See ``Locks``."""
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path(mail_id), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        if not self._is_current(mail_id, descriptor):
            # Its owner removed the file between our opening and our locking it: this lock would guard nothing.
            os.close(descriptor)
            return False
        self._open[mail_id] = descriptor
        return True

    def check(self, mail_id: int) -> None:
        """See ``Locks``."""
        if mail_id not in self._open or not self._is_current(mail_id, self._open[mail_id]):
            raise LockLost(f"the lock of mail {mail_id} is gone")

    def release(self, mail_id: int) -> None:
        """See ``Locks``."""
        descriptor = self._open.pop(mail_id, None)
        if descriptor is None:
            return
        if self._is_current(mail_id, descriptor):
            # Removed while it is still locked, so that nobody can lock it and find it gone.
            self._path(mail_id).unlink(missing_ok=True)
        os.close(descriptor)

    def close(self) -> None:
        """See ``Locks``."""
        for mail_id in list(self._open):
            self.release(mail_id)

    def _path(self, mail_id: int) -> Path:
        return self._folder / f"mail-{mail_id}.lock"

    def _is_current(self, mail_id: int, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self._path(mail_id)))
        except FileNotFoundError:
            return False
