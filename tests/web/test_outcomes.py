"""The outcome's page: nothing before the decision, a preview before the mail, delivered only when it arrived."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.debrief import Decision
from tracker.models.outbox import MailState, OutboxMail
from tracker.models.outcome import Outcome
from tracker.pipeline import deadlines
from tracker.pipeline import outcome as verbs
from tracker.rules.stages import ApplicationState, DecisionKind, StageKind

THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def application(world: World, at: TestClock) -> Application:
    """An application whose loop was held on Tuesday; it is Thursday, 10:00 in Berlin."""
    at.set(THURSDAY)
    row = world.application(stage=StageKind.OUTCOME, name="Cleo Candidate")
    world.scorecard(world.loop(row, (world.person(),))[0])
    return row


@pytest.fixture
def url(application: Application) -> str:
    return f"/applications/{application.id}/outcome"


def decided(world: World, application: Application, kind: DecisionKind = DecisionKind.HIRE) -> None:
    world.keep(
        Decision(
            application_id=application.id, kind=kind, owner_id=application.requisition.hiring_manager_id,
            rationale="wombat", dissent="", decided_at=THURSDAY - timedelta(hours=2),
        )
    )  # fmt: skip


def test_before_the_decision_there_is_nothing_to_write(
    client: Client, session: Session, application: Application, url: str
) -> None:
    client.sign_in(application.requisition.recruiter)
    page = client.get(url).text
    assert "There is no decision yet" in page
    assert "<textarea" not in page
    answer = client.post(url, data={"text": "Dear Cleo", "subject": "Your application", "version": 1})
    assert answer.status_code == 422
    assert session.scalars(select(OutboxMail)).all() == []


@pytest.mark.parametrize(("kind", "words"), [(DecisionKind.HIRE, "good news"), (DecisionKind.NO_HIRE, "not to go on")])
def test_a_good_text_is_there_to_begin_with(
    client: Client, world: World, application: Application, url: str, kind: DecisionKind, words: str
) -> None:
    decided(world, application, kind)
    page = client.sign_in(application.requisition.recruiter).get(url).text
    assert "Dear Cleo Candidate," in page
    assert words in page
    assert "wombat" not in page


@pytest.mark.parametrize("kind", list(DecisionKind))
def test_the_text_of_an_outcome_that_is_late_says_that_we_are_sorry(
    client: Client,
    session: Session,
    world: World,
    application: Application,
    url: str,
    kind: DecisionKind,
    at: TestClock,
) -> None:
    with client.application.app_context():
        deadlines.rework(session, application, now=THURSDAY)
        session.commit()
    decided(world, application, kind)
    client.sign_in(application.requisition.recruiter)
    assert "sorry" not in client.get(url).text
    at.set(THURSDAY + timedelta(days=14))
    page = client.get(url).text
    assert "You were to hear from us by" in page
    assert "We are late, and we are sorry." in page


def test_it_is_previewed_then_sent_once(
    client: Client, session: Session, world: World, application: Application, url: str
) -> None:
    decided(world, application)
    client.sign_in(application.requisition.recruiter)
    letter = {"subject": "Your application", "version": 1, "text": "Dear Cleo, come."}
    assert client.post(url, data=letter | {"text": " "}).status_code == 422
    client.reads_mails = True
    preview = client.post(url, data=letter)
    assert preview.status_code == 200
    assert application.candidate.email in preview.text
    assert "Dear Cleo, come." in preview.text
    assert "Change the words" not in preview.text, "they were written on the page before"
    assert session.scalars(select(OutboxMail)).all() == []
    assert "Dear Cleo, come." in client.post(url, data=letter | {"change": "1"}).text
    client.reads_mails = False
    for _ in range(2):
        answer = client.post(url, data=letter | {"once": "k"})
        assert answer.status_code == 303
    assert len(session.scalars(select(OutboxMail)).all()) == 1
    assert "Waiting to be sent" in client.get(url).text


def test_delivered_it_says_when(
    client: Client, session: Session, world: World, application: Application, url: str, at: TestClock
) -> None:
    decided(world, application)
    client.sign_in(application.requisition.recruiter)
    client.post(url, data={"text": "Dear Cleo, come.", "subject": "Your application", "version": 1})
    with client.application.app_context():
        verbs.delivered(session, session.scalars(select(Outcome.id)).one(), now=THURSDAY + timedelta(hours=4))
        session.commit()
    page = client.get(url).text
    assert "Delivered Thu 5 Nov 2026, 14:00 CET" in page
    assert "Accepted: hired" in page


def test_a_stuck_mail_can_be_sent_again(
    client: Client, session: Session, world: World, application: Application, url: str
) -> None:
    decided(world, application)
    client.sign_in(application.requisition.recruiter)
    client.post(url, data={"text": "Dear Cleo, come.", "subject": "Your application", "version": 1})
    mail = session.scalars(select(OutboxMail)).one()
    mail.state, mail.last_error = MailState.DEAD, "550 no such user"
    page = client.get(url).text
    assert "was not delivered" in page
    assert "550 no such user" in page
    assert "Dear Cleo, come." in page
    client.post(url, data={"text": "Dear Cleo, come.", "subject": "Your application", "version": 1})
    assert len(session.scalars(select(OutboxMail)).all()) == 2


def test_an_e_mail_that_may_have_arrived_says_so_still_when_another_is_sent_instead(
    client: Client, session: Session, world: World, application: Application, url: str
) -> None:
    decided(world, application)
    client.sign_in(application.requisition.recruiter)
    letter = {"text": "Dear Cleo, come.", "subject": "Your application", "version": 1}
    client.post(url, data=letter)
    mail = session.scalars(select(OutboxMail)).one()
    mail.state, mail.last_error = MailState.DEAD, "fate unknown: its sender was lost; it may have arrived"
    session.commit()
    client.post(url, data=letter)
    session.refresh(mail)
    assert mail.state is MailState.DROPPED
    listed = client.get(f"/applications/{application.id}").text
    assert "Given up: may have arrived" in listed
    assert "no longer true" not in listed
    page = client.get(f"/applications/{application.id}/mails/{mail.id}").text
    assert "May have arrived" in page
    assert "was not sent" not in page


def test_a_call_is_recorded_in_the_recruiters_zone(
    client: Client, session: Session, world: World, application: Application, url: str
) -> None:
    decided(world, application, DecisionKind.NO_HIRE)
    client.sign_in(application.requisition.recruiter)
    given = {"held_on": "2026-11-05", "held_time": "09:30", "note": "kindly", "version": 1}
    for wrong, words in (
        ({"held_on": "2027-01-01"}, "has not come yet"),
        ({"held_on": "2026-11-01"}, "only after this moment"),
        ({"held_on": "soon"}, "This is not a date"),
        ({"note": ""}, "please fill this in"),
    ):
        answer = client.post(f"{url}/call", data=given | wrong)
        assert answer.status_code == 422
        assert words in answer.text
    assert client.post(f"{url}/call", data=given).status_code == 303
    told = session.scalars(select(Outcome)).one()
    assert told.delivered_at == THURSDAY - timedelta(minutes=30)
    session.refresh(application)
    assert application.state is ApplicationState.REJECTED


@pytest.mark.parametrize("who", ["stranger", "admin", "interviewer"])
def test_others_find_nothing_there(client: Client, world: World, application: Application, url: str, who: str) -> None:
    decided(world, application)
    interviewer = world.person()
    world.interview(application, interviewer)
    person = {"stranger": world.person(), "admin": world.admin(), "interviewer": interviewer}[who]
    client.sign_in(person)
    assert client.get(url).status_code == 404
    for tail in ("outcome", "outcome/call", "offer/accepted", "offer/declined"):
        answer = client.post(f"/applications/{application.id}/{tail}", data={"text": "t", "subject": "s"})
        assert answer.status_code == 404


def test_the_hiring_manager_sees_but_does_not_tell(
    client: Client, world: World, application: Application, url: str
) -> None:
    decided(world, application)
    client.sign_in(application.requisition.hiring_manager)
    page = client.get(url).text
    assert "has not been told yet" in page
    assert "<textarea" not in page
    assert client.post(url, data={"text": "t", "subject": "Your application", "version": 1}).status_code == 404


@pytest.mark.parametrize(("answer", "state"), [("accepted", "hired"), ("declined", "withdrawn")])
def test_an_offer_is_answered_once(
    client: Client, session: Session, world: World, application: Application, answer: str, state: str
) -> None:
    decided(world, application)
    client.sign_in(application.requisition.recruiter)
    path = f"/applications/{application.id}/offer/{answer}"
    assert client.post(path).status_code == 422
    call = {"held_on": "2026-11-05", "held_time": "09:30", "note": "told", "version": 1}
    client.post(f"/applications/{application.id}/outcome/call", data=call)
    assert client.post(path, data={"reason": "pay"}).status_code == 303
    session.refresh(application)
    assert application.state == state
    assert client.post(path).status_code == 422


def test_what_was_written_for_another_decision_is_not_told(
    client: Client, session: Session, world: World, application: Application, url: str
) -> None:
    decided(world, application)
    client.sign_in(application.requisition.recruiter)
    read = re.search(r'name="version"[^>]*value="(\d+)"', client.get(url).text)
    assert read is not None
    decision = session.scalars(select(Decision)).one()
    decision.superseded_at, decision.superseded_reason = THURSDAY, "A reference changed it"
    session.flush()
    decided(world, application, DecisionKind.NO_HIRE)
    letter = {"subject": "Good news", "text": "We would like you to join us.", "version": read[1]}
    call = {"held_on": "2026-11-05", "held_time": "09:30", "note": "Told that we want to hire", "version": read[1]}
    for path, typed, kept in ((url, letter, "join us"), (f"{url}/call", call, "that we want to hire")):
        answer = client.post(path, data=typed)
        assert answer.status_code == 422
        assert "The decision was recorded anew since you opened this: no hire." in answer.text
        assert kept in answer.text
        shown = set(re.findall(r'name="version"[^>]*value="(\d+)"', answer.text))
        assert shown == {"2"}, "the page says which decision stands: what is sent from there is meant"
        assert client.post(path, data=typed | {"version": ""}).status_code == 422, "nothing is taken on a guess"
    assert session.scalars(select(Outcome)).all() == []
    assert session.scalars(select(OutboxMail)).all() == []
    assert client.post(url, data=letter | {"version": "2", "text": "Not this time."}).status_code == 303
    assert session.scalars(select(Outcome)).one().decision.kind is DecisionKind.NO_HIRE
