"""The page of plans: one button fills the draft, another plan can be taken, and without any the way out is told."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.db import db
from tracker.models.application import Application
from tracker.models.interview import Interview, Loop, LoopState
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.planner.desk import Desk


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> None:
    at.set(MONDAY)


@pytest.fixture
def recruiter(client: Client, application: Application) -> Client:
    return client.sign_in(application.requisition.recruiter)


def url(application: Application, rest: str = "") -> str:
    return f"/applications/{application.id}/loop{rest}"


def arrangement(session: Session) -> list[Any]:
    session.expire_all()
    rows = session.scalars(select(Interview).order_by(Interview.position))
    return [(row.starts_at, [each.person_id for each in row.assignments]) for row in rows]


def offered(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="plan" value="')[1:]]


@pytest.mark.usefixtures("people")
def test_one_click_from_nothing_to_a_loop_that_can_go_out(
    recruiter: Client, session: Session, application: Application
) -> None:
    page = recruiter.get(url(application)).text
    assert "Plan this loop" in page
    assert 'data-busy="Planning…"' in page
    answer = recruiter.post(url(application, "/best"))
    assert answer.location.endswith("/loop#day")
    shown = recruiter.get(url(application)).text
    assert shown.index('id="day"') < shown.index("Plan anew") < shown.index("sticky-actions")
    assert "What was changed by hand is replaced" in shown
    assert "Plan this loop" not in shown
    page = recruiter.get(url(application, "/plans")).text
    for words in ("The best plan", "In the draft now", "No other plan has fewer points", "bar raiser", "Another plan"):
        assert words in page
    assert 'class="num">Before</th>' in page, "two figures in a row say what they are"
    assert session.scalars(select(OutboxMail)).all() == []
    assert recruiter.post(url(application, "/send")).status_code == 303
    assert session.scalars(select(Loop)).one().state is LoopState.SENT
    assert recruiter.get(url(application, "/plans")).status_code == 404


@pytest.mark.usefixtures("people")
def test_another_plan_is_taken(recruiter: Client, session: Session, application: Application) -> None:
    recruiter.post(url(application, "/best"))
    best, others = arrangement(session), offered(recruiter.get(url(application, "/plans")).text)
    assert len(others) == 2
    answer = recruiter.post(url(application, "/take"), data={"plan": others[0]})
    assert (answer.status_code, answer.location) == (303, f"{url(application)}#day")
    assert arrangement(session) != best
    page = recruiter.get(url(application)).text
    assert 'id="day"' in page
    assert "The draft has this plan now" in page
    for wrong in ("", "1@2:3", "1@2:3:4,", "1@9999999999:1:", f"{2**40}@1:1:1", "a" * 5000, others[0] + ",999@1:1:"):
        before = arrangement(session)
        answer = recruiter.post(url(application, "/take"), data={"plan": wrong})
        assert answer.status_code == 422
        assert "plan it again" in answer.text
        assert arrangement(session) == before
    answer = recruiter.post(url(application, "/take"), data={"plan": others[0], "version": 1})
    assert answer.status_code == 409


def test_without_a_plan_the_page_says_what_lacks(recruiter: Client, session: Session, application: Application) -> None:
    recruiter.post(url(application, "/best"))
    page = recruiter.get(url(application, "/plans")).text
    assert "No plan keeps all rules" in page
    assert "Nobody" in page or "No bar raiser" in page
    assert all(starts_at is None for starts_at, _ in arrangement(session))


@pytest.mark.usefixtures("people")
def test_a_way_out_is_named_and_can_be_taken(
    recruiter: Client, session: Session, world: World, application: Application
) -> None:
    application.candidate.zone = "America/New_York"
    world.keep(application.candidate)
    recruiter.post(url(application, "/best"))
    page = recruiter.get(url(application, "/plans")).text
    assert "What would help" in page
    plans = offered(page)
    assert plans
    assert recruiter.post(url(application, "/take"), data={"plan": plans[0]}).status_code == 303
    assert all(starts_at is not None for starts_at, _ in arrangement(session))


@pytest.mark.usefixtures("people")
def test_who_may_not_change_the_loop_sees_no_plans(
    client: Client, application: Application, people: list[Person]
) -> None:
    client.sign_in(people[0])
    assert client.get(url(application, "/plans")).status_code == 404
    assert client.post(url(application, "/best")).status_code == 404
    assert client.post(url(application, "/take"), data={"plan": "1@1:1:1"}).status_code == 404


def lead(session: Session) -> Person:
    return session.scalars(select(Interview).order_by(Interview.position)).first().assignments[-1].person


def test_who_could_step_in_is_offered_and_put_in(
    recruiter: Client, session: Session, application: Application, people: list[Person]
) -> None:
    recruiter.post(url(application, "/best"))
    first = session.scalars(select(Interview).order_by(Interview.position)).first()
    path, gone = url(application, f"/interviews/{first.id}/replace"), lead(session).name
    assert path in recruiter.get(url(application)).text
    page = recruiter.get(path).text
    offers = [int(part.split('"')[0]) for part in page.split('name="person_id" value="')[1:]]
    seated = {each for _, ids in arrangement(session) for each in ids}
    outside = {person.id for person in people} - seated
    # The only bar raiser can be replaced by nobody.
    assert offers == ([] if gone == "Ina0" else sorted(outside))
    if gone == "Ina0":
        assert "Nobody could step in" in page
    else:
        assert recruiter.post(path, data={"person_id": offers[0]}).status_code == 303
        session.expire_all()
        assert lead(session).id == offers[0]
    assert recruiter.post(path, data={"person_id": "x"}).status_code == 422


def test_after_it_went_out_the_e_mails_are_read_first(
    recruiter: Client, session: Session, world: World, application: Application, people: list[Person]
) -> None:
    people[1].is_bar_raiser = True
    world.keep(people[1])
    recruiter.post(url(application, "/best"))
    recruiter.post(url(application, "/send"))
    first = session.scalars(select(Interview).order_by(Interview.position)).first()
    path = url(application, f"/interviews/{first.id}/replace")
    offers = recruiter.get(path).text.split('name="person_id" value="')[1:]
    assert offers
    chosen = int(offers[0].split('"')[0])
    assert recruiter.post(path, data={"person_id": chosen}).status_code == 303
    session.expire_all()
    assert lead(session).id == chosen
    busy = next(each for _, ids in arrangement(session)[1:] for each in ids)
    answer = recruiter.post(path, data={"person_id": busy})
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.text


@pytest.fixture
def searching(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What others do while a search is under way: each is done once, in the next search."""
    others: list[Callable[[], object]] = []
    plan = Desk.plan

    def plan_meanwhile(desk: Desk, *more: Any, **named: Any) -> Any:
        while others:
            others.pop(0)()
        return plan(desk, *more, **named)

    monkeypatch.setattr(Desk, "plan", plan_meanwhile)
    return others


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("page", ["best", "plans"])
def test_others_write_while_it_searches(
    app: Flask, recruiter: Client, application: Application, searching: list[Callable[[], object]], page: str
) -> None:
    with app.app_context():
        engine = db.engine
    written = []

    def write() -> None:
        assert engine.pool.checkedout() == 0, "the search holds no connection"  # type: ignore[attr-defined]
        with closing(sqlite3.connect(str(engine.url.database), timeout=0)) as other:
            written.append(other.execute("UPDATE person SET name = name").rowcount)
            other.commit()

    recruiter.post(url(application, "/plan"))
    searching.append(write)
    if page == "best":
        assert recruiter.post(url(application, "/best")).location.endswith("/loop#day")
    else:
        assert "The best plan" in recruiter.get(url(application, "/plans")).text
    assert written


@pytest.mark.usefixtures("people")
def test_what_was_changed_during_the_search_is_not_overwritten(
    recruiter: Client, session: Session, application: Application, searching: list[Callable[[], object]]
) -> None:
    recruiter.post(url(application, "/plan"))
    when = {"date": "2026-11-05", "time": "10:00", "zone": "Europe/Berlin", "break_minutes": 15}
    searching.append(lambda: recruiter.post(url(application, "/times"), data=when))
    assert recruiter.post(url(application, "/best")).status_code == 409
    assert {starts_at.day for starts_at, _ in arrangement(session)} == {5}


@pytest.mark.usefixtures("people")
def test_a_second_click_during_the_search_gets_the_same_answer(
    recruiter: Client, session: Session, application: Application, searching: list[Callable[[], object]]
) -> None:
    answers = []
    searching.append(lambda: answers.append(recruiter.post(url(application, "/best"), data={"once": "one-click"})))
    answers.append(recruiter.post(url(application, "/best"), data={"once": "one-click"}))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert all(starts_at is not None for starts_at, _ in arrangement(session))
    assert len(session.scalars(select(Loop)).all()) == 1
