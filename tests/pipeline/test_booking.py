"""Two recruiters book one interviewer for one hour at the same moment: one loop goes out, the other is told why not."""

import threading
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.db import db
from tracker.models.application import Application
from tracker.models.interview import Loop, LoopState
from tracker.models.person import Person
from tracker.pipeline import loop, loop_changes
from tracker.pipeline.loop_checks import LoopNotReady
from tracker.queries import loops
from tracker.rules.coverage import ProblemCode
from tracker.rules.stages import StageKind

START = datetime(2026, 11, 10, 9, 0, tzinfo=MONDAY.tzinfo)


def drafted(session: Session, application: Application, recruiter: Person) -> int:
    row = loop.plan(session, application, by=recruiter, now=MONDAY)
    loop_changes.set_times(session, row, START, 0, by=recruiter, now=MONDAY)
    standing = loops.standing(session, row, now=MONDAY)
    assert not standing.coverage.ready
    # Suggestions leave out whom the other draft holds: here both want the same five.
    for interview, seat, person in zip(loops.interviews_of(row), standing.seats, standing.people.sent, strict=True):
        wanted = loop_changes.Arrangement(person, interview.starts_at, 60, "", seat.competency_ids)
        loop_changes.edit(session, row, interview, wanted, by=recruiter, now=MONDAY)
    session.commit()
    return row.id


def test_one_of_two_gets_the_people(app: Flask, session: Session, world: World) -> None:
    requisition = world.requisition()
    for n in range(5):
        world.qualify(world.person(f"Ina{n}", is_bar_raiser=n == 0, daily_cap=9, weekly_cap=9), requisition.plan)
    with app.app_context():
        both = [
            drafted(session, world.application(requisition, stage=StageKind.LOOP, name=name), requisition.recruiter)
            for name in ("One", "Two")
        ]
    by, start, answers = requisition.recruiter_id, threading.Barrier(2), list[Any]()
    session.commit()

    def send(loop_id: int) -> None:
        with app.app_context(), Session(db.engine) as own:
            start.wait()
            row = own.get_one(Loop, loop_id)
            try:
                loop.send(own, row, by=own.get_one(Person, by), now=MONDAY)
                own.commit()
                answers.append("sent")
            except LoopNotReady as refusal:
                own.rollback()
                answers.append({problem.code for problem in refusal.problems})

    threads = [threading.Thread(target=send, args=(loop_id,)) for loop_id in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers, key=str) == ["sent", {ProblemCode.DOUBLE_BOOKED}]
    session.expire_all()
    assert sorted(session.get_one(Loop, each).state for each in both) == [LoopState.DRAFT, LoopState.SENT]
