"""The candidate's own page: what it shows, what it never shows, and what its buttons do."""

import re
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.candidate import Candidate, CandidateLink
from tracker.models.deadline import Deadline
from tracker.models.interview import Loop
from tracker.models.outbox import OutboxMail
from tracker.models.person import InterviewKind
from tracker.models.record import OnceKey
from tracker.pipeline import candidate_links, deadlines, interview_mails
from tracker.rules.deadlines import DeadlineKind, DeadlineState
from tracker.rules.stages import ApplicationState, StageKind


@pytest.fixture(autouse=True)
def monday(at: TestClock) -> None:
    at.set(MONDAY)


def link(session: Session, application: Application, now: datetime = MONDAY) -> str:
    path = candidate_links.status_link(session, application, now=now)
    session.commit()
    return path


def test_it_says_where_the_application_stands(client: Client, session: Session, world: World) -> None:
    application = world.application(name="Zoë <b>O'Neill</b>")
    answer = client.get(link(session, application))
    assert answer.status_code == 200
    assert "We are reading your application." in answer.text
    assert "Zoë &lt;b&gt;" in answer.text
    assert 'aria-current="step"' in answer.text
    assert application.requisition.recruiter.email in answer.text


def test_it_is_kept_out_of_caches_referrers_and_search_engines(client: Client, session: Session, world: World) -> None:
    headers = client.get(link(session, world.application())).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]


def test_any_other_token_finds_nothing(client: Client, session: Session, world: World) -> None:
    path = link(session, world.application())
    digest = session.scalars(select(CandidateLink.token_digest)).one()
    for wrong in (path[:-1], path + "x", f"/my/{digest}", "/my/x", "/my/" + "é" * 50):
        assert client.get(wrong).status_code == 404
        assert client.post(f"{wrong}/withdraw").status_code == 404
        assert client.post(f"{wrong}/renew").status_code == 404


def test_interviews_are_in_the_candidates_zone_with_the_promise(
    app: Flask, client: Client, session: Session, world: World, at: TestClock
) -> None:
    candidate = world.candidate("Kai Candidate", zone="Asia/Tokyo")
    application = world.application(candidate=candidate, stage=StageKind.LOOP)
    people = (world.person("Ivo First"), world.person("Ina Second"))
    # Two interviews on a Tuesday: the promise is the Tuesday after, at the end of the day in Berlin.
    world.loop(application, people, starts_at=datetime(2026, 11, 3, 10, tzinfo=MONDAY.tzinfo))
    with app.app_context():
        deadlines.rework(session, application, now=MONDAY)
        path = link(session, application)
    page = client.get(path).text
    assert "Your interviews are arranged." in page
    assert "Tue 3 Nov 2026, 19:00–20:00 JST" in page
    assert "Interview 1 of 2" in page
    assert "Ivo First" in page
    assert "Wed 11 Nov 2026, 07:59 JST" in page
    at.set(MONDAY + timedelta(days=2))
    assert "Your interviews are done." in client.get(path).text
    at.set(MONDAY + timedelta(days=20))
    assert "We are late" in client.get(path).text


def test_how_to_prepare_stands_there_until_the_last_interview_is_over(
    client: Client, session: Session, world: World, at: TestClock
) -> None:
    application = world.application(stage=StageKind.LOOP)
    application.requisition.plan.preparation = "Read **this**"
    world.interview(
        application, world.person("Ana"), starts_at=MONDAY - timedelta(days=3), kind=InterviewKind.PHONE_SCREEN
    )
    path = link(session, application)
    assert "How to prepare" in client.get(path).text
    world.loop(application, (world.person("Ivo"), world.person("Ina")), starts_at=MONDAY + timedelta(days=1))
    at.set(MONDAY + timedelta(days=1, hours=1, minutes=30))
    assert "How to prepare" in client.get(path).text, "the second is to come"
    at.set(MONDAY + timedelta(days=1, hours=3))
    assert "How to prepare" not in client.get(path).text


def test_the_schedule_leads_to_it(app: Flask, client: Client, session: Session, world: World) -> None:
    application = world.application(stage=StageKind.LOOP)
    [assignment] = world.loop(application, (world.person("Ivo First"),))
    with app.app_context():
        interview_mails.tell_loop(session, session.get_one(Loop, assignment.interview.loop_id), now=MONDAY)
        session.commit()
    [message] = session.scalars(select(OutboxMail.message).where(OutboxMail.application_id == application.id))
    text = message_from_bytes(message, policy=default).get_body(("plain",)).get_content()
    [path] = re.findall(r"http://[^/]+(/my/\S+)", text)
    assert "Your interviews are arranged." in client.get(path).text


