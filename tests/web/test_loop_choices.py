"""The recruiter lets a candidate choose: what is asked first, what is mailed, what shows, and who may not."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock, step_of
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.interview import Loop
from tracker.models.loop_choice import LoopChoice
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.models.requisition import Requisition
from tracker.pipeline import deadlines, loop_bookings, loop_offers
from tracker.queries import loops
from tracker.rules.deadlines import DeadlineKind
from tracker.rules.stages import StageKind

pytestmark = pytest.mark.usefixtures("monday")

PLACE = {"place": "https://meet.example/7"}


@pytest.fixture
def application(world: World) -> Application:
    candidate = world.candidate("Kai Candidate", zone="Europe/London")
    return world.application(candidate=candidate, stage=StageKind.LOOP)


@pytest.fixture
def url(application: Application) -> str:
    return f"/applications/{application.id}/loop"


def choices(session: Session) -> list[LoopChoice]:
    session.expire_all()
    return list(session.scalars(select(LoopChoice)))


def draft(session: Session, application: Application) -> Loop:
    session.expire_all()
    return loops.get_loop(session, application)


def test_the_e_mail_is_read_and_edited_before_it_goes(recruiter: Client, session: Session, url: str) -> None:
    recruiter.reads_mails = True
    assert "Ask the candidate to choose…" in recruiter.get(url).text
    step = recruiter.post(f"{url}/choice", data=PLACE)
    assert "Kai Candidate" in step.text
    assert choices(session) == []
    form = step_of(step)
    [name] = [each for each in form if each.startswith("mail-") and each.endswith("-text")]
    typed = step_of(step, **{name: "Dear Kai: {{ link }}"})
    answer = recruiter.post(f"{url}/choice", data=typed, follow_redirects=True)
    assert "The candidate is asked to choose." in answer.text
    [choice] = choices(session)
    mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "loop_choice")).one()
    assert mail.receiver == choice.loop.application.candidate.email
    assert b"Dear Kai: http://tracker.example/my/" in mail.message.replace(b"=\n", b"")
    # Still a draft with nobody in it.
    assert loops.is_empty(choice.loop)


def test_the_place_is_asked_for_and_goes_out_with_what_is_booked(
    app: Flask, recruiter: Client, session: Session, url: str, application: Application
) -> None:
    refused = recruiter.post(f"{url}/choice", data={"place": " "})
    assert refused.status_code == 422
    assert "Say where the interviews are held" in refused.text
    assert loops.current_loop(session, application) is None, "nothing was begun"
    recruiter.post(f"{url}/choice", data=PLACE)
    loop = draft(session, application)
    assert {each.place for each in loop.interviews} == {PLACE["place"]}
    key = loop_offers.offered(loop_offers.question_of(session, loop, now=MONDAY))[0].key
    with app.app_context():
        loop_bookings.book(session, application, key, now=MONDAY)
    session.commit()
    schedule = session.scalars(select(OutboxMail).where(OutboxMail.kind == "loop_schedule")).one()
    assert b"https://meet.example/7" in schedule.message


def test_a_place_that_is_there_stays(recruiter: Client, session: Session, url: str, application: Application) -> None:
    recruiter.post(f"{url}/plan")
    loop = draft(session, application)
    loop.interviews[0].place = "Room 7"
    session.commit()
    assert recruiter.post(f"{url}/choice", data={"version": loop.version}).status_code == 422
    recruiter.post(f"{url}/choice", data=PLACE | {"version": draft(session, application).version})
    places = [each.place for each in loops.interviews_of(draft(session, application))]
    assert places == ["Room 7", *[PLACE["place"]] * 4]
    page = recruiter.get(url).text
    assert "Goes out with what the candidate books" not in page, "all have one"
    version = draft(session, application).version
    assert recruiter.post(f"{url}/choice", data={"version": version}).status_code == 303, "asked again"


def test_without_a_loop_that_can_be_formed_the_planner_explains(
    recruiter: Client, session: Session, url: str, people: list[Person]
) -> None:
    people[0].is_bar_raiser = False
    answer = recruiter.post(f"{url}/choice", data=PLACE, follow_redirects=True)
    assert "No loop can be formed now" in answer.text
    assert "No bar raiser is free while the candidate is." in answer.text
    assert choices(session) == []
    assert not session.scalars(select(OutboxMail)).all()


def test_the_page_shows_that_the_candidate_is_waited_for_and_it_can_be_taken_back(
    recruiter: Client, session: Session, url: str, application: Application
) -> None:
    recruiter.post(f"{url}/choice", data=PLACE)
    page = recruiter.get(url).text
    assert "Waiting for the candidate to choose" in page
    assert "Mon 2 Nov 2026, 10:00" in page
    fold = page.split("Plan and send it yourself instead")[1].split("</details>")[0]
    assert "the candidate’s link chooses nothing any more" in fold
    assert 'class="button button--secondary " type="submit" data-busy="Planning…"' in fold, "not the thing to do next"
    assert page.index("Plan and send it yourself instead") < page.index("Before it can go out")
    assert "Coverage</h2>" not in page, "nothing of it lacks"
    assert "Waiting for the candidate to choose a time" in recruiter.get(f"/applications/{application.id}").text
    version = draft(session, application).version
    assert recruiter.post(f"{url}/choice/revoke", data={"version": version + 1}).status_code == 409
    answer = recruiter.post(f"{url}/choice/revoke", data={"version": version}, follow_redirects=True)
    assert "can no longer choose" in answer.text
    assert "Let the candidate choose" in answer.text
    again = recruiter.post(f"{url}/choice/revoke", data={"version": draft(session, application).version})
    assert again.status_code == 422
    assert "nothing to take back" in again.text


def test_today_waits_with_the_recruiter_until_it_is_due(
    recruiter: Client, session: Session, url: str, application: Application, at: TestClock
) -> None:
    owner = application.requisition.recruiter
    kind = DeadlineKind.LOOP_INVITED
    deadlines.open_(session, application, kind, day0_at=MONDAY, owner=owner, now=MONDAY)
    assert "Plan and send the loop" in recruiter.get("/").text
    recruiter.post(f"{url}/choice", data=PLACE)
    page = recruiter.get("/").text
    assert "Plan and send the loop" not in page
    assert page.index("On its way") < page.index("Waiting for the candidate to choose a time")
    at.set(MONDAY + timedelta(days=7))
    late = recruiter.get("/").text
    assert late.index("Waits for you") < late.index("Waiting for the candidate to choose a time")
    assert "On its way" not in late


def test_a_plan_that_lets_nobody_choose_offers_it_nowhere(
    recruiter: Client, session: Session, url: str, application: Application
) -> None:
    application.requisition.plan.candidates_choose = False
    assert "Ask the candidate to choose…" not in recruiter.get(url).text
    answer = recruiter.post(f"{url}/choice", data=PLACE)
    assert answer.status_code == 422
    assert "does not let candidates choose" in answer.text
    assert "Ask the candidate to choose…" not in recruiter.get(url).text


def test_a_loop_that_is_out_is_not_let_choose(
    recruiter: Client, session: Session, world: World, url: str, application: Application, people: list[Person]
) -> None:
    world.loop(application, tuple(people[:5]), starts_at=MONDAY + timedelta(days=3))
    assert "Let the candidate choose" not in recruiter.get(url).text
    answer = recruiter.post(f"{url}/choice", data={"version": draft(session, application).version})
    assert answer.status_code == 422
    assert choices(session) == []


def test_strangers_interviewers_and_the_hiring_manager_send_nothing(
    client: Client, session: Session, world: World, url: str, application: Application, people: list[Person]
) -> None:
    for who in (world.person("Stran Ger"), people[0], application.requisition.hiring_manager):
        client.sign_in(who)
        assert client.post(f"{url}/choice").status_code == 404
        assert client.post(f"{url}/choice/revoke").status_code == 404
    requisition = session.get_one(Requisition, application.requisition_id)
    requisition.is_confidential = True
    client.sign_in(world.recruiter("Rex Recruiter"))
    assert client.post(f"{url}/choice").status_code == 404
    assert choices(session) == []


def test_what_a_plan_lets_choose_no_more_can_still_be_taken_back(
    recruiter: Client, session: Session, url: str, application: Application
) -> None:
    owner, kind = application.requisition.recruiter, DeadlineKind.LOOP_INVITED
    deadlines.open_(session, application, kind, day0_at=MONDAY, owner=owner, now=MONDAY)
    session.commit()
    recruiter.post(f"{url}/choice", data=PLACE)
    application.requisition.plan.candidates_choose = False
    session.commit()
    assert "Waiting for the candidate" not in recruiter.get("/").text
    assert "Waiting for the candidate" not in recruiter.get(f"/applications/{application.id}").text
    page = recruiter.get(url).text
    assert "Waiting for the candidate" not in page
    assert "The candidate cannot choose now" in page
    assert "the interview plan does not let candidates choose" in page
    assert "Ask again" not in page, "it would be refused"
    assert "Take it back" in page
    version = draft(session, application).version
    answer = recruiter.post(f"{url}/choice/revoke", data={"version": version}, follow_redirects=True)
    assert "can no longer choose" in answer.text
    assert "Take it back" not in answer.text
    application.requisition.plan.candidates_choose = True
    session.commit()
    assert "Waiting for the candidate" not in recruiter.get("/").text


def test_what_is_booked_can_be_taken_back_while_the_plan_lets_nobody_move(
    app: Flask, recruiter: Client, session: Session, url: str, application: Application
) -> None:
    recruiter.post(f"{url}/choice", data=PLACE)
    loop = draft(session, application)
    key = loop_offers.offered(loop_offers.question_of(session, loop, now=MONDAY))[0].key
    with app.app_context():
        loop_bookings.book(session, application, key, now=MONDAY)
    session.commit()
    assert "Can be moved by the candidate" in recruiter.get(url).text
    application.requisition.plan.candidates_choose = False
    session.commit()
    page = recruiter.get(url).text
    assert "cannot move it, since the interview plan does not let candidates choose" in page
    assert "Take that back" in page
    recruiter.post(f"{url}/choice/revoke", data={"version": draft(session, application).version})
    assert "Take that back" not in recruiter.get(url).text
