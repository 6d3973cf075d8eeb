"""Whether a nudge still holds: its deadline stands as it stood, and its receiver has still to do with it."""

from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.queries.facts import a_nudge
from tracker.queries.truth import holds
from tracker.rules.deadlines import DeadlineState


def test_nudges(session: Session, world: World) -> None:
    one, two = a_nudge(session, world.application()), a_nudge(session, world.application())
    fact = {"nudges": [one.id, two.id]}
    assert holds(session, fact)
    two.deadline.revision = 2
    assert not holds(session, fact)
    assert holds(session, {"nudges": [one.id]})
    one.deadline.state, one.deadline.closed_at = DeadlineState.MET, MONDAY
    assert not holds(session, {"nudges": [one.id]})


def test_a_nudge_of_somebody_who_left(session: Session, world: World) -> None:
    nudge = a_nudge(session, world.application())
    nudge.person.is_active = False
    assert not holds(session, {"nudges": [nudge.id]})


def test_a_nudge_of_who_has_no_part_in_it_any_more(session: Session, world: World) -> None:
    application = world.application()
    nudge = a_nudge(session, application)
    assert holds(session, {"nudges": [nudge.id]})
    nudge.deadline.owner = application.requisition.recruiter = world.recruiter()
    assert not holds(session, {"nudges": [nudge.id]})


def test_a_nudge_about_ones_own_application(session: Session, world: World) -> None:
    kim = world.recruiter("Kim Own", email="kim@own.example")
    own = world.application(candidate=world.candidate("Kim Own", email="kim@own.example"))
    assert not holds(session, {"nudges": [a_nudge(session, own, person=kim).id]})
