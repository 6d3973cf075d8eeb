"""What a cookie from before a sign-in is worth after it."""

from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import HOST, Client, browser_of
from tests.web.test_auth import PASSWORD, is_in, person
from tracker.models.person import Person

__all__ = ["person"]


def test_a_cookie_that_was_planted_before_signing_in_stays_a_strangers(
    app: Flask, client: Client, session: Session, person: Person
) -> None:
    planter = browser_of(app, session)
    with planter.session_transaction(base_url=f"http://{HOST}") as cookie:
        cookie["csrf_token"] = "known to the planter"
    planted = planter.get_cookie("session", domain=HOST)
    assert planted is not None
    client.set_cookie("session", planted.value, domain=HOST)
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    assert is_in(client)
    assert not is_in(planter)
    with client.session_transaction(base_url=f"http://{HOST}") as cookie:
        assert "known to the planter" not in cookie.values()
