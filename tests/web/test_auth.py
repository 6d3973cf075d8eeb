"""Signing in and out, one's own account, and passwords set by mailed links."""

import re
from datetime import timedelta
from email import message_from_bytes as email_of
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.conftest import HOST, Client, TestClock, browser_of
from tests.factories import MONDAY, World
from tracker.models.outbox import OutboxMail
from tracker.models.person import Person, SignInAttempt
from tracker.pipeline import sign_in as attempts
from tracker.pipeline.staffing import hashed
from tracker.web import auth

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def clock(at: TestClock) -> TestClock:
    at.set(MONDAY)
    return at


@pytest.fixture
def person(world: World) -> Person:
    person = world.recruiter("Rob Recruiter", email="rob@tracker.example")
    person.password_hash = hashed(PASSWORD)
    return person


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


@pytest.mark.usefixtures("person")
def test_the_right_password_opens_the_tracker(client: Client) -> None:
    assert client.get("/sign-in").status_code == 200
    answer = client.post("/sign-in", data={"email": "  ROB@Tracker.example ", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_in(client)
    assert client.post("/sign-out").status_code == 303
    assert not is_in(client)


def test_a_cookie_that_was_copied_is_void_after_signing_out(
    app: Flask, client: Client, session: Session, person: Person
) -> None:
    thief = browser_of(app, session)
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    kept = client.get_cookie("session", domain=HOST)
    assert kept is not None
    thief.set_cookie("session", kept.value, domain=HOST)
    assert is_in(thief)
    client.post("/sign-out")
    assert not is_in(thief)


@pytest.mark.usefixtures("person")
def test_a_second_click_signs_in_as_the_first_did(client: Client) -> None:
    typed = {"email": "rob@tracker.example", "password": PASSWORD, "once": "a-key"}
    assert [client.post("/sign-in", data=typed).status_code for _ in range(2)] == [303, 303]
    assert is_in(client)


@pytest.mark.usefixtures("person")
def test_control_characters_are_no_fault(client: Client) -> None:
    typed = {"email": "rob\0@tracker.example", "password": PASSWORD, "once": "\0"}
    assert client.post("/sign-in", data=typed).status_code == 422


def test_an_address_may_be_typed_in_either_way_of_writing(client: Client, session: Session, person: Person) -> None:
    person.email = "rita@xn--bcher-kva.example"
    session.commit()
    answer = client.post("/sign-in", data={"email": "Rita@Bücher.example", "password": PASSWORD})
    assert answer.status_code == 303


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("rob@tracker.example", "wrong horse", "do not fit together"),
        ("nobody@tracker.example", PASSWORD, "do not fit together"),
        ("", PASSWORD, "Type your e-mail address"),
        ("rob@tracker.example", "", "Type your password"),
    ],
)
def test_anything_else_does_not(client: Client, email: str, password: str, said: str) -> None:
    answer = client.post("/sign-in", data={"email": email, "password": password})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{PASSWORD}"' not in answer.text
    assert not is_in(client)


def test_nobody_without_a_password_or_not_active_gets_in(client: Client, session: Session, person: Person) -> None:
    person.is_active = False
    assert "do not fit together" in client.post("/sign-in", data={"email": person.email, "password": PASSWORD}).text
    person.is_active, person.password_hash = True, None
    for password in ("", "nobody has this password", PASSWORD):
        client.post("/sign-in", data={"email": person.email, "password": password})
    assert not is_in(client)


@pytest.mark.usefixtures("person")
def test_guessing_is_slowed_down_for_the_account(client: Client, session: Session, clock: TestClock) -> None:
    data = {"email": "rob@tracker.example", "password": "wrong horse"}
    for _ in range(5):
        assert client.post("/sign-in", data=data).status_code == 422
    answer = client.post("/sign-in", data=data | {"password": PASSWORD})
    assert answer.status_code == 429
    assert "Try again in 15 minutes" in answer.text or "Try again in 16 minutes" in answer.text
    assert session.scalar(select(func.count(SignInAttempt.id))) == 15
    assert "rob@" not in "".join(session.scalars(select(SignInAttempt.subject)))
    clock.set(MONDAY + timedelta(minutes=15, seconds=1))
    assert client.post("/sign-in", data=data | {"password": PASSWORD}).status_code == 303


