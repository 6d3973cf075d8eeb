"""Two book at the same moment: by real requests, one after the other is served, and nothing is half done."""

import re
import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import HOST, TestClock
from tests.factories import MONDAY, World
from tests.pipeline.choosing import asked, offers
from tests.pipeline.mails import of_kind
from tracker.models.interview import Interview, InterviewState, Loop, LoopState
from tracker.pipeline import candidate_links
from tracker.queries import loops
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

BOOKED, TAKEN = 303, 409


def test_of_two_who_choose_the_same_hour_one_gets_it(app: Flask, session: Session, world: World, at: TestClock) -> None:
    """There is one bar raiser. Two real requests; whoever comes second is told, and nothing of it is done."""
    at.set(MONDAY)
    one, two = _two_candidates(session, world, bar_raisers=1, people=12)
    key = offers(session, one)[0].key
    assert offers(session, two)[0].key == key
    assert _book_at_once(app, session, [one, two], key) == [BOOKED, TAKEN]
    states = sorted(each.state for each in (one, two))
    assert states == [LoopState.DRAFT, LoopState.SENT]
    draft = one if one.state is LoopState.DRAFT else two
    assert loops.is_empty(draft)
    assert len(of_kind(session, "loop_booked")) == 1
    assert len(of_kind(session, "interview_invitation")) == 5


def test_of_two_who_choose_the_same_hour_both_get_it_where_there_are_people_enough(
    app: Flask, session: Session, world: World, at: TestClock
) -> None:
    """Both plan the same best people at first: who comes second finds others."""
    at.set(MONDAY)
    one, two = _two_candidates(session, world, bar_raisers=12, people=12)
    assert _book_at_once(app, session, [one, two], offers(session, one)[0].key) == [BOOKED, BOOKED]
    sent = select(Interview).where(Interview.state == InterviewState.SENT)
    held = [(each.starts_at, each.assignments[0].person_id) for each in session.scalars(sent)]
    assert len(held) == len({person for _, person in held}) == 10


def test_the_same_click_twice_at_once_books_once(app: Flask, session: Session, world: World, at: TestClock) -> None:
    at.set(MONDAY)
    loop, _ = _two_candidates(session, world, bar_raisers=1, people=12)
    key = offers(session, loop)[0].key
    assert _book_at_once(app, session, [loop, loop], key) == [BOOKED, BOOKED]
    assert len(of_kind(session, "loop_booked")) == 1
    assert len(of_kind(session, "interview_invitation")) == 5
    assert {each.sequence for each in loop.interviews} == {0}


def _two_candidates(session: Session, world: World, *, bar_raisers: int, people: int) -> list[Loop]:
    plan = world.plan()
    for n in range(people):
        world.qualify(world.person(f"Ina{n}", is_bar_raiser=n < bar_raisers, daily_cap=1), plan)
    requisition = world.requisition(plan=plan)
    return [asked(session, world.application(requisition, stage=StageKind.LOOP, name=name)) for name in ("One", "Two")]


def _book_at_once(app: Flask, session: Session, rows: list[Loop], key: str) -> list[int]:
    """Return what each of them is answered, by the links of their own pages."""
    links = [candidate_links.status_link(session, each.application, now=MONDAY) for each in rows]
    start, answers, host = threading.Barrier(len(links)), list[int](), f"http://{HOST}"
    session.commit()

    def book(browser: FlaskClient, path: str, value: str) -> None:
        start.wait()
        answers.append(browser.post(f"{path}/loop/book", data={"times": value}, base_url=host).status_code)

    threads = list[threading.Thread]()
    for path in links:
        browser = FlaskClient(app, app.response_class)
        [value] = re.findall(rf'value="({key}\.[\w-]+)"', browser.get(f"{path}/loop", base_url=host).text)
        threads.append(threading.Thread(target=book, args=(browser, path, value)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    session.expire_all()
    return sorted(answers)
