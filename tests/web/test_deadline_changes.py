"""After a holiday, a region or a limit changed: open deadlines are listed, and move when a person accepts it."""

import re
from collections.abc import Collection
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker import clock
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview_plan import PlanLimit
from tracker.models.outbox import OutboxMail
from tracker.models.record import RecordEntry
from tracker.models.region import ClosedDay, ClosedDaySource
from tracker.pipeline import deadline_changes, deadline_clock, deadlines
from tracker.queries import deadline_changes as changes_of
from tracker.queries import visibility
from tracker.rules.deadlines import DeadlineKind

pytestmark = pytest.mark.usefixtures("monday")

DUE = MONDAY.replace(day=9, hour=22, minute=59, second=59)
URL = "/deadlines/changes"


@pytest.fixture
def application(world: World) -> Application:
    return world.application(name="Ann Active")


def owed(app: Flask, session: Session, application: Application) -> Deadline:
    with app.app_context():
        deadline = deadlines.open_(
            session,
            application,
            DeadlineKind.APPLICATION_REVIEW,
            day0_at=MONDAY,
            owner=application.requisition.recruiter,
            now=MONDAY,
        )
    session.commit()
    return deadline


def close(session: Session, application: Application, *days: int) -> None:
    region = application.requisition.region
    for day in days:
        on = date(2026, 11, day)
        region.closed_days.append(ClosedDay(on=on, name="Works outing", source=ClosedDaySource.COMPANY))
    region.calendar_changed()
    session.commit()


def accept(browser: Client, page: str = "", *, ids: Collection[int] | None = None) -> TestResponse:
    """Send what the list shows, as it was when ``page`` was read, or now; with ``ids`` only those are ticked."""
    boxes = re.findall(r'type="checkbox" name="(\d+)" value="([^"]+)" checked', page or browser.get(URL).text)
    return browser.post(URL, data={key: value for key, value in boxes if ids is None or int(key) in ids})


def test_nothing_moves_by_itself(app: Flask, client: Client, session: Session, application: Application) -> None:
    deadline = owed(app, session, application)
    client.sign_in(application.requisition.recruiter)
    assert "No deadline would move" in client.get(URL).text
    assert "would move" not in client.get("/").text
    close(session, application, 4)
    assert "1 of your deadlines would move" in client.get("/").text
    page = client.get(URL).text
    assert "Ann Active" in page
    assert "Mon 9 Nov 2026, 23:59 CET" in page
    assert "Tue 10 Nov 2026, 23:59 CET" in page
    session.refresh(deadline)
    assert deadline.due_at == DUE


def test_accepting_moves_it_on_the_record(
    app: Flask, client: Client, session: Session, application: Application
) -> None:
    deadline = owed(app, session, application)
    close(session, application, 4)
    client.sign_in(application.requisition.recruiter)
    assert accept(client).status_code == 303
    session.refresh(deadline)
    assert (deadline.due_at, deadline.revision) == (DUE + timedelta(days=1), 2)
    assert any("a calendar or a limit changed" in text for text in session.scalars(select(RecordEntry.text)))
    assert "No deadline would move" in client.get(URL).text


def test_a_candidate_whose_promise_moves_is_told(
    app: Flask, client: Client, session: Session, application: Application
) -> None:
    with app.app_context():
        deadlines.open_(
            session,
            application,
            DeadlineKind.PROMISE,
            day0_at=MONDAY,
            owner=application.requisition.recruiter,
            now=MONDAY,
        )
    close(session, application, 4)
    client.sign_in(application.requisition.recruiter)
    assert "are told by e-mail" in client.get(URL).text
    accept(client)
    (mail,) = session.scalars(select(OutboxMail))
    assert (mail.kind, mail.receiver) == ("promise_moved", application.candidate.email)


def test_what_was_missed_does_not_move(
    app: Flask, client: Client, session: Session, application: Application, at: TestClock
) -> None:
    owed(app, session, application)
    close(session, application, 4)
    at.set(DUE + timedelta(seconds=1))
    assert "No deadline would move" in client.sign_in(application.requisition.recruiter).get(URL).text


def test_a_limit_moves_it_too(app: Flask, client: Client, session: Session, application: Application) -> None:
    deadline = owed(app, session, application)
    plan = application.requisition.plan
    session.add(PlanLimit(plan=plan, kind=DeadlineKind.APPLICATION_REVIEW, business_days=6))
    client.sign_in(application.requisition.recruiter)
    accept(client)
    session.refresh(deadline)
    assert (deadline.due_at, deadline.business_days) == (DUE + timedelta(days=1), 6)


