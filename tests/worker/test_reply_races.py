"""Two workers at one moment: an answer is taken once, a substitute is put in once, and never in two places."""

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import TestClock
from tests.factories import MONDAY, World
from tests.mail.imap_server import Box
from tests.pipeline.loops import community, sent
from tests.pipeline.mails import of_kind
from tests.worker.conftest import answer
from tracker.db import db, reading
from tracker.mail.received import received
from tracker.models.interview import Assignment
from tracker.models.record import RecordEntry
from tracker.models.reply import SearchResult, SubstituteSearch
from tracker.pipeline import declining, loop_replacing, loop_substitutes
from tracker.queries import loops
from tracker.rules.replies import Verdict
from tracker.rules.stages import StageKind
from tracker.worker import replies


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Do several things at one moment, each in a thread of its own; return what came of them."""
    start, found = threading.Barrier(len(acts)), list[object]()

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            found.append(act())

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_one_e_mail_by_pipe_and_mailbox_is_taken_once(
    in_app: Flask, session: Session, box: Box, loop: list[Assignment]
) -> None:
    mail = received(answer(loop[0], "DECLINED"))
    session.commit()
    found = at_once(in_app, *3 * [lambda: replies.take_one(mail).verdict])
    assert sorted(map(str, found)) == [Verdict.KNOWN, Verdict.KNOWN, Verdict.TAKEN]
    said = session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "interview.decline")).all()
    assert len(said) == 1


def test_two_who_decline_get_no_substitute_twice(in_app: Flask, session: Session, world: World, at: TestClock) -> None:
    """One is free and fits both; each search was worked out before the other was settled, and twice at that."""
    at.set(MONDAY)
    people = community(world, world.plan())
    loop = sent(session, world.application(stage=StageKind.LOOP), people)
    leads = [lead for each in loops.interviews_of(loop) if (lead := each.lead) is not None]
    for mine in [each for each in leads if not each.person.is_bar_raiser][:2]:
        declining.decline(session, mine, reason="away", by=mine.person, now=MONDAY)
    session.commit()

    def prepared(search_id: int) -> Callable[[], object]:
        with reading(), Session(db.engine) as own:
            question = loop_replacing.question_of(own, search_id, now=MONDAY)
        assert question is not None
        lines = loop_substitutes.substitutes_for(question)

        def settle() -> object:
            with Session(db.engine) as own:
                result = loop_replacing.settle(own, search_id, lines, question.present.starts_at, now=MONDAY)
                own.commit()
            return result

        return settle

    searches = session.scalars(select(SubstituteSearch.id)).all()
    session.commit()
    at_once(in_app, *[prepared(each) for each in searches for _ in range(2)])
    results = session.scalars(select(SubstituteSearch.result)).all()
    assert sorted(map(str, results)) == [SearchResult.FOUND, SearchResult.NOBODY]
    assert (len(of_kind(session, "substitute_found")), len(of_kind(session, "substitute_missing"))) == (1, 1)
    session.expire_all()
    held = [lead.person_id for each in loops.interviews_of(loop) if (lead := each.lead) is not None]
    assert len(set(held)) == 5
