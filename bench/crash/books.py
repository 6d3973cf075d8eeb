"""The books: what was written, what the server took, what the senders did, and whether all that may be so."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bench.crash.lives import TIMES, Fate, Life
from bench.crash.server import GONE
from tracker.db import reading
from tracker.models.deadline import Nudge
from tracker.models.outbox import MailState, OutboxMail

KILLED = (Fate.KILL, Fate.AHEAD)
# Nanoseconds. Until shortly before its lease is over a sender goes on to try and note what was sent.
OVER = int(TIMES.lease.total_seconds() * 0.8e9)


@dataclass
class Books:
    """The count of everything. ``faults`` names each thing that must not be, by kind."""

    kills: int = 0
    mails: int = 0
    taken: int = 0
    untrue: int = 0
    asked: int = 0
    # Copies in the window that no mail system can close, by its cause.
    window: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def blame(self, kind: str, what: str) -> None:
        self.faults.setdefault(kind, []).append(what)

    def count(self, *kinds: str) -> int:
        return sum(len(self.faults.get(kind, ())) for kind in kinds)


@dataclass(frozen=True)
class Taken:
    """A mail as the server took it."""

    at: int
    digest: str


@dataclass(frozen=True)
class Told:
    """What a sender wrote down of one mail: D (DATA said by then), R (the server's answer), S (noted as sent), or
    E (the database refused that)."""

    life: int
    kind: str
    at: int
    answer: str


def balance(engine: Engine, folder: Path, lives: Sequence[Life], warmed_up: int) -> Books:
    """Compare the books in ``folder`` with the database. Of the first ``warmed_up`` mails copies are not asked for."""
    taken, told = _taken(folder / "server"), _told(folder / "lives")
    ends = {life.number: life for life in lives}
    books = Books(kills=sum(life.status == -9 for life in lives))
    with reading(), Session(engine) as session:
        mails = {row.message_id: row for row in session.scalars(select(OutboxMail).order_by(OutboxMail.id))}
        truth = _Truth(session, folder / "untrue")
        books.mails, books.taken, books.untrue = len(mails), len(taken), len(truth.untrue)
        for name in taken.keys() - mails.keys():
            books.blame("for no fact", name)
        for name, mail in mails.items():
            _end_of(books, mail, taken.get(name, []), truth)
            _timing(books, mail, told.get(name, []), truth)
            if mail.id > warmed_up:
                _copies(books, mail, taken.get(name, []), told.get(name, []), ends)
        _order(books, list(mails.values()), taken, told)
        _nudges(books, mails.values(), taken, truth)
    for life in lives:
        if life.fate not in KILLED and life.status != 0:
            books.blame("not ended well", f"life {life.number} ({life.fate}): {life.status}")
    return books


def _lines(path: Path) -> Iterator[list[str]]:
    if path.exists():
        yield from (line.split() for line in path.read_text().splitlines())


def _taken(path: Path) -> dict[str, list[Taken]]:
    found: dict[str, list[Taken]] = {}
    for at, name, digest, *_receiver in _lines(path):
        found.setdefault(name, []).append(Taken(int(at), digest))
    return found


def _told(path: Path) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for life, kind, at, name, *answer in _lines(path):
        found.setdefault(name, []).append(Told(int(life), kind, int(at), answer[0] if answer else ""))
    return found


class _Truth:
    """Which facts hold, and when those that do not had ceased to (by when the commit was done)."""

    def __init__(self, session: Session, journal: Path) -> None:
        self.untrue = {(kind, int(key)): int(at) for at, kind, key in _lines(journal)}
        self.deadline_of = {row.id: row.deadline_id for row in session.execute(select(Nudge.id, Nudge.deadline_id))}
        # The last senders lived two hours ahead.
        self.end = datetime.now(UTC) + timedelta(hours=2)

    def of(self, fact: Mapping[str, Any]) -> list[tuple[str, int]]:
        links = [("link", fact["link"])] if "link" in fact else []
        return links + [("deadline", self.deadline_of[each]) for each in fact.get("nudges", ())]

    def holds(self, fact: Mapping[str, Any]) -> bool:
        until = fact.get("until")
        is_over = until is not None and datetime.fromisoformat(until) <= self.end
        return not is_over and not self.untrue.keys() & set(self.of(fact))

    def ended_at(self, fact: Mapping[str, Any]) -> int | None:
        return min((self.untrue[each] for each in self.of(fact) if each in self.untrue), default=None)


def _end_of(books: Books, mail: OutboxMail, taken: Sequence[Taken], truth: _Truth) -> None:
    """Nothing is lost: it was taken, or its fact no longer holds, or a person is asked, or the address is no more."""
    if mail.state in (MailState.WAITING, MailState.CLAIMED):
        books.blame("lost", f"mail {mail.id} is still {mail.state}")
    elif mail.state is MailState.SENT and not taken:
        books.blame("lost", f"mail {mail.id} is said to be sent")
    elif mail.state is MailState.DROPPED and truth.holds(mail.fact):
        books.blame("lost", f"mail {mail.id} was dropped, and is true")
    elif mail.state is MailState.DEAD and mail.last_error.startswith("fate unknown:"):
        books.asked += 1
        if mail.person_id is not None:
            books.blame("lost", f"mail {mail.id} is to be sent again, and waits for a person")
    elif mail.state is MailState.DEAD and not mail.receiver.startswith(GONE):
        books.blame("lost", f"mail {mail.id} was given up: {mail.last_error}")


def _timing(books: Books, mail: OutboxMail, told: Sequence[Told], truth: _Truth) -> None:
    """No DATA is said once the commit that made the mail untrue is done."""
    ended_at = truth.ended_at(mail.fact)
    for each in told:
        if each.kind == "D" and ended_at is not None and each.at > ended_at:
            late = (each.at - ended_at) / 1e6
            books.blame("stale", f"mail {mail.id}: DATA {late:.1f} ms after its fact had ceased, by life {each.life}")


def _copies(
    books: Books, mail: OutboxMail, taken: Sequence[Taken], told: Sequence[Told], ends: Mapping[int, Life]
) -> None:
    """No copy but in the window between the server's yes and our note of it, and then byte for byte the same."""
    stored = hashlib.sha256(mail.message).hexdigest()
    if any(each.digest != stored for each in taken):
        books.blame("other bytes", f"mail {mail.id}")
    if len(taken) > 1 and mail.person_id is None:
        books.blame("twice", f"mail {mail.id} to a candidate, about whom a person is to be asked")
    for each in sorted(taken, key=lambda one: one.at)[:-1]:
        cause = _cause(each, told, ends)
        if cause:
            books.window[cause] += 1
        else:
            books.blame("twice", f"mail {mail.id}")


def _cause(taken: Taken, told: Sequence[Told], ends: Mapping[int, Life]) -> str | None:
    """Return why a mail that was taken was not noted as sent; None where it was, or should have been."""
    said = [each for each in told if each.kind == "D" and each.at <= taken.at]
    if not said:
        return None
    first = max(said, key=lambda each: each.at)
    after = sorted((each for each in told if each.life == first.life and each.at > first.at), key=lambda each: each.at)
    ended = next((n for n, each in enumerate(after) if each.kind == "D"), len(after))
    answers = {each.kind: each.answer for each in after[:ended]}
    if "S" in answers:
        return None
    if answers.get("R") == "none":
        return "the answer was lost"
    if any(each.kind == "E" and each.at - first.at > OVER for each in after[:ended]):
        return "the database was away until the lease was over"
    return "killed before it was noted" if ends[first.life].status == -9 else None


def _order(
    books: Books,
    mails: Sequence[OutboxMail],
    taken: Mapping[str, Sequence[Taken]],
    told: Mapping[str, Sequence[Told]],
) -> None:
    """Mails to one receiver in the order of their ids: no DATA before the one before it is settled."""
    last: dict[str, int] = {}
    for mail in mails:
        begun = [each.at for each in told.get(mail.message_id, ()) if each.kind == "D"]
        if begun and min(begun) < last.get(mail.receiver, 0):
            books.blame("out of order", f"mail {mail.id} to {mail.receiver}")
        ended = [each.at for each in taken.get(mail.message_id, ())]
        last[mail.receiver] = max([last.get(mail.receiver, 0), *ended])


def _nudges(books: Books, mails: Iterable[OutboxMail], taken: Mapping[str, Sequence[Taken]], truth: _Truth) -> None:
    """Each deadline that stayed open was told, and each nudge in one mail."""
    said = Counter(each for mail in mails if taken.get(mail.message_id) for each in mail.fact.get("nudges", ()))
    told = {truth.deadline_of[each] for each in said}
    ended = {key for kind, key in truth.untrue if kind == "deadline"}
    for missing in set(truth.deadline_of.values()) - told - ended:
        books.blame("lost", f"nobody was nudged about deadline {missing}")
    for nudge, count in said.items():
        if count > 1:
            books.blame("twice", f"nudge {nudge} in {count} mails")
