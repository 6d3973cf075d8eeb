"""Interviewers in numbers: closed applications alone, nothing that one is blind of, and a month for oneself first."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.debrief import Debrief, Decision, Vote, VotePhase
from tracker.models.person import Person
from tracker.models.scorecard import Scorecard
from tracker.queries import getting_better
from tracker.queries.visibility import viewer_of
from tracker.rules.scorecards import Recommendation, ScorecardState
from tracker.rules.stages import ApplicationState, DecisionKind, StageKind

NOW = MONDAY + timedelta(days=90)
HIRE, NO_HIRE = Recommendation.HIRE, Recommendation.NO_HIRE


@pytest.fixture
def people(world: World) -> tuple[Person, Person]:
    """Anna, who says no hire, and Ben, who says hire."""
    plan = world.plan()
    return world.qualify(world.person("Anna A"), plan), world.qualify(world.person("Ben B"), plan)


def held(world: World, people: tuple[Person, Person], *, rating: int = 3, hire: bool = True) -> Application:
    """A loop in which both wrote and voted; closed three weeks later."""
    made = world.application(stage=StageKind.OUTCOME)
    loop = world.loop(made, people)
    debrief = Debrief(loop_id=loop[0].interview.loop_id or 0, application_id=made.id, opened_at=MONDAY)
    world.keep(debrief)
    for assignment, vote in zip(loop, (NO_HIRE, HIRE), strict=True):
        world.scorecard(assignment, text="x" * 10, recommendation=vote, rating=rating)
        facts = {"person_id": assignment.person_id, "phase": VotePhase.FIRST, "at": MONDAY}
        world.keep(Vote(debrief_id=debrief.id, recommendation=vote, **facts))
    kind, owner = DecisionKind.HIRE if hire else DecisionKind.NO_HIRE, made.requisition.hiring_manager_id
    world.keep(Decision(application_id=made.id, kind=kind, owner_id=owner, rationale="r", decided_at=MONDAY))
    made.state, made.closed_at = ApplicationState.REJECTED, MONDAY + timedelta(days=21)
    world.session.commit()
    return made


def own(session: Session, person: Person) -> getting_better.Line:
    return getting_better.own(session, viewer_of(session, person), person.name, NOW)[0]


def test_each_is_held_against_the_panel(session: Session, world: World, people: tuple[Person, Person]) -> None:
    for _ in range(4):
        held(world, people)
    line = own(session, people[0])
    assert (line.loops, line.gap, line.handed_in, line.habits) == (4, None, 4, None)
    held(world, people)
    anna, ben = (own(session, each) for each in people)
    assert anna.gap is not None
    assert (anna.gap.mean, anna.gap.words) == (1.0, "severer than the panel")
    assert ben.gap is not None
    assert ben.gap.words == "milder than the panel"
    assert anna.habits is not None
    assert (anna.habits.count, anna.habits.characters, anna.habits.late_percent) == (5, 70, 0)


def test_what_is_open_or_hidden_counts_nowhere(session: Session, world: World, people: tuple[Person, Person]) -> None:
    made = [held(world, people) for _ in range(5)]
    lead = world.person("Lea Lead", is_recruiting_lead=True)
    see = viewer_of(session, lead)
    assert getting_better.community(session, see, NOW).handed_in == 10

    made[0].state = ApplicationState.ACTIVE
    session.flush()
    assert own(session, people[0]).loops == 4
    assert getting_better.community(session, see, NOW).handed_in == 8

    card = session.scalars(select(Scorecard).where(Scorecard.application_id == made[1].id)).first()
    assert card is not None
    card.state, card.waived_at = ScorecardState.WAIVED, MONDAY
    session.flush()
    assert own(session, people[0]).loops == 3, "blind: the own one never came in"
    assert own(session, people[1]).loops == 4

    world.interview(made[2], lead)
    assert getting_better.community(session, see, NOW).handed_in == 5, "the lead owes a scorecard there"
    made[3].requisition.is_confidential = True
    session.flush()
    assert getting_better.community(session, see, NOW).handed_in == 3


def test_the_lead_sees_it_a_month_later(session: Session, world: World, people: tuple[Person, Person]) -> None:
    made = held(world, people)
    lead = viewer_of(session, world.person("Lea Lead", is_recruiting_lead=True))
    made.closed_at = NOW - timedelta(days=29)
    session.flush()
    assert own(session, people[0]).loops == 1
    assert [line.loops for line in getting_better.community(session, lead, NOW).lines] == [0, 0]


def test_load_and_calibration(session: Session, world: World, people: tuple[Person, Person]) -> None:
    for number in range(10):
        held(world, people, rating=4 if number % 2 else 2, hire=bool(number % 2))
    lead = viewer_of(session, world.person("Lea Lead", is_recruiting_lead=True))
    found = getting_better.community(session, lead, MONDAY + timedelta(days=60))
    assert [(each.hired, each.not_hired) for each in found.foretold] == [(5, 5), (5, 5)]
    assert {each.calibration.percent for each in found.foretold if each.calibration} == {100}
    assert [line.load for line in found.lines] == [10, 10]
    assert found.evenness is None, "two people are no community"
    for _ in range(3):
        world.qualify(world.person(), world.plan())
    evenness = getting_better.community(session, lead, MONDAY + timedelta(days=60)).evenness
    assert evenness is not None
    assert (evenness.people, evenness.percent, evenness.even_percent) == (5, 100, 40)
    _, usual = getting_better.own(session, lead, "Lea Lead", MONDAY + timedelta(days=60))
    assert usual == 0