@pytest.mark.usefixtures("person")
def test_who_guesses_does_not_shut_the_owner_out(client: Client) -> None:
    """Whoever knows the address can be wrong as often as it pleases: elsewhere the owner gets in."""
    data = {"email": "rob@tracker.example", "password": "wrong horse"}
    guesser, owner = ({"REMOTE_ADDR": address} for address in ("203.0.113.7", "198.51.100.9"))
    answers = [client.post("/sign-in", data=data, environ_base=guesser).status_code for _ in range(12)]
    assert answers == [422] * 5 + [429] * 7
    assert client.post("/sign-in", data=data | {"password": PASSWORD}, environ_base=guesser).status_code == 429
    assert client.post("/sign-in", data=data | {"password": PASSWORD}, environ_base=owner).status_code == 303


def test_guessing_from_many_networks_is_slowed_down_too(session: Session) -> None:
    for n in range(50):
        here = attempts.subjects("rob@tracker.example", f"203.0.113.{n}")
        attempts.note(session, here, now=MONDAY)
        assert attempts.wait_minutes(session, here, now=MONDAY) == 0
    here = attempts.subjects("rob@tracker.example", "198.51.100.9")
    attempts.note(session, here, now=MONDAY)
    assert attempts.wait_minutes(session, here, now=MONDAY) > 0


@pytest.mark.parametrize(
    ("machine", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_network_is_that_of_one_subscriber(machine: str, network: str) -> None:
    assert attempts.network_of(machine) == network


def test_of_many_at_the_same_moment_no_more_are_looked_at(session: Session) -> None:
    subjects = attempts.subjects("rob@tracker.example", "127.0.0.1")
    for _ in range(5):
        noted = attempts.note(session, subjects, now=MONDAY)
    assert attempts.wait_minutes(session, subjects, now=MONDAY) == 0, "the fifth is borne"
    attempts.note(session, subjects, now=MONDAY)
    assert attempts.wait_minutes(session, subjects, now=MONDAY) > 0, "six were noted before one was judged"
    attempts.take_back(session, noted)
    assert attempts.wait_minutes(session, subjects, now=MONDAY) == 0


@pytest.mark.usefixtures("person")
def test_guessing_is_slowed_down_for_the_machine(client: Client) -> None:
    for n in range(30):
        client.post("/sign-in", data={"email": f"guess{n}@tracker.example", "password": "wrong horse"})
    answer = client.post("/sign-in", data={"email": "rob@tracker.example", "password": PASSWORD})
    assert answer.status_code == 429


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/requisitions?state=closed", "/requisitions?state=closed"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("\\\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/account\r\nSet-Cookie: x=1", "/"),
        ("/%0d%0aSet-Cookie:x=1", None),
        ("javascript:alert(1)", "/"),
        ("account", "/"),
    ],
)
def test_signing_in_leads_to_our_own_pages_alone(client: Client, wanted: str, led: str | None) -> None:
    data = {"email": "rob@tracker.example", "password": PASSWORD}
    answer = client.post("/sign-in", query_string={"next": wanted}, data=data)
    assert answer.status_code == 303
    assert urlsplit(answer.location).netloc == ""
    assert not answer.location.startswith("//")
    assert led is None or answer.location == led


@pytest.mark.usefixtures("person")
def test_a_stranger_comes_back_to_where_he_or_she_wanted(client: Client) -> None:
    location = client.get("/requisitions?mine=1").location
    answer = client.post(location, data={"email": "rob@tracker.example", "password": PASSWORD})
    assert answer.location == "/requisitions?mine=1"


def test_a_deactivated_person_is_out_at_once(client: Client, person: Person) -> None:
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    assert is_in(client)
    person.is_active = False
    assert not is_in(client)


def test_a_cookie_of_an_older_epoch_opens_nothing(client: Client, person: Person) -> None:
    client.sign_in(person)
    person.session_epoch += 1
    assert not is_in(client)


@pytest.mark.parametrize("identity", ["", "x", "1", "1:", ":0", "1:x", "-1:0", "99999999999999999999:0", "1:0:0"])
def test_a_strange_cookie_opens_nothing(client: Client, person: Person, identity: str) -> None:
    with client.session_transaction(base_url="http://tracker.example") as cookie:
        cookie["_user_id"] = identity
    assert client.get("/account").status_code == 302


