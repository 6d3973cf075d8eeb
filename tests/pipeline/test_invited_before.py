"""Who was not invited before gets an invitation, whoever was gets the change: as far as e-mails reached them."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.factories import MONDAY, World
from tests.pipeline.loops import community, seat, sent
from tests.pipeline.mails import calendar_of, delivered, events_of, method_of, of_kind, text_of
from tracker.models.application import Application
from tracker.models.interview import Interview, Loop
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.queries import loops
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("in_app")
N = 2


@pytest.fixture
def people(world: World) -> list[Person]:
    return community(world, world.plan())


@pytest.fixture
def application(world: World, people: list[Person]) -> Application:
    return world.application(stage=StageKind.LOOP)


@pytest.fixture
def loop(session: Session, application: Application, people: list[Person]) -> Loop:
    return sent(session, application, people)


@pytest.fixture
def spare(loop: Loop, people: list[Person]) -> Person:
    taken = {each.assignments[0].person_id for each in loop.interviews}
    return next(each for each in people if each.id not in taken)


def third(loop: Loop) -> Interview:
    return loops.interviews_of(loop)[N]


def give(session: Session, loop: Loop, person: Person) -> OutboxMail:
    """Let a person hold the third interview; return the last e-mail that this person got."""
    seat(session, loop, N, loop.application.requisition.recruiter, person_id=person.id)
    session.commit()
    return last_to(session, person)


def last_to(session: Session, person: Person) -> OutboxMail:
    kinds = ("interview_invitation", "interview_changed")
    mails = [mail for kind in kinds for mail in of_kind(session, kind) if mail.person_id == person.id]
    return max(mails, key=lambda each: each.id)


def test_who_steps_in_is_invited_by_the_calendar_too(session: Session, loop: Loop, spare: Person) -> None:
    first = third(loop).lead
    assert first is not None
    delivered(session)
    mail = give(session, loop, spare)
    assert (mail.kind, mail.subject.startswith("Interview 3 with")) == ("interview_invitation", True)
    assert f"You step in for {first.person.name}." in text_of(mail)
    assert "has changed" not in text_of(mail)
    assert "earlier one" not in text_of(mail)
    assert (method_of(mail), events_of(mail)) == ("REQUEST", [("CONFIRMED", 1)])
    [event] = calendar_of(mail).events
    assert event["UID"] == third(loop).uid
    assert event["ATTENDEE"] == f"mailto:{spare.email}"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    # What changes afterwards is a change, and whose place it was is told once.
    delivered(session)
    starts_at = third(loop).starts_at
    assert starts_at is not None
    seat(session, loop, N, spare, starts_at=starts_at + timedelta(days=1))
    session.commit()
    later = last_to(session, spare)
    assert (later.kind, events_of(later)) == ("interview_changed", [("CONFIRMED", 2)])
    assert "step in" not in text_of(later)


def test_an_invitation_that_never_went_out_is_given_again(session: Session, loop: Loop, spare: Person) -> None:
    give(session, loop, spare)
    starts_at = third(loop).starts_at
    assert starts_at is not None
    seat(session, loop, N, spare, starts_at=starts_at + timedelta(days=1))
    session.commit()
    mail = last_to(session, spare)
    assert (mail.kind, events_of(mail)) == ("interview_invitation", [("CONFIRMED", 2)])
    assert "You step in for" in text_of(mail)


def test_who_gets_it_back_is_invited_once_it_was_taken_back(session: Session, loop: Loop, spare: Person) -> None:
    first = third(loop).lead
    assert first is not None
    delivered(session)
    give(session, loop, spare)
    # Nothing of this reached anybody: for who had it first nothing happened.
    assert give(session, loop, first.person).kind == "interview_changed"
    delivered(session)
    give(session, loop, spare)
    delivered(session)
    mail = give(session, loop, first.person)
    assert (mail.kind, events_of(mail)) == ("interview_invitation", [("CONFIRMED", 4)])
    assert f"You step in for {spare.name}." in text_of(mail)


def test_the_first_to_be_asked_steps_in_for_nobody(session: Session, loop: Loop) -> None:
    mails = of_kind(session, "interview_invitation")
    assert len(mails) == 5
    assert all("step in" not in text_of(mail) for mail in mails)
    assert loop.sent_at == MONDAY
