"""After a holiday, a region or a limit changed: open deadlines are listed, and move when a person accepts it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview_plan import PlanLimit
from tracker.models.outbox import OutboxMail
from tracker.models.record import RecordEntry
from tracker.models.region import ClosedDay, ClosedDaySource
from tracker.pipeline import deadline_clock, deadlines
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


def close_wednesday(session: Session, application: Application) -> None:
    region = application.requisition.region
    region.closed_days.append(ClosedDay(on=date(2026, 11, 4), name="Works outing", source=ClosedDaySource.COMPANY))
    region.calendar_changed()
    session.commit()


def test_nothing_moves_by_itself(app: Flask, client: Client, session: Session, application: Application) -> None:
    deadline = owed(app, session, application)
    client.sign_in(application.requisition.recruiter)
    assert "No deadline would move" in client.get(URL).text
    assert "would move" not in client.get("/").text
    close_wednesday(session, application)
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
    close_wednesday(session, application)
    client.sign_in(application.requisition.recruiter)
    assert client.post(URL, data={str(deadline.id): deadline.version}).status_code == 303
    session.refresh(deadline)
    assert (deadline.due_at, deadline.revision) == (DUE + timedelta(days=1), 2)
    assert any("a calendar or a limit changed" in text for text in session.scalars(select(RecordEntry.text)))
    assert "No deadline would move" in client.get(URL).text


def test_a_candidate_whose_promise_moves_is_told(
    app: Flask, client: Client, session: Session, application: Application
) -> None:
    with app.app_context():
        promise = deadlines.open_(
            session,
            application,
            DeadlineKind.PROMISE,
            day0_at=MONDAY,
            owner=application.requisition.recruiter,
            now=MONDAY,
        )
    close_wednesday(session, application)
    client.sign_in(application.requisition.recruiter)
    assert "are told by e-mail" in client.get(URL).text
    client.post(URL, data={str(promise.id): promise.version})
    (mail,) = session.scalars(select(OutboxMail))
    assert (mail.kind, mail.receiver) == ("promise_moved", application.candidate.email)


def test_what_was_missed_does_not_move(
    app: Flask, client: Client, session: Session, application: Application, at: TestClock
) -> None:
    owed(app, session, application)
    close_wednesday(session, application)
    at.set(DUE + timedelta(seconds=1))
    assert "No deadline would move" in client.sign_in(application.requisition.recruiter).get(URL).text


def test_a_limit_moves_it_too(app: Flask, client: Client, session: Session, application: Application) -> None:
    deadline = owed(app, session, application)
    plan = application.requisition.plan
    session.add(PlanLimit(plan=plan, kind=DeadlineKind.APPLICATION_REVIEW, business_days=6))
    client.sign_in(application.requisition.recruiter)
    client.post(URL, data={str(deadline.id): deadline.version})
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
    close_wednesday(session, application)
    stale = client.sign_in(application.requisition.recruiter).post(URL, data={str(deadline.id): deadline.version + 1})
    assert stale.status_code == 409
    assert (
        client.sign_in(application.requisition.hiring_manager).post(URL, data={str(deadline.id): 1}).status_code == 404
    )
    nobody = client.sign_in(world.person("Nobody"))
    assert "Ann Active" not in nobody.get(URL).text
    nobody.post(URL, data={str(deadline.id): deadline.version})
    session.refresh(deadline)
    assert deadline.due_at == DUE
