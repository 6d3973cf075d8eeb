"""Lifting the blind rule: an admin, with a reason, on the record; and who is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.blind_override import BlindOverride
from tracker.models.interview import Assignment
from tracker.models.person import Person
from tracker.models.record import RecordEntry
from tracker.models.scorecard import Scorecard
from tracker.pipeline import debrief
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import StageKind

AFTER = MONDAY + timedelta(days=2)
URL = "/settings/blind-rule"


@pytest.fixture
def loop(session: Session, world: World, at: TestClock) -> list[Assignment]:
    """Anna has handed in, Ben was waived: he is blind."""
    at.set(AFTER)
    application = world.application(stage=StageKind.OUTCOME, name="Cleo Candidate")
    made = world.loop(application, (world.person("Anna A"), world.person("Ben B")))
    world.scorecard(made[0], text="quokka")
    card = session.scalars(select(Scorecard).where(Scorecard.assignment_id == made[1].id)).one()
    card.state, card.waived_at, card.waived_reason = ScorecardState.WAIVED, AFTER, "ill"
    return made


@pytest.fixture
def admin(world: World) -> Person:
    return world.admin()


def form_of(assignment: Assignment, **changes: str) -> dict[str, str]:
    number = assignment.interview.application_id
    made = {"application": f"https://x.example/applications/{number}/debrief", "reason": "The manager is ill"}
    return made | {"person_id": str(assignment.person_id)} | changes


def test_lifted_the_person_reads_and_the_hiring_manager_sees_who_when_and_why(
    client: Client, session: Session, loop: list[Assignment], admin: Person
) -> None:
    application = loop[0].interview.application
    with client.application.app_context():
        debrief.open_if_ready(session, application, now=AFTER)
        session.commit()
    room, card = f"/applications/{application.id}/debrief", f"/scorecards/{loop[0].id}"
    assert client.sign_in(loop[1].person).get(card).status_code == 404
    assert "never lifted" in client.sign_in(admin).get(URL).text
    assert client.post(URL, data=form_of(loop[1])).status_code == 303
    assert "Ben B" in client.get(URL).text
    assert "Cleo" not in client.get(URL).text, "setting the tracker up lets nobody in"
    assert client.get(room).status_code == 404

    assert "quokka" in client.sign_in(loop[1].person).get(card).text
    assert "quokka" in client.get(room).text
    page = client.sign_in(application.requisition.hiring_manager).get(room).text
    for text in ("The blind rule was lifted for", "Ben B", admin.name, "The manager is ill"):
        assert text in page, text
    entry = session.scalars(select(RecordEntry).where(RecordEntry.verb == "blind.lift")).one()
    assert (entry.by_id, entry.application_id, entry.at) == (admin.id, application.id, AFTER)


def test_each_refusal(client: Client, session: Session, world: World, loop: list[Assignment], admin: Person) -> None:
    client.sign_in(admin)
    own = world.interview(loop[0].interview.application, admin)
    for changes, said in (
        ({"reason": " "}, "Why: please fill this in"),
        ({"application": "Cleo"}, "Give its number"),
        ({"application": "999999999999"}, "Give its number"),
        ({"application": "9999999999"}, "does not bind this person"),
        ({"person_id": str(loop[0].person_id)}, "does not bind this person"),
        ({"person_id": str(own.person_id)}, "Not a valid choice"),
        ({"person_id": "0"}, "Choose somebody."),
    ):
        answer = client.post(URL, data=form_of(loop[1], **changes))
        assert answer.status_code == 422, changes
        assert said in answer.text, changes
    assert session.scalars(select(BlindOverride)).all() == []
    client.post(URL, data=form_of(loop[1]))
    assert "does not bind" in client.post(URL, data=form_of(loop[1])).text, "once is enough"


def test_to_all_but_admins_there_is_no_such_page(client: Client, world: World, loop: list[Assignment]) -> None:
    requisition = loop[0].interview.application.requisition
    for person in (requisition.hiring_manager, requisition.recruiter, loop[1].person, world.person("Zoe Stranger")):
        client.sign_in(person)
        assert client.get(URL).status_code == 404
        assert client.post(URL, data=form_of(loop[1])).status_code == 404
