"""The tick that looks for substitutes: the question is read, worked out in no transaction, and settled in another."""

import logging
from collections.abc import Callable

from sqlalchemy.orm import Session

from tracker import clock
from tracker.db import db, reading
from tracker.models.reply import SearchResult
from tracker.pipeline import loop_replacing, loop_substitutes
from tracker.queries import outbox, replies
from tracker.worker import faults

log = logging.getLogger(__name__)


def find_substitutes(stopping: Callable[[], bool] = lambda: False) -> int:
    """Make all searches that wait, one after the other; return how many came to an end.

    Inside an application context. One that fails stays due, and keeps no other waiting.
    """
    count, seen = 0, set[int]()
    while not stopping() and (search_id := _next(seen)) is not None:
        seen.add(search_id)
        try:
            result = _find(search_id)
        except Exception as error:
            log.exception("The search %s for a substitute failed and is tried again", search_id)
            faults.note("substitutes", error, now=clock.now(), item=search_id)
            continue
        log.info("The search %s for a substitute: %s", search_id, result.value if result else "asked again")
        count += result is not None
    return count


def _next(seen: set[int]) -> int | None:
    with reading(), Session(db.engine) as session:
        return None if outbox.pause(session) else replies.next_search(session, seen)


def _find(search_id: int) -> SearchResult | None:
    with reading(), Session(db.engine) as session:
        question = loop_replacing.question_of(session, search_id, now=clock.now())
    # The reading has ended: working it out holds no lock, nor keeps a snapshot.
    lines = loop_substitutes.substitutes_for(question) if question is not None else []
    starts_at = question.present.starts_at if question is not None else None
    with Session(db.engine) as session:
        result = loop_replacing.settle(session, search_id, lines, starts_at, now=clock.now())
        session.commit()
    return result
