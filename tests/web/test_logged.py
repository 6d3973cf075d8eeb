"""A line for each request: its route and how it ended, under a name that the answer bears too."""

import logging
from dataclasses import replace

import pytest
from flask import Flask

from tests.conftest import Client
from tests.factories import World
from tracker.queries import candidates

GIVEN = "0123456789abcdef0123456789ABCDEF"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="tracker")
    return caplog


def test_each_request_but_those_of_probes_and_for_style_sheets(client: Client, lines: pytest.LogCaptureFixture) -> None:
    for path in ("/sign-in", "/static/css/base.css", "/livez", "/healthz"):
        client.get(path).close()
    told = [vars(each)["facts"] for each in lines.records]
    assert [each["status"] for each in told] == [200, 503]
    assert all(each["ms"] > 0 for each in told)


def test_nobody_reads_there_who_identified_himself_or_herself(client: Client, lines: pytest.LogCaptureFixture) -> None:
    client.get("/careers/thanks").close()
    assert not lines.records
    for path in ("", "/take-back"):
        client.post(f"/my/{GIVEN}/self-identification{path}").close()
    assert {vars(each)["facts"]["status"] for each in lines.records} <= {404}, "but what failed"


def test_the_answer_bears_the_name_of_the_request(client: Client) -> None:
    one, two = (client.get("/sign-in").headers["X-Request-ID"] for _ in range(2))
    assert len(one) == 32
    assert one != two


@pytest.mark.parametrize(
    ("proxies", "given", "believed"), [(0, GIVEN, False), (1, GIVEN, True), (1, "Ada Lovelace", False), (1, "", False)]
)
def test_the_name_that_a_proxy_gave_is_kept(
    app: Flask, client: Client, proxies: int, given: str, believed: bool
) -> None:
    app.config["TRACKER"] = replace(app.config["TRACKER"], proxies=proxies)
    answer = client.get("/sign-in", headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given.lower()) is believed


def test_a_page_that_failed_says_under_which_name_it_was_noted(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_all: object, **_more: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(candidates, "page", fail)
    answer = client.sign_in(world.recruiter()).get("/candidates")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
