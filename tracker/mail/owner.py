"""Whose the mails in hand are: a sender's own connection to the database, its token, and the lock on it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker.db import flushed_session, one_statement, reading, spare_flushes
from tracker.mail.locks import LockLost, Locks, locks_for


class Owner:
    """For one round of a sender. All that decides whether a mail may go out is done on its connection.

    On PostgreSQL the lock lives as long as that does: whoever could ask was the owner when asking.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._connection = engine.connect()
        try:
            # Detached from the pool: closing it shall end the database session, and the lock with it.
            self._connection.detach()
            spare_flushes(self._connection)
            self.locks: Locks = locks_for(self._connection, folder)
            self.token = uuid.uuid4().hex
            while not self.locks.take(self.token):
                # Somebody who tidies had it in this very moment.
                self.token = uuid.uuid4().hex
        except BaseException:
            self._connection.close()
            raise

    @contextmanager
    def transaction(self, *, flushed: bool, is_single: bool = False) -> Iterator[Session]:
        """Yield a session, and commit at the end; ``flushed`` waits until the commit is on the disk (see ``db``).

        ``is_single``: it has one statement, which commits itself where it does not wait for the disk.
        Raises LockLost where the connection or the lock is gone.
        """
        self._check()
        together = one_statement() if is_single and not flushed else nullcontext()
        with together, flushed_session(self._connection) if flushed else Session(self._connection) as session:
            yield session
            session.commit()

    def is_alive(self) -> bool:
        """Whether the connection answers and the lock is still ours."""
        try:
            with reading(), self.transaction(flushed=False) as session:
                session.execute(text("SELECT 1"))
        except (SQLAlchemyError, LockLost):
            return False
        return True

    def _check(self) -> None:
        if self._connection.invalidated:
            # It would quietly be replaced by another one, which has no lock.
            raise LockLost("the connection of the sender is gone")
        self.locks.check(self.token)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(Exception):
            self.locks.release(self.token)
        with suppress(Exception):
            self._connection.close()