def test_a_paused_promise_names_no_date_and_no_reason(client: Client, session: Session, world: World) -> None:
    application = world.application(stage=StageKind.OUTCOME)
    session.add(
        Deadline(
            application_id=application.id,
            requisition_id=application.requisition_id,
            kind=DeadlineKind.PROMISE,
            owner_id=application.requisition.recruiter_id,
            day0_at=MONDAY,
            business_days=5,
            zone="Europe/Berlin",
            due_at=MONDAY + timedelta(days=7),
            state=DeadlineState.PAUSED,
            paused_at=MONDAY,
            pause_reason="secretword budget",
            days_kept=2,
            opened_at=MONDAY,
        )
    )
    page = client.get(link(session, application)).text
    assert "worked out again" in page
    assert "secretword" not in page
    assert "9 Nov 2026" not in page


def test_nothing_of_scorecards_or_internal_stages_is_in_the_page(
    client: Client, session: Session, world: World
) -> None:
    stages = (
        (StageKind.APPLICATION, "Application review"),
        (StageKind.CUSTOM, "secretword background check"),
        (StageKind.PHONE_SCREEN, "secretword screen"),
        (StageKind.PHONE_SCREEN_OUTCOME, "secretword outcome"),
        (StageKind.LOOP, "secretword loop"),
    )
    requisition = world.requisition(plan=world.plan("Secretword plan", stages=stages))
    application = world.application(requisition, stage=StageKind.PHONE_SCREEN_OUTCOME)
    application.source = "secretword source"
    world.scorecard(
        world.interview(application, world.person("Ivo First"), starts_at=MONDAY), text="secretword evidence"
    )
    page = client.get(link(session, application)).text
    assert "secretword" not in page.lower()
    for word in ("scorecard", "vote", "debrief", "recommendation", "hire"):
        assert not re.search(rf"\b{word}\b", page.lower())


def test_planned_and_cancelled_interviews_are_nobodys_business(client: Client, session: Session, world: World) -> None:
    application = world.application(stage=StageKind.PHONE_SCREEN)
    assignment = world.interview(application, world.person("Ivo First"))
    for state in ("planned", "cancelled"):
        assignment.interview.state = state  # type: ignore[assignment]
        session.commit()
        assert "Ivo First" not in client.get(link(session, application)).text


def test_times_are_shown_in_the_zone_one_chooses(client: Client, session: Session, world: World) -> None:
    application = world.application()
    path = link(session, application)
    answer = client.post(f"{path}/zone", data={"zone": "Asia/Kathmandu"})
    assert (answer.status_code, answer.location) == (303, path)
    session.expire_all()
    assert session.scalars(select(Candidate.zone)).one() == "Asia/Kathmandu"
    refused = client.post(f"{path}/zone", data={"zone": "Mars/Olympus"})
    assert refused.status_code == 422
    assert "is not a time zone" in refused.text


def test_withdrawing_is_asked_once_more_and_then_done(client: Client, session: Session, world: World) -> None:
    application = world.application()
    path = link(session, application)
    assert "Withdraw your application?" in client.get(f"{path}/withdraw").text
    assert client.post(f"{path}/withdraw", data={"reason": "x" * 301}).status_code == 422
    for _ in range(2):
        assert client.post(f"{path}/withdraw", data={"reason": "Another offer"}).status_code == 303
    session.expire_all()
    assert application.state is ApplicationState.WITHDRAWN
    assert len(session.scalars(select(OutboxMail)).all()) == 2
    page = client.get(path).text
    assert "This application was withdrawn." in page
    assert "Withdraw my application" not in page
    assert "nothing to withdraw" in client.get(f"{path}/withdraw").text


def test_an_expired_link_shows_nothing_and_can_be_renewed(
    client: Client, session: Session, world: World, at: TestClock
) -> None:
    application = world.application(name="Kai Candidate")
    path = link(session, application)
    at.set(MONDAY + timedelta(days=181))
    answer = client.get(path)
    assert answer.status_code == 410
    assert "Kai Candidate" not in answer.text
    assert client.post(f"{path}/withdraw", data={}).status_code == 422
    assert client.get(f"{path}/withdraw").status_code == 422
    assert "on its way" in client.post(f"{path}/renew").text
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.kind, mail.receiver) == ("status_link", application.candidate.email)


def test_a_good_link_is_not_renewed(client: Client, session: Session, world: World) -> None:
    client.post(f"{link(session, world.application())}/renew")
    assert session.scalars(select(OutboxMail)).all() == []


def test_no_token_is_stored_anywhere(client: Client, session: Session, world: World) -> None:
    path = link(session, world.application())
    client.post(f"{path}/zone", data={"zone": "Asia/Tokyo", "once": ""})
    assert not [row for row in session.scalars(select(OnceKey)) if path in row.key + row.location]
