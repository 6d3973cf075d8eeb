"""Answers on the pages: one's own yes by a click, and what everybody answered at a glance."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tests.pipeline.mails import calendar_of, delivered, of_kind, text_of
from tracker.models.interview import Assignment, AssignmentRole, InterviewState
from tracker.models.reply import Reply, ReplyBox, SubstituteSearch
from tracker.pipeline import answers, interview_mails
from tracker.rules.answers import Answer
from tracker.rules.replies import Verdict
from tracker.rules.stages import StageKind


@pytest.fixture
def loop(world: World, at: TestClock) -> list[Assignment]:
    at.set(MONDAY)
    people = (world.person("Anna A"), world.person("Ben B"), world.person("Carla C"))
    return world.loop(world.application(stage=StageKind.LOOP), people)


def put(session: Session, seat: Assignment, answer: Answer | None, proposed_at: datetime | None = None) -> None:
    seat.answer, seat.answered_at, seat.answer_stamp, seat.proposed_at = answer, MONDAY, MONDAY, proposed_at
    session.commit()


def test_one_click_says_yes(client: Client, session: Session, loop: list[Assignment], at: TestClock) -> None:
    mine = loop[0]
    client.sign_in(mine.person)
    kit = f"/interviews/{mine.id}"
    assert "I will hold it" in client.get(kit).text
    answer = client.post(f"{kit}/accept", data={"version": 0}, follow_redirects=True)
    assert "You hold it" in answer.text
    assert "I will hold it" not in answer.text
    assert "Accepted" in answer.text
    session.expire_all()
    assert (mine.answer, mine.answered_at) == (Answer.ACCEPTED, MONDAY)
    at.set(MONDAY + timedelta(days=2))
    assert "I will hold it" not in client.get(kit).text
    assert client.post(f"{kit}/accept").status_code == 422


def test_an_answer_is_to_what_was_shown(client: Client, session: Session, loop: list[Assignment]) -> None:
    mine = loop[0]
    kit = f"/interviews/{mine.id}"
    client.sign_in(mine.person)
    shown = re.search(r'name="version"[^>]*value="(\d+)"', client.get(kit).text)
    assert shown is not None
    mine.interview.sequence += 1
    session.commit()
    old = {"version": shown[1], "reason": "That day I am away"}
    assert "look when and where it is now" in client.post(f"{kit}/accept", data=old).text
    refused = client.post(f"{kit}/decline", data=old)
    assert refused.status_code == 422
    assert "look when and where it is now" in refused.text
    assert "That day I am away" in refused.text
    session.expire_all()
    assert (mine.answer, mine.declined_at) == (None, None)
    # The page says now when it is: what is sent from there is an answer to that.
    shown = re.search(r'name="version"[^>]*value="(\d+)"', refused.text)
    assert shown is not None
    assert client.post(f"{kit}/decline", data=old | {"version": shown[1]}).status_code == 303
    assert client.post(f"{kit}/hold", data=old).status_code == 409
    assert client.post(f"{kit}/hold", data={"version": shown[1]}).status_code == 303


def test_a_no_is_not_wiped_by_a_form_that_was_opened_before(
    client: Client, session: Session, loop: list[Assignment], at: TestClock
) -> None:
    mine, application = loop[0], loop[0].interview.application
    edit = f"/applications/{application.id}/loop/interviews/{mine.interview_id}"
    before = mine.interview.version
    client.sign_in(mine.person).post(f"/interviews/{mine.id}/decline", data={"reason": "ill", "version": 0})
    client.sign_in(application.requisition.recruiter)
    typed = {"date": "2026-11-12", "time": "10:00", "zone": "UTC", "minutes": 60, "person_id": mine.person_id}
    answer = client.post(edit, data=typed | {"version": before})
    assert answer.status_code in (409, 422)
    session.expire_all()
    assert mine.declined_reason == "ill"


@pytest.mark.parametrize("is_change", [False, True])
def test_the_e_mail_leads_to_where_one_answers(
    app: Flask, client: Client, session: Session, loop: list[Assignment], is_change: bool
) -> None:
    mine = loop[0]
    with app.app_context():
        interview_mails.invite(session, mine.interview, mine, now=MONDAY)
        if is_change:
            delivered(session)
            mine.interview.sequence += 1
            interview_mails.invite(session, mine.interview, mine, now=MONDAY)
    session.commit()
    mail = of_kind(session, "interview_changed" if is_change else "interview_invitation")[-1]
    text = " ".join(text_of(mail).split())
    assert "whether you hold it. If you cannot, say so there as soon as you can, and somebody else is looked" in text
    [path] = re.findall(r"http://tracker\.example(/go/\S+)", text)
    assert client.get(path).headers["Location"].startswith("/sign-in"), "it saves no sign-in"
    assert client.sign_in(mine.person).get(path).headers["Location"] == f"/interviews/{mine.id}#when"
    assert client.sign_in(loop[1].person).get(path).status_code == 403
    [event] = calendar_of(mail).events
    assert event["URL"] == f"http://tracker.example/interviews/{mine.id}", "a calendar keeps it for longer"


def test_today_asks_for_what_was_not_answered_however_far_ahead(
    client: Client, session: Session, world: World, loop: list[Assignment], at: TestClock
) -> None:
    mine, asks = loop[0], "Answer: do you hold"
    far = world.interview(world.application(name="Fay Far"), mine.person, starts_at=MONDAY + timedelta(days=40))
    client.sign_in(mine.person)
    page = client.get("/").text
    assert page.count(asks) == 2
    assert f'href="/interviews/{far.id}#when"' in page
    client.post(f"/interviews/{mine.id}/accept", data={"version": 0})
    put(session, far, Answer.TENTATIVE)
    page = client.get("/").text
    assert asks not in page
    assert "Fay Far" not in page, "that is not of this fortnight"
    put(session, mine, None)
    client.post(f"/interviews/{mine.id}/decline", data={"reason": "away", "version": 0})
    assert asks not in client.get("/").text
    learns = loop[1]
    learns.role = AssignmentRole.SHADOW
    session.commit()
    page = client.sign_in(learns.person).get("/").text
    assert asks not in page, "somebody else holds it"
    assert "Answer: do you come along to" in page
    assert asks in client.sign_in(loop[2].person).get("/").text
    assert loop[2].interview.starts_at is not None
    at.set(loop[2].interview.starts_at)
    assert asks not in client.get("/").text


def test_nobody_says_yes_for_another(client: Client, session: Session, world: World, loop: list[Assignment]) -> None:
    for stranger in (loop[1].person, world.person("Sam Stranger"), loop[0].interview.application.requisition.recruiter):
        client.sign_in(stranger)
        assert client.post(f"/interviews/{loop[0].id}/accept").status_code == 404
    session.expire_all()
    assert loop[0].answer is None


def test_the_loop_shows_at_a_glance_who_answered_what(client: Client, session: Session, loop: list[Assignment]) -> None:
    application = loop[0].interview.application
    put(session, loop[0], Answer.ACCEPTED)
    put(session, loop[1], Answer.OTHER_TIME, datetime(2026, 11, 4, 15, 0, tzinfo=MONDAY.tzinfo))
    application.candidate.zone = "America/New_York"
    client.sign_in(application.requisition.recruiter)
    text = client.get(f"/applications/{application.id}/loop").text
    for words in ("1 accepted", "1 for another time", "1 invited", "Asks for", "16:00", ", that is", "10:00"):
        assert words in text, words
    loop[2].declined_at, loop[2].declined_reason = MONDAY, "away"
    far = loop[2].interview
    assert far.starts_at is not None
    far.starts_at, far.ends_at = far.starts_at + timedelta(days=7), far.starts_at + timedelta(days=7, hours=1)
    put(session, loop[2], Answer.DECLINED)
    session.add(SubstituteSearch(interview_id=loop[2].interview_id, assignment_id=loop[2].id, asked_at=MONDAY))
    text = client.get(f"/applications/{application.id}/loop").text
    assert "1 declined" in text
    assert "The tracker looks for a substitute." in text
    text = client.get(f"/applications/{application.id}").text
    assert "Accepted" in text
    assert "Asks for another time" in text


def test_words_are_shown_to_whom_they_may(client: Client, session: Session, loop: list[Assignment]) -> None:
    interview, application = loop[0].interview, loop[0].interview.application
    session.add(
        Reply(
            key="1",
            received_at=MONDAY,
            verdict=Verdict.NOTED,
            text="quokka <b>",
            sender="anna@home.example",
            interview_id=interview.id,
            person_id=loop[0].person_id,
        )
    )
    session.add(Reply(key="2", received_at=MONDAY, verdict=Verdict.REFUSED, text="wombat", interview_id=interview.id))
    client.sign_in(application.requisition.recruiter)
    text = client.get(f"/applications/{application.id}/loop").text
    assert "quokka &lt;b&gt;" in text
    assert "anna@home.example" in text
    assert "wombat" not in text
    # Whoever answers for it and interviews in it is bound, as by everything that was written.
    application.requisition.recruiter = loop[1].person
    loop[1].person.is_recruiter = True
    session.commit()
    client.sign_in(loop[1].person)
    text = client.get(f"/applications/{application.id}/loop").text
    assert "quokka" not in text
    assert "anna@home.example" not in text
    assert "once your own scorecard is in" in text


def test_a_phone_screen_shows_both_answers(client: Client, session: Session, world: World, at: TestClock) -> None:
    at.set(MONDAY)
    seat = world.interview(world.application(stage=StageKind.PHONE_SCREEN), world.person("Sara Screener"))
    application = seat.interview.application
    seat.interview.answer, seat.interview.answered_at = Answer.DECLINED, MONDAY
    put(session, seat, Answer.TENTATIVE)
    client.sign_in(application.requisition.recruiter)
    text = client.get(f"/applications/{application.id}/screens").text
    assert "Tentative" in text
    assert "Declined" in text
    assert "Candidate declined" in client.get(f"/applications/{application.id}").text


def test_operations_show_what_was_refused_and_a_broken_mailbox(
    client: Client, session: Session, world: World, loop: list[Assignment]
) -> None:
    application = loop[0].interview.application
    of_interview = {"interview_id": loop[0].interview_id, "person_id": loop[0].person_id}
    session.add_all(
        [
            Reply(key="1", received_at=MONDAY, verdict=Verdict.REFUSED, why="Forged.", sender="eve@x.example"),
            Reply(key="2", received_at=MONDAY, verdict=Verdict.REFUSED, sender="ian@y.example", **of_interview),
            Reply(key="3", received_at=MONDAY, verdict=Verdict.TAKEN, text="quokka", **of_interview),
        ]
    )
    application.requisition.is_confidential = True
    client.sign_in(world.admin())
    text = client.get("/settings/operations").text
    assert "Forged." in text
    assert "eve@x.example" in text
    assert "ian@y.example" not in text, "an admin may not know of it"
    assert "quokka" not in text
    session.add(ReplyBox(id=1, box="x", next_at=MONDAY, trouble="Nothing listens there.", read_at=MONDAY))
    assert "Nothing listens there." not in client.get("/settings/operations").text, "none is set any more"


def learns(world: World, lead: Assignment, role: AssignmentRole = AssignmentRole.SHADOW) -> Assignment:
    seat = Assignment(interview=lead.interview, person=world.person("Nora Newcomer"), role=role)
    world.keep(seat)
    return seat


def line_of(client: Client, seat: Assignment) -> str:
    """The line of an interview on the loop's page."""
    page = client.get(f"/applications/{seat.interview.application_id}/loop").text
    return page.split(f'data-interview="{seat.interview_id}"')[1].split("</tr>")[0]


