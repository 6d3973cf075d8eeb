"""Nothing personal is in the logs: a name, an address, a search, a token and what people wrote are planted on the way,

where all goes well, where a mail server repeats them, and where errors carry them; then every line is read.
"""

import io
import json
import logging
import re
from collections.abc import Iterator
from urllib.parse import quote_plus

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.factories import MONDAY
from tests.journeys.journey import Journey
from tracker import logs
from tracker.models.candidate import Candidate
from tracker.pipeline import nudges
from tracker.queries import candidates
from tracker.worker import tasks

NAME, EMAIL, PHONE = "Quendolin Xylander", "quendolin.xylander@candidates.example", "+49 30 7654321"
SEARCH, PASSWORD, MESSAGE = "marmalade fox", "opensesame-opensesame", "I once tamed a wolverine"
PLANTED = ("quendolin", "xylander", "@candidates.example", "7654321", "marmalade", "opensesame", "wolverine")
FACTS = {"request", "method", "route", "status", "ms"}


class Log:
    """What is logged, in both styles."""

    def __init__(self) -> None:
        self.text, self.json = io.StringIO(), io.StringIO()

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.json.getvalue().splitlines()]

    @property
    def messages(self) -> list[str]:
        return [str(line["message"]) for line in self.lines]


@pytest.fixture
def log() -> Iterator[Log]:
    log, root = Log(), logging.getLogger()
    handlers = [logging.StreamHandler(log.text), logging.StreamHandler(log.json)]
    levels = root.level, logging.getLogger("tracker").level
    for handler, style in zip(handlers, ("text", "json"), strict=True):
        handler.setFormatter(logs.Formatter(style))  # type: ignore[arg-type]
        root.addHandler(handler)
    # More than is ever logged in earnest.
    root.setLevel(logging.INFO)
    logging.getLogger("tracker").setLevel(logging.INFO)
    yield log
    for handler in handlers:
        root.removeHandler(handler)
    root.setLevel(levels[0])
    logging.getLogger("tracker").setLevel(levels[1])


def test_nothing_personal_is_logged(journey: Journey, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    journey.hire()
    journey.now("2027-04-26 08:00")
    journey.applies(name=NAME, email=EMAIL, phone=PHONE, message=MESSAGE)
    journey.work()
    token = journey.letters[-1].text.split("/my/")[1].split()[0]
    people_look(journey, token)
    the_mail_server_repeats(journey)
    errors_carry_it(journey, monkeypatch)
    for written in (log.text.getvalue(), log.json.getvalue()):
        found = [word for word in (*PLANTED, token.lower()) if word in written.lower()]
        assert not found, f"{found} in\n{written}"
    check_that_something_was_logged(log)


def people_look(journey: Journey, token: str) -> None:
    stranger, rita = journey.browser("stranger"), journey.browser("Rita")
    assert stranger.get(f"/my/{token}").status_code == 200
    assert stranger.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 422
    assert rita.get(f"/candidates?q={quote_plus(SEARCH)}").status_code == 200
    assert rita.get(f"/nobody/{NAME}").status_code == 404
    assert NAME in journey.reads("Rita", "")
    journey.does("Rita", "notes", text=MESSAGE)
    journey.judges_basics()


def the_mail_server_repeats(journey: Journey) -> None:
    journey.post.rcpt_answers[EMAIL] = [f"451 {NAME} is asleep", f"550 5.1.1 <{EMAIL}> {NAME} moved away"]
    journey.arranges_screen("2027-04-29", "14:00")
    journey.work()
    journey.now("2027-04-26 09:00")


def errors_carry_it(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(session: Session, *_all: object, **_more: object) -> None:
        # PostgreSQL's own words repeat the value: Key (email)=(...) already exists.
        session.execute(insert(Candidate).values(email=EMAIL, name=NAME, zone="UTC", created_at=MONDAY))

    def fail(*_all: object, **_more: object) -> None:
        raise KeyError(NAME, EMAIL)

    monkeypatch.setattr(candidates, "page", refuse)
    assert journey.browser("Rita").get(f"/candidates?q={quote_plus(SEARCH)}").status_code == 500
    monkeypatch.setattr(nudges, "raise_for", fail)
    with journey.app.app_context():
        tasks.work_off_facts(journey.clock.set(journey.clock_shows().replace(month=8)))
    logging.getLogger("waitress").error("Exception while serving %s", f"/my/{NAME}", exc_info=KeyError(NAME))


def check_that_something_was_logged(log: Log) -> None:
    """Else the test could not fail."""
    requests = [line for line in log.lines if line["message"] == "request"]
    assert {"/candidates", "/my/<token>", "(none)", "/sign-in"} <= {str(line["route"]) for line in requests}
    assert all(line.keys() >= FACTS for line in requests)
    assert {line.get("application_id") for line in requests} >= {None, 1}
    for start in ("Mail [0-9]+ is sent", "Mail [0-9]+ is tried again", "Mail [0-9]+ is given up", "One item of nudges"):
        assert any(re.match(start, message) for message in log.messages), f"{start}\n" + "\n".join(log.messages)
    [failed] = [line for line in log.lines if line["message"] == "a page failed"]
    assert str(failed["error"]).startswith("IntegrityError (")
    assert failed["route"] == "/candidates"
