"""Retention: who goes soon, how long data is kept, who is held; and who sees what of it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock, step_of
from tests.factories import MONDAY, World
from tracker.models.application import Application
from tracker.models.erasure import Hold
from tracker.models.person import Person
from tracker.models.record import Organisation, RecordEntry
from tracker.pipeline import moves, retention
from tracker.rules.stages import ApplicationState, Disposition

DAY = timedelta(days=1)
NOW = MONDAY
URL = "/retention"


@pytest.fixture
def admin(world: World) -> Person:
    return world.admin()


@pytest.fixture
def due(session: Session, world: World, at: TestClock, admin: Person, client: Client) -> Application:
    """Cleo goes in three days: six months are kept."""
    at.set(NOW)
    retention.set_months(session, 6, by=admin, now=NOW - 300 * DAY, seen=None)
    return closed(session, world.application(name="Cleo Candidate"), client)


def closed(session: Session, application: Application, client: Client) -> Application:
    by = application.requisition.recruiter
    when = NOW.replace(month=5) + 3 * DAY
    with client.application.app_context():
        moves.close(session, application, ApplicationState.REJECTED, Disposition.OTHER, by=by, now=when)
    session.commit()
    return application


def test_a_recruiter_sees_who_goes_and_is_told_on_the_first_page(client: Client, due: Application) -> None:
    client.sign_in(due.requisition.recruiter)
    page = client.get(URL).text
    assert "Cleo Candidate" in page
    assert "Thu 5 Nov 2026" in page
    assert "Hold a candidate" not in page
    today = client.get("/").text
    assert "1 of your former candidates is erased within a week" in today


def test_a_month_before_it_is_on_the_page_and_not_yet_on_the_first_one(
    client: Client, due: Application, at: TestClock
) -> None:
    at.set(NOW - 20 * DAY)
    client.sign_in(due.requisition.recruiter)
    assert "Cleo Candidate" in client.get(URL).text
    assert "within a week" not in client.get("/").text
    at.set(NOW - 28 * DAY)
    assert "Nobody goes in the coming 30 days" in client.get(URL).text


def test_what_one_may_not_see_is_only_counted_for_admins(
    client: Client, session: Session, world: World, due: Application, admin: Person
) -> None:
    closed(session, world.application(world.requisition("Secret", is_confidential=True), name="Sue Secret"), client)
    client.sign_in(world.recruiter("Rob Recruiter"))
    page = client.get(URL).text
    assert "Cleo" in page
    assert "Sue" not in page
    assert "whom you may not see" not in page
    page = client.sign_in(admin).get(URL).text
    assert "2 candidates whom you may not see go in the coming 30 days" in page
    assert "Cleo" not in page


def test_an_admin_sets_it_and_a_mistake_is_explained(
    client: Client, session: Session, world: World, admin: Person, at: TestClock
) -> None:
    at.set(NOW)
    client.sign_in(admin)
    assert "kept until somebody erases it" in client.get(URL).text
    answer = client.post(
        f"{URL}/months", data={"months": "12", "version": "0", "confirmed": "0"}, follow_redirects=True
    )
    assert "Nobody goes before a week is over" in answer.text
    assert "erased 12 months after" in answer.text
    for typed, why in (("0", "Give 1 to 240 months"), ("241", "Give 1 to 240"), ("x", "Not a valid integer")):
        answer = client.post(f"{URL}/months", data={"months": typed, "version": "12"})
        assert (answer.status_code, why in answer.text) == (422, True)
        assert f'value="{typed}"' in answer.text
    stale = client.post(f"{URL}/months", data={"months": "6", "version": "0"})
    assert stale.status_code == 422
    assert "Somebody was faster" in stale.text
    assert client.post(f"{URL}/months", data={"months": "", "version": "12"}).status_code == 303
    session.expire_all()
    assert session.get_one(Organisation, 1).retention_months is None
    said = session.scalars(sa.select(RecordEntry.text).where(RecordEntry.verb == "retention.set")).all()
    assert said == [f"Candidates’ data is erased by itself: {when}" for when in ("after 12 months", "never")]


def test_an_admin_holds_and_releases_without_learning_who_applied(
    client: Client, session: Session, due: Application, admin: Person
) -> None:
    client.sign_in(admin)
    data = {"email": due.candidate.email.upper(), "reason": "A court asks"}
    there = client.post(f"{URL}/holds", data=data, follow_redirects=True).text
    nobody = client.post(f"{URL}/holds", data=data | {"email": "no@body.example"}, follow_redirects=True).text
    for page in (there, nobody):
        assert "If there is none, no candidate has this address." in page
    assert "Candidate 1</th>" in there.replace("\n", "")
    assert "A court asks" in there
    assert "Cleo" not in there
    assert session.scalars(sa.select(Hold.reason)).all() == ["A court asks"]
    client.sign_in(due.requisition.recruiter)
    assert "Cleo" not in client.get(URL).text
    client.sign_in(admin)
    assert client.post(f"{URL}/holds/1/release").status_code == 303
    again = client.post(f"{URL}/holds/1/release")
    assert (again.status_code, "not held any more" in again.text) == (422, True)
    client.sign_in(due.requisition.recruiter)
    assert "Cleo" in client.get(URL).text


@pytest.mark.parametrize(
    ("changes", "why"), [({"email": "nobody"}, "not one e-mail address"), ({"reason": ""}, "please fill this in")]
)
def test_a_hold_without_address_or_reason_is_refused(
    client: Client, admin: Person, changes: dict[str, str], why: str
) -> None:
    client.sign_in(admin)
    answer = client.post(f"{URL}/holds", data={"email": "a@b.example", "reason": "A court"} | changes)
    assert (answer.status_code, why in answer.text) == (422, True)


def test_strangers_and_recruiters_change_nothing(client: Client, world: World, due: Application) -> None:
    for person in (world.person("Ivo Interviewer"), due.requisition.hiring_manager):
        assert client.sign_in(person).get(URL).status_code == 404
    client.sign_in(due.requisition.recruiter)
    for path in ("months", "holds", "holds/1/release"):
        assert client.post(f"{URL}/{path}").status_code == 404, path


def test_the_hint_speaks_of_no_list_where_none_is(client: Client, world: World, admin: Person, at: TestClock) -> None:
    at.set(NOW)
    page = client.sign_in(admin).get(URL).text
    assert "until somebody erases it" in page
    assert "<table" not in page
    assert "above" not in page
    assert "this page shows who would go" in page


def months_of(session: Session) -> int | None:
    session.expire_all()
    return session.get_one(Organisation, 1).retention_months


def test_who_would_go_is_read_before_a_retention_is_switched_on(
    client: Client, session: Session, world: World, admin: Person, at: TestClock
) -> None:
    at.set(NOW)
    # One person in two rows counts once; one of six months goes at first, one of five within the month.
    secret = world.requisition("Secret", is_confidential=True)
    closed(session, world.application(candidate=world.candidate("Cleo", email="cleo@one.example")), client)
    again = world.candidate("Cleo", email="cleo@one.example", requisition_id=secret.id)
    closed(session, world.application(secret, candidate=again), client)
    later = closed(session, world.application(name="Lena Later"), client)
    later.candidate.kept_since = NOW - 166 * DAY
    session.commit()
    client.sign_in(admin)
    asked = client.post(f"{URL}/months", data={"months": "6", "version": "0"})
    assert asked.status_code == 200
    assert "The data of 1 person would be erased as soon as this takes effect" in asked.text
    assert "Mon 9 Nov 2026, 10:00" in asked.text
    assert re.search(r"1 more person would follow by .*Wed 2 Dec 2026", asked.text, re.S)
    assert "Cleo" not in asked.text
    assert months_of(session) is None
    assert not session.scalars(sa.select(RecordEntry).where(RecordEntry.verb == "retention.set")).all()
    sent = step_of(asked)
    assert client.post(f"{URL}/months", data=sent).status_code == 303
    assert months_of(session) == 6


def test_going_back_keeps_what_was_typed_and_sets_nothing(
    client: Client, session: Session, due: Application, admin: Person
) -> None:
    client.sign_in(admin)
    asked = client.post(f"{URL}/months", data={"months": "5", "version": "6"})
    assert "The data of 1 person" in asked.text
    back = client.post(f"{URL}/months", data=step_of(asked, change="1"))
    assert back.status_code == 200
    assert 'name="months" type="number" value="5"' in back.text
    assert months_of(session) == 6


def test_more_people_than_were_read_are_shown_first(
    client: Client, session: Session, world: World, due: Application, admin: Person
) -> None:
    client.sign_in(admin)
    asked = client.post(f"{URL}/months", data={"months": "5", "version": "6"})
    closed(session, world.application(name="Dora Due"), client)
    again = client.post(f"{URL}/months", data=step_of(asked))
    assert again.status_code == 200
    assert "more people would be erased than when you read it" in again.text
    assert "The data of 2 people would be erased" in again.text
    assert months_of(session) == 6
    assert client.post(f"{URL}/months", data=step_of(again)).status_code == 303
    assert months_of(session) == 5


def test_of_two_admins_the_second_hears_it_before_being_asked(
    client: Client, session: Session, due: Application, admin: Person
) -> None:
    client.sign_in(admin)
    stale = client.post(f"{URL}/months", data={"months": "2", "version": "12"})
    assert (stale.status_code, "Somebody was faster" in stale.text) == (422, True)
    assert months_of(session) == 6


@pytest.mark.parametrize(
    ("typed", "said"), [("7", "Nobody goes before a week is over"), ("", "Saved."), ("6", "Saved.")]
)
def test_keeping_data_longer_or_as_long_asks_nothing(
    client: Client, session: Session, due: Application, admin: Person, typed: str, said: str
) -> None:
    client.sign_in(admin)
    answer = client.post(f"{URL}/months", data={"months": typed, "version": "6"}, follow_redirects=True)
    assert said in answer.text
    assert ("before a week" in answer.text) == (typed == "7")
    assert months_of(session) == (int(typed) if typed else None)
