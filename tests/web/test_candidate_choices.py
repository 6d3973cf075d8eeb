"""The candidate's page of times: what can be chosen, what is never shown, and every answer why nothing can be."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock, browser_of
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.interview import InterviewState, Loop, LoopState
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person
from tracker.pipeline import candidate_links, loop_choices
from tracker.pipeline import loop as verbs
from tracker.rules.stages import ApplicationState, StageKind
from tracker.web.candidate_choices import LOOKS

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def application(world: World) -> Application:
    candidate = world.candidate("Kai Candidate", zone="Europe/London")
    return world.application(candidate=candidate, stage=StageKind.LOOP)


@pytest.fixture
def people(world: World, application: Application) -> list[Person]:
    named = [f"Quentin{n} Secret" for n in range(6)]
    plan = application.requisition.plan
    return [world.qualify(world.person(each, is_bar_raiser=each == named[0], daily_cap=1), plan) for each in named]


@pytest.fixture
def loop(app: Flask, session: Session, application: Application, people: list[Person]) -> Loop:
    with app.app_context():
        return asked(session, application)


@pytest.fixture
def path(session: Session, loop: Loop) -> str:
    return link(session, loop.application)


def asked(session: Session, application: Application) -> Loop:
    by = application.requisition.recruiter
    row = verbs.plan(session, application, by=by, now=MONDAY)
    loop_choices.offer(session, row, by=by, now=MONDAY)
    session.commit()
    return row


def link(session: Session, application: Application) -> str:
    found = candidate_links.status_link(session, application, now=MONDAY)
    session.commit()
    return found


def keys(text: str) -> list[str]:
    return re.findall(r'name="times"[^>]*value="([\d,-]+\.[\w-]+)"', text)


def state_of(session: Session, loop: Loop) -> LoopState:
    session.expire_all()
    return loop.state


def test_the_times_are_shown_in_the_own_zone_and_nothing_else(
    client: Client, session: Session, path: str, people: list[Person], loop: Loop
) -> None:
    assert "See the times" in client.get(path).text
    page = client.get(f"{path}/loop")
    assert len(keys(page.text)) == 8
    assert "Thu 5 Nov 2026, 09:00–" in page.text
    assert "Europe/London" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    competencies = [each.competency.name for each in loop.application.requisition.plan.competencies]
    interviews = [each.name for each in loop.interviews]
    for hidden in (*(each.name for each in people), *competencies, *interviews, "Secret", "@tracker.example/"):
        assert hidden not in page.text
    moved = client.post(f"{path}/zone?to=loop", data={"zone": "Europe/Berlin"}, follow_redirects=True)
    assert "Thu 5 Nov 2026, 09:00–" in moved.text
    assert "Europe/Berlin" in moved.text
    assert moved.request.path == f"{path}/loop"


def test_one_click_books_and_another_changes_nothing(client: Client, session: Session, path: str, loop: Loop) -> None:
    key = keys(client.get(f"{path}/loop").text)[2]
    for _ in range(2):
        answer = client.post(f"{path}/loop/book", data={"times": key}, follow_redirects=True)
        assert "Your interviews are booked." in answer.text
        assert "Interview 1 of 5" in answer.text
    assert state_of(session, loop) is LoopState.SENT
    kinds = select(OutboxMail.kind, func.count()).group_by(OutboxMail.kind)
    sent = {kind: count for kind, count in session.execute(kinds)}
    assert (sent["interview_invitation"], sent["loop_schedule"], sent["loop_booked"]) == (5, 1, 1)
    assert "Move your interviews" in client.get(path).text


def test_it_is_moved_once_and_then_no_more(client: Client, session: Session, path: str, loop: Loop) -> None:
    first = keys(client.get(f"{path}/loop").text)[2]
    client.post(f"{path}/loop/book", data={"times": first})
    page = client.get(f"{path}/loop").text
    assert "Your interviews are booked for" in page
    assert "you can do this once more, until" in page
    assert first not in keys(page)
    answer = client.post(f"{path}/loop/move", data={"times": keys(page)[3], "moves": "0"}, follow_redirects=True)
    assert "Your interviews are moved." in answer.text
    assert "Move your interviews" not in answer.text
    again = client.post(f"{path}/loop/move", data={"times": first, "moves": "1"}, follow_redirects=True)
    recruiter = loop.application.requisition.recruiter
    assert "as often as can be done here" in again.text
    assert f"mailto:{recruiter.email}" in again.text
    assert not keys(again.text)


def schedule_of(page: str) -> list[str]:
    """Return the words of each interview on the page, none where it shows no schedule."""
    if 'id="schedule"' not in page:
        return []
    lines = page.split('id="schedule"', 1)[1].split("</section>")[0].split('<li class="list__item">')[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in lines]


def test_it_shows_what_was_booked_and_whether_it_can_be_moved(
    client: Client, session: Session, path: str, loop: Loop, at: TestClock
) -> None:
    assert schedule_of(client.get(f"{path}/loop").text) == []
    client.post(f"{path}/loop/book", data={"times": keys(client.get(f"{path}/loop").text)[0]})
    session.expire_all()
    rows = sorted(loop.interviews, key=lambda each: each.starts_at or MONDAY)
    rows[0].place, rows[1].place = "https://meet.example/ada", "Room 7"
    # The numbers that candidates read are those of the time alone.
    rows[0].name, rows[1].name = "Interview 5", "Trust and depth"
    session.commit()
    page = client.get(f"{path}/loop").text
    lines = schedule_of(page)
    assert [line[:16] for line in lines] == [f"Interview {n} of 5" for n in range(1, 6)]
    begins = rows[0].starts_at or MONDAY
    assert lines[0].startswith(f"Interview 1 of 5 Thu 5 Nov 2026, {begins:%H:%M}–")
    assert " GMT " in lines[0]
    assert f"with {rows[0].assignments[0].person.name}" in lines[0]
    assert 'href="https://meet.example/ada"' in page
    assert lines[1].endswith("Room 7")
    assert "Trust and depth" not in page
    assert "Move my interviews" in page
    at.set(MONDAY + timedelta(days=2))
    late = client.get(f"{path}/loop").text
    assert schedule_of(late) == lines
    assert "begin too soon to be moved here" in late
    assert "Does a time no longer suit you?" in late
    moved = client.post(f"{path}/zone?to=loop", data={"zone": "Asia/Tokyo"}, follow_redirects=True)
    assert f", {begins + timedelta(hours=9):%H:%M}–" in schedule_of(moved.text)[0]
    rows[4].state = InterviewState.CANCELLED
    session.commit()
    assert len(schedule_of(client.get(f"{path}/loop").text)) == 4


def test_what_a_recruiter_arranged_is_shown_too(
    client: Client, session: Session, world: World, people: list[Person]
) -> None:
    by_hand = world.application(name="Hana Hand", stage=StageKind.LOOP)
    world.loop(by_hand, people[:2])
    page = client.get(f"{link(session, by_hand)}/loop").text
    assert len(schedule_of(page)) == 2
    assert "Your interviews are arranged, and cannot be moved here." in page
    assert by_hand.requisition.recruiter.email in page


def test_too_late_says_whom_to_write_to(client: Client, path: str, loop: Loop, at: TestClock) -> None:
    client.post(f"{path}/loop/book", data={"times": keys(client.get(f"{path}/loop").text)[0]})
    at.set(MONDAY + timedelta(days=2))
    page = client.get(f"{path}/loop").text
    assert "begin too soon to be moved here" in page
    assert loop.application.requisition.recruiter.email in page
    assert "Move your interviews" not in client.get(path).text


def test_taken_just_now_offers_what_is_left(
    client: Client, app: Flask, session: Session, world: World, path: str, loop: Loop, application: Application
) -> None:
    with app.app_context():
        rival = world.candidate("Other", zone=application.candidate.zone)
        other = asked(session, world.application(application.requisition, candidate=rival, stage=StageKind.LOOP))
    key = keys(client.get(f"{path}/loop").text)[0]
    theirs = link(session, other.application)
    same = next(each for each in keys(client.get(f"{theirs}/loop").text) if each.split(".")[0] == key.split(".")[0])
    assert client.post(f"{theirs}/loop/book", data={"times": same}).status_code == 303
    answer = client.post(f"{path}/loop/book", data={"times": key})
    assert answer.status_code == 409
    assert "taken just now" in answer.text
    assert "Other" not in answer.text
    left = keys(answer.text)
    assert left
    assert key not in left
    assert state_of(session, loop) is LoopState.DRAFT
    assert client.post(f"{path}/loop/book", data={"times": left[0]}).status_code == 303


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        ({}, 422, "Choose one of the times."),
        ({"times": ""}, 422, "Choose one of the times."),
        ({"times": "soon"}, 422, "not, or no longer, one of the times"),
        ({"times": "1-2"}, 422, "not, or no longer, one of the times"),
        ({"times": "9" * 5000}, 422, "not, or no longer, one of the times"),
        ({"times": "1-2.\u00e9"}, 422, "not, or no longer, one of the times"),
    ],
)
def test_bad_times_book_nothing(
    client: Client, session: Session, path: str, loop: Loop, data: dict[str, str], code: int, words: str
) -> None:
    answer = client.post(f"{path}/loop/book", data=data)
    assert answer.status_code == code
    assert words in answer.text
    assert len(keys(answer.text)) == 8
    assert state_of(session, loop) is LoopState.DRAFT


def test_what_was_altered_or_is_past_was_not_taken_by_anybody(
    client: Client, session: Session, path: str, loop: Loop, at: TestClock
) -> None:
    first, *_, last = keys(client.get(f"{path}/loop").text)
    altered = re.sub(r"^\d+", lambda found: str(int(found[0]) + 15), last)

    def refused(value: str) -> None:
        answer = client.post(f"{path}/loop/book", data={"times": value})
        assert answer.status_code == 422
        assert "not, or no longer, one of the times that can be chosen" in answer.text
        assert "taken just now" not in answer.text
        assert keys(answer.text)
        assert state_of(session, loop) is LoopState.DRAFT

    refused(altered)
    refused(last.split(".")[0])
    refused(f"{first.split('.')[0]}.{last.split('.')[1]}")
    at.set(MONDAY + timedelta(days=7))
    refused(first)


def test_a_page_that_is_out_of_date_says_so(client: Client, path: str, loop: Loop) -> None:
    one, two = keys(client.get(f"{path}/loop").text)[2:4]
    client.post(f"{path}/loop/book", data={"times": one})
    again = client.post(f"{path}/loop/book", data={"times": two}, follow_redirects=True)
    assert "Your interviews are booked for Mon 9 Nov 2026, " in again.text
    assert "(Europe/London). Below you could move them." in again.text
    assert "Move my interviews" in again.text
    for moves in ({}, {"moves": "3"}):
        answer = client.post(f"{path}/loop/move", data={"times": two} | moves, follow_redirects=True)
        assert "moved meanwhile" in answer.text
    assert client.post(f"{path}/loop/move", data={"times": two, "moves": "many"}).status_code == 422


def test_none_of_these_leads_to_saying_when_one_can_come(client: Client, session: Session, path: str) -> None:
    page = client.get(f"{path}/loop").text
    assert f'href="{path}#times"' in page
    assert 'id="times"' in client.get(path).text


def test_where_nothing_can_be_formed_it_says_so(
    client: Client, session: Session, path: str, people: list[Person]
) -> None:
    people[0].is_active = False
    session.commit()
    page = client.get(f"{path}/loop").text
    assert "No time is free for everybody at the moment" in page
    assert "Say when you can come" in page
    assert "bar raiser" not in page


def test_what_was_not_offered_or_is_over_is_told(
    client: Client, app: Flask, session: Session, path: str, loop: Loop, application: Application
) -> None:
    def says(words: str) -> None:
        session.commit()
        page = client.get(f"{path}/loop")
        assert page.status_code == 200
        assert words in page.text
        assert not keys(page.text)
        assert words in client.post(f"{path}/loop/book", data={"times": "1-2"}, follow_redirects=True).text

    loop_choices.revoke(session, loop, by=application.requisition.recruiter, now=MONDAY)
    says("There are no times to choose from at the moment.")
    assert "See the times" not in client.get(path).text
    application.state, application.closed_at = ApplicationState.WITHDRAWN, MONDAY
    says("Nothing is to be arranged for this application")


def test_strangers_and_old_links_see_nothing(
    client: Client, app: Flask, session: Session, world: World, path: str, loop: Loop, at: TestClock
) -> None:
    key = keys(client.get(f"{path}/loop").text)[0]
    for address in (f"{path}x/loop", "/my/nobody/loop"):
        assert client.get(address).status_code == 404
        assert client.post(f"{address}/book", data={"times": key}).status_code == 404
        assert client.post(f"{address}/move", data={"times": key}).status_code == 404
    # Another candidate's link is to his or her own loop, of which there is none.
    stranger = world.application(loop.application.requisition, name="Stranger", stage=StageKind.LOOP)
    theirs = link(session, stranger)
    assert not keys(client.get(f"{theirs}/loop").text)
    client.post(f"{theirs}/loop/book", data={"times": key})
    assert state_of(session, loop) is LoopState.DRAFT
    at.set(MONDAY + timedelta(days=181))
    expired = client.get(f"{path}/loop")
    assert expired.status_code == 410
    assert "This link has expired" in expired.text
    assert not keys(expired.text)
    assert client.post(f"{path}/loop/book", data={"times": key}).status_code == 422


def test_who_looks_again_and_again_is_braked(client: Client, session: Session, path: str, at: TestClock) -> None:
    codes = [client.get(f"{path}/loop").status_code for _ in range(LOOKS + 1)]
    assert codes == [200] * LOOKS + [429]
    at.set(MONDAY + timedelta(minutes=11))
    assert client.get(f"{path}/loop").status_code == 200


def test_the_link_of_the_e_mail_opens_the_times(client: Client, app: Flask, session: Session, loop: Loop) -> None:
    message = session.scalars(select(OutboxMail.message).where(OutboxMail.kind == "loop_choice")).one().decode()
    [path] = set(re.findall(r"http://tracker.example(/my/[\w-]+/loop)", message.replace("=\n", "")))
    assert len(keys(browser_of(app, session).get(path).text)) == 8