def test_what_was_met_and_what_was_resumed_keep_their_days(
    app: Flask, client: Client, session: Session, world: World, application: Application
) -> None:
    other = world.application(application.requisition, name="Rob Resumed")
    owed(app, session, application)
    resumed = owed(app, session, other)
    recruiter = application.requisition.recruiter
    with app.app_context():
        deadlines.meet(session, application, DeadlineKind.APPLICATION_REVIEW, now=MONDAY)
        deadline_clock.pause(session, other, resumed, reason="ill", by=recruiter, now=MONDAY)
        deadline_clock.resume(session, other, resumed, by=recruiter, now=MONDAY + timedelta(days=7))
    plan = application.requisition.plan
    session.add(PlanLimit(plan=plan, kind=DeadlineKind.APPLICATION_REVIEW, business_days=9))
    page = client.sign_in(recruiter).get(URL).text
    assert "No deadline would move" in page
    assert resumed.due_at == DUE + timedelta(days=7)


def test_stale_ones_and_strangers_are_refused(
    app: Flask, client: Client, session: Session, world: World, application: Application
) -> None:
    deadline = owed(app, session, application)
    close(session, application, 4)
    client.sign_in(application.requisition.recruiter)
    page = client.get(URL).text
    deadline.version += 1
    assert accept(client, page).status_code == 409
    assert accept(client.sign_in(application.requisition.hiring_manager), page).status_code == 404
    nobody = client.sign_in(world.person("Nobody"))
    assert "Ann Active" not in nobody.get(URL).text
    assert accept(nobody, page).status_code == 409
    session.refresh(deadline)
    assert deadline.due_at == DUE


def test_what_was_not_shown_is_not_accepted(
    app: Flask, client: Client, session: Session, world: World, application: Application
) -> None:
    """More days were closed since the list was shown: it is shown anew, with what was ticked, and nothing moves."""
    one = owed(app, session, application)
    two = owed(app, session, world.application(application.requisition, name="Bo Other"))
    close(session, application, 4)
    page = client.sign_in(application.requisition.recruiter).get(URL).text
    close(session, application, 10, 11)
    answer = accept(client, page, ids={one.id})
    assert answer.status_code == 409
    assert "Look again: nothing was moved" in answer.text
    assert "Thu 12 Nov 2026, 23:59 CET" in answer.text
    assert [int(each) for each in re.findall(r'name="(\d+)" value="[^"]+" checked', answer.text)] == [one.id]
    session.expire_all()
    assert (one.due_at, two.due_at) == (DUE, DUE)
    assert accept(client, answer.text).status_code == 303
    session.expire_all()
    assert (one.due_at, two.due_at) == (DUE + timedelta(days=3), DUE)


def test_what_would_not_move_any_more_is_not_passed_over(
    app: Flask, client: Client, session: Session, application: Application
) -> None:
    owed(app, session, application)
    close(session, application, 4)
    page = client.sign_in(application.requisition.recruiter).get(URL).text
    application.requisition.region.closed_days.clear()
    application.requisition.region.calendar_changed()
    answer = accept(client, page)
    assert answer.status_code == 409
    assert "nothing was moved" in answer.text


def test_nothing_moves_to_a_moment_that_is_over(
    app: Flask, client: Client, session: Session, application: Application, at: TestClock
) -> None:
    """Two closed days are taken back on the day after the new moment: the page says why the deadline stays."""
    close(session, application, 4, 5)
    deadline = owed(app, session, application)
    assert deadline.due_at == DUE + timedelta(days=2)
    recruiter = application.requisition.recruiter
    application.requisition.region.closed_days.clear()
    application.requisition.region.calendar_changed()
    page = client.sign_in(recruiter).get(URL).text
    assert 'type="checkbox"' in page
    at.set(DUE + timedelta(hours=10))
    assert accept(client, page).status_code == 409
    page = client.get(URL).text
    assert "That is over: it stays due as it is" in page
    assert 'type="checkbox"' not in page
    assert "Move those that are ticked" not in page
    assert "would move" not in client.get("/").text
    viewer, now = visibility.viewer_of(session, recruiter), clock.now()
    found = changes_of.worked_out(session, viewer, now)
    with app.app_context(), pytest.raises(deadline_changes.IsOver, match="which is over"):
        deadline_changes.accept(session, found, by=recruiter, now=now)
    session.rollback()
    assert deadline.due_at == DUE + timedelta(days=2)
