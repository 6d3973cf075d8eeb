"""Promises kept, counted by the database, against a count by hand; by an index alone."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.explained import explained
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.requisition import Requisition
from tracker.pipeline import deadline_clock, deadlines
from tracker.queries import kept, promises, visibility
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.kept import Kept, Period
from tracker.rules.zones import moment_of

DAY = timedelta(days=1)
BERLIN = "Europe/Berlin"
PERIOD = Period(date(2026, 10, 1), date(2026, 11, 10))


def promise(world: World, application: Application, due_at: datetime, **facts: Any) -> Deadline:
    given: dict[str, Any] = {
        "application_id": application.id,
        "requisition_id": application.requisition_id,
        "kind": DeadlineKind.PROMISE,
        "owner_id": application.requisition.recruiter_id,
        "day0_at": due_at - 7 * DAY,
        "business_days": 5,
        "zone": BERLIN,
        "due_at": due_at,
        "opened_at": due_at - 9 * DAY,
    }
    row = Deadline(**(given | facts))
    world.keep(row)
    return row


def closed(state: DeadlineState, due_at: datetime, late: timedelta) -> dict[str, Any]:
    return {"state": state, "closed_at": due_at + late}


def one_of_each(world: World, requisition: Requisition) -> None:
    due = MONDAY - 7 * DAY
    kinds: list[tuple[datetime, dict[str, Any]]] = [
        (due, closed(DeadlineState.MET, due, -DAY)),
        (due, closed(DeadlineState.MET, due, -DAY) | {"extra_days": 2}),
        (due, closed(DeadlineState.MET_LATE, due, DAY)),
        (due, {}),  # overdue
        (due, closed(DeadlineState.CANCELLED, due, DAY)),  # never told
        (due, closed(DeadlineState.CANCELLED, due, -DAY)),  # called off in time: not counted
        (due, {"state": DeadlineState.PAUSED, "paused_at": due - DAY}),
        (MONDAY + DAY, {}),  # still open
    ]
    for due_at, facts in kinds:
        promise(world, world.application(requisition), due_at, **facts)


EACH = Kept(kept=2, kept_late=1, overdue=1, missed=1, still_open=2, extended=1)


def test_each_counts_as_what_it_is(session: Session, world: World) -> None:
    requisition = world.requisition()
    one_of_each(world, requisition)
    viewer = visibility.viewer_of(session, requisition.recruiter)
    report = kept.report(session, viewer, PERIOD, BERLIN, MONDAY)
    assert report.whole == EACH
    assert report.teams == (("Security", EACH),)
    assert [(line.title, line.kept) for line in report.lines] == [("Security Engineer", EACH)]
    assert kept.of_requisition(session, viewer, requisition.id, PERIOD, BERLIN, MONDAY) == EACH
    assert kept.of_requisition(session, viewer, requisition.id + 1, PERIOD, BERLIN, MONDAY) == Kept()


@pytest.mark.parametrize("is_resumed", [False, True])
def test_what_is_closed_while_its_clock_stands_is_not_missed(
    in_app: Flask, session: Session, world: World, is_resumed: bool
) -> None:
    requisition, due = world.requisition(), MONDAY - 7 * DAY
    by, recruiter = requisition.recruiter, visibility.viewer_of(session, requisition.recruiter)
    told, withdrew = world.application(requisition), world.application(requisition)
    for application in (told, withdrew):
        row = promise(world, application, due)
        deadline_clock.pause(session, application, row, reason="on hold", by=by, now=due - DAY)
        if is_resumed:
            deadline_clock.resume(session, application, row, by=by, now=due - DAY)
    deadlines.meet(session, told, DeadlineKind.PROMISE, now=due + 5 * DAY, by=by)
    deadlines.cancel(session, withdrew, now=due + 5 * DAY, reason="withdrawn")
    found = kept.report(session, recruiter, PERIOD, BERLIN, MONDAY).whole
    assert found == (Kept(kept_late=1, missed=1) if is_resumed else Kept(kept=1))


def test_the_period_ends_at_midnight_of_the_zone(session: Session, world: World) -> None:
    requisition = world.requisition()
    first, last = moment_of(PERIOD.first, time(0), BERLIN), moment_of(PERIOD.last + DAY, time(0), BERLIN)
    second = timedelta(seconds=1)
    for due_at in (first - second, first, last - second, last):
        promise(world, world.application(requisition), due_at, **closed(DeadlineState.MET, due_at, -DAY))
    viewer = visibility.viewer_of(session, requisition.recruiter)
    assert kept.report(session, viewer, PERIOD, BERLIN, MONDAY).whole.kept == 2
    assert kept.report(session, viewer, PERIOD, "Pacific/Kiritimati", MONDAY).whole.kept == 2


def test_other_deadlines_are_no_promises(session: Session, world: World) -> None:
    application = world.application()
    promise(world, application, MONDAY - DAY, kind=DeadlineKind.DECISION)
    viewer = visibility.viewer_of(session, application.requisition.recruiter)
    assert kept.report(session, viewer, PERIOD, BERLIN, MONDAY).teams == ()


def test_everybody_sees_what_he_may_see(session: Session, world: World) -> None:
    one = world.requisition()
    secret = world.requisition(
        "Secret", team="Vault", is_confidential=True, hiring_manager=world.person("Vera"), recruiter=world.recruiter()
    )
    one_of_each(world, one)
    one_of_each(world, secret)
    own = promise(world, world.application(one), MONDAY - DAY)
    teams = {
        person.name: [name for name, _ in _report(session, person).teams]
        for person in (one.recruiter, secret.hiring_manager, world.person("Nobody"))
    }
    assert teams == {"Rita Recruiter": ["Security"], "Vera": ["Vault"], "Nobody": []}
    himself = world.recruiter("Ivan Internal", email=_email(session, own))
    assert _report(session, one.recruiter).whole.overdue == 2
    assert _report(session, himself).whole.overdue == 1


def _report(session: Session, person: Any) -> kept.Report:
    return kept.report(session, visibility.viewer_of(session, person), PERIOD, BERLIN, MONDAY)


def _email(session: Session, row: Deadline) -> str:
    return session.get_one(Application, row.application_id).candidate.email


def test_requisitions_are_paged_the_worst_first_and_narrowed_to_a_team(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "PAGE", 2)
    recruiter, manager = world.recruiter(), world.person("Hana")
    for number in range(5):
        team = "Odd" if number % 2 else "Even"
        requisition = world.requisition(f"Role {number}", team=team, recruiter=recruiter, hiring_manager=manager)
        for _ in range(number):
            promise(world, world.application(requisition), MONDAY - DAY)
        promise(world, world.application(requisition), MONDAY + DAY)
    viewer = visibility.viewer_of(session, recruiter)

    def titles(**more: Any) -> list[str]:
        return [line.title for line in kept.report(session, viewer, PERIOD, BERLIN, MONDAY, **more).lines]

    assert [titles(number=n) for n in (1, 2, 3)] == [["Role 4", "Role 3"], ["Role 2", "Role 1"], ["Role 0"]]
    assert titles(team="Odd") == ["Role 3", "Role 1"]
    assert titles(team="None") == []
    assert kept.report(session, viewer, PERIOD, BERLIN, MONDAY, number=2).has_more


def test_the_open_promises_of_requisitions(session: Session, world: World) -> None:
    requisition, other = world.requisition(), world.requisition("Other")
    one_of_each(world, requisition)
    viewer = visibility.viewer_of(session, requisition.recruiter)
    found = promises.of_requisitions(session, viewer, [requisition.id, other.id], MONDAY)
    assert list(found) == [requisition.id]
    assert (found[requisition.id].count, found[requisition.id].overdue) == (2, 1)
    assert found[requisition.id].most_urgent.due_at == MONDAY - 7 * DAY


def test_the_promise_of_an_application_is_known_while_it_runs(session: Session, world: World) -> None:
    application = world.application()
    assert promises.running(session, application.id, MONDAY) is None
    row = promise(world, application, MONDAY + 3 * DAY)
    found = promises.running(session, application.id, MONDAY)
    assert found is not None
    assert (found.words, found.due_at, found.zone) == ("3 business days left", row.due_at, BERLIN)
    row.state, row.closed_at = DeadlineState.MET, MONDAY
    session.flush()
    assert promises.running(session, application.id, MONDAY) is None


def test_promises_are_counted_from_their_index_alone(session: Session, world: World) -> None:
    requisition = world.requisition()
    one_of_each(world, requisition)
    viewer = visibility.viewer_of(session, requisition.recruiter)
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        seen.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    kept.report(session, viewer, PERIOD, BERLIN, MONDAY)
    event.remove(engine, "before_cursor_execute", note)
    plans = [explained(session, *each) for each in seen]
    assert Counter("ix_deadline_kept" in plan for plan in plans) == {True: 1}