def test_name_and_zone_are_one_s_own(client: Client, session: Session, person: Person) -> None:
    client.sign_in(person)
    answer = client.post("/account", data={"name": "🦊 روب", "zone": "Asia/Tokyo", "region_id": "0", "is_admin": "y"})
    assert answer.status_code == 303
    session.expire_all()
    assert (person.name, person.zone, person.is_admin) == ("🦊 روب", "Asia/Tokyo", False)
    answer = client.post("/account", data={"name": "Older", "zone": "Asia/Tokyo", "region_id": "0", "version": "1"})
    assert "Somebody was faster" in answer.text
    answer = client.post("/account", data={"name": "", "zone": "Mars/North"})
    assert answer.status_code == 422


def test_a_new_password_ends_every_other_session(app: Flask, client: Client, session: Session, person: Person) -> None:
    other = browser_of(app, session)
    for browser in (client, other):
        browser.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        assert is_in(browser)
    for present, new in ((PASSWORD, "short"), ("wrong horse", "a new password"), ("", "a new password")):
        assert client.post("/account/password", data={"present": present, "password": new}).status_code == 422
    typed = {"password": "a new password", "present": PASSWORD}
    assert client.post("/account/password", data=typed).status_code == 303
    assert is_in(client)
    assert not is_in(other)


def link_of(client: Client, session: Session, email: str) -> str:
    assert client.post("/forgotten", data={"email": email}).status_code == 303
    message = session.scalars(select(OutboxMail.message).order_by(OutboxMail.id.desc())).first() or b""
    body = email_of(message, policy=default).get_body(("plain",))
    text = body.get_content() if body else ""
    found = re.search(r"http://tracker\.example(/set-password/\S+)", text)
    assert found is not None
    return found[1]


def test_a_forgotten_password_is_set_by_a_link_once(client: Client, session: Session, person: Person) -> None:
    link = link_of(client, session, person.email)
    assert person.name in client.get(link).text
    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": "a new password"}).status_code == 303
    assert client.get(link).status_code == 404
    assert client.post(link, data={"password": "another password"}).status_code == 404
    answer = client.post("/sign-in", data={"email": person.email, "password": "a new password"})
    assert answer.status_code == 303


@pytest.mark.usefixtures("person")
def test_the_answer_does_not_tell_who_is_here(client: Client, session: Session) -> None:
    answers = [
        client.post("/forgotten", data={"email": email}, follow_redirects=True).text
        for email in ("rob@tracker.example", "nobody@tracker.example")
    ]
    assert all("If we know this address" in answer for answer in answers)
    assert session.scalar(select(func.count(OutboxMail.id))) == 1
    answer = client.post("/forgotten", data={"email": "rob@tracker.example\r\nBcc: x@tracker.example"})
    assert answer.status_code == 422


@pytest.mark.usefixtures("person")
def test_the_work_for_an_answer_does_not_tell_either(client: Client, session: Session, clock: TestClock) -> None:
    """The same rows are read and written, whoever asks: what takes longer would tell who is here."""

    def work(email: str) -> list[str]:
        done: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO")):
                done.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        assert client.post("/forgotten", data={"email": email}).status_code == 303
        event.remove(Engine, "before_cursor_execute", note)
        return done

    session.commit()
    for minutes in range(4):
        clock.set(MONDAY + timedelta(minutes=minutes))
        known, unknown = work("rob@tracker.example"), work("nobody@tracker.example")
        assert known == unknown
    assert not any("outbox_mail" in statement for statement in known), "and braked alike"


def test_nobody_s_mailbox_is_filled_with_links(
    client: Client, session: Session, clock: TestClock, person: Person
) -> None:
    for minutes in range(6):
        clock.set(MONDAY + timedelta(minutes=minutes))
        assert client.post("/forgotten", data={"email": person.email}).status_code == 303
    assert session.scalar(select(func.count(OutboxMail.id))) == 3
    clock.set(MONDAY + timedelta(hours=2))
    client.post("/forgotten", data={"email": person.email})
    assert session.scalar(select(func.count(OutboxMail.id))) == 4


def test_a_link_is_void_for_who_is_not_active(client: Client, session: Session, person: Person) -> None:
    link = link_of(client, session, person.email)
    person.is_active = False
    assert client.get(link).status_code == 404


def test_a_link_that_was_changed_or_is_too_old_opens_nothing(
    client: Client, session: Session, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_of(client, session, person.email)
    assert client.get(link[:-2] + "xx").status_code == 404
    assert client.get("/set-password/nonsense").status_code == 404
    # The signature's age is counted by the machine's clock, which the tests do not set: shorten its life instead.
    monkeypatch.setattr(auth, "LINK_SECONDS", -1)
    assert client.get(link).status_code == 404
