"""Every route is closed to strangers unless it is listed here, and no address breaks the converter."""

from flask import Flask

from tests.conftest import Client
from tests.factories import World

PUBLIC = {
    "static",
    "auth.sign_in", "auth.forgotten", "auth.set_password",
    "careers.index", "careers.show", "careers.apply", "careers.submit", "careers.thanks", "careers.identify",
    "candidate_pages.status", "candidate_pages.zone", "candidate_pages.times", "candidate_pages.renew",
    "candidate_pages.withdraw", "candidate_pages.confirm_withdrawal",
    "candidate_pages.identify", "candidate_pages.take_back",
    "candidate_choices.show", "candidate_choices.book", "candidate_choices.move",
    "calendar_feeds.show",
    "health.livez", "health.readyz", "health.healthz", "metrics.metrics",
}  # fmt: skip


def test_only_listed_pages_are_public(app: Flask) -> None:
    public = {
        name for name, view in app.view_functions.items() if name == "static" or getattr(view, "is_public", False)
    }
    assert public <= PUBLIC, "a page that strangers may open is listed in this file, deliberately"


def test_a_stranger_is_sent_to_sign_in(app: Flask, client: Client) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC or getattr(app.view_functions[rule.endpoint], "is_public", False):
            continue
        values = dict.fromkeys(rule.arguments, 1)
        with app.test_request_context():
            url = app.url_for(rule.endpoint, **values)
        if "GET" in (rule.methods or set()):
            answer = client.get(url)
            assert answer.status_code == 302, f"{rule.endpoint} answered {answer.status_code}"
            assert "/sign-in" in answer.headers["Location"]
        else:
            assert client.post(url).status_code == 401, rule.endpoint


def test_ids_are_bounded(client: Client, world: World) -> None:
    client.sign_in(world.recruiter())
    for number in (0, 2**31, 10**20):
        assert client.get(f"/applications/{number}").status_code == 404


def test_a_forged_host_is_refused(client: Client) -> None:
    assert client.get("/sign-in", base_url="http://evil.example").status_code == 400


def test_every_page_carries_the_headers_that_protect_it(client: Client) -> None:
    headers = client.get("/sign-in").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
