"""One scorecard written in two windows or on two devices: what each of them sends is put together, and shown."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Client, TestClock
from tests.factories import MONDAY, World
from tests.web.test_scorecards import JSON, card_of, loop, typed, url
from tracker.models.interview import Assignment
from tracker.rules.scorecards import ScorecardState
from tracker.rules.stages import StageKind

__all__ = ["loop"]


@pytest.mark.parametrize("tail", ["/draft", ""])
def test_what_an_older_window_sends_by_a_button_is_merged_and_shown(
    client: Client, session: Session, loop: list[Assignment], tail: str
) -> None:
    client.sign_in(loop[0].person)
    version = str(card_of(session, loop[0]).version)
    client.post(url(loop[0], "/draft"), data=typed(loop[0], version=version), headers=JSON)
    late = typed(loop[0], version=version, summary="typed in the old window")
    for _ in range(2):
        page = client.post(url(loop[0], tail), data=late, follow_redirects=True)
        assert page.status_code == 200
        assert "Another device wrote too. Both texts are kept" in page.text
        assert ("Not submitted yet." in page.text) is (tail == "")
        card = card_of(session, loop[0])
        assert card.summary in page.text
        assert card.summary.startswith("Solid, curious, honest.")
        assert card.summary.count("typed in the old window") == 1
        assert (card.state, len(card.evidence)) == (ScorecardState.DRAFT, 1)


def test_an_answer_that_was_lost_stands_in_the_way_of_no_submission(
    client: Client, session: Session, loop: list[Assignment]
) -> None:
    client.sign_in(loop[0].person)
    given = typed(loop[0], version=str(card_of(session, loop[0]).version))
    client.post(url(loop[0], "/draft"), data=given, headers=JSON)
    assert "Scorecard submitted." in client.post(url(loop[0]), data=given, follow_redirects=True).text


def test_what_one_device_alone_changed_is_not_there_twice(
    client: Client, session: Session, loop: list[Assignment]
) -> None:
    client.sign_in(loop[0].person)
    version = str(card_of(session, loop[0]).version)
    client.post(url(loop[0], "/draft"), data=typed(loop[0], version=version), headers=JSON)
    competency = loop[0].competencies[0].competency_id
    first = str(card_of(session, loop[0]).version)
    more = {f"evidence_{competency}-1-question": "A dispute?", f"evidence_{competency}-1-action": "Asked both"}
    client.post(url(loop[0], "/draft"), data=typed(loop[0], version=first) | more, headers=JSON)
    was = {"was": "1", "was-summary": "Solid, curious, honest."}
    late = typed(loop[0], version=first, summary="Solid, honest.") | was
    answer = client.post(url(loop[0], "/draft"), data=late, headers=JSON)
    assert answer.json is not None
    assert answer.json["merged"] is True
    card = card_of(session, loop[0])
    assert card.summary == "Solid, honest."
    assert [each.question for each in card.evidence] == ["A hard incident?", "A dispute?"]


def test_the_script_sends_the_form_and_the_next_page_says_what_was_done(
    client: Client, session: Session, loop: list[Assignment]
) -> None:
    client.sign_in(loop[0].person)
    for tail, said in (("/draft", "Draft saved. Nobody but you can see it."), ("", "Scorecard submitted.")):
        given = typed(loop[0], version=str(card_of(session, loop[0]).version), goes_on="1", once="k3")
        answer = client.post(url(loop[0], tail), data=given, headers=JSON)
        assert answer.json is not None
        assert answer.json["url"] == url(loop[0])
        assert said in client.get(url(loop[0])).text


def test_what_two_devices_typed_is_merged_for_the_script(
    client: Client, session: Session, loop: list[Assignment]
) -> None:
    client.sign_in(loop[0].person)
    version = str(card_of(session, loop[0]).version)
    first = client.post(url(loop[0], "/draft"), data=typed(loop[0], version=version), headers=JSON)
    assert first.json is not None
    assert first.json["merged"] is False
    late = typed(loop[0], version=version, summary="typed on the phone", recommendation="no_hire")
    answer = client.post(url(loop[0], "/draft"), data=late, headers=JSON)
    assert answer.json is not None
    assert answer.json["merged"] is True
    card = card_of(session, loop[0])
    assert "Solid, curious, honest." in card.summary
    assert "typed on the phone" in card.summary
    assert len(card.evidence) == 1, "the same record is one record"
    again = client.post(url(loop[0], "/draft"), data=late, headers=JSON)
    assert again.json is not None
    assert card_of(session, loop[0]).summary.count("typed on the phone") == 1


def test_an_amendment_in_an_older_window_is_told_and_overwrites_nothing(
    client: Client, session: Session, loop: list[Assignment]
) -> None:
    client.sign_in(loop[0].person)
    client.post(url(loop[0]), data=typed(loop[0]))
    version = str(card_of(session, loop[0]).version)
    for summary, code in (("newer", 303), ("typed in the old window", 409)):
        changed = typed(loop[0], version=version, summary=summary, reason="misheard")
        page = client.post(url(loop[0], "/amend"), data=changed)
        assert page.status_code == code
    assert "One thing is still in the way" in page.text
    assert "typed in the old window" in page.text
    assert card_of(session, loop[0]).summary == "newer"


def test_a_submission_that_comes_too_early_shows_no_version_that_was_never_written(
    client: Client, session: Session, world: World, at: TestClock
) -> None:
    at.set(MONDAY + timedelta(days=2))
    application = world.application(stage=StageKind.LOOP)
    early = world.loop(application, (world.person("Anna A"),), starts_at=MONDAY + timedelta(days=6))[0]
    client.sign_in(early.person)
    given = typed(early, version=str(card_of(session, early).version))
    client.post(url(early, "/draft"), data=given, headers=JSON)
    page = client.post(url(early), data=given)
    assert page.status_code == 422
    tag = re.search(r'<input[^>]*name="version"[^>]*>', page.text)
    shown = re.search(r'value="(\d+)"', tag[0]) if tag else None
    assert shown
    assert int(shown[1]) <= card_of(session, early).version