def test_what_who_learns_answered_is_shown_where_he_or_she_sits(
    client: Client, session: Session, world: World, loop: list[Assignment], at: TestClock
) -> None:
    seat, application = learns(world, loop[0]), loop[0].interview.application
    page = f"/applications/{application.id}/interviews/{seat.interview_id}/trainee"
    client.sign_in(application.requisition.recruiter)
    put(session, loop[0], Answer.ACCEPTED)
    for answer, words in (
        (None, "Invited"),
        (Answer.ACCEPTED, "Accepted"),
        (Answer.TENTATIVE, "Tentative"),
        (Answer.OTHER_TIME, "Asks for another time"),
    ):
        at_three = datetime(2026, 11, 4, 15, 0, tzinfo=MONDAY.tzinfo)
        put(session, seat, answer, at_three if answer is Answer.OTHER_TIME else None)
        after = line_of(client, seat).split("Nora Newcomer")[1]
        assert words in after
        assert words in client.get(page).text.split("Sits in")[1].split("</section>")[0]
        assert ("16:00" in after) is (answer is Answer.OTHER_TIME)
    at.set(MONDAY + timedelta(days=2))
    assert "Asks for another time" not in line_of(client, seat), "it was held"
    assert "Nora Newcomer" in line_of(client, seat)


def test_who_declined_to_learn_is_shown_until_somebody_else_sits_there(
    client: Client, session: Session, world: World, loop: list[Assignment]
) -> None:
    seat = learns(world, loop[0])
    with client.application.app_context():
        answers.answer_seat(session, seat, Answer.DECLINED, by=seat.person, now=MONDAY)
    session.commit()
    client.sign_in(loop[0].interview.application.requisition.recruiter)
    after = line_of(client, seat).split("Nora Newcomer")[1]
    assert "does not come to learn" in after
    assert "Declined" in after
    world.keep(Assignment(interview=loop[0].interview, person=world.person("Otto Other"), role=seat.role))
    assert "Nora Newcomer" not in line_of(client, seat)
    assert "Invited" in line_of(client, seat).split("Otto Other")[1]


def test_of_a_draft_nobody_was_asked(client: Client, session: Session, world: World, loop: list[Assignment]) -> None:
    seat = learns(world, loop[0])
    loop[0].interview.state = InterviewState.PLANNED
    session.commit()
    client.sign_in(loop[0].interview.application.requisition.recruiter)
    line = line_of(client, seat)
    assert "Nora Newcomer" in line
    assert "Invited" not in line
