"""A phone screen whose scorecard was waived is held anew: its interviewer is chased as for the first."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.worker.conftest import leads_to, tick
from tracker.models.application import Application
from tracker.models.deadline import Deadline
from tracker.models.interview import Assignment, Interview
from tracker.models.person import InterviewKind, Person
from tracker.pipeline import scorecards, screens
from tracker.pipeline.interviews import Arrangement
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Wednesday, 15:00 in Berlin; a day later the same.
FIRST = datetime(2026, 11, 4, 14, 0, tzinfo=MONDAY.tzinfo)
ANEW = FIRST + DAY


@pytest.fixture
def application(world: World) -> Application:
    return world.application(stage=StageKind.PHONE_SCREEN)


def leader(world: World, application: Application, name: str) -> Person:
    person = world.person(name, is_senior_leader=True)
    return world.qualify(person, application.requisition.plan, InterviewKind.PHONE_SCREEN)


def arrange(session: Session, application: Application, person: Person, starts_at: datetime) -> Assignment:
    wanted, by = Arrangement(person.id, starts_at, 60), application.requisition.recruiter
    screen: Interview = screens.arrange(session, application, wanted, by=by, now=starts_at - 20 * HOUR)
    session.commit()
    lead = screen.lead
    assert lead is not None
    return lead


def open_scorecards(session: Session) -> list[tuple[int, int]]:
    session.expire_all()
    query = select(Deadline).where(Deadline.kind == DeadlineKind.SCORECARD, Deadline.state == DeadlineState.OPEN)
    return [(each.subject, each.owner_id) for each in session.scalars(query)]


@pytest.mark.parametrize("is_same", [True, False])
def test_whoever_holds_it_anew_is_chased_for_the_scorecard(
    session: Session, world: World, application: Application, is_same: bool
) -> None:
    ana, recruiter = leader(world, application, "Ana Leader"), application.requisition.recruiter
    first = arrange(session, application, ana, FIRST)
    scorecards.waive(session, first, reason="Nothing was written down", by=recruiter, now=FIRST + 2 * HOUR)
    session.commit()
    assert open_scorecards(session) == [], "nobody is chased for the one that was waived"
    who = ana if is_same else leader(world, application, "Bea Leader")
    anew = arrange(session, application, who, ANEW)
    assert open_scorecards(session) == [(anew.id, who.id)]
    written = tick(session, ANEW + HOUR + 59 * timedelta(minutes=1))
    assert [each.kind for each in written if each.kind == "nudge"] == [], "not before an hour is over"
    [nudge] = [each for each in tick(session, ANEW + 2 * HOUR) if each.kind == "nudge"]
    assert nudge.person_id == who.id
    assert leads_to(nudge) == f"/scorecards/{anew.id}"
    # The morning it is due, one business day later.
    morning = [each for each in tick(session, (ANEW + DAY).replace(hour=8)) if each.kind == "nudge"]
    assert [each.person_id for each in morning] == [who.id]
