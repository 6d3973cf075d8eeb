"""Entering days away: what is refused, what is kept, what is on the record."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.leave import Leave
from tracker.models.person import InterviewKind, Person
from tracker.models.record import RecordEntry
from tracker.pipeline import leaves
from tracker.queries import interviewers
from tracker.queries import leaves as queries
from tracker.rules.leaves import BadLeave

pytestmark = pytest.mark.usefixtures("in_app")
DAY = timedelta(days=1)


@pytest.fixture
def ian(world: World) -> Person:
    return world.person("Ian Interviewer", zone="Pacific/Auckland")


def enter(session: Session, person: Person, first: date, last: date) -> Leave:
    return leaves.add(session, person, first, last, by=person, now=MONDAY)


def test_days_are_entered_and_on_the_record(session: Session, ian: Person) -> None:
    enter(session, ian, date(2026, 11, 5), date(2026, 11, 9))
    said = session.scalars(select(RecordEntry.text).where(RecordEntry.verb == "leaves.add")).all()
    assert said == ["Ian Interviewer is away Thu 5 Nov 2026 to Mon 9 Nov 2026"]


@pytest.mark.parametrize(
    ("first", "last", "field", "said"),
    [
        ((2026, 11, 9), (2026, 11, 8), "last_on", "before the first"),
        # It is Monday the 2nd, 22:00, in Auckland.
        ((2026, 10, 1), (2026, 11, 1), "last_on", "over already"),
        ((2026, 11, 9), (2027, 11, 10), "last_on", "more than a year"),
        ((2029, 11, 9), (2029, 11, 10), "first_on", "two years ahead"),
        ((2026, 11, 15), (2026, 11, 20), "first_on", "Fri 20 Nov 2026 to Mon 30 Nov 2026 is entered already"),
        ((2026, 11, 30), (2026, 12, 2), "first_on", "entered already"),
        ((2026, 11, 1), (2026, 12, 2), "first_on", "entered already"),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, ian: Person, first: tuple[int, int, int], last: tuple[int, int, int], field: str, said: str
) -> None:
    enter(session, ian, date(2026, 11, 20), date(2026, 11, 30))
    with pytest.raises(BadLeave, match=said) as refused:
        enter(session, ian, date(*first), date(*last))
    assert refused.value.field == field


def test_stretches_may_follow_each_other_and_reach_back(session: Session, ian: Person, world: World) -> None:
    enter(session, ian, date(2026, 11, 20), date(2026, 11, 30))
    enter(session, ian, date(2026, 10, 1), date(2026, 11, 19))
    enter(session, ian, date(2026, 12, 1), date(2027, 12, 1))
    enter(session, world.person("Somebody else"), date(2026, 11, 20), date(2026, 11, 30))
    assert [row.first_on.month for row in queries.coming(session, ian.id, date(2026, 11, 2))] == [10, 11, 12]


def test_who_is_back_early_was_away_until_yesterday(session: Session, ian: Person) -> None:
    running = enter(session, ian, date(2026, 11, 1), date(2026, 11, 9))
    coming = enter(session, ian, date(2026, 11, 20), date(2026, 11, 30))
    for leave in (running, coming):
        leaves.end(session, ian, leave, by=ian, now=MONDAY + DAY)
    assert [(row.first_on.day, row.last_on.day) for row in session.scalars(select(Leave))] == [(1, 2)]
    today = enter(session, ian, date(2026, 11, 4), date(2026, 11, 9))
    leaves.end(session, ian, today, by=ian, now=MONDAY + 2 * DAY)
    assert len(session.scalars(select(Leave)).all()) == 1


def test_whoever_is_away_is_busy_for_those_who_plan(session: Session, world: World) -> None:
    application = world.application()
    plan = application.requisition.plan
    ian = world.qualify(world.person("Ian", zone="America/New_York"), plan)
    world.qualify(world.person("Olga"), plan)
    enter(session, ian, date(2026, 11, 5), date(2026, 11, 6))
    found = interviewers.community(session, application, InterviewKind.LOOP, (), now=MONDAY)
    busy = {facts.name: facts.busy for facts in found.sent.values()}
    [(begins, ends, words)] = busy["Ian"]
    assert (f"{begins:%d %H:%M}", f"{ends:%d %H:%M}", words) == ("05 05:00", "07 05:00", "away until Fri 6 Nov 2026")
    assert busy["Olga"] == ()
    assert found.sent[ian.id].day_load == {}
