"""The search for people by their words, on both databases."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.queries import candidates
from tracker.queries.candidates import Filters
from tracker.queries.visibility import viewer_of


def found(session: Session, world: World, words: str) -> tuple[set[str], bool]:
    viewer = viewer_of(session, world.recruiter("Lea Lead"))
    page = candidates.page(session, viewer, Filters(q=words), MONDAY)
    return {line.name for line in page.lines}, page.too_many


@pytest.mark.parametrize("words", ["rare ann", "ann rare", "ann ra com", "com ra"])
def test_the_order_of_the_words_and_how_many_have_them_does_not_matter(
    session: Session, world: World, words: str
) -> None:
    requisition = world.requisition()
    for name in ("Ann Common", "Ann Common", "Ann Rare Common", "Rare Bob"):
        world.application(requisition, name=name)
    assert found(session, world, words) == ({"Ann Rare Common"}, False)


def test_all_who_have_frequent_words_are_found(session: Session, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However far words are counted, that is for their order alone."""
    monkeypatch.setattr(candidates, "COUNTED", 1)
    candidates._counts.cache_clear()
    requisition = world.requisition()
    for name in (*["Ann Common"] * 3, "Common Bob", "Ann Bob", "Bob Ann Common"):
        world.application(requisition, name=name)
    assert found(session, world, "common ann") == ({"Ann Common", "Bob Ann Common"}, False)
    candidates._counts.cache_clear()


def test_who_has_the_words_is_asked_of_each(session: Session, world: World) -> None:
    """Not by reading all who have the more frequent word, which PostgreSQL takes for few where it does not know it."""
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has no other way")
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, given: object, *_more: object) -> None:
        asked.append((statement, given))

    world.application(world.requisition(), name="Ann Common")
    event.listen(session.get_bind(), "before_cursor_execute", note)
    found(session, world, "common ann")
    event.remove(session.get_bind(), "before_cursor_execute", note)
    connection = session.connection()
    statement, given = next(each for each in asked if "word_0" in each[0] and "count(" not in each[0])
    for off in ("enable_seqscan", "enable_indexscan", "enable_nestloop"):
        session.execute(sa.text(f"SET LOCAL {off} = off"))
    plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", given)]  # type: ignore[call-overload]
    assert sum("SubPlan" in line for line in plan) >= 2
    assert not any("Join" in line for line in plan), plan
