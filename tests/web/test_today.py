"""Today: what waits for each, most urgent first; nothing of others."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.debrief import Decision
from tracker.models.interview import Assignment
from tracker.models.outbox import MailState, OutboxMail
from tracker.pipeline import deadlines, scorecards
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.stages import DecisionKind, StageKind

WAITS, LATER = "Waits for you", "On its way"


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> None:
    at.set(MONDAY)


def part(page: str, title: str) -> str:
    """The section of the page under a heading."""
    return page.split(title, 1)[1].split("</section>")[0] if title in page else ""


def looped(app: Flask, session: Session, world: World, *, days_ago: int) -> Application:
    """An application whose loop of five began so many days ago, with its deadlines."""
    application = world.application(name="Lena Loop", stage=StageKind.OUTCOME)
    people = tuple(world.person(f"Interviewer {n}") for n in range(5))
    world.loop(application, people, starts_at=MONDAY - timedelta(days=days_ago, hours=1))
    with app.app_context():
        deadlines.rework(session, application, now=MONDAY)
    session.commit()
    return application


def test_the_recruiter_sees_reviews_and_the_promise_on_its_way(
    app: Flask, client: Client, world: World, session: Session
) -> None:
    application = looped(app, session, world, days_ago=3)
    requisition = application.requisition
    other = world.application(requisition, name="Rob Review")
    with app.app_context():
        deadlines.open_(
            session, other, DeadlineKind.APPLICATION_REVIEW, day0_at=MONDAY, owner=requisition.recruiter, now=MONDAY
        )
    page = client.sign_in(requisition.recruiter).get("/").text
    assert "Judge the application" in part(page, WAITS)
    assert "Rob Review" in part(page, WAITS)
    assert "Promise" in part(page, LATER)
    assert "Lena Loop" in part(page, LATER)


def test_a_broken_promise_waits_now_whoever_is_to_blame(
    app: Flask, client: Client, world: World, session: Session
) -> None:
    application = looped(app, session, world, days_ago=14)
    page = client.sign_in(application.requisition.recruiter).get("/").text
    assert "See what the outcome waits for" in part(page, WAITS)
    assert "overdue by" in part(page, WAITS)


def test_a_promise_that_can_be_kept_today_stands_above_what_is_overdue(
    app: Flask, client: Client, world: World, session: Session
) -> None:
    application = looped(app, session, world, days_ago=7)
    requisition = application.requisition
    other = world.application(requisition, name="Rob Review")
    world.keep(
        Decision(
            application_id=application.id, kind=DecisionKind.HIRE, owner_id=requisition.hiring_manager_id,
            rationale="r", dissent="", decided_at=MONDAY,
        )
    )  # fmt: skip
    with app.app_context():
        long_ago = MONDAY - timedelta(days=14)
        deadlines.open_(
            session, other, DeadlineKind.APPLICATION_REVIEW, day0_at=long_ago, owner=requisition.recruiter, now=long_ago
        )
        session.commit()
    waits = part(client.sign_in(requisition.recruiter).get("/").text, WAITS)
    assert "Deliver the outcome" in waits
    assert "overdue by" in waits
    assert waits.index("Lena Loop") < waits.index("Rob Review")


def test_the_hiring_manager_acts_once_all_scorecards_are_in(
    app: Flask, client: Client, world: World, session: Session
) -> None:
    application = looped(app, session, world, days_ago=3)
    client.sign_in(application.requisition.hiring_manager)
    assert "Hold the debrief" not in part(client.get("/").text, WAITS)
    for assignment in session.scalars(select(Assignment)).all():
        world.scorecard(assignment)
    assert "Hold the debrief" in part(client.get("/").text, WAITS)


def test_the_interviewer_sees_interviews_and_owes_only_what_has_begun(
    app: Flask, client: Client, world: World, session: Session, at: TestClock
) -> None:
    application = world.application(name="Lena Loop", stage=StageKind.PHONE_SCREEN)
    interviewer = world.person("Iris")
    world.interview(application, interviewer, starts_at=MONDAY + timedelta(hours=2))
    with app.app_context():
        deadlines.rework(session, application, now=MONDAY)
    client.sign_in(interviewer)
    page = client.get("/").text
    assert "Lena Loop" in part(page, "Your interviews")
    assert "Mon 2 Nov 2026, 12:00–13:00 CET" in part(page, "Your interviews")
    assert "Write the scorecard" not in part(page, WAITS)
    at.set(MONDAY + timedelta(hours=4))
    page = client.get("/").text
    assert "Write the scorecard" in part(page, WAITS)
    assert "Your interviews" not in page


def stuck(world: World, application: Application, number: int, error: str) -> None:
    world.keep(
        OutboxMail(
            dedupe_key=f"key {number}", kind="outcome", receiver=application.candidate.email, subject="x", message=b"x",
            message_id=f"<{number}@tracker.example>", fact={}, application_id=application.id, state=MailState.DEAD,
            created_at=MONDAY, next_try_at=MONDAY, ended_at=MONDAY, last_error=error,
        )
    )  # fmt: skip


IN_DOUBT = "fate unknown: its sender was lost while handing it over; it may have arrived"


def test_stuck_mails_are_told_by_candidate_but_not_of_ones_own_application(client: Client, world: World) -> None:
    requisition = world.requisition()
    me = world.candidate(email=requisition.recruiter.email)
    own = world.application(requisition, candidate=me)
    client.sign_in(requisition.recruiter)
    stuck(world, own, 1, "550 no such user")
    assert "delivered" not in client.get("/").text
    cleo = world.application(requisition, name="Cleo Candidate")
    stuck(world, cleo, 2, "550 no such user")
    page = client.get("/").text
    assert "An e-mail could not be delivered" in page
    assert f'<a href="/applications/{cleo.id}#mails" dir="auto">Cleo Candidate</a>' in page
    assert "may have arrived" not in page
    dora = world.application(requisition, name="Dora Doubt")
    for number in (3, 4):
        stuck(world, dora, number, IN_DOUBT)
    stuck(world, cleo, 5, IN_DOUBT)
    page = re.sub(r"<[^>]+>|\s+", " ", client.get("/").text)
    page = re.sub(r" +", " ", page)
    assert "E-mails about your candidates are stuck Dora Doubt : 2 may have arrived" in page
    assert "Cleo Candidate : 1 could not be delivered, 1 may have arrived" in page
    assert me.name not in page.replace(requisition.recruiter.name, "")


def test_a_mail_whose_fate_is_unknown_is_not_said_to_have_failed(client: Client, world: World) -> None:
    application = world.application()
    stuck(world, application, 1, IN_DOUBT)
    page = client.sign_in(application.requisition.recruiter).get("/").text
    assert "Nobody knows whether an e-mail arrived" in page
    assert "could not be delivered" not in page
    client.sign_in(world.recruiter("Not Hers"))
    assert "Nobody knows" not in client.get("/").text


def test_phone_screens_to_arrange_and_offers_are_named(client: Client, world: World) -> None:
    requisition = world.requisition()
    world.application(requisition, name="Pia Phone", stage=StageKind.PHONE_SCREEN)
    world.application(requisition, name="Otto Offer", stage=StageKind.OFFER)
    page = part(client.sign_in(requisition.recruiter).get("/").text, "To arrange")
    assert "Arrange the phone screen" in page
    assert "Record the answer to the offer" in page
    for person in (world.recruiter("Other"), world.person("Nobody"), world.admin()):
        page = client.sign_in(person).get("/").text
        assert "Pia Phone" not in page
        assert "Nothing waits for you" in page


def test_a_phone_screen_whose_scorecard_was_waived_is_to_be_arranged_anew(
    client: Client, world: World, session: Session, at: TestClock
) -> None:
    application = world.application(name="Pia Phone", stage=StageKind.PHONE_SCREEN)
    first = world.interview(application, world.person("Lena Lead"), starts_at=MONDAY + timedelta(hours=1))
    recruiter = application.requisition.recruiter
    at.set(MONDAY + timedelta(hours=3))
    client.sign_in(recruiter)
    assert "Pia Phone" not in client.get("/").text
    with client.application.app_context():
        scorecards.waive(session, first, reason="Lena has left", by=recruiter, now=MONDAY + timedelta(hours=3))
    session.commit()
    page = part(client.get("/").text, "To arrange")
    assert "Arrange the phone screen" in page
    assert "Pia Phone" in page
    world.interview(application, world.person("Lars Lead"), starts_at=MONDAY + timedelta(days=1))
    assert "Pia Phone" not in client.get("/").text


def test_a_new_tracker_says_what_to_set_up(client: Client, world: World, session: Session) -> None:
    admin = world.person("Ada Admin", is_admin=True)
    page = client.sign_in(admin).get("/").text
    assert "Set the tracker up" in page
    assert "Nothing waits for you" not in page
    assert "Done" not in part(page, "Set the tracker up")
    world.person("Rita Recruiter", is_recruiter=True)
    assert part(client.get("/").text, "Set the tracker up").count("Done") == 1
    world.requisition()
    assert "Set the tracker up" not in client.get("/").text


def test_only_an_admin_is_told_to_set_it_up(client: Client, world: World) -> None:
    assert "Set the tracker up" not in client.sign_in(world.person("Rita Recruiter", is_recruiter=True)).get("/").text
