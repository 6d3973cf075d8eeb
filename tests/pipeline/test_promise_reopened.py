"""A promise goes on as it was told where its application is closed by mistake and opened again; and counts once."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.mails import delivered, of_kind, text_of
from tracker.models.application import Application
from tracker.models.deadline import Deadline, Nudge, NudgeState
from tracker.models.debrief import Decision
from tracker.models.outcome import Outcome, OutcomeChannel
from tracker.models.person import Person
from tracker.pipeline import deadline_clock, deadlines, moves, reopening
from tracker.queries import kept, visibility
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.kept import Kept, Period
from tracker.rules.stages import ApplicationState, DecisionKind, Disposition, StageKind

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# The loop ended on Monday the 2nd in Berlin; the fifth business day after is Monday the 9th.
DUE = datetime.fromisoformat("2026-11-09T22:59:59+00:00")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def application(in_app: Flask, session: Session, world: World) -> Application:
    application = world.application(name="Ann Active", stage=StageKind.OUTCOME)
    world.loop(application, tuple(world.person() for _ in range(5)), starts_at=MONDAY - 5 * HOUR)
    deadlines.rework(session, application, now=MONDAY)
    session.commit()
    return application


@pytest.fixture
def by(application: Application) -> Person:
    return application.requisition.recruiter


def promises(session: Session, application: Application) -> list[Deadline]:
    of_it = select(Deadline).where(Deadline.application_id == application.id, Deadline.kind == DeadlineKind.PROMISE)
    return list(session.scalars(of_it.order_by(Deadline.id)))


def facts(row: Deadline) -> tuple[Any, ...]:
    return (
        row.state,
        row.due_at,
        row.day0_at,
        row.resumed_at,
        row.business_days,
        row.extra_days,
        row.extension_reason,
        row.days_kept,
        row.pause_reason,
    )


def closed(session: Session, application: Application, by: Person, now: datetime) -> None:
    gone = ApplicationState.WITHDRAWN, Disposition.NO_RESPONSE
    moves.close(session, application, *gone, by=by, now=now)
    session.commit()


def reopened(session: Session, application: Application, by: Person, now: datetime) -> None:
    reopening.reopen(session, application, application.stage_id, by=by, now=now, reason="A slip")
    session.commit()


def slip(session: Session, application: Application, by: Person, now: datetime) -> None:
    closed(session, application, by, now)
    reopened(session, application, by, now + HOUR)


def counted(session: Session, application: Application, by: Person, now: datetime) -> Kept:
    viewer = visibility.viewer_of(session, by)
    return kept.of_requisition(session, viewer, application.requisition_id, NOVEMBER, "Europe/Berlin", now)


def test_an_extension_that_was_told_outlives_a_slip(session: Session, application: Application, by: Person) -> None:
    [row] = promises(session, application)
    deadline_clock.extend(session, application, row, date(2026, 11, 12), reason="Busy", by=by, now=MONDAY)
    delivered(session)
    slip(session, application, by, DUE - HOUR)
    assert promises(session, application) == [row]
    assert (row.state, row.due_at, row.extra_days) == (DeadlineState.OPEN, DUE + 3 * DAY, 3)
    assert len(of_kind(session, "promise_moved")) == 1, "the candidate knows"
    waiting = select(Nudge.revision).where(Nudge.deadline_id == row.id, Nudge.state == NudgeState.WAITING)
    assert set(session.scalars(waiting)) == {row.revision}, "it is chased as before"


def test_a_pause_outlives_a_slip_and_ends_when_it_is_resumed(
    session: Session, application: Application, by: Person
) -> None:
    [row] = promises(session, application)
    deadline_clock.pause(session, application, row, reason="A month off", by=by, now=MONDAY)
    session.commit()
    slip(session, application, by, MONDAY + 10 * DAY)
    assert promises(session, application) == [row]
    assert (row.state, row.pause_reason, row.days_kept) == (DeadlineState.PAUSED, "A month off", 5)
    deadline_clock.resume(session, application, row, by=by, now=MONDAY + 14 * DAY)
    assert row.due_at == DUE + 14 * DAY


@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_done_to_it_a_slip_changes_nothing(
    session: Session, application: Application, by: Person, seed: int
) -> None:
    chance, now = random.Random(seed), MONDAY
    [row] = promises(session, application)
    for _ in range(8):
        before = facts(row)
        if chance.random() < 0.5:
            slip(session, application, by, now)
            assert facts(row) == before
        elif row.state is DeadlineState.PAUSED:
            deadline_clock.resume(session, application, row, by=by, now=now)
        elif chance.random() < 0.5:
            deadline_clock.pause(session, application, row, reason="On hold", by=by, now=now)
        else:
            # A Wednesday after its week: a business day.
            later = row.due_at.date() + timedelta(days=9 - row.due_at.date().weekday())
            deadline_clock.extend(session, application, row, later, reason="Busy", by=by, now=now)
        now += HOUR * chance.choice((2, 9, 30))
        session.commit()
    assert promises(session, application) == [row]


@pytest.mark.parametrize("slips", [0, 1, 3])
def test_a_missed_one_counts_once_however_often_its_application_is_closed(
    session: Session, application: Application, by: Person, slips: int
) -> None:
    now = DUE + DAY
    for _ in range(slips):
        closed(session, application, by, now)
        assert counted(session, application, by, now) == Kept(missed=1)
        reopened(session, application, by, now)
        assert counted(session, application, by, now) == Kept(overdue=1)
        now += HOUR
    deadlines.meet(session, application, DeadlineKind.PROMISE, now=now)
    session.commit()
    assert counted(session, application, by, now) == Kept(kept_late=1)


def test_an_outcome_that_is_owed_anew_is_another_promise_and_told(
    session: Session, world: World, application: Application, by: Person
) -> None:
    decision = Decision(
        application_id=application.id,
        kind=DecisionKind.NO_HIRE,
        owner_id=by.id,
        rationale="x",
        decided_at=MONDAY,
    )
    world.keep(decision)
    told = Outcome(
        application_id=application.id,
        decision_id=decision.id,
        channel=OutcomeChannel.CALL,
        text="Called",
        released_at=MONDAY + DAY,
        released_by_id=by.id,
        delivered_at=MONDAY + DAY,
    )
    world.keep(told)
    deadlines.meet(session, application, DeadlineKind.PROMISE, now=MONDAY + DAY)
    session.commit()
    gone = ApplicationState.REJECTED, Disposition.NO_HIRE
    moves.close(session, application, *gone, by=by, now=MONDAY + DAY)
    session.commit()
    reopened(session, application, by, MONDAY + 7 * DAY)
    first, second = promises(session, application)
    assert (first.state, second.state, second.due_at) == (DeadlineState.MET, DeadlineState.OPEN, DUE + 7 * DAY)
    [mail] = of_kind(session, "promise_moved")
    assert "from us by Mon 16 Nov 2026" in text_of(mail)
    assert "before" not in text_of(mail)
