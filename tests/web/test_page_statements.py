"""A page asks the database a fixed number of times, however much there is; and templates ask nothing at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, before_render_template, template_rendered
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.db import db
from tracker.rules.stages import StageKind

FEW, MANY = 2, 30
PAGES = {
    # One of them asks whether anybody is erased by itself.
    "/": 17,
    "/requisitions": 8,
    "/requisitions/1": 15,
    "/requisitions/1/board": 10,
    "/candidates": 6,
    "/candidates?q=person&state=any": 7,
    "/deadlines?whose=all": 6,
    "/applications/1": 20,
    "/applications/1/loop": 30,
    "/applications/1/debrief": 30,
}


class Counter:
    """Counts statements, those inside a template apart."""

    def __init__(self) -> None:
        self.all = 0
        self.in_template = 0
        self.depth = 0

    def statement(self, *_more: Any) -> None:
        self.all += 1
        self.in_template += bool(self.depth)

    def begin(self, *_more: Any, **_facts: Any) -> None:
        self.depth += 1

    def end(self, *_more: Any, **_facts: Any) -> None:
        self.depth -= 1


@contextmanager
def counting(app: Flask, engine: Engine) -> Iterator[Counter]:
    counter = Counter()
    event.listen(engine, "before_cursor_execute", counter.statement)
    with before_render_template.connected_to(counter.begin, app), template_rendered.connected_to(counter.end, app):
        yield counter
    event.remove(engine, "before_cursor_execute", counter.statement)


@pytest.mark.parametrize("url", PAGES)
def test_statements_do_not_grow_with_the_data(
    app: Flask, client: Client, world: World, session: Session, at: TestClock, url: str
) -> None:
    at.set(MONDAY)
    requisition = world.requisition()
    first = world.application(requisition, name="Person One", stage=StageKind.LOOP)
    world.loop(first, tuple(world.person() for _ in range(5)))
    client.sign_in(requisition.recruiter)
    with app.app_context():
        engine = db.engine
    client.get(url)  # warms what is kept in memory
    counts = []
    for number in (FEW, MANY):
        for n in range(number):
            world.application(requisition, name=f"Person {n}", stage=list(StageKind)[n % 6])
        session.commit()
        with counting(app, engine) as counter:
            assert client.get(url).status_code == 200
        counts.append(counter.all)
        assert counter.in_template == 0, "a page shows what its query brought"
    assert counts[0] == counts[1]
    assert counts[1] <= PAGES[url]
